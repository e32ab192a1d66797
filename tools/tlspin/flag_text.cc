#include "tools/tlspin/flag_text.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace tlspin {

const char kProgramSummary[] =
    "Decides whether TLS connections may be trusted, by certificate path, "
    "name and pins.";

const char kProgramExitCodes[] =
    "  0  yes: accepted, clean, no difference\n"
    "  1  no: rejected, errors found, differences\n"
    "  2  the command line is wrong\n"
    "  3  could not decide: unreadable, malformed, no connection\n";

namespace {

bool IsWordCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
}

// Mentions returns whether `text` has `word`, and not as part of another.
bool Mentions(absl::string_view text, absl::string_view word) {
  for (size_t at = text.find(word); at != absl::string_view::npos;
       at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !IsWordCharacter(text[at - 1])) &&
        (end == text.size() || !IsWordCharacter(text[end]))) {
      return true;
    }
  }
  return false;
}

std::string ChoicesText(const Flag& flag) {
  const bool all_said = std::all_of(
      flag.choices.begin(), flag.choices.end(),
      [&flag](const std::string& c) { return Mentions(flag.help, c); });
  return all_said ? "" : absl::StrJoin(flag.choices, ", ");
}

// The value that the row has before anything is parsed; empty: none.
std::string DefaultText(const Flag& flag) {
  if (flag.required || Mentions(flag.help, "default")) {
    return "";
  }
  if (const auto* number = std::get_if<int*>(&flag.target)) {
    return absl::StrCat(**number);
  }
  if (const auto* text = std::get_if<std::string*>(&flag.target)) {
    return **text;
  }
  return "";
}

Completes ByName(const std::string& value) {
  for (const char* file : {"FILE", "PINFILE", "CHAIN", "OLD", "NEW"}) {
    if (value == file) {
      return Completes::kFile;
    }
  }
  if (value == "DIRECTORY" || value == "DIR") {
    return Completes::kDirectory;
  }
  return value == "HOST" ? Completes::kHost : Completes::kNothing;
}

// Never parsed: the parser has its own.
bool unused_switch = false;

}  // namespace

FlagNames NamesOf(const Flag& flag) {
  FlagNames names;
  if (!flag.is_argument()) {
    for (std::string& name :
         std::vector<std::string>(absl::StrSplit(flag.names, ','))) {
      (absl::StartsWith(name, "--") ? names.longs : names.shorts)
          .push_back(std::move(name));
    }
  }
  return names;
}

std::vector<std::string> AllNames(const Flag& flag) {
  FlagNames names = NamesOf(flag);
  std::move(names.longs.begin(), names.longs.end(),
            std::back_inserter(names.shorts));
  return names.shorts;
}

std::string MainName(const Flag& flag) {
  const FlagNames names = NamesOf(flag);
  return names.longs.empty() ? names.shorts.front() : names.longs.front();
}

Completes CompletesOf(const Flag& flag) {
  if (flag.is_switch()) {
    return Completes::kNothing;
  }
  return flag.completes == Completes::kByName ? ByName(flag.value)
                                              : flag.completes;
}

std::string DescriptionOf(const Flag& flag) {
  std::vector<std::string> notes;
  const std::string choices = ChoicesText(flag);
  if (!choices.empty()) {
    notes.push_back(choices);
  }
  if (flag.range.has_value()) {
    notes.push_back(
        absl::StrCat(flag.range->first, " to ", flag.range->second));
  }
  const std::string value = DefaultText(flag);
  if (!value.empty()) {
    notes.push_back(absl::StrCat("default ", value));
  }
  if (flag.required && !flag.is_argument()) {
    notes.push_back("required");
  }
  if (flag.is_repeated() && !flag.is_argument() &&
      !Mentions(flag.help, "repeated")) {
    notes.push_back("may be repeated");
  }
  return notes.empty()
             ? flag.help
             : absl::StrCat(flag.help, " (", absl::StrJoin(notes, "; "), ")");
}

std::vector<std::string> UsageOf(const Command& command) {
  std::vector<std::string> words = {command.name()};
  const auto& flags = command.flags();
  if (std::any_of(flags.begin(), flags.end(), [](const Flag& flag) {
        return !flag.is_argument() && !flag.required;
      })) {
    words.push_back("[OPTION]...");
  }
  for (const Flag& flag : flags) {
    if (!flag.is_argument() && flag.required) {
      words.push_back(absl::StrCat(MainName(flag), " ", flag.value));
    }
  }
  for (const Flag& flag : flags) {
    if (flag.is_argument()) {
      words.push_back(absl::StrCat(
          flag.required ? flag.value : absl::StrCat("[", flag.value, "]"),
          flag.is_repeated() ? "..." : ""));
    }
  }
  return words;
}

const Flag& HelpFlag() {
  static const Flag& flag =
      *new Flag{"-h,--help", "", &unused_switch, "Print this help and exit"};
  return flag;
}

const Flag& VersionFlag() {
  static const Flag& flag =
      *new Flag{"--version", "", &unused_switch, "Print the version and exit"};
  return flag;
}

std::vector<std::string> CommandNames(const CommandTable& table) {
  std::vector<std::string> names;
  for (const Command& command : table) {
    if (!command.is_hidden()) {
      names.push_back(command.name());
    }
  }
  return names;
}

const Command* FindCommand(const CommandTable& table, const std::string& name) {
  for (const Command& command : table) {
    if (command.name() == name) {
      return &command;
    }
  }
  return nullptr;
}

}  // namespace tlspin
