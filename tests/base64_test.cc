#include "pinning/internal/base64.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace pinning {
namespace internal {
namespace {

TEST(Base64Test, RoundTripsEveryLength) {
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 70; ++i) {
    const auto decoded = Base64Decode(Base64Encode(bytes));
    ASSERT_TRUE(decoded.ok()) << i << ": " << decoded.status();
    EXPECT_EQ(*decoded, bytes);
    bytes.push_back(static_cast<uint8_t>(i * 37));
  }
}

TEST(Base64Test, KnowsTheVectorsOfRfc4648) {
  EXPECT_EQ(Base64Encode({}), "");
  EXPECT_EQ(Base64Encode({'f'}), "Zg==");
  EXPECT_EQ(Base64Encode({'f', 'o'}), "Zm8=");
  EXPECT_EQ(Base64Encode({'f', 'o', 'o', 'b', 'a', 'r'}), "Zm9vYmFy");
}

struct Refusal {
  const char* name;
  std::string text;
  const char* offset;  // as the message gives it
};

class Base64RefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(Base64RefusalTest, NamesTheOffset) {
  const auto decoded = Base64Decode(GetParam().text);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(decoded.status().message().find(std::string("offset ") +
                                            GetParam().offset + ":"),
            absl::string_view::npos)
      << decoded.status();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Base64RefusalTest,
    testing::Values(Refusal{"SpaceInside", "Zm9v YmFy", "4"},
                    Refusal{"NewlineAtEnd", "Zm9v\n", "4"},
                    Refusal{"NoPadding", "Zg", "2"},
                    Refusal{"PaddingOnly", "====", "0"},
                    Refusal{"ThreePads", "Z===", "1"},
                    Refusal{"TextAfterPadding", "Zg==Zg==", "4"},
                    Refusal{"StrayBits", "Zh==", "1"},
                    Refusal{"StrayBitsTwoBytes", "Zm9=", "2"},
                    Refusal{"UrlSafe", "Zm-_", "2"},
                    Refusal{"Nul", std::string("Zm\0v", 4), "2"},
                    Refusal{"NotAscii", "Zm9\xc3", "3"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace internal
}  // namespace pinning
