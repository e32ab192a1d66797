#ifndef PINNING_INTERNAL_CERTIFICATE_PARSER_H_
#define PINNING_INTERNAL_CERTIFICATE_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace internal {

// ParseCertificate parses exactly one Certificate (RFC 5280, 4.1), copying
// `der`. It returns INVALID_ARGUMENT, naming the byte offset, if `der` is not
// strict DER of that shape.
//
// It judges encoding, not profile: a negative serial number, a weak key, or
// dates in the wrong order parse, so that they can be shown, pinned and then
// refused by whoever validates a path.
absl::StatusOr<std::shared_ptr<const ParsedCertificate>> ParseCertificate(
    absl::Span<const uint8_t> der);

// ReadDamagedCertificate reads what can be read of a certificate that
// ParseCertificate refuses: whatever its version, without the extensions that
// are malformed or there twice, and with any dates if its own are malformed.
// For saying who made it; never for building a path.
absl::StatusOr<std::shared_ptr<const ParsedCertificate>> ReadDamagedCertificate(
    absl::Span<const uint8_t> der);

// HeapBytes returns about how many bytes `certificate` takes up, at most.
size_t HeapBytes(const ParsedCertificate& certificate);

// ReadAlgorithm reads an AlgorithmIdentifier and returns it whole.
absl::StatusOr<Bytes> ReadAlgorithm(DerReader& reader, absl::string_view what);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CERTIFICATE_PARSER_H_
