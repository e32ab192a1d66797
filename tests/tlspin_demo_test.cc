#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing_support::ProcessResult;

ProcessResult Demo(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "demo");
  return testing_support::RunTlspin(arguments);
}

TEST(DemoTest, EveryTitleHasItsVerdict) {
  const ProcessResult result = Demo({});
  EXPECT_EQ(result.exit_code, 0) << result.standard_output;
  EXPECT_THAT(result.standard_error, IsEmpty());
  const std::vector<std::string> scenes =
      absl::StrSplit(result.standard_output, "\n\n");
  // What it is about, five scenes, the answer.
  ASSERT_EQ(scenes.size(), 7u) << result.standard_output;
  EXPECT_THAT(scenes[1], HasSubstr("ACCEPTED"));
  EXPECT_THAT(scenes[1], HasSubstr("over TLS"));
  for (const size_t refused : {2, 3, 4}) {
    EXPECT_THAT(scenes[refused], HasSubstr("REFUSED"));
    EXPECT_THAT(scenes[refused],
                HasSubstr("MITM      this connection is intercepted and "
                          "inspected by \"Example Corp TLS Inspection\""));
  }
  EXPECT_THAT(scenes[3], HasSubstr("ask the administrator to exempt "
                                   "identity.webex.com, idbroker.webex.com "
                                   "and *.wbx2.com from TLS inspection"));
  EXPECT_THAT(scenes[5], HasSubstr("ACCEPTED"));
  EXPECT_THAT(scenes[5], HasSubstr("the interceptor read everything"));
  EXPECT_THAT(scenes[6], HasSubstr("all 5 scenes came out as they should"));
}

TEST(DemoTest, SpeaksSpanish) {
  const ProcessResult result = Demo({"--lang", "es"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_output;
  for (const char* text :
       {"1. El servidor auténtico\n", "   ACEPTADA  ", "   RECHAZADA NO_PATH: ",
        "   MITM      esta conexión está siendo interceptada",
        "   qué hacer pida al administrador que excluya identity.webex.com",
        "OK: las 5 escenas salieron como debían\n"}) {
    EXPECT_THAT(result.standard_output, HasSubstr(text));
  }
  for (const char* english : {"because", "to do", "REFUSED"}) {
    EXPECT_THAT(result.standard_output, testing::Not(HasSubstr(english)));
  }
}

TEST(DemoTest, JsonHasOneVerdictPerScene) {
  const ProcessResult result = Demo({"--json"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_output;
  const std::vector<std::string> lines =
      absl::StrSplit(result.standard_output, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 5u);
  const struct {
    bool accepted, overheard;
    const char* pins;
  } kRows[] = {
      {true, false, "matched"},   {false, false, "not-evaluated"},
      {false, false, "mismatch"}, {false, false, "mismatch"},
      {true, true, "not-pinned"},
  };
  for (size_t i = 0; i < lines.size(); ++i) {
    SCOPED_TRACE(lines[i]);
    const auto json = nlohmann::ordered_json::parse(lines[i]);
    EXPECT_EQ(json.begin().key(), "schema");
    EXPECT_EQ(json["schema"], "tlspin.verdict/1");
    EXPECT_EQ(json["scene"], i + 1);
    EXPECT_EQ(json["accepted"], kRows[i].accepted);
    EXPECT_EQ(json["overheard"], kRows[i].overheard);
    EXPECT_EQ(json["as_expected"], true);
    EXPECT_THAT(lines[i], HasSubstr(kRows[i].pins));
    EXPECT_EQ(json["host"], "idbroker.webex.com");
  }
}

TEST(DemoTest, QuietSaysNothingOnSuccess) {
  const ProcessResult result = Demo({"-q"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output, IsEmpty());
  EXPECT_THAT(result.standard_error, IsEmpty());
}

TEST(DemoTest, TakesNoArguments) { EXPECT_EQ(Demo({"host"}).exit_code, 2); }

}  // namespace
