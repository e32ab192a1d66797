#ifndef PINNING_INTERNAL_NAME_CONSTRAINTS_H_
#define PINNING_INTERNAL_NAME_CONSTRAINTS_H_

#include <cstdint>

#include "pinning/internal/check_result.h"
#include "pinning/internal/parsed_certificate.h"

// Name constraints (RFC 5280, 4.2.1.10). Every doubt is decided against the
// certificate:
//
//   - `example.com` covers itself and every subdomain. RFC 5280 is silent on
//     `.example.com`, which private authorities do write for DNS names: it
//     permits the subdomains only, and excludes the domain as well.
//   - A wildcard name stands for every name it could match. All of them must be
//     permitted, and none may be excluded (CVE-2025-61727).
//   - A name that is not well formed is outside every permitted subtree and
//     inside every excluded one.
//   - A constraint of a kind that is not processed (otherName, x400Address,
//     ediPartyName, registeredID) refuses every certificate with a name of that
//     kind, critical or not.
//
// The common name is no host name here: nothing in this library takes one for
// it (RFC 9525), so it is not constrained as one.
namespace pinning {
namespace internal {

// CheckConstraintSyntax refuses, with kInvalidProfile, a DNS constraint that no
// name can satisfy: one that excludes nothing was meant to exclude something.
// The parser has checked the form of addresses.
CheckResult CheckConstraintSyntax(const NameConstraints& constraints);

// CheckNameConstraints checks every name of `certificate`, its subject and its
// subject alternative names, against `constraints` (RFC 5280, 6.1.3(b) and
// (c)), and refuses with kNameConstraintViolated. One name against one
// constraint is one comparison: their number is known beforehand, and if it is
// more than `*comparisons_left` the result is kBudgetExhausted and nothing is
// compared. Otherwise it is subtracted.
CheckResult CheckNameConstraints(const NameConstraints& constraints,
                                 const ParsedCertificate& certificate,
                                 int64_t* comparisons_left);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_NAME_CONSTRAINTS_H_
