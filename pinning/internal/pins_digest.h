#ifndef PINNING_INTERNAL_PINS_DIGEST_H_
#define PINNING_INTERNAL_PINS_DIGEST_H_

#include "absl/types/span.h"
#include "pinning/internal/field_hasher.h"
#include "pinning/internal/host_index.h"
#include "pinning/pin_set.h"

namespace pinning::internal {

// PinsDigest returns a SHA-256 over patterns and what they pin: names of sets
// and pins aside, in any order. The rows of `hosts` number `sets`.
Digest PinsDigest(const HostIndex& hosts, absl::Span<const PinSet> sets);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_PINS_DIGEST_H_
