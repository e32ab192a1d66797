#ifndef PINNING_INTERNAL_SCT_SIGNATURE_H_
#define PINNING_INTERNAL_SCT_SIGNATURE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/sct.h"

// What a log signs (RFC 6962, 3.2).
namespace pinning::internal {

// PrecertificateTbs returns the TBSCertificate of `certificate` without its SCT
// list, encoded anew: what an embedded SCT is over. It returns
// FAILED_PRECONDITION if `certificate` is itself a precertificate (it has the
// poison extension, 3.1), and INTERNAL for want of memory.
absl::StatusOr<std::vector<uint8_t>> PrecertificateTbs(
    const Certificate& certificate);

// IsSctSignedBy returns whether `sct`, of version 1, is signed with the key
// `log_spki` over `leaf` and, if it is embedded, over the precertificate of a
// certificate authority with the key `issuer_spki`; else that is ignored. False
// too if the algorithm is not SHA-256 with RSA or ECDSA (2.1.4), or does not
// fit the key.
bool IsSctSignedBy(const Sct& sct, const Certificate& leaf,
                   absl::Span<const uint8_t> issuer_spki,
                   absl::Span<const uint8_t> log_spki);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_SCT_SIGNATURE_H_
