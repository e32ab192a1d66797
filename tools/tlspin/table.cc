#include "tools/tlspin/table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace tlspin {
namespace {

constexpr size_t kLabelWidth = 9;

// Width returns the number of code points of `text`, which is UTF-8.
size_t Width(absl::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string Pad(absl::string_view text, size_t width) {
  const size_t used = Width(text);
  return absl::StrCat(text, std::string(used < width ? width - used : 0, ' '));
}

}  // namespace

void Table::AddRow(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
}

std::string Table::ToString(absl::string_view label) const {
  std::vector<size_t> widths;
  for (const std::vector<std::string>& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], Width(row[i]));
    }
  }
  std::string text;
  for (const std::vector<std::string>& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, i == 0 ? "" : "  ", Pad(row[i], widths[i]));
    }
    absl::StrAppend(&text, Labelled(text.empty() ? label : "", line));
  }
  return text;
}

std::string Labelled(absl::string_view label, absl::string_view text) {
  const std::string line = absl::StrCat(Pad(label, kLabelWidth), text);
  return absl::StrCat(absl::StripTrailingAsciiWhitespace(line), "\n");
}

}  // namespace tlspin
