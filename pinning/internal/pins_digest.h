#ifndef PINNING_INTERNAL_PINS_DIGEST_H_
#define PINNING_INTERNAL_PINS_DIGEST_H_

#include "absl/types/span.h"
#include "pinning/internal/field_hasher.h"
#include "pinning/internal/host_index.h"

namespace pinning::internal {

// PinsDigest returns a SHA-256 over patterns and what they pin: names of sets
// and pins aside, in any order.
Digest PinsDigest(absl::Span<const HostIndex::Row> rows);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_PINS_DIGEST_H_
