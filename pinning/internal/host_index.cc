#include "pinning/internal/host_index.h"

namespace pinning::internal {

bool HostIndex::Add(const HostPattern& pattern, const PinSet* set) {
  Places& places = pattern.kind == HostPattern::Kind::kOneLabel    ? one_label_
                   : pattern.kind == HostPattern::Kind::kAnyLabels ? any_labels_
                                                                   : exact_;
  if (!places.try_emplace(pattern.base, rows_.size()).second) {
    return false;
  }
  rows_.push_back({pattern, pattern.ToString(), set});
  return true;
}

const HostIndex::Row* HostIndex::FindIn(const Places& places,
                                        absl::string_view base) const {
  const auto found = places.find(base);
  return found == places.end() ? nullptr : &rows_[found->second];
}

const HostIndex::Row* HostIndex::Find(const ServerName& name) const {
  absl::string_view rest = name.ToString();
  const Row* row = FindIn(exact_, rest);
  if (row != nullptr || name.kind() == ServerName::Kind::kIpAddress) {
    return row;
  }
  size_t dot = rest.find('.');
  if (dot != rest.npos) {
    row = FindIn(one_label_, rest.substr(dot + 1));
    if (row != nullptr) {
      return row;
    }
  }
  // Longest first: the name itself, its parent, and so on.
  while (!rest.empty()) {
    row = FindIn(any_labels_, rest);
    if (row != nullptr) {
      return row;
    }
    dot = rest.find('.');
    rest = dot == rest.npos ? absl::string_view() : rest.substr(dot + 1);
  }
  return nullptr;
}

}  // namespace pinning::internal
