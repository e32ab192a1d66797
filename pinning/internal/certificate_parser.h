#ifndef PINNING_INTERNAL_CERTIFICATE_PARSER_H_
#define PINNING_INTERNAL_CERTIFICATE_PARSER_H_

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace internal {

// ReadCertificate reads exactly one Certificate (RFC 5280, 4.1) into
// `certificate`, which is new and borrows `der`. It returns INVALID_ARGUMENT,
// naming the byte offset, if `der` is not strict DER of that shape; that alone
// is allocated, unless there are more than sixteen extensions that RFC 5280
// does not define, or more than sixteen policies.
//
// It judges encoding, not profile: a negative serial number, a weak key, or
// dates in the wrong order parse, so that they can be shown, pinned and then
// refused by whoever validates a path.
//
// With Tolerance::kDamaged it reads what can be read of a certificate that it
// would refuse: whatever its version, without the extensions that are malformed
// or there twice, and with any dates if its own are malformed. For saying who
// made it; never for building a path.
absl::Status ReadCertificate(Bytes der, Tolerance tolerance,
                             ParsedCertificate* certificate);

// ParseCertificate does that, and returns what was read with a copy of `der`,
// all of it in one block.
absl::StatusOr<std::shared_ptr<const ParsedCertificate>> ParseCertificate(
    Bytes der, Tolerance tolerance);

// HeapBytes returns about how many bytes `certificate` takes up, at most.
size_t HeapBytes(const ParsedCertificate& certificate);

// ReadAlgorithm reads an AlgorithmIdentifier and returns it whole.
DerResult<Bytes> ReadAlgorithm(DerReader& reader, absl::string_view what);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CERTIFICATE_PARSER_H_
