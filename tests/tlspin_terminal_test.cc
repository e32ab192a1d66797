// tlspin on terminals of several widths, with and without colour, and where its
// standard streams are missing, full, or no longer read.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/text_wrap.h"

namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::RunProcess;
using ::testing_support::TempDirectory;

class TerminalTest : public testing::Test {
 protected:
  TerminalTest() {
    testing_support::PinFileSet set;
    set.pins = {{testing_support::PinTextOf(mint::Key::P256()), "one"}};
    set.backup_pins = {{testing_support::PinTextOf(mint::Key::P256()), "two"}};
    set.hosts = {"www.example.com"};
    pins_ = directory_.Write("pins.json", testing_support::PinFileText({set}));
  }

  static std::string Tool() {
    return testing_support::FromRunfiles("tools/tlspin/tlspin");
  }

  // Runs `command` of the shell, where tlspin is "$T".
  ProcessResult Shell(const std::string& command, ProcessOptions options = {}) {
    for (const char* name : {"NO_COLOR", "TERM", "COLUMNS"}) {
      options.environment.insert({name, ""});
    }
    options.environment.insert({"LC_ALL", "C"});
    options.environment["T"] = Tool();
    options.environment["PINS"] = pins_;
    options.working_directory = directory_.path();
    return RunProcess("bash", {"-c", command}, options);
  }

  // What `command` shows on a terminal `columns` wide, line ends as usual.
  std::string OnTerminal(int columns, const std::string& command,
                         ProcessOptions options = {}) {
    options.environment.insert({"TERM", "xterm"});
    directory_.Write(
        "command", absl::StrCat("stty cols ", columns, " rows 50\n", command));
    const ProcessResult result =
        Shell("script -qec 'sh ./command' /dev/null", options);
    return absl::StrReplaceAll(result.standard_output, {{"\r\n", "\n"}});
  }

  const TempDirectory directory_;
  std::string pins_;
};

// The lines of `text` that are wider than `width` though they could be broken:
// up to "Example:", which shows output as it is.
std::vector<std::string> TooWide(absl::string_view text, size_t width) {
  std::vector<std::string> wide;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line == "Example:") {
      break;
    }
    if (tlspin::TextWidth(line) > width &&
        absl::StrContains(absl::StripLeadingAsciiWhitespace(line), ' ')) {
      wide.emplace_back(line);
    }
  }
  return wide;
}

size_t Widest(absl::string_view text) {
  size_t widest = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line == "Example:") {
      break;
    }
    widest = std::max(widest, tlspin::TextWidth(line));
  }
  return widest;
}

TEST_F(TerminalTest, HelpFitsTheTerminal) {
  for (const char* command :
       {"$T --help", "$T check --help", "$T help export", "$T help generate"}) {
    for (const int columns : {40, 80, 200}) {
      const std::string help = OnTerminal(columns, command);
      EXPECT_THAT(help, StartsWith("Usage: tlspin "));
      EXPECT_THAT(TooWide(help, static_cast<size_t>(columns)), IsEmpty())
          << command << " in " << columns;
    }
  }
  // It uses what there is, up to what reads well.
  EXPECT_GT(Widest(OnTerminal(200, "$T check --help")), 80u);
  EXPECT_LE(Widest(OnTerminal(200, "$T check --help")), 100u);
}

TEST_F(TerminalTest, ColumnsIsHeeded) {
  ProcessOptions options;
  options.environment["COLUMNS"] = "50";
  EXPECT_LE(Widest(Shell("$T check --help", options).standard_output), 50u);
  EXPECT_LE(Widest(OnTerminal(120, "$T check --help", options)), 50u);
  for (const char* nonsense : {"0", "-5", "wide", "99999999999", "1000000"}) {
    options.environment["COLUMNS"] = nonsense;
    EXPECT_EQ(Shell("$T check --help", options).standard_output,
              Shell("$T check --help").standard_output);
  }
}

TEST_F(TerminalTest, ColourIsForTerminalsThatWantIt) {
  const std::string lint = "$T lint --at=2026-06-01 $PINS";
  const std::string green = "\033[1;32mOK";
  for (const int columns : {40, 80, 200}) {
    EXPECT_THAT(OnTerminal(columns, lint), HasSubstr(green));
  }
  ProcessOptions options;
  options.environment["NO_COLOR"] = "1";
  EXPECT_THAT(OnTerminal(80, lint, options), Not(HasSubstr("\033")));
  EXPECT_THAT(OnTerminal(80, lint + " --color=always", options),
              HasSubstr(green));
  options.environment = {{"TERM", "dumb"}};
  EXPECT_THAT(OnTerminal(80, lint, options), Not(HasSubstr("\033")));
  options.environment = {{"TERM", "xterm"}};
  EXPECT_THAT(Shell(lint + " | cat", options).standard_output,
              Not(HasSubstr("\033")));
  EXPECT_THAT(Shell(lint + " --color=always | cat", options).standard_output,
              HasSubstr(green));
  // Help and JSON are plain anywhere.
  EXPECT_THAT(OnTerminal(80, "$T lint --help"), Not(HasSubstr("\033")));
  EXPECT_THAT(OnTerminal(80, lint + " --json"), Not(HasSubstr("\033")));
}

TEST_F(TerminalTest, AnswersFitNarrowTerminals) {
  const std::string lint =
      "$T lint --at=2026-06-01 --color=never pins.json 2>/dev/null";
  const std::string narrow = OnTerminal(40, lint);
  EXPECT_THAT(TooWide(narrow, 40), IsEmpty()) << narrow;
  EXPECT_THAT(narrow, HasSubstr("\n           "));
  // Where no terminal is, nothing is broken; nor is JSON anywhere.
  EXPECT_THAT(Shell(lint).standard_output, Not(HasSubstr("\n           ")));
  EXPECT_EQ(OnTerminal(40, lint + " --json"),
            Shell(lint + " --json").standard_output);
}

TEST_F(TerminalTest, NothingIsLostUnnoticed) {
  const std::string lost = "tlspin: cannot write standard output: ";
  for (const char* command :
       {"$T --help", "$T help lint", "$T completion zsh", "$T manual",
        "$T --version", "$T lint --at=2026-06-01 $PINS",
        "$T lint --at=2026-06-01 --json $PINS"}) {
    for (const char* stream : {" >&-", " >/dev/full"}) {
      const ProcessResult result = Shell(absl::StrCat(command, stream));
      EXPECT_EQ(result.exit_code, 3) << command << stream;
      EXPECT_THAT(result.standard_error, HasSubstr(lost)) << command << stream;
      EXPECT_THAT(result.standard_error, EndsWith("\n"));
    }
  }
}

TEST_F(TerminalTest, AReaderThatLeavesIsNoCrash) {
  // The reader is gone before anything is written.
  const ProcessResult gone = Shell(
      "{ sleep 0.5; $T completion zsh; echo \"$?\" >code; } | true; "
      "wait; cat code");
  EXPECT_EQ(gone.standard_output, "3\n");
  EXPECT_EQ(gone.standard_error,
            "tlspin: cannot write standard output: Broken pipe\n");
  // It leaves after a line: it has what it wanted, and tlspin has either
  // written all into the pipe or says that it could not.
  const ProcessResult head =
      Shell("$T check --help | head -1; echo \"${PIPESTATUS[0]}\"");
  EXPECT_THAT(head.standard_output,
              testing::MatchesRegex("Usage: tlspin check .*\n[03]\n"));
  EXPECT_EQ(head.standard_error.empty(),
            absl::EndsWith(head.standard_output, "\n0\n"));
}

TEST_F(TerminalTest, StandardErrorMayBeMissing) {
  for (const char* stream : {" 2>&-", " 2>/dev/full"}) {
    ProcessResult result =
        Shell(absl::StrCat("$T lint --at=2026-06-01 $PINS", stream));
    EXPECT_EQ(result.exit_code, 0) << stream;
    EXPECT_THAT(result.standard_output, HasSubstr("OK"));
    result = Shell(absl::StrCat("$T lint /nowhere.json", stream));
    EXPECT_EQ(result.exit_code, 3) << stream;
    // What goes to standard error goes nowhere else.
    result = Shell(absl::StrCat("$T lint --frobnicate", stream));
    EXPECT_EQ(result.exit_code, 2) << stream;
    EXPECT_EQ(result.standard_output, "");
  }
}

TEST_F(TerminalTest, StandardInputMayBeMissing) {
  ProcessResult result = Shell("$T lint --at=2026-06-01 $PINS <&-");
  EXPECT_EQ(result.exit_code, 0);
  // Nothing to read is nothing good.
  result = Shell("$T lint - <&-");
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(absl::StrCat(result.standard_output, result.standard_error),
              Not(IsEmpty()));
  result = Shell("$T lint --at=2026-06-01 $PINS <&- >&- 2>&-");
  EXPECT_EQ(result.exit_code, 3);
}

// A file that is opened never takes the number of a stream that is closed.
TEST_F(TerminalTest, AClosedStreamIsNoFile) {
  const ProcessResult result = Shell(
      "cp $PINS copy.json; "
      "$T lint --at=2026-06-01 copy.json <&- >&- 2>&-; cmp $PINS copy.json");
  EXPECT_EQ(result.exit_code, 0);
}

}  // namespace
