#ifndef PINNING_INTERNAL_PROFILE_H_
#define PINNING_INTERNAL_PROFILE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/parsed_certificate.h"

// What RFC 5280, section 4 demands of a certificate beyond its encoding, and
// this library refuses to see broken.
//
// Left out on purpose, as a verifier that refused them would lose working
// certificates and protect nobody:
//
// strict_profile.h holds what is left out here to whoever asks for it.
//
//   - Missing key identifiers (4.2.1.1, 4.2.1.2). They help to find a path; a
//     path without them is found by names and proved by signatures.
//   - Name constraints, basic constraints and constraints on policies that are
//     not critical (4.2.1.9 to 4.2.1.14). Authorities issue them, and what they
//     say holds here either way. For the first, the Baseline Requirements
//     made an exception.
//   - A path length where there is no authority to bound (4.2.1.9).
//   - Serial numbers that are negative or zero: 4.1.2.2 asks to handle them
//     gracefully, private authorities issue them, and PKITS (4.4.14) has a
//     negative one as valid.
//   - Underscores in DNS names, critical extended key usage, critical
//     alternative names beside a subject, and whatever a common name holds:
//     none of them can make a name match that should not.
namespace pinning {
namespace internal {

// CheckProfile refuses a certificate that breaks a rule of RFC 5280, section 4,
// with kInvalidProfile. An issuer is held to the rules for authorities.
CheckResult CheckProfile(const ParsedCertificate& certificate, bool is_issuer);

// CheckPolicyExtensions refuses, with kInvalidProfile, a policy that is listed
// twice (4.2.1.4) and an anyPolicy that is mapped (4.2.1.5, 6.1.4(a)). An
// anchor is held to this as well, as no path can be judged by them.
CheckResult CheckPolicyExtensions(const ParsedCertificate& certificate);

// CheckKeyIdentifiers refuses, with kInvalidProfile, a key identifier that is
// critical (4.2.1.1, 4.2.1.2): "critical" asks that it decide, and here it
// never does. An anchor is held to this as well.
CheckResult CheckKeyIdentifiers(const ParsedCertificate& certificate);

// What the rooms of the other profiles share.

// A Role is what a certificate is on the path.
struct Role {
  bool is_issuer = false;
  bool is_anchor = false;  // a leaf may be one too
};

// A StandardExtension is the last arc of an extension's OID in id-ce, 2.5.29.N.
enum StandardExtension : uint8_t {
  kSubjectKeyIdArc = 14,
  kSubjectAltNameArc = 17,
  kBasicConstraintsArc = 19,
  kNameConstraintsArc = 30,
  kAuthorityKeyIdArc = 35,
  kPolicyConstraintsArc = 36,
  kExtendedKeyUsageArc = 37,
  kInhibitAnyPolicyArc = 54,
};

// IsThereAndCritical returns whether the extension is there and critical.
bool IsThereAndCritical(const ParsedCertificate& certificate,
                        StandardExtension extension);

// IsThereAndNotCritical returns whether it is there and not critical.
bool IsThereAndNotCritical(const ParsedCertificate& certificate,
                           StandardExtension extension);

// IsCa returns whether basicConstraints says so.
bool IsCa(const ParsedCertificate& certificate);

// InvalidProfile returns a refusal with kInvalidProfile.
CheckResult InvalidProfile(absl::string_view why);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PROFILE_H_
