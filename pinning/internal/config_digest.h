#ifndef PINNING_INTERNAL_CONFIG_DIGEST_H_
#define PINNING_INTERNAL_CONFIG_DIGEST_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/policy_options.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace internal {

// ConfigDigest returns the SHA-256 of a canonical serialisation of its
// arguments: every field with its length before it, every list sorted, so that
// two configurations share a digest only if they decide alike. Names of sets
// and of pins are left out: they decide nothing.
std::array<uint8_t, 32> ConfigDigest(const TrustStore& trust_store,
                                     const PinStore& pin_store,
                                     KeyPurpose purpose, Profile profile,
                                     const PolicyOptions& policies,
                                     const Limits& limits,
                                     absl::Span<const std::string> weakenings);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CONFIG_DIGEST_H_
