#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/completions.h"
#include "tools/tlspin/flag_text.h"

namespace tlspin {
namespace {

std::string Quoted(absl::string_view text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

constexpr char kHead[] =
    R"fish(# fish completion for tlspin, as `tlspin completion fish` prints it.

# Whether no command has been given yet; with arguments, whether it is $argv.
function __tlspin_command
    set -l words (commandline -opc)
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        test (count $words) -gt 1; and contains -- $words[2] $argv
    end
end

complete -c tlspin -f
complete -c tlspin -n __tlspin_command -s h -l help -d 'Print this help and exit'
complete -c tlspin -n __tlspin_command -l version -d 'Print the version and exit'
)fish";

// What -a, -F or -x is to say for a value of `flag`.
std::string Offer(const CommandTable& table, const Flag& flag) {
  if (!flag.choices.empty()) {
    return absl::StrCat(" -a ", Quoted(absl::StrJoin(flag.choices, " ")));
  }
  switch (CompletesOf(flag)) {
    case Completes::kByName:
    case Completes::kNothing:
      return "";
    case Completes::kFile:
      return " -F";
    case Completes::kDirectory:
      return " -a '(__fish_complete_directories)'";
    case Completes::kHost:
      return " -a '(__fish_print_hostnames)'";
    case Completes::kHostOrFile:
      return " -F -a '(__fish_print_hostnames)'";
    case Completes::kCommand:
      return absl::StrCat(" -a ",
                          Quoted(absl::StrJoin(CommandNames(table), " ")));
  }
  return "";
}

// FlagLine returns the line for a row of `command`. Of a value that may be
// anything, -x: no file is offered; -F takes that back.
std::string FlagLine(const CommandTable& table, const Command& command,
                     const Flag& flag) {
  std::string line = absl::StrCat("complete -c tlspin -n '__tlspin_command ",
                                  command.name(), "'");
  if (flag.is_argument()) {
    const std::string offer = Offer(table, flag);
    return offer.empty() ? "" : absl::StrCat(line, offer, "\n");
  }
  const FlagNames names = NamesOf(flag);
  for (const std::string& name : names.shorts) {
    absl::StrAppend(&line, " -s ", name.substr(1));
  }
  for (const std::string& name : names.longs) {
    absl::StrAppend(&line, " -l ", name.substr(2));
  }
  if (!flag.is_switch()) {
    const std::string offer = Offer(table, flag);
    absl::StrAppend(&line, offer.rfind(" -F", 0) == 0 ? " -r" : " -x", offer);
  }
  return absl::StrCat(line, " -d ", Quoted(flag.help), "\n");
}

}  // namespace

std::string FishCompletion(const CommandTable& table) {
  std::string script = kHead;
  for (const Command& command : table) {
    if (!command.is_hidden()) {
      absl::StrAppend(&script, "complete -c tlspin -n __tlspin_command -a ",
                      command.name(), " -d ", Quoted(command.help().summary),
                      "\n");
    }
  }
  for (const Command& command : table) {
    if (command.is_hidden()) {
      continue;
    }
    absl::StrAppend(&script, "\n", FlagLine(table, command, HelpFlag()));
    for (const Flag& flag : command.flags()) {
      absl::StrAppend(&script, FlagLine(table, command, flag));
    }
  }
  return script;
}

}  // namespace tlspin
