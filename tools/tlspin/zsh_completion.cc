#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/completions.h"
#include "tools/tlspin/flag_text.h"

namespace tlspin {
namespace {

// Quoted returns `text` as a word of the shell.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// Escaped returns `text` for a description that _arguments reads.
std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"\\", "\\\\"}, {"[", "\\["}, {"]", "\\]"}, {":", "\\:"}});
}

// Action returns what _arguments is to do for a value of `flag`.
std::string Action(const Flag& flag) {
  if (!flag.choices.empty()) {
    return absl::StrCat("(", absl::StrJoin(flag.choices, " "), ")");
  }
  switch (CompletesOf(flag)) {
    case Completes::kByName:
    case Completes::kNothing:
      return " ";  // shows the message alone
    case Completes::kFile:
      return "_files";
    case Completes::kDirectory:
      return "_files -/";
    case Completes::kHost:
      return "_hosts";
    case Completes::kHostOrFile:
      return "_tlspin_hosts_or_files";
    case Completes::kCommand:
      return "_tlspin_commands";
  }
  return "";
}

std::string ArgumentSpec(const Flag& flag, int index) {
  return Quoted(absl::StrCat(flag.is_repeated() ? "*" : absl::StrCat(index),
                             flag.required ? ":" : "::", Escaped(flag.value),
                             ":", Action(flag)));
}

// OptionSpecs returns the specs of `flag`, one for each name: a name excludes
// all names of the same flag, unless it may be given again.
std::vector<std::string> OptionSpecs(const Flag& flag) {
  std::vector<std::string> specs;
  const std::vector<std::string> names = AllNames(flag);
  const std::string before =
      flag.is_repeated() ? "*"
      : names.size() > 1 ? absl::StrCat("(", absl::StrJoin(names, " "), ")")
                         : "";
  for (const std::string& name : names) {
    const bool is_long = name.size() > 2;
    specs.push_back(Quoted(absl::StrCat(
        before, name,
        flag.is_switch() ? ""
        : is_long        ? "="
                         : "+",
        "[", Escaped(flag.help), "]",
        flag.is_switch()
            ? ""
            : absl::StrCat(":", Escaped(flag.value), ":", Action(flag)))));
  }
  return specs;
}

std::string CommandCase(const Command& command) {
  std::vector<std::string> specs = {Quoted("(- *)-h[Print this help and exit]"),
                                    Quoted("(- *)--help[Print this help and "
                                           "exit]")};
  int index = 1;
  for (const Flag& flag : command.flags()) {
    if (flag.is_argument()) {
      specs.push_back(ArgumentSpec(flag, index++));
    } else {
      for (std::string& spec : OptionSpecs(flag)) {
        specs.push_back(std::move(spec));
      }
    }
  }
  return absl::StrCat("        ", command.name(),
                      ")\n          _arguments -S \\\n", "            ",
                      absl::StrJoin(specs, " \\\n            "),
                      "\n          ;;\n");
}

constexpr char kHead[] = R"zsh(#compdef tlspin
# zsh completion for tlspin, as `tlspin completion zsh` prints it.

_tlspin_hosts_or_files() {
  _alternative 'hosts:host:_hosts' 'files:file:_files'
}

_tlspin_commands() {
  local -a commands
  commands=(
)zsh";

constexpr char kMiddle[] = R"zsh(  )
  _describe -t commands 'tlspin command' commands
}

_tlspin() {
  local curcontext=$curcontext state state_descr line
  local -A opt_args
  _arguments -C \
    '(- *)-h[Print this help and exit]' \
    '(- *)--help[Print this help and exit]' \
    '(- *)--version[Print the version and exit]' \
    '1:command:_tlspin_commands' \
    '*::argument:->arguments' && return 0
  case $state in
    arguments)
      curcontext=${curcontext%:*:*}:tlspin-$words[1]:
      case $words[1] in
)zsh";

constexpr char kTail[] = R"zsh(      esac
      ;;
  esac
}

# As a file of $fpath it is the function's body; sourced, it says what it is for.
if [[ $funcstack[1] == _tlspin ]]; then
  _tlspin "$@"
else
  compdef _tlspin tlspin
fi
)zsh";

}  // namespace

std::string ZshCompletion(const CommandTable& table) {
  std::string commands, cases;
  for (const Command& command : table) {
    if (!command.is_hidden()) {
      absl::StrAppend(
          &commands, "    ",
          Quoted(absl::StrCat(
              command.name(), ":",
              absl::StrReplaceAll(command.help().summary, {{"\\", "\\\\"}}))),
          "\n");
      absl::StrAppend(&cases, CommandCase(command));
    }
  }
  return absl::StrCat(kHead, commands, kMiddle, cases, kTail);
}

}  // namespace tlspin
