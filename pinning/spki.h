#ifndef PINNING_SPKI_H_
#define PINNING_SPKI_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace pinning {

// FindSpki returns the subjectPublicKeyInfo of the X.509 certificate that
// `certificate_der` is, whole, as a view into it: what Pin::OfSpki hashes. It
// walks there over what comes before and allocates nothing, for whoever needs
// pins of many certificates and trusts none of them for it.
//
// Where Certificate::FromDer succeeds, so does this, with the same octets. It
// succeeds elsewhere too. Checked is that the certificate is one element and
// nothing after it, and that it starts with the fields of RFC 5280, 4.1, up to
// the SPKI, each of its tag and of a length that is DER and has its octets
// there. Not checked is what is in those fields, the SPKI's own included, nor
// anything after it: neither extensions nor a signature. The error is
// INVALID_ARGUMENT and names the byte offset.
absl::StatusOr<absl::Span<const uint8_t>> FindSpki(
    absl::Span<const uint8_t> certificate_der);

}  // namespace pinning

#endif  // PINNING_SPKI_H_
