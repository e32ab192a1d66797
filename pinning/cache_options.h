#ifndef PINNING_CACHE_OPTIONS_H_
#define PINNING_CACHE_OPTIONS_H_

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace pinning {

// CacheOptions bounds what a Verifier remembers of its own answers
// (docs/caching.md). To switch that off, give all sizes as zero.
struct CacheOptions {
  // For accepted chains, in bytes.
  size_t max_bytes = 8 * 1024 * 1024;
  // For the rest: refused chains, and those that a report-only pin set would
  // have refused. They have a space of their own, so that refusals, which
  // anyone can cause, push out no accepted chain.
  size_t max_refused_bytes = 1024 * 1024;
  // For intermediates of accepted chains, in their parsed form.
  size_t max_intermediate_bytes = 1024 * 1024;
  // For how long a refusal is given again: its diagnosis tells ages. Zero or
  // less: not at all.
  absl::Duration refusals_for = absl::Seconds(10);
  // Which bits of the hash that finds a place count. Fewer make chains share
  // places, which costs time and never a wrong answer. For tests.
  uint64_t hash_mask = ~uint64_t{0};
};

}  // namespace pinning

#endif  // PINNING_CACHE_OPTIONS_H_
