// The commands about the tool itself: help, completion, and manual, which is
// for those who package it.

#include <iterator>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/completions.h"
#include "tools/tlspin/flag_text.h"
#include "tools/tlspin/help_text.h"
#include "tools/tlspin/manual_page.h"
#include "tools/tlspin/suggest.h"
#include "tools/tlspin/terminal.h"

namespace tlspin {
namespace {

constexpr char kExitCodes[] =
    "  0  it was printed\n"
    "  2  the command line is wrong\n"
    "  3  standard output could not be written\n";

int UnknownCommand(Context& context, const CommandTable& table,
                   const std::string& name) {
  const std::string nearest = Nearest(name, CommandNames(table));
  return context.Fail(absl::InvalidArgumentError(
                          absl::StrCat("there is no command \"", name, "\"")),
                      nearest.empty()
                          ? "see tlspin --help"
                          : absl::StrCat("did you mean \"", nearest, "\"?"),
                      kUsage);
}

int RunHelp(Context& context, const CommandTable& table,
            const std::string& name) {
  if (name.empty()) {
    context.out.Answer(ProgramHelp(table, OutputWidth()));
    return kYes;
  }
  const Command* command = FindCommand(table, name);
  if (command == nullptr) {
    return UnknownCommand(context, table, name);
  }
  context.out.Answer(CommandHelp(*command, OutputWidth()));
  return kYes;
}

int RunManual(Context& context, const CommandTable& table,
              const std::string& name) {
  const Command* command = FindCommand(table, name);
  if (!name.empty() && command == nullptr) {
    return UnknownCommand(context, table, name);
  }
  context.out.Answer(command == nullptr ? ProgramManual(table)
                                        : CommandManual(*command));
  return kYes;
}

int RunCompletion(Context& context, const CommandTable& table,
                  const std::string& shell) {
  context.out.Answer(shell == "bash"  ? BashCompletion(table)
                     : shell == "zsh" ? ZshCompletion(table)
                                      : FishCompletion(table));
  return kYes;
}

}  // namespace

void AddHelpCommand(CommandTable& table, Context& context) {
  const auto name = std::make_shared<std::string>();
  table.emplace_back(
      "help",
      HelpText{"Print the help of a command",
               "Prints what `tlspin COMMAND --help` prints, or the list of the "
               "commands. Lines are filled to the width of the terminal, or to "
               "COLUMNS if that is set.",
               kExitCodes, "  $ tlspin help verify\n  ..."},
      [&table, &context, name] { return RunHelp(context, table, *name); });
  table.back()
      .Argument("COMMAND", name.get(), "A command; default: all, in short")
      .Offer(Completes::kCommand);
}

void AddCompletionCommand(CommandTable& table, Context& context) {
  const auto shell = std::make_shared<std::string>();
  table.emplace_back(
      "completion",
      HelpText{"Print a script that completes command lines in a shell",
               "Prints a script for bash, zsh or fish that completes the "
               "commands, flags and values of this tlspin. To have it in "
               "every shell:\n"
               "  bash  tlspin completion bash > "
               "~/.local/share/bash-completion/completions/tlspin\n"
               "  zsh   tlspin completion zsh > DIRECTORY/_tlspin, a directory "
               "of $fpath\n"
               "  fish  tlspin completion fish > "
               "~/.config/fish/completions/tlspin.fish\n"
               "Without the package bash-completion, source the first from "
               "~/.bashrc. The Debian package brings all three.",
               kExitCodes, "  $ tlspin completion zsh > ~/.zfunc/_tlspin"},
      [&table, &context, shell] {
        return RunCompletion(context, table, *shell);
      });
  table.back()
      .Argument("SHELL", shell.get(), "bash, zsh or fish")
      .Required()
      .OneOf({"bash", "zsh", "fish"});
}

void AddManualCommand(CommandTable& table, Context& context) {
  const auto name = std::make_shared<std::string>();
  table.emplace_back(
      "manual",
      HelpText{"Print a manual page",
               "Prints tlspin.1, or tlspin-COMMAND.1, in mdoc.", kExitCodes,
               "  $ tlspin manual verify > tlspin-verify.1"},
      [&table, &context, name] { return RunManual(context, table, *name); });
  table.back()
      .Argument("COMMAND", name.get(), "A command; default: tlspin itself")
      .Offer(Completes::kCommand);
  table.back().Hide();
}

}  // namespace tlspin
