#include "pinning/internal/host_index.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <vector>

namespace pinning::internal {

void HostIndex::Reserve(size_t patterns) {
  constexpr size_t kUsualSize = 16;
  rows_.reserve(patterns);
  texts_.reserve(patterns * kUsualSize);
}

void HostIndex::Append(const HostPattern& pattern, uint32_t set) {
  const absl::string_view prefix = PrefixOf(pattern.kind);
  rows_.push_back({texts_.size(),
                   static_cast<uint16_t>(prefix.size() + pattern.base.size()),
                   pattern.kind, set});
  texts_.append(prefix.data(), prefix.size());
  texts_.append(pattern.base);
  depths_.Add(pattern.kind, pattern.base);
}

bool HostIndex::Add(const HostPattern& pattern, uint32_t set) {
  const uint64_t hash = HashHost(kSeed, pattern.kind, pattern.base);
  if (index_.Add(hash, static_cast<uint32_t>(rows_.size()), [&](uint32_t row) {
        return IsOf(rows_[row], pattern.kind, pattern.base);
      }) != HashIndex::kNone) {
    return false;
  }
  Append(pattern, set);
  return true;
}

std::optional<size_t> HostIndex::IndexAll() {
  std::optional<size_t> repeated;
  std::vector<uint32_t> numbers(rows_.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  index_.AddAll(
      numbers,
      [this](uint32_t row) {
        return HashHost(kSeed, rows_[row].kind, BaseOf(rows_[row]));
      },
      [this](uint32_t a, uint32_t b) {
        return TextOf(rows_[a]) == TextOf(rows_[b]);
      },
      [&](uint32_t row) { repeated = repeated.value_or(row); });
  return repeated;
}

const HostIndex::Row* HostIndex::Find(const ServerName& name) const {
  const HostProbes probes(name, kSeed, depths_);
  for (const HostProbes::Probe& probe : probes) {
    const uint32_t row = index_.Find(probe.hash, [&](uint32_t number) {
      return IsOf(rows_[number], probe.kind, probes.BaseOf(probe));
    });
    if (row != HashIndex::kNone) {
      return &rows_[row];
    }
  }
  return nullptr;
}

}  // namespace pinning::internal
