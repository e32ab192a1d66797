#ifndef PINNING_INTERNAL_OCSP_READER_H_
#define PINNING_INTERNAL_OCSP_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace pinning::internal {

// An OcspAnswer is one SingleResponse (RFC 6960, 4.2.1). Its spans point into
// what was read.
struct OcspAnswer {
  absl::Span<const uint8_t> serial;  // content octets of the INTEGER
  // The content of the OCTET STRING in the SCT extension (RFC 6962, 3.3), if
  // there is one: a SignedCertificateTimestampList.
  std::optional<absl::Span<const uint8_t>> sct_list;
};

// ReadOcspAnswers reads an OCSPResponse whole and strictly, and returns its
// answers; none if its status is not `successful`. It returns INVALID_ARGUMENT,
// naming the byte offset, if it is not strict DER of that shape, if its type is
// not basic, or if there are more than `max_answers`. It verifies nothing.
absl::StatusOr<std::vector<OcspAnswer>> ReadOcspAnswers(
    absl::Span<const uint8_t> response, size_t max_answers);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_OCSP_READER_H_
