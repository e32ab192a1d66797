#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/tlspin/completions.h"
#include "tools/tlspin/flag_text.h"

namespace tlspin {
namespace {

// A shell splits words at "=" and ":" or does not, as COMP_WORDBREAKS says;
// the first loop undoes the splitting at "=".
constexpr char kBody[] = R"bash(
# Offers what `kind` and `choices` say that begins with $1.
_tlspin_offer() {
  case $kind in
    file)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$1")
      ;;
    directory)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$1")
      ;;
    host)
      mapfile -t COMPREPLY < <(compgen -A hostname -- "$1")
      ;;
    host-or-file)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$1"; compgen -A hostname -- "$1")
      ;;
    words)
      mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$1")
      ;;
  esac
}

_tlspin() {
  local -a words=()
  local i
  for ((i = 1; i <= COMP_CWORD; ++i)); do
    local word=${COMP_WORDS[i]}
    local last=$((${#words[@]} - 1))
    if ((last >= 0)) && [[ $word == '=' && ${words[last]} == --* ]]; then
      words[last]+='='
    elif ((last >= 0)) && [[ ${words[last]} == --*= ]]; then
      words[last]+=$word
    else
      words+=("$word")
    fi
  done
  local kind='' choices='' current=${words[${#words[@]} - 1]}
  COMPREPLY=()
  if ((${#words[@]} == 1)); then
    kind='words'
    choices=$_tlspin_commands
    [[ $current == -* ]] && choices='--help --version -h'
    _tlspin_offer "$current"
    return
  fi
  local command=${words[0]} argument=0 options_end=''
  for ((i = 1; i < ${#words[@]} - 1; ++i)); do
    if [[ -z $options_end && ${words[i]} == -- ]]; then
      options_end=yes
    elif [[ -z $options_end && ${words[i]} == -?* ]]; then
      _tlspin_value "$command" "${words[i]}" && ((++i))
    else
      ((++argument))
    fi
  done
  kind='' choices=''
  if ((i == ${#words[@]})); then
    _tlspin_value "$command" "${words[i - 2]}"
  elif [[ -z $options_end && $current == --*=* ]]; then
    _tlspin_value "$command" "${current%%=*}"
    current=${current#*=}
  elif [[ -z $options_end && $current == -* ]]; then
    kind='words'
    _tlspin_flags "$command"
  else
    _tlspin_argument "$command" "$argument"
  fi
  _tlspin_offer "$current"
}

complete -F _tlspin tlspin
)bash";

// Offer returns the assignments that say what completes the value of `flag`.
std::string Offer(const CommandTable& table, const Flag& flag) {
  if (!flag.choices.empty()) {
    return absl::StrCat("kind='words' choices='",
                        absl::StrJoin(flag.choices, " "), "'");
  }
  switch (CompletesOf(flag)) {
    case Completes::kByName:
    case Completes::kNothing:
      return "kind=''";
    case Completes::kFile:
      return "kind='file'";
    case Completes::kDirectory:
      return "kind='directory'";
    case Completes::kHost:
      return "kind='host'";
    case Completes::kHostOrFile:
      return "kind='host-or-file'";
    case Completes::kCommand:
      return absl::StrCat("kind='words' choices='",
                          absl::StrJoin(CommandNames(table), " "), "'");
  }
  return "";
}

std::string FlagCases(const Command& command) {
  std::vector<std::string> names = {"--help", "-h"};
  for (const Flag& flag : command.flags()) {
    if (!flag.is_argument()) {
      for (const std::string& name : AllNames(flag)) {
        names.push_back(name);
      }
    }
  }
  return absl::StrCat("    ", command.name(), ") choices='",
                      absl::StrJoin(names, " "), "' ;;\n");
}

std::string ValueCases(const CommandTable& table, const Command& command) {
  std::string cases;
  for (const Flag& flag : command.flags()) {
    if (flag.is_argument() || flag.is_switch()) {
      continue;
    }
    std::vector<std::string> patterns;
    for (const std::string& name : AllNames(flag)) {
      patterns.push_back(absl::StrCat("'", command.name(), " ", name, "'"));
    }
    absl::StrAppend(&cases, "    ", absl::StrJoin(patterns, " | "), ") ",
                    Offer(table, flag), " ;;\n");
  }
  return cases;
}

std::string ArgumentCases(const CommandTable& table, const Command& command) {
  std::string cases;
  int index = 0;
  for (const Flag& flag : command.flags()) {
    if (flag.is_argument()) {
      absl::StrAppend(&cases, "    '", command.name(), " ",
                      flag.is_repeated() ? "'*" : absl::StrCat(index, "'"),
                      ") ", Offer(table, flag), " ;;\n");
      ++index;
    }
  }
  return cases;
}

}  // namespace

std::string BashCompletion(const CommandTable& table) {
  std::string flags, values, arguments;
  for (const Command& command : table) {
    if (!command.is_hidden()) {
      absl::StrAppend(&flags, FlagCases(command));
      absl::StrAppend(&values, ValueCases(table, command));
      absl::StrAppend(&arguments, ArgumentCases(table, command));
    }
  }
  return absl::StrCat(
      "# bash completion for tlspin, as `tlspin completion bash` prints it.\n"
      "# shellcheck shell=bash\n\n_tlspin_commands='",
      absl::StrJoin(CommandNames(table), " "),
      "'\n\n# Each sets `kind` and `choices`: for the flags of the command $1,"
      "\n_tlspin_flags() {\n  case $1 in\n",
      flags,
      "  esac\n}\n\n# for the value of its flag $2, false if that takes none,\n"
      "_tlspin_value() {\n  case \"$1 $2\" in\n",
      values,
      "    *) return 1 ;;\n  esac\n}\n\n# for its argument $2, from 0.\n"
      "_tlspin_argument() {\n  case \"$1 $2\" in\n",
      arguments, "  esac\n}\n", kBody);
}

}  // namespace tlspin
