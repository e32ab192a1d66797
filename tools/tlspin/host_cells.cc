#include "tools/tlspin/host_cells.h"

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace tlspin {
namespace {

using ::pinning::ServerName;

// FreshLabel returns a label that none of `patterns` has.
std::string FreshLabel(absl::Span<const std::string> patterns) {
  absl::flat_hash_set<absl::string_view> labels;
  for (const std::string& pattern : patterns) {
    for (absl::string_view label : absl::StrSplit(pattern, '.')) {
      labels.insert(label);
    }
  }
  std::string fresh = "any";
  for (int i = 1; labels.contains(fresh); ++i) {
    fresh = absl::StrCat("any", i);
  }
  return fresh;
}

}  // namespace

std::string HostCell::ToString() const {
  switch (depth) {
    case Depth::kItself:
      break;
    case Depth::kOneBelow:
      return absl::StrCat("*.", base);
    case Depth::kDeeper:
      return absl::StrCat("*.*.", base);
  }
  return base;
}

std::vector<HostCell> HostCells(absl::Span<const std::string> patterns) {
  const std::string fresh = FreshLabel(patterns);
  absl::flat_hash_set<std::string> seen;
  std::vector<HostCell> cells;
  for (const std::string& pattern : patterns) {
    const std::string base = PatternBase(pattern);
    if (!seen.insert(base).second) {
      continue;
    }
    std::string name = base;
    for (HostCell::Depth depth :
         {HostCell::Depth::kItself, HostCell::Depth::kOneBelow,
          HostCell::Depth::kDeeper}) {
      const absl::StatusOr<ServerName> representative =
          ServerName::FromString(name);
      if (!representative.ok()) {
        break;  // too long
      }
      cells.push_back({base, depth, *representative});
      if (representative->kind() == ServerName::Kind::kIpAddress) {
        break;
      }
      name = absl::StrCat(fresh, ".", name);
    }
  }
  return cells;
}

std::string PatternBase(const std::string& pattern) {
  absl::string_view base = pattern;
  if (!absl::ConsumePrefix(&base, "**.")) {
    absl::ConsumePrefix(&base, "*.");
  }
  return std::string(base);
}

}  // namespace tlspin
