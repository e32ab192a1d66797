#ifndef TOOLS_TLSPIN_HOST_CELLS_H_
#define TOOLS_TLSPIN_HOST_CELLS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "pinning/server_name.h"

namespace tlspin {

// A HostCell is a kind of host names that no pattern of a pin file tells apart,
// so that one name of it stands for all. Every pattern is a name or is "*." or
// "**." and a name, its base; a name that a pattern covers is therefore a base,
// or a fresh label and its longest base, or several labels and that base.
struct HostCell {
  enum class Depth { kItself, kOneBelow, kDeeper };

  // ToString returns "example.com", "*.example.com" or "*.*.example.com": an
  // asterisk is a label that no pattern mentions, two are two or more.
  std::string ToString() const;

  std::string base;
  Depth depth = Depth::kItself;
  pinning::ServerName representative;
};

// HostCells returns the cells of `patterns`, which are canonical, in the order
// of the patterns: together they hold every name that any of these covers. A
// cell whose names would be too long for DNS is left out.
std::vector<HostCell> HostCells(absl::Span<const std::string> patterns);

// PatternBase returns `pattern` without "*." or "**.".
std::string PatternBase(const std::string& pattern);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_HOST_CELLS_H_
