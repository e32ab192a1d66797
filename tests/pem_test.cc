#include "pinning/internal/pem.h"

#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace pinning {
namespace internal {
namespace {

TEST(PemTest, RoundTrips) {
  std::vector<uint8_t> der(200);
  for (size_t i = 0; i < der.size(); ++i) {
    der[i] = static_cast<uint8_t>(i);
  }
  const std::string pem = PemEncode("CERTIFICATE", der);
  const auto blocks = ParsePem(pem + "# between\n\n" + PemEncode("X", {1}));
  ASSERT_TRUE(blocks.ok()) << blocks.status();
  ASSERT_EQ(blocks->size(), 2u);
  EXPECT_EQ((*blocks)[0].label, "CERTIFICATE");
  EXPECT_EQ((*blocks)[0].der, der);
  EXPECT_EQ((*blocks)[0].line, 1);
  EXPECT_EQ((*blocks)[1].label, "X");
  EXPECT_EQ((*blocks)[1].line, 10);
}

TEST(PemTest, WritesLinesOfSixtyFour) {
  const std::string pem = PemEncode("A B", std::vector<uint8_t>(49, 0));
  EXPECT_EQ(pem, "-----BEGIN A B-----\n" + std::string(64, 'A') +
                     "\nAA==\n-----END A B-----\n");
}

TEST(PemTest, ReadsCarriageReturns) {
  const std::string pem = absl::StrReplaceAll(
      PemEncode("CERTIFICATE", std::vector<uint8_t>(100, 7)), {{"\n", "\r\n"}});
  const auto blocks = ParsePem(pem);
  ASSERT_TRUE(blocks.ok()) << blocks.status();
  EXPECT_EQ(blocks->at(0).der, std::vector<uint8_t>(100, 7));
}

TEST(PemTest, NoBlockIsNoError) {
  const auto blocks = ParsePem("nothing here\n");
  ASSERT_TRUE(blocks.ok());
  EXPECT_TRUE(blocks->empty());
}

struct Refusal {
  const char* name;
  const char* text;
  const char* line;
};

class PemRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(PemRefusalTest, NamesTheLine) {
  const auto blocks = ParsePem(GetParam().text);
  ASSERT_FALSE(blocks.ok());
  EXPECT_NE(blocks.status().message().find(std::string("line ") +
                                           GetParam().line + ":"),
            absl::string_view::npos)
      << blocks.status();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PemRefusalTest,
    testing::Values(
        Refusal{"NoEnd", "x\n-----BEGIN A-----\nZg==\n", "2"},
        Refusal{"OtherEnd", "-----BEGIN A-----\nZg==\n-----END B-----\n", "3"},
        Refusal{"Nested", "-----BEGIN A-----\n-----BEGIN A-----\n", "2"},
        Refusal{"NoDashes", "-----BEGIN A\nZg==\n-----END A-----\n", "1"},
        Refusal{"NotBase64", "-----BEGIN A-----\nZ!==\n-----END A-----\n", "1"},
        Refusal{"Header",
                "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nZg==\n"
                "-----END A-----\n",
                "2"},
        Refusal{"SecondBlock",
                "-----BEGIN A-----\nZg==\n-----END A-----\n"
                "-----BEGIN A-----\nZg=\n-----END A-----\n",
                "4"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace internal
}  // namespace pinning
