#ifndef PINNING_INTERNAL_EXTENSIONS_H_
#define PINNING_INTERNAL_EXTENSIONS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/parsed_certificate.h"

// Extensions (RFC 5280, 4.2). Those that path validation and name matching
// need are parsed: basic constraints, key usage, extended key usage, subject
// alternative name, name constraints, certificate policies with their mappings
// and constraints, both key identifiers. Others are kept as they stand.
//
// Critical certificatePolicies with a qualifier other than those of 4.2.1.4
// count as not processed. A policy listed twice and a mapped anyPolicy are left
// in policy_fault to the profile: they are well-formed.
//
// Deviation: policyQualifiers may be empty, where 4.2.1.4 has one at least.
//
// Deviation: the cA of basicConstraints may be FALSE and encoded, though FALSE
// is its default: about one server in a hundred has such a certificate.
namespace pinning {
namespace internal {

// A Tolerance is what a reader makes of errors.
enum class Tolerance {
  kNone,     // they are refused
  kDamaged,  // what has one is passed over: for diagnosis, never for trust
};

// ReadExtensions reads an Extensions SEQUENCE into `certificate`. It returns
// INVALID_ARGUMENT, with the offset, if there are no extensions, one is there
// twice, or one that is parsed is not well-formed.
absl::Status ReadExtensions(DerReader& reader, Tolerance tolerance,
                            ParsedCertificate* certificate);

// The octets of anyPolicy (4.2.1.4), which stands for all others.
inline constexpr absl::string_view kAnyPolicyOctets{"\x55\x1d\x20\x00", 4};

// PoliciesOf returns the policies that certificatePolicies lists, each the
// content octets of its OBJECT IDENTIFIER, in order.
std::vector<absl::string_view> PoliciesOf(const ParsedCertificate& certificate);

// A PolicyMapping says that the issuer holds its policy `from` and the
// subject's policy `to` equivalent (RFC 5280, 4.2.1.5).
struct PolicyMapping {
  absl::string_view from;  // content octets, like `to`
  absl::string_view to;
};

std::vector<PolicyMapping> PolicyMappingsOf(
    const ParsedCertificate& certificate);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_EXTENSIONS_H_
