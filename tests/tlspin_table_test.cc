// The help, the manual pages, the completions and the document against the
// table of commands that the parser reads.

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/programs.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/commands.h"
#include "tools/tlspin/completions.h"
#include "tools/tlspin/flag_text.h"
#include "tools/tlspin/help_text.h"
#include "tools/tlspin/manual_page.h"

namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing_support::ProcessResult;
using ::testing_support::RunProcess;
using ::testing_support::RunTlspin;
using ::tlspin::Command;
using ::tlspin::Flag;

struct Table {
  Table() { tlspin::AddAllCommands(commands, context); }
  tlspin::Context context;
  tlspin::CommandTable commands;
};

const tlspin::CommandTable& Commands() {
  static const Table& table = *new Table;
  return table.commands;
}

// Every name of every flag of `command`, --help among them.
std::vector<std::string> FlagNamesOf(const Command& command) {
  std::vector<std::string> names = AllNames(tlspin::HelpFlag());
  for (const Flag& flag : command.flags()) {
    if (!flag.is_argument()) {
      for (const std::string& name : AllNames(flag)) {
        names.push_back(name);
      }
    }
  }
  return names;
}

TEST(TableTest, RowsAreWhole) {
  for (const Command& command : Commands()) {
    const tlspin::HelpText& help = command.help();
    EXPECT_THAT(help.summary, Not(IsEmpty())) << command.name();
    EXPECT_THAT(help.summary, Not(HasSubstr("\n"))) << command.name();
    EXPECT_THAT(help.decides, Not(IsEmpty())) << command.name();
    EXPECT_THAT(help.exit_codes, testing::StartsWith("  0  "));
    EXPECT_THAT(help.example, testing::StartsWith(
                                  absl::StrCat("  $ tlspin ", command.name())));
    for (const Flag& flag : command.flags()) {
      EXPECT_THAT(flag.help, Not(IsEmpty())) << flag.names;
      EXPECT_THAT(flag.help, Not(testing::EndsWith("."))) << flag.names;
      EXPECT_THAT(flag.help, Not(HasSubstr("\n"))) << flag.names;
      EXPECT_EQ(flag.is_switch(), flag.value.empty()) << flag.names;
      EXPECT_THAT(flag.names, AnyOf(MatchesRegex("(-[a-z],)?--[a-z][a-z0-9-]*"),
                                    MatchesRegex("[A-Z]+")));
    }
  }
}

TEST(TableTest, HelpHasEveryRow) {
  const std::string program = RunTlspin({"--help"}).standard_output;
  EXPECT_EQ(program, RunTlspin({"-h"}).standard_output);
  for (const Command& command : Commands()) {
    EXPECT_EQ(program.find(absl::StrCat("\n  ", command.name(), " ")) ==
                  std::string::npos,
              command.is_hidden())
        << command.name();
    const std::string help =
        RunTlspin({command.name(), "--help"}).standard_output;
    EXPECT_EQ(help, tlspin::CommandHelp(command, 80));
    EXPECT_THAT(help, testing::StartsWith(
                          absl::StrCat("Usage: tlspin ", command.name())));
    EXPECT_THAT(help, HasSubstr("\nExit codes:\n  0  "));
    EXPECT_THAT(help, HasSubstr(absl::StrCat("\nExample:\n  $ tlspin ",
                                             command.name())));
    EXPECT_EQ(help, RunTlspin({"help", command.name()}).standard_output);
    for (const std::string& name : FlagNamesOf(command)) {
      EXPECT_THAT(help, AnyOf(HasSubstr(absl::StrCat(" ", name, " ")),
                              HasSubstr(absl::StrCat(" ", name, ",")),
                              HasSubstr(absl::StrCat(" ", name, "\n"))));
    }
    for (const Flag& flag : command.flags()) {
      for (const std::string& choice : flag.choices) {
        EXPECT_THAT(help, HasSubstr(choice)) << flag.names;
      }
    }
  }
}

TEST(TableTest, ManualHasEveryRow) {
  const std::string program = RunTlspin({"manual"}).standard_output;
  EXPECT_EQ(program, tlspin::ProgramManual(Commands()));
  for (const Command& command : Commands()) {
    const std::string page =
        RunTlspin({"manual", command.name()}).standard_output;
    EXPECT_EQ(page, tlspin::CommandManual(command));
    EXPECT_EQ(program.find(absl::StrCat("\n.It Cm ", command.name(), "\n")) ==
                  std::string::npos,
              command.is_hidden());
    for (const std::string& name : FlagNamesOf(command)) {
      const std::string macro = absl::StrCat(
          "Fl ", absl::StrReplaceAll(name.substr(1), {{"-", "\\-"}}));
      EXPECT_THAT(page, AllOf(HasSubstr(".It "),
                              AnyOf(HasSubstr(absl::StrCat(macro, " ")),
                                    HasSubstr(absl::StrCat(macro, "\n")))))
          << command.name();
    }
  }
}

// The words of `words` that `document` does not have between backticks.
std::vector<std::string> Missing(const std::string& document,
                                 const std::vector<std::string>& words) {
  std::vector<std::string> missing;
  for (const std::string& word : words) {
    if (!absl::StrContains(document, absl::StrCat("`", word, "`")) &&
        !absl::StrContains(document, absl::StrCat("`", word, " "))) {
      missing.push_back(word);
    }
  }
  return missing;
}

TEST(TableTest, DocumentHasEveryRow) {
  const std::string document = testing_support::ReadFile("docs/tlspin.md");
  EXPECT_THAT(Missing(document, CommandNames(Commands())), IsEmpty());
  for (const Command& command : Commands()) {
    if (!command.is_hidden()) {
      EXPECT_THAT(Missing(document, FlagNamesOf(command)), IsEmpty())
          << command.name();
    }
  }
}

TEST(TableTest, ReadmeHasEveryCommand) {
  std::vector<std::string> commands;
  for (const std::string& name : CommandNames(Commands())) {
    commands.push_back(absl::StrCat("tlspin ", name));
  }
  EXPECT_THAT(Missing(testing_support::ReadFile("README.md"), commands),
              IsEmpty());
}

TEST(TableTest, CompletionsAreWhatTheToolPrints) {
  EXPECT_EQ(RunTlspin({"completion", "bash"}).standard_output,
            tlspin::BashCompletion(Commands()));
  EXPECT_EQ(RunTlspin({"completion", "zsh"}).standard_output,
            tlspin::ZshCompletion(Commands()));
  EXPECT_EQ(RunTlspin({"completion", "fish"}).standard_output,
            tlspin::FishCompletion(Commands()));
}

TEST(TableTest, HiddenCommandsAreHiddenEverywhere) {
  const Command* manual = tlspin::FindCommand(Commands(), "manual");
  ASSERT_NE(manual, nullptr);
  ASSERT_TRUE(manual->is_hidden());
  for (const std::string& text :
       {tlspin::BashCompletion(Commands()), tlspin::ZshCompletion(Commands()),
        tlspin::FishCompletion(Commands()), tlspin::ProgramHelp(Commands(), 80),
        tlspin::ProgramManual(Commands())}) {
    EXPECT_THAT(text, Not(HasSubstr("Print a manual page")));
  }
}

TEST(TableTest, HelpOfWhatIsNoCommand) {
  const ProcessResult result = RunTlspin({"help", "verfy"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.standard_error,
            "tlspin: there is no command \"verfy\"\n"
            "tlspin: hint: did you mean \"verify\"?\n");
  EXPECT_EQ(RunTlspin({"completion", "tcsh"}).exit_code, 2);
  EXPECT_EQ(RunTlspin({"completion"}).exit_code, 2);
  EXPECT_EQ(RunTlspin({"help"}).standard_output,
            RunTlspin({"--help"}).standard_output);
}

class ManualTest : public e2e::ProgramsTest {
 protected:
  ManualTest() : ProgramsTest({"mandoc"}) {}

  // What mandoc has to say against the page; empty if nothing.
  static std::string Faults(const std::string& page) {
    testing_support::ProcessOptions options;
    options.standard_input = page;
    const ProcessResult result =
        RunProcess("mandoc", {"-T", "lint", "-W", "warning"}, options);
    return result.exit_code == 0
               ? ""
               : absl::StrCat(result.standard_output, result.standard_error);
  }
};

TEST_F(ManualTest, PagesHaveNoFault) {
  EXPECT_EQ(Faults(tlspin::ProgramManual(Commands())), "");
  for (const Command& command : Commands()) {
    EXPECT_EQ(Faults(tlspin::CommandManual(command)), "") << command.name();
  }
  EXPECT_NE(Faults(".Dd today\n.Bl\n"), "");
}

// What a reader sees is what the table says, whatever characters are in it.
TEST_F(ManualTest, OddCharactersShow) {
  std::string text;
  Command command("odd",
                  {"Summary with \"quotes\"",
                   "Begins.\n.Sh is no macro\n'br neither\n\\fB is no font, "
                   "`x' ~ ^ and --flag stay",
                   "  0  it's \"good\"\n",
                   "  $ tlspin odd\n  .dot \\\n\n  'quote\n  sha256/a…b"},
                  [] { return 0; });
  command.Option("--odd", "VALUE", &text, "A \\, a \", a [x|y], Fl and .Xr");
  testing_support::ProcessOptions options;
  options.standard_input = tlspin::CommandManual(command);
  EXPECT_EQ(Faults(options.standard_input), "");
  options.environment["LC_ALL"] = "C.UTF-8";
  const std::string shown =
      RunProcess("sh", {"-c", "mandoc -T utf8 -O width=200 | col -bx"}, options)
          .standard_output;
  for (const char* part :
       {"tlspin-odd – summary with \"quotes\"", ".Sh is no macro",
        "'br neither", "\\fB is no font, `x' ~ ^ and --flag stay",
        "it's \"good\"", ".dot \\\n\n ", "  'quote\n", "sha256/a…b",
        "--odd VALUE", "A \\, a \", a [x|y], Fl and .Xr."}) {
    EXPECT_THAT(shown, HasSubstr(part));
  }
}

}  // namespace
