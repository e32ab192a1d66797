#include "tools/tlspin/text_wrap.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tlspin {
namespace {

// A column narrower than this is not worth keeping.
constexpr size_t kNarrowestColumn = 20;

// Where the text after a label begins (table.h), and where it goes on.
constexpr size_t kTextColumn = 9;
constexpr size_t kBrokenColumn = 11;

// Shown returns `line` without its escapes for colours.
std::string Shown(absl::string_view line) {
  std::string shown;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\033') {
      i = std::min(line.find('m', i), line.size());
    } else {
      shown += line[i];
    }
  }
  return shown;
}

enum class Layout { kLabelled, kBelow, kOther };

Layout LayoutOf(absl::string_view line) {
  const std::string shown = Shown(line);
  if (shown.size() <= kTextColumn || shown[kTextColumn] == ' ' ||
      shown[kTextColumn - 1] != ' ') {
    return Layout::kOther;
  }
  if (shown.find_first_not_of(' ') == kTextColumn) {
    return Layout::kBelow;
  }
  return absl::ascii_isalpha(static_cast<unsigned char>(shown[0]))
             ? Layout::kLabelled
             : Layout::kOther;
}

std::string Broken(absl::string_view line, size_t width) {
  std::string broken;
  size_t column = 0;
  size_t space = std::string::npos;  // the last in `broken` to break at
  size_t space_column = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\033') {
      const size_t end = std::min(line.find('m', i), line.size() - 1);
      absl::StrAppend(&broken, line.substr(i, end - i + 1));
      i = end;
      continue;
    }
    broken += line[i];
    if ((line[i] & 0xc0) == 0x80) {
      continue;
    }
    ++column;
    if (line[i] == ' ' && column > kBrokenColumn) {
      space = broken.size() - 1;
      space_column = column;
    } else if (column > width && space != std::string::npos) {
      size_t end = space;
      while (broken[end - 1] == ' ') {
        --end;
      }
      broken = absl::StrCat(broken.substr(0, end), "\n",
                            std::string(kBrokenColumn, ' '),
                            broken.substr(space + 1));
      column = kBrokenColumn + column - space_column;
      space = std::string::npos;
    }
  }
  return broken;
}

}  // namespace

size_t TextWidth(absl::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string Wrap(absl::string_view text, size_t width, size_t indent,
                 size_t used) {
  std::string wrapped;
  size_t column = used;
  bool at_start = true;
  for (const absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    const size_t length = TextWidth(word);
    if (!at_start && column + 1 + length > width) {
      absl::StrAppend(&wrapped, "\n", std::string(indent, ' '));
      column = indent;
      at_start = true;
    }
    absl::StrAppend(&wrapped, at_start ? "" : " ", word);
    column += length + (at_start ? 0 : 1);
    at_start = false;
  }
  return wrapped;
}

std::string WrapItem(absl::string_view line, size_t width) {
  const size_t first = line.find_first_not_of(' ');
  if (first == absl::string_view::npos) {
    return "";
  }
  size_t column = line.find("  ", first);
  column = column == absl::string_view::npos
               ? column
               : line.find_first_not_of(' ', column);
  if (column == absl::string_view::npos) {
    column = first;
  }
  const size_t used = TextWidth(line.substr(0, column));
  // Where the column leaves no room, or there is none, a small step will do.
  const size_t indent =
      column == first || used + kNarrowestColumn > width ? first + 2 : used;
  return absl::StrCat(line.substr(0, column),
                      Wrap(line.substr(column), width, indent, used));
}

std::string JoinItems(absl::string_view text) {
  std::string joined;
  size_t item_indent = 0;  // of the item above; 0: there is none
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const size_t indent = std::min(line.find_first_not_of(' '), line.size());
    if (item_indent > 0 && indent > item_indent) {
      absl::StrAppend(&joined, " ", line.substr(indent));
      continue;
    }
    item_indent = indent;
    absl::StrAppend(&joined, joined.empty() ? "" : "\n", line);
  }
  return joined;
}

std::string WrapProse(absl::string_view text, size_t width) {
  std::string wrapped;
  std::string paragraph;
  bool after_items = false;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) {
      absl::StrAppend(&wrapped, Wrap(paragraph, width, 0, 0), "\n");
      paragraph.clear();
    }
  };
  const std::string joined = JoinItems(text);
  std::vector<absl::string_view> lines = absl::StrSplit(joined, '\n');
  while (!lines.empty() && lines.back().empty()) {
    lines.pop_back();
  }
  for (const absl::string_view line : lines) {
    if (line.empty() || line[0] == ' ') {
      end_paragraph();
      absl::StrAppend(&wrapped, WrapItem(line, width), "\n");
      after_items = !line.empty();
    } else {
      absl::StrAppend(&wrapped, after_items ? "\n" : "");
      after_items = false;
      absl::StrAppend(&paragraph, line, "\n");
    }
  }
  end_paragraph();
  return wrapped;
}

std::string FitLabelled(absl::string_view text, size_t width) {
  std::string fitted;
  bool labelled = false;
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    const Layout layout = LayoutOf(lines[i]);
    labelled =
        layout == Layout::kLabelled || (labelled && layout == Layout::kBelow);
    absl::StrAppend(&fitted, i == 0 ? "" : "\n",
                    labelled ? Broken(lines[i], width) : std::string(lines[i]));
  }
  return fitted;
}

}  // namespace tlspin
