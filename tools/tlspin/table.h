#ifndef TOOLS_TLSPIN_TABLE_H_
#define TOOLS_TLSPIN_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tlspin {

// A Table is lines of cells under a label, as `path     0  CN=a  sha256/...`.
// Cells are padded to their column's width, counted in code points.
class Table {
 public:
  void AddRow(std::vector<std::string> cells);

  // ToString returns the lines, `label` before the first.
  std::string ToString(absl::string_view label) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Labelled returns one line: `label`, padded as in a Table, and `text`.
std::string Labelled(absl::string_view label, absl::string_view text);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_TABLE_H_
