#ifndef PINNING_INTERNAL_EXTENSIONS_H_
#define PINNING_INTERNAL_EXTENSIONS_H_

#include "absl/status/status.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/parsed_certificate.h"

// Extensions (RFC 5280, 4.2). Those that path validation and name matching
// need are parsed: basic constraints, key usage, extended key usage, subject
// alternative name, name constraints, both key identifiers. Others are kept as
// they stand.
//
// Deviation: a critical certificatePolicies counts as processed, as TLS clients
// have it: they require no policy, and then policies alone refuse no path
// (6.1.3(d), 6.1.5(g)). Critical policyMappings, policyConstraints and
// inhibitAnyPolicy can refuse one, and count as not processed.
//
// Deviation: the cA of basicConstraints may be FALSE and encoded, though FALSE
// is its default: about one server in a hundred has such a certificate.
namespace pinning {
namespace internal {

// ReadExtensions reads an Extensions SEQUENCE into `certificate`. It returns
// INVALID_ARGUMENT, with the offset, if there are no extensions, one is there
// twice, or one that is parsed is not well-formed.
absl::Status ReadExtensions(DerReader& reader, ParsedCertificate* certificate);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_EXTENSIONS_H_
