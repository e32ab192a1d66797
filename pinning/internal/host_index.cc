#include "pinning/internal/host_index.h"

namespace pinning::internal {

bool HostIndex::Same::operator()(const Place& place,
                                 const Wanted& wanted) const {
  const HostPattern& pattern = (*rows)[place.row].pattern;
  return place.hash == wanted.hash && pattern.kind == wanted.kind &&
         pattern.base == wanted.base;
}

bool HostIndex::Add(const HostPattern& pattern, const PinSet* set) {
  const uint64_t hash = HashHost(kSeed, pattern.kind, pattern.base);
  if (places_.contains(Wanted{hash, pattern.kind, pattern.base})) {
    return false;
  }
  places_.insert({hash, rows_.size()});
  depths_.Add(pattern.kind, pattern.base);
  rows_.push_back({pattern, pattern.ToString(), set});
  return true;
}

const HostIndex::Row* HostIndex::Find(const ServerName& name) const {
  const HostProbes probes(name, kSeed, depths_);
  for (const HostProbes::Probe& probe : probes) {
    const auto found =
        places_.find(Wanted{probe.hash, probe.kind, probes.BaseOf(probe)});
    if (found != places_.end()) {
      return &rows_[found->row];
    }
  }
  return nullptr;
}

}  // namespace pinning::internal
