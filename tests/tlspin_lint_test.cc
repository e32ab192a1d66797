#include <ostream>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::Masked;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;

constexpr char kOne[] = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";
constexpr char kTwo[] = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=";

PinFileSet GoodSet() {
  PinFileSet set;
  set.pins = {{kOne, "Example Root"}};
  set.backup_pins = {{kTwo, "spare"}};
  set.hosts = {"www.example.com", "*.example.com"};
  return set;
}

// Lint runs tlspin on `text`, the name of the file masked in the result.
ProcessResult Lint(const std::string& text,
                   std::vector<std::string> arguments = {}) {
  const TempDirectory directory;
  const std::string file = directory.Write("pins.json", text);
  arguments.insert(arguments.begin(), {"lint", "--at", "2026-06-01", file});
  ProcessResult result = RunTlspin(arguments);
  result.standard_output = Masked(result.standard_output, {{file, "FILE"}});
  return result;
}

// WithoutPlaces returns `text` without ":LINE:COLUMN" after FILE.
std::string WithoutPlaces(const std::string& text) {
  return std::regex_replace(text, std::regex("FILE:[0-9]+:[0-9]+:"), "FILE:");
}

TEST(LintTest, CleanFile) {
  const ProcessResult result = Lint(PinFileText({GoodSet()}));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output,
            "OK       FILE: 1 pin set, 2 host patterns, 0 warnings\n");
  EXPECT_EQ(result.standard_error, "tlspin: judged at 2026-06-01T00:00:00Z\n");
}

TEST(LintTest, CleanFileAsJson) {
  const ProcessResult result = Lint(PinFileText({GoodSet()}), {"--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output,
            R"({"schema":"tlspin.lint/1","file":"FILE",)"
            R"("time":"2026-06-01T00:00:00Z","clean":true,"errors":[],)"
            R"("warnings":[]})"
            "\n");
}

TEST(LintTest, ErrorHasLineAndColumn) {
  std::string text = PinFileText({GoodSet()});
  text = absl::StrReplaceAll(text, {{"\"enforce\"", "\"enfroce\""}});
  ProcessResult result = Lint(text);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              testing::MatchesRegex("error    FILE:5:[0-9]+: [^\n]+\n"
                                    "FAIL     FILE: 1 error\n"));

  result = Lint(text, {"--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              testing::MatchesRegex(
                  ".\"schema\":\"tlspin.lint/1\",\"file\":\"FILE\","
                  "\"time\":\"2026-06-01T00:00:00Z\",\"clean\":false,"
                  "\"errors\":..\"line\":5,\"column\":[0-9]+,\"message\":.+,"
                  "\"warnings\":.+\n"));
}

struct WarningRow {
  std::string name;
  PinFileSet set;
  std::string updated;
  std::string warning;  // the end of its line
};

void PrintTo(const WarningRow& row, std::ostream* out) { *out << row.name; }

class LintWarningTest : public testing::TestWithParam<WarningRow> {};

TEST_P(LintWarningTest, WarnsAndIsAnErrorWhenStrict) {
  const std::string text = PinFileText({GetParam().set}, GetParam().updated);
  ProcessResult result = Lint(text);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(WithoutPlaces(result.standard_output),
            absl::StrCat("warning  FILE: ", GetParam().warning,
                         "\nOK       FILE: 1 pin set, ",
                         GetParam().set.hosts.size() == 1 ? "1 host pattern"
                                                          : "2 host patterns",
                         ", 1 warning\n"));
  result = Lint(text, {"--strict"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("FAIL     FILE: "));

  const std::string code =
      GetParam().warning.substr(GetParam().warning.rfind('[') + 1);
  result = Lint(text, {"--strict", "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("\"clean\":false"));
  EXPECT_THAT(result.standard_output,
              HasSubstr(absl::StrCat("\"code\":\"",
                                     code.substr(0, code.size() - 1), "\"")));
}

template <typename Change>
WarningRow Row(const std::string& name, Change change,
               const std::string& warning,
               const std::string& updated = "2026-05-01") {
  WarningRow row{name, GoodSet(), updated, warning};
  change(row.set);
  return row;
}

INSTANTIATE_TEST_SUITE_P(
    All, LintWarningTest,
    testing::Values(
        Row(
            "ExpiresSoon", [](PinFileSet& set) { set.expires = "2026-06-20"; },
            "set \"example\" expires on 2026-06-20, in 19 days; then every "
            "connection is refused [expires-soon]"),
        Row(
            "ExpiredAndRefuses",
            [](PinFileSet& set) { set.expires = "2026-05-31"; },
            "set \"example\" expired on 2026-05-31: every connection is "
            "refused [expired]"),
        Row(
            "ExpiredAndStops",
            [](PinFileSet& set) {
              set.expires = "2026-05-31";
              set.on_expiry = "stop-enforcing";
            },
            "set \"example\" expired on 2026-05-31: the pins are not enforced "
            "[expired]"),
        Row(
            "LeafOnly", [](PinFileSet& set) { set.role = "leaf"; },
            "set \"example\" pins leaf keys only: each renewal with a new key "
            "needs a new pin file first [leaf-only]"),
        Row(
            "ReportOnly", [](PinFileSet& set) { set.mode = "report-only"; },
            "set \"example\" is report-only: nothing is refused "
            "[report-only]"),
        Row(
            "BroadPattern",
            [](PinFileSet& set) { set.hosts = {"**.example.com"}; },
            "set \"example\" covers every name under **.example.com, those of "
            "other operators too [broad-pattern]"),
        Row(
            "Stale", [](PinFileSet&) {},
            "last updated on 2026-03-01, 92 days ago [stale]", "2026-03-01"),
        Row(
            "UpdatedInFuture", [](PinFileSet&) {},
            "says it was updated on 2026-07-01, which is yet to come "
            "[updated-in-future]",
            "2026-07-01")),
    [](const testing::TestParamInfo<WarningRow>& row) {
      return row.param.name;
    });

TEST(LintTest, PlaceOfEachWarning) {
  PinFileSet set = GoodSet();
  set.expires = "2026-06-20";
  set.mode = "report-only";
  set.role = "leaf";
  set.hosts = {"**.example.com"};
  const ProcessResult result = Lint(PinFileText({set}, "2026-03-01"));
  EXPECT_EQ(
      std::regex_replace(result.standard_output,
                         std::regex("(FILE:[0-9]+:[0-9]+:) .*( \\[)"), "$1$2"),
      "warning  FILE:3:14: [stale]\n"
      "warning  FILE:5:25: [report-only]\n"
      "warning  FILE:5:51: [expires-soon]\n"
      "warning  FILE:6:15: [leaf-only]\n"
      "warning  FILE:10:5: [broad-pattern]\n"
      "OK       FILE: 1 pin set, 1 host pattern, 5 warnings\n");
}

TEST(LintTest, LimitsOfTheWarnings) {
  PinFileSet set = GoodSet();
  set.expires = "2026-07-02";  // more than thirty days
  EXPECT_THAT(Lint(PinFileText({set})).standard_output,
              HasSubstr("0 warnings"));
  // Seventy days to the day.
  EXPECT_THAT(Lint(PinFileText({GoodSet()}, "2026-03-23")).standard_output,
              HasSubstr("0 warnings"));
  EXPECT_THAT(Lint(PinFileText({GoodSet()}, "2026-03-22")).standard_output,
              HasSubstr("[stale]"));
}

TEST(LintTest, WorstOfSeveralFilesAndStandardInput) {
  const TempDirectory directory;
  const std::string good =
      directory.Write("good.json", PinFileText({GoodSet()}));
  ProcessOptions options;
  options.standard_input = "{}";
  ProcessResult result =
      RunTlspin({"lint", "--at=2026-06-01", "-", good}, options);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("standard input:1:"));
  EXPECT_THAT(result.standard_output, HasSubstr("good.json: 1 pin set"));

  result = RunTlspin({"lint", good, directory.Path("missing.json")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error,
              HasSubstr("missing.json: No such file or directory"));
  EXPECT_EQ(RunTlspin({"lint", directory.path()}).exit_code, 3);
}

TEST(LintTest, NulAndControlCharactersInNames) {
  PinFileSet set = GoodSet();
  set.mode = "report-only";
  set.name = "a\\u0000b\\u001b[31m\\u202e";
  const ProcessResult result = Lint(PinFileText({set}));
  EXPECT_THAT(result.standard_output + result.standard_error,
              Not(HasSubstr("\033")));
  EXPECT_FALSE(absl::StrContains(result.standard_output, '\0'));

  const std::string raw =
      absl::StrReplaceAll(PinFileText({GoodSet()}),
                          {{"example.com", std::string("exa\0mple.com", 12)}});
  EXPECT_EQ(Lint(raw).exit_code, 1);
}

TEST(LintTest, TenMegabytes) {
  std::vector<PinFileSet> sets = {GoodSet()};
  for (int i = 0; i < 250'000; ++i) {
    sets[0].hosts.push_back(absl::StrCat("host-", i, ".long-name.example.com"));
  }
  const std::string text = PinFileText(sets);
  ASSERT_GT(text.size(), 10'000'000u);
  const ProcessResult result = Lint(text);
  EXPECT_EQ(result.exit_code, 0) << result.standard_output;
  EXPECT_THAT(result.standard_output, HasSubstr("250002 host patterns"));

  // Blanks are no pin file, however many.
  EXPECT_EQ(Lint(std::string(10'000'000, ' ')).exit_code, 1);
}

}  // namespace
