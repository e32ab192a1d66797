#include "tools/tlspin/help_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/flag_text.h"
#include "tools/tlspin/text_wrap.h"

namespace tlspin {
namespace {

constexpr size_t kWidestText = 100;  // longer lines are hard to read
constexpr size_t kWidestLabel = 28;  // a longer one has a line of its own
constexpr size_t kNarrowColumn = 10;
constexpr size_t kNarrowestText = 30;  // below it each label has its own line

// A List is labels and what they mean, in two columns.
using List = std::vector<std::pair<std::string, std::string>>;

// LabelColumn returns the width of the labels that `lists` have in common.
size_t LabelColumn(const std::vector<const List*>& lists, size_t width) {
  size_t widest = 0;
  for (const List* list : lists) {
    for (const auto& [label, text] : *list) {
      const size_t label_width = TextWidth(label);
      if (label_width <= kWidestLabel) {
        widest = std::max(widest, label_width);
      }
    }
  }
  const size_t column = widest + 2;
  return column + kNarrowestText > width ? kNarrowColumn : column;
}

std::string ListText(absl::string_view title, const List& list, size_t column,
                     size_t width) {
  if (list.empty()) {
    return "";
  }
  std::string text = absl::StrCat("\n", title, ":\n");
  for (const auto& [label, meaning] : list) {
    const size_t used = TextWidth(label);
    const bool own_line = used + 2 > column;
    absl::StrAppend(&text, label,
                    own_line ? absl::StrCat("\n", std::string(column, ' '))
                             : std::string(column - used, ' '),
                    Wrap(meaning, width, column, column), "\n");
  }
  return text;
}

// "  -o, --output FILE"; long names stand below each other.
std::string FlagLabel(const Flag& flag) {
  if (flag.is_argument()) {
    return absl::StrCat("  ", flag.value);
  }
  const std::string names = absl::StrJoin(AllNames(flag), ", ");
  return absl::StrCat(NamesOf(flag).shorts.empty() ? "      " : "  ", names,
                      flag.value.empty() ? "" : " ", flag.value);
}

std::string UsageText(const std::vector<std::string>& words, size_t width) {
  const std::string start = "Usage: tlspin ";
  // A word such as "--host HOST" stays whole, and so it is no word for Wrap.
  std::string text = start;
  size_t column = start.size();
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && column + 1 + words[i].size() > width) {
      absl::StrAppend(&text, "\n", std::string(start.size(), ' '));
      column = start.size();
    } else if (i > 0) {
      absl::StrAppend(&text, " ");
      ++column;
    }
    absl::StrAppend(&text, words[i]);
    column += words[i].size();
  }
  return absl::StrCat(text, "\n");
}

std::string ExitCodes(absl::string_view lines, size_t width) {
  return absl::StrCat("\nExit codes:\n", WrapProse(lines, width));
}

}  // namespace

std::string ProgramHelp(const CommandTable& table, size_t width) {
  width = std::min(width, kWidestText);
  List commands;
  for (const Command& command : table) {
    if (!command.is_hidden()) {
      commands.emplace_back(absl::StrCat("  ", command.name()),
                            command.help().summary);
    }
  }
  List options;
  for (const Flag* flag : {&HelpFlag(), &VersionFlag()}) {
    options.emplace_back(FlagLabel(*flag), flag->help);
  }
  return absl::StrCat(
      UsageText({"COMMAND", "[OPTION]...", "[ARGUMENT]..."}, width), "\n",
      WrapProse(kProgramSummary, width),
      ListText("Commands", commands, LabelColumn({&commands}, width), width),
      ListText("Options", options, LabelColumn({&options}, width), width),
      "\nExit codes, the same for every command:\n",
      WrapProse(kProgramExitCodes, width), "\n",
      WrapProse("`tlspin help COMMAND` tells what a command decides and shows "
                "an example.",
                width));
}

std::string CommandHelp(const Command& command, size_t width) {
  width = std::min(width, kWidestText);
  List arguments, options, common;
  for (const Flag& flag : command.flags()) {
    List& list = flag.is_argument() ? arguments
                 : flag.common      ? common
                                    : options;
    list.emplace_back(FlagLabel(flag), DescriptionOf(flag));
  }
  List& last = common.empty() ? options : common;
  last.emplace_back(FlagLabel(HelpFlag()), HelpFlag().help);
  const size_t column = LabelColumn({&arguments, &options, &common}, width);
  const HelpText& help = command.help();
  std::string text =
      absl::StrCat(UsageText(UsageOf(command), width), "\n",
                   WrapProse(absl::StrCat(help.summary, "."), width), "\n",
                   WrapProse(help.decides, width),
                   ListText("Arguments", arguments, column, width),
                   ListText("Options", options, column, width),
                   ListText("Options of every command", common, column, width),
                   ExitCodes(help.exit_codes, width));
  const absl::string_view example =
      absl::StripTrailingAsciiWhitespace(help.example);
  if (!example.empty()) {
    absl::StrAppend(&text, "\nExample:\n", example, "\n");
  }
  return text;
}

}  // namespace tlspin
