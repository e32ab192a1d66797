#include "tools/tlspin/formats/host_cover.h"

#include <algorithm>

namespace tlspin {
namespace {

// Parent returns `name` without its first label; empty at the top.
std::string Parent(const std::string& name) {
  const size_t dot = name.find('.');
  return dot == std::string::npos ? "" : name.substr(dot + 1);
}

bool Covers(const FormatEntry& entry, int labels_below) {
  return labels_below == 0   ? entry.itself
         : labels_below == 1 ? entry.one_below
                             : entry.all_below;
}

}  // namespace

HostCover::HostCover(const std::vector<FormatEntry>& entries, Overlap overlap)
    : overlap_(overlap) {
  for (const FormatEntry& entry : entries) {
    by_host_[entry.host].push_back(entry);
  }
}

std::vector<size_t> HostCover::SetsOf(const HostCell& cell) const {
  std::vector<size_t> sets;
  int below = static_cast<int>(cell.depth);
  for (std::string name = cell.base; !name.empty();
       name = Parent(name), ++below) {
    const auto found = by_host_.find(name);
    if (found == by_host_.end()) {
      continue;
    }
    for (const FormatEntry& entry : found->second) {
      if (!Covers(entry, below)) {
        continue;
      }
      if (entry.set == kNoSet) {
        return sets;
      }
      if (std::find(sets.begin(), sets.end(), entry.set) == sets.end()) {
        sets.push_back(entry.set);
      }
      if (overlap_ == Overlap::kMostSpecific || overlap_ == Overlap::kNone) {
        return sets;
      }
    }
  }
  return sets;
}

bool HostCover::PinnedFromAbove(const FormatEntry& entry) const {
  int below = 1;
  for (std::string name = Parent(entry.host); !name.empty();
       name = Parent(name), ++below) {
    const auto found = by_host_.find(name);
    if (found == by_host_.end()) {
      continue;
    }
    for (const FormatEntry& above : found->second) {
      if (Covers(above, below)) {
        return above.set != kNoSet;
      }
    }
  }
  return false;
}

}  // namespace tlspin
