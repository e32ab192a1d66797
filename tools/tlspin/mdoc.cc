#include "tools/tlspin/mdoc.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tools/tlspin/text_wrap.h"

namespace tlspin {
namespace {

// CodePoint takes one character off the front of `text`. What is no UTF-8
// counts as U+FFFD, byte by byte.
uint32_t CodePoint(absl::string_view& text) {
  const auto byte = [&text](size_t i) -> uint32_t {
    return i < text.size() ? static_cast<uint8_t>(text[i]) : 0;
  };
  const uint32_t first = byte(0);
  const size_t more = first >= 0xf0   ? 3
                      : first >= 0xe0 ? 2
                      : first >= 0xc0 ? 1
                                      : 0;
  uint32_t point = more == 0 ? first : first & (0x3fu >> more);
  bool good = first < 0x80 || more > 0;
  for (size_t i = 1; i <= more; ++i) {
    good = good && (byte(i) & 0xc0) == 0x80;
    point = point << 6 | (byte(i) & 0x3f);
  }
  text.remove_prefix(good ? more + 1 : 1);
  return good ? point : 0xfffd;
}

std::string Character(uint32_t point) {
  switch (point) {
    case '\\':
      return "\\e";
    case '-':  // else a hyphen, which is no minus to copy
      return "\\-";
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    case '"':
      return "\\(dq";
    default:
      return point < 0x80 ? std::string(1, static_cast<char>(point))
                          : absl::StrFormat("\\[u%04X]", point);
  }
}

std::string Escaped(absl::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    absl::StrAppend(&escaped, Character(CodePoint(text)));
  }
  return escaped;
}

// Splits "  word  what it means"; `second` is empty if there is one column.
void SplitItem(absl::string_view line, absl::string_view& first,
               absl::string_view& second) {
  first = absl::StripAsciiWhitespace(line);
  second = "";
  const size_t gap = first.find("  ");
  if (gap != absl::string_view::npos) {
    second = absl::StripAsciiWhitespace(first.substr(gap));
    first = first.substr(0, gap);
  }
}

}  // namespace

std::string MdocText(absl::string_view text) {
  std::string lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    // A line of mdoc that begins with "." or "'" would be a macro, and one
    // that begins with a space would end the line before.
    const bool guard = !line.empty() && (line[0] == '.' || line[0] == ' ');
    absl::StrAppend(&lines, lines.empty() ? "" : "\n", guard ? "\\&" : "",
                    Escaped(line));
  }
  return lines;
}

std::string MdocSentences(absl::string_view text) {
  return MdocText(
      absl::StrReplaceAll(text, {{". ", ".\n"}, {"? ", "?\n"}, {"! ", "!\n"}}));
}

std::string MdocWord(absl::string_view word) {
  return absl::StrCat("\\&", Escaped(word));
}

std::string MdocItems(absl::string_view lines) {
  std::string list;
  size_t widest = 0;
  const std::string joined = JoinItems(lines);
  for (const absl::string_view line :
       absl::StrSplit(joined, '\n', absl::SkipEmpty())) {
    absl::string_view first, second;
    SplitItem(line, first, second);
    widest = std::max(widest, first.size());
    std::string words;
    for (const absl::string_view word :
         absl::StrSplit(first, ' ', absl::SkipEmpty())) {
      absl::StrAppend(&words, " ", MdocWord(word));
    }
    absl::StrAppend(&list, ".It", words, "\n", MdocText(second), "\n");
  }
  return absl::StrCat(".Bl -tag -width ", widest + 1, "n -compact\n", list,
                      ".El\n");
}

std::string MdocProse(absl::string_view text) {
  std::string prose, items;
  bool paragraph_due = false;
  const auto end_items = [&] {
    if (!items.empty()) {
      absl::StrAppend(&prose, MdocItems(items), ".Pp\n");
      items.clear();
    }
  };
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line.empty()) {
      paragraph_due = !prose.empty();
    } else if (line[0] == ' ') {
      absl::StrAppend(&items, line, "\n");
    } else {
      const bool after_items = !items.empty();
      end_items();
      absl::StrAppend(&prose, paragraph_due && !after_items ? ".Pp\n" : "",
                      MdocSentences(line), "\n");
      paragraph_due = false;
    }
  }
  if (!items.empty()) {
    absl::StrAppend(&prose, MdocItems(items));
  }
  return prose;
}

std::string MdocLiteral(absl::string_view text) {
  text = absl::StripTrailingAsciiWhitespace(text);
  std::string display = ".Bd -literal\n";
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::StrAppend(&display, MdocText(line), "\n");
  }
  return absl::StrCat(display, ".Ed\n");
}

}  // namespace tlspin
