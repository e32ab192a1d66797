// What every command of tlspin has in common: usage, help, exit codes, streams.

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/connection_error.h"

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing_support::PinFileText;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;

using Arguments = std::vector<std::string>;

std::string GoodPinFile() {
  testing_support::PinFileSet set;
  set.pins = {{testing_support::PinTextOf(mint::Key::P256()), "one"}};
  set.backup_pins = {{testing_support::PinTextOf(mint::Key::P256()), "two"}};
  set.hosts = {"www.example.com"};
  return PinFileText({set});
}

struct UsageRow {
  std::string name;
  Arguments arguments;
  std::string standard_error;  // part of it
};

void PrintTo(const UsageRow& row, std::ostream* out) { *out << row.name; }

class UsageTest : public testing::TestWithParam<UsageRow> {};

TEST_P(UsageTest, Refused) {
  const ProcessResult result = RunTlspin(GetParam().arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_THAT(result.standard_error, StartsWith("tlspin: "));
  EXPECT_THAT(result.standard_error, HasSubstr(GetParam().standard_error));
}

INSTANTIATE_TEST_SUITE_P(
    All, UsageTest,
    testing::Values(
        UsageRow{"NoCommand", {}, "no command given"},
        UsageRow{"UnknownCommand",
                 {"verfy", "chain.pem"},
                 "there is no command \"verfy\"\n"
                 "tlspin: hint: did you mean \"verify\"?\n"},
        UsageRow{"UnknownCommandLikeNone",
                 {"frobnicate"},
                 "tlspin: hint: see tlspin --help\n"},
        UsageRow{"UnknownFlagBeforeMissingOnes",
                 {"verify", "--hots", "example.com", "chain.pem"},
                 "there is no flag \"--hots\"\n"
                 "tlspin: hint: did you mean --host?\n"},
        UsageRow{"UnknownFlagWithValue",
                 {"lint", "--stirct=1", "pins.json"},
                 "there is no flag \"--stirct\"\n"
                 "tlspin: hint: did you mean --strict?\n"},
        UsageRow{"ShortenedFlag",
                 {"verify", "--local-r", "x", "chain.pem"},
                 "did you mean --local-roots?"},
        UsageRow{"UnknownFlagLikeNone",
                 {"lint", "--xyzzy", "pins.json"},
                 "hint: see tlspin lint --help\n"},
        UsageRow{"UnknownShortFlag", {"pin", "-x", "a"}, "flag \"-x\""},
        UsageRow{"UnknownFlagOfTheProgram",
                 {"--versoin"},
                 "did you mean --version?"},
        UsageRow{"NoInsecure",
                 {"inspect", "--insecure", "example.com"},
                 "there is no flag \"--insecure\""},
        UsageRow{"MissingArgument", {"lint"}, "PINFILE is required"},
        UsageRow{"MissingHost", {"verify", "chain.pem"}, "--host is required"},
        UsageRow{"ExtraArgument",
                 {"verify", "--host", "a.example", "chain.pem", "more.pem"},
                 "unexpected argument: more.pem\n"},
        UsageRow{"FlagWithoutValue", {"lint", "p.json", "--at"}, "--at"},
        UsageRow{"FlagTwice",
                 {"verify", "--host", "a.example", "--host", "b.example", "c"},
                 "--host"},
        UsageRow{"BadColor",
                 {"lint", "--color=purple", "pins.json"},
                 "auto,always,never"},
        UsageRow{"BadTime",
                 {"lint", "--at=yesterday", "pins.json"},
                 "\"yesterday\" is no time"},
        UsageRow{"InfiniteTime",
                 {"lint", "--at=infinite-past", "pins.json"},
                 "is no time"},
        UsageRow{
            "BadHost", {"verify", "--host", "a b", "chain.pem"}, "--host: "},
        UsageRow{"ControlCharactersInHost",
                 {"verify", "--host", "a\033[31m", "chain.pem"},
                 "--host: "}),
    [](const testing::TestParamInfo<UsageRow>& row) { return row.param.name; });

TEST(FrameTest, ErrorsNeverHoldControlCharacters) {
  for (const Arguments& arguments :
       {Arguments{"\033[31mred"}, Arguments{"lint", "--\033[31m"},
        Arguments{"verify", "--host", "a\033[31m\n", "c.pem"},
        Arguments{"lint", "\033[31m\n.json"}, Arguments{"pin", "\033[31m\n"}}) {
    const ProcessResult result = RunTlspin(arguments);
    EXPECT_GE(result.exit_code, 2);
    EXPECT_THAT(result.standard_error, Not(HasSubstr("\033")));
    EXPECT_THAT(result.standard_error, Not(HasSubstr("\n.json")));
  }
}

TEST(FrameTest, UsageErrorAsJson) {
  const ProcessResult result = RunTlspin({"lint", "--strcit", "--json", "p"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.standard_output,
            R"({"schema":"tlspin.error/1","command":"lint","message":"there )"
            R"(is no flag \"--strcit\"","hint":"did you mean --strict?",)"
            R"("exit_code":2,"code":null})"
            "\n");
}

TEST(FrameTest, UnreadableFileAsJson) {
  const ProcessResult result = RunTlspin({"lint", "/nowhere.json", "--json"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.standard_output,
            R"({"schema":"tlspin.error/1","command":"lint","message":"cannot )"
            R"(read /nowhere.json: No such file or directory","hint":null,)"
            R"("exit_code":3,"code":null})"
            "\n");
}

TEST(FrameTest, Version) {
  const ProcessResult result = RunTlspin({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output,
              testing::MatchesRegex("tlspin [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(FrameTest, DocumentNamesEveryConnectionError) {
  const std::string document = testing_support::ReadFile("docs/tlspin.md");
  for (const absl::string_view code : tlspin::AllConnectionErrors()) {
    EXPECT_THAT(document, HasSubstr(absl::StrCat("`", code, "`")));
  }
}

TEST(FrameTest, QuietPrintsNothingOnSuccessOnly) {
  const TempDirectory directory;
  const std::string good = directory.Write("good.json", GoodPinFile());
  const std::string bad = directory.Write("bad.json", "{");
  ProcessResult result = RunTlspin({"lint", "-q", "--at=2026-06-01", good});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output, "");
  EXPECT_EQ(result.standard_error, "");

  result = RunTlspin({"lint", "-q", bad});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("FAIL"));
}

TEST(FrameTest, LostOutputIsAnError) {
  const TempDirectory directory;
  const std::string good = directory.Write("good.json", GoodPinFile());
  ProcessOptions full, closed, broken;
  full.standard_output_path = "/dev/full";
  closed.output = ProcessOptions::Output::kClosed;
  broken.output = ProcessOptions::Output::kBrokenPipe;
  for (const ProcessOptions& options : {full, closed, broken}) {
    for (const Arguments& arguments :
         {Arguments{"lint", "--at=2026-06-01", good},
          Arguments{"lint", "--at=2026-06-01", "--json", good},
          Arguments{"--help"}, Arguments{"--version"}}) {
      const ProcessResult result = RunTlspin(arguments, options);
      EXPECT_EQ(result.exit_code, 3);
      EXPECT_THAT(result.standard_error,
                  HasSubstr("tlspin: cannot write standard output: "));
    }
    // What prints nothing loses nothing.
    EXPECT_EQ(
        RunTlspin({"lint", "-q", "--at=2026-06-01", good}, options).exit_code,
        0);
  }
}

TEST(FrameTest, ColorFlagAndItsAbsence) {
  const TempDirectory directory;
  const std::string good = directory.Write("good.json", GoodPinFile());
  const Arguments lint = {"lint", "--at=2026-06-01", good};
  const std::string plain = RunTlspin(lint).standard_output;
  EXPECT_THAT(plain, Not(HasSubstr("\033")));

  Arguments always = lint;
  always.push_back("--color=always");
  const std::string colored = RunTlspin(always).standard_output;
  EXPECT_THAT(colored, HasSubstr("\033[1;32mOK\033[0m"));
  // Colour is decoration: the words are the same.
  EXPECT_EQ(
      testing_support::Masked(colored, {{"\033[1;32m", ""}, {"\033[0m", ""}}),
      plain);
}

// On a terminal, which script(1) is to the program that it runs.
std::string OnTerminal(const std::string& flags, ProcessOptions options) {
  const TempDirectory directory;
  const std::string good = directory.Write("good.json", GoodPinFile());
  options.environment.insert({"NO_COLOR", ""});
  return RunProcess(
             "script",
             {"-qec",
              absl::StrCat(testing_support::FromRunfiles("tools/tlspin/tlspin"),
                           " lint --at=2026-06-01 ", flags, " ", good),
              "/dev/null"},
             options)
      .standard_output;
}

TEST(FrameTest, ColorOnTerminal) {
  ProcessOptions options;
  options.environment["TERM"] = "xterm";
  EXPECT_THAT(OnTerminal("", options), HasSubstr("\033[1;32mOK"));
  EXPECT_THAT(OnTerminal("--color=never", options), Not(HasSubstr("\033")));
  options.environment["NO_COLOR"] = "1";
  EXPECT_THAT(OnTerminal("", options), Not(HasSubstr("\033")));
  EXPECT_THAT(OnTerminal("", options), HasSubstr("OK"));
  options.environment["NO_COLOR"] = "";
  options.environment["TERM"] = "dumb";
  EXPECT_THAT(OnTerminal("", options), Not(HasSubstr("\033")));
}

}  // namespace
