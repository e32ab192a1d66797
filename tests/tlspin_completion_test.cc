// The completion scripts in the shells that they are for: what is offered is
// what the table holds.

#include <unistd.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/programs.h"
#include "tests/testing/process.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/commands.h"
#include "tools/tlspin/completions.h"
#include "tools/tlspin/flag_text.h"

namespace {

using ::testing::IsSupersetOf;
using ::testing::UnorderedElementsAreArray;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::RunProcess;
using ::testing_support::TempDirectory;
using ::tlspin::Command;
using ::tlspin::Flag;

using Words = std::vector<std::string>;
// What was offered for each line that was asked.
using Offers = std::map<std::string, std::set<std::string>>;

struct Table {
  Table() { tlspin::AddAllCommands(commands, context); }
  tlspin::Context context;
  tlspin::CommandTable commands;
};

const tlspin::CommandTable& Commands() {
  static const Table& table = *new Table;
  return table.commands;
}

Words FlagNamesOf(const Command& command) {
  Words names = AllNames(tlspin::HelpFlag());
  for (const Flag& flag : command.flags()) {
    if (!flag.is_argument()) {
      const Words more = AllNames(flag);
      names.insert(names.end(), more.begin(), more.end());
    }
  }
  return names;
}

// The lines to complete, from after "tlspin ", and what must be offered.
struct Question {
  std::string line;
  Words offered;
};

std::vector<Question> Questions() {
  std::vector<Question> questions = {
      {"", CommandNames(Commands())},
      {"ver", {"verify"}},
      {"-", {"--help", "--version", "-h"}},
      {"help ", CommandNames(Commands())},
      {"completion ", {"bash", "fish", "zsh"}},
      // Of another command than the one named first nothing is offered.
      {"lint pin.json verify --str", {"--strict"}},
  };
  for (const Command& command : Commands()) {
    if (command.is_hidden()) {
      continue;
    }
    questions.push_back(
        {absl::StrCat(command.name(), " -"), FlagNamesOf(command)});
    for (const Flag& flag : command.flags()) {
      if (!flag.is_argument() && !flag.choices.empty()) {
        questions.push_back(
            {absl::StrCat(command.name(), " ", tlspin::MainName(flag), " "),
             flag.choices});
      }
    }
  }
  return questions;
}

// Offered reads "> LINE" and the offers below it, line by line; what follows a
// tab is a description.
Offers Offered(const std::string& output) {
  Offers offers;
  std::string line;
  for (const absl::string_view text : absl::StrSplit(output, '\n')) {
    absl::string_view rest = text;
    if (absl::ConsumePrefix(&rest, "> ")) {
      line = std::string(rest);
      offers[line];
    } else if (!text.empty()) {
      offers[line].emplace(text.substr(0, text.find('\t')));
    }
  }
  return offers;
}

void ExpectAnswered(const Offers& offers) {
  for (const Question& question : Questions()) {
    const auto found = offers.find(question.line);
    ASSERT_NE(found, offers.end()) << question.line;
    EXPECT_THAT(found->second, UnorderedElementsAreArray(question.offered))
        << "tlspin " << question.line;
  }
}

std::string Quoted(const std::string& word) {
  return absl::StrCat("'", word, "'");
}

class BashTest : public e2e::ProgramsTest {
 protected:
  BashTest() : ProgramsTest({"bash"}) {}

  // Ask runs `script`, which may call `ask WORD...` for the words of a line.
  ProcessResult Ask(const std::string& questions,
                    const std::string& before = "") {
    directory_.Write("tlspin", tlspin::BashCompletion(Commands()));
    return RunProcess("bash",
                      {"--norc", "--noprofile", "-c",
                       absl::StrCat("cd ", directory_.path(), "\n", before,
                                    "\nsource ./tlspin\n", kAsk, questions)});
  }

  static constexpr char kAsk[] = R"(
ask() {
  COMP_WORDS=(tlspin "$@") COMP_CWORD=$#
  COMP_LINE="tlspin $*" COMP_POINT=${#COMP_LINE}
  COMPREPLY=()
  _tlspin tlspin "${@: -1}" "${@: -2:1}"
  printf '> %s\n' "$*"
  printf '%s\n' "${COMPREPLY[@]}"
}
)";

  TempDirectory directory_;
};

TEST_F(BashTest, OffersWhatTheTableHolds) {
  std::string ask;
  for (const Question& question : Questions()) {
    const Words words = absl::StrSplit(question.line, ' ');
    absl::StrAppend(
        &ask, "ask ",
        absl::StrJoin(words, " ",
                      [](auto* out, auto& word) { *out += Quoted(word); }),
        "\n");
  }
  const ProcessResult result = Ask(ask);
  EXPECT_EQ(result.standard_error, "");
  ExpectAnswered(Offered(result.standard_output));
}

TEST_F(BashTest, OffersFilesHostsAndValuesAfterAnEqualsSign) {
  directory_.Write("a file.json", "");
  directory_.Write("hosts", "127.0.0.1 pinned.example\n");
  const ProcessResult result =
      Ask("HOSTFILE=hosts\n"
          "ask lint 'a '\n"
          "ask verify --pins 'a '\n"
          "ask verify --pins = 'a '\n"  // as readline splits it
          "ask verify '--pins=a '\n"    // and as it does not
          "ask verify --color = al\n"
          "ask verify --color =\n"
          "ask verify --host pinned.\n"
          "ask check x.json pinned.\n"
          "ask check --pin\n"
          "ask lint -- -\n"
          "ask lint --at ''\n"
          "ask frobnicate ''\n"
          "ask export -o 'a '\n");
  EXPECT_EQ(result.standard_error, "");
  Offers offers = Offered(result.standard_output);
  using Set = std::set<std::string>;
  const Set file = {"a file.json"};
  EXPECT_EQ(offers["lint a "], file);
  EXPECT_EQ(offers["verify --pins a "], file);
  EXPECT_EQ(offers["verify --pins = a "], file);
  EXPECT_EQ(offers["verify --pins=a "], file);
  EXPECT_EQ(offers["verify --color = al"], Set{"always"});
  EXPECT_EQ(offers["verify --color ="], (Set{"always", "auto", "never"}));
  EXPECT_EQ(offers["verify --host pinned."], Set{"pinned.example"});
  EXPECT_EQ(offers["check x.json pinned."], Set{"pinned.example"});
  EXPECT_EQ(offers["lint -- -"], Set{});
  EXPECT_EQ(offers["lint --at "], Set{});
  EXPECT_EQ(offers["frobnicate "], Set{});
  EXPECT_EQ(offers["export -o a "], file);
}

TEST_F(BashTest, IsLoadedByThePackageBashCompletion) {
  const std::string package = "/usr/share/bash-completion/bash_completion";
  if (access(package.c_str(), R_OK) != 0) {
    return MissingHere("bash-completion is not installed");
  }
  const TempDirectory data;
  const ProcessResult made =
      RunProcess("mkdir", {"-p", data.Path("bash-completion/completions")});
  ASSERT_EQ(made.exit_code, 0);
  data.Write("bash-completion/completions/tlspin",
             tlspin::BashCompletion(Commands()));
  ProcessOptions options;
  options.environment["XDG_DATA_HOME"] = data.path();
  const ProcessResult result = RunProcess(
      "bash",
      {"--norc", "--noprofile", "-c",
       absl::StrCat("source ", package,
                    "\n_completion_loader tlspin\ncomplete -p tlspin\n", kAsk,
                    "ask ver\n")},
      options);
  EXPECT_EQ(result.standard_output,
            "complete -F _tlspin tlspin\n> ver\nverify\n");
  EXPECT_EQ(result.standard_error, "");
}

class FishTest : public e2e::ProgramsTest {
 protected:
  FishTest() : ProgramsTest({"fish"}) {}
};

TEST_F(FishTest, OffersWhatTheTableHolds) {
  const TempDirectory directory;
  directory.Write("t.fish", tlspin::FishCompletion(Commands()));
  directory.Write("zz file.json", "");
  std::string ask = absl::StrCat("cd ", directory.path(), "\nsource t.fish\n",
                                 "function tlspin; end\n");
  std::vector<std::string> lines = {"lint zz", "verify --pins zz",
                                    "verify --pins=zz", "lint --at ",
                                    "verify --color=al"};
  for (const Question& question : Questions()) {
    lines.push_back(question.line);
  }
  for (const std::string& line : lines) {
    absl::StrAppend(&ask, "printf '> %s\\n' ", Quoted(line), "\ncomplete -C ",
                    Quoted("tlspin " + line), "\n");
  }
  ProcessOptions options;
  options.environment["HOME"] = directory.path();
  options.environment["XDG_CONFIG_HOME"] = directory.path();
  options.environment["XDG_DATA_HOME"] = directory.path();
  const ProcessResult result =
      RunProcess("fish", {"--no-config", "-c", ask}, options);
  EXPECT_EQ(result.standard_error, "");
  Offers offers = Offered(result.standard_output);
  ExpectAnswered(offers);
  EXPECT_THAT(offers["lint zz"], IsSupersetOf({"zz file.json"}));
  EXPECT_THAT(offers["verify --pins zz"], IsSupersetOf({"zz file.json"}));
  EXPECT_THAT(offers["verify --pins=zz"],
              IsSupersetOf({"--pins=zz file.json"}));
  EXPECT_EQ(offers["verify --color=al"],
            std::set<std::string>{"--color=always"});
  EXPECT_EQ(offers["lint --at "], std::set<std::string>{});
}

// zsh completes only in its line editor: an interactive zsh on a terminal is
// typed at, and writes what would be offered to a file.
class ZshTest : public e2e::ProgramsTest {
 protected:
  ZshTest() : ProgramsTest({"zsh", "script"}) {}
};

constexpr char kZshrc[] = R"zsh(
PS1= PS2=
fpath=($ZDOTDIR/functions $fpath)
autoload -Uz compinit
compinit -u -D
bindkey -e
compadd() {  # with -O, -A or -D nothing is offered yet
  if [[ " ${@[1,(i)(-|--)]} " == *' -'[a-zA-Z]#[OAD]' '* ]]; then
    builtin compadd "$@"
    return
  fi
  local -a offered
  builtin compadd -A offered "$@"
  (( $#offered )) && print -rl -- $offered >>$ZDOTDIR/offers
  builtin compadd "$@"
}
note() {
  print -r -- "> ${BUFFER#tlspin }" >>$ZDOTDIR/offers
  zle list-choices
  BUFFER=
}
zle -N note
bindkey '^T' note
zle-line-init() { : >$ZDOTDIR/ready }
zshexit() { : >$ZDOTDIR/ended }
zle -N zle-line-init
setopt no_beep extended_glob
LISTMAX=10000
)zsh";

TEST_F(ZshTest, OffersWhatTheTableHolds) {
  const TempDirectory directory;
  directory.Write(".zshrc", kZshrc);
  directory.Write("zz file.json", "");
  ASSERT_EQ(RunProcess("mkdir", {directory.Path("functions")}).exit_code, 0);
  directory.Write("functions/_tlspin", tlspin::ZshCompletion(Commands()));
  std::vector<std::string> lines = {"lint zz", "verify --pins zz",
                                    "verify --pins=zz", "verify --color=al"};
  for (const Question& question : Questions()) {
    lines.push_back(question.line);
  }
  std::string typed;
  for (const std::string& line : lines) {
    absl::StrAppend(&typed, "tlspin ", line, "\x14");
  }
  directory.Write("typed", typed + "exit\n");
  ProcessOptions options;
  options.environment["ZDOTDIR"] = directory.path();
  options.environment["TERM"] = "xterm";
  options.working_directory = directory.path();
  // What is typed before the line editor is ready goes elsewhere, and the
  // keyboard stays until the shell has ended.
  const ProcessResult result =
      RunProcess("sh",
                 {"-c",
                  "{ until test -e ready; do sleep 0.1; done; cat typed; "
                  "until test -e ended; do sleep 0.1; done; } | "
                  "script -qec 'stty rows 500 cols 200; zsh -d -i' /dev/null"},
                 options);
  EXPECT_FALSE(result.timed_out) << result.standard_output;
  Offers offers = Offered(testing_support::ReadFile(directory.Path("offers")));
  ExpectAnswered(offers);
  EXPECT_THAT(offers["lint zz"], IsSupersetOf({R"(zz\ file.json)"}));
  EXPECT_THAT(offers["verify --pins zz"], IsSupersetOf({R"(zz\ file.json)"}));
  EXPECT_THAT(offers["verify --pins=zz"], IsSupersetOf({R"(zz\ file.json)"}));
  EXPECT_EQ(offers["verify --color=al"], std::set<std::string>{"always"});
}

}  // namespace
