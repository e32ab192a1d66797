#ifndef PINNING_INTERNAL_WEBPKI_PROFILE_H_
#define PINNING_INTERNAL_WEBPKI_PROFILE_H_

#include "pinning/internal/check_result.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/profile.h"

// What the CA/Browser Forum's Baseline Requirements for TLS server certificates
// (section 7.1) demand of the form of a certificate, beyond RFC 5280. Keys and
// signature algorithms (6.1.5, 7.1.3) are everyone's rules: signature.h.
//
// Left out, as a certificate alone does not show it, or as the certificates of
// the Web have not all caught up with it: how long a certificate is valid, that
// it names a policy, that it was logged, and that its alternative names are DNS
// names and addresses only.
namespace pinning {
namespace internal {

// CheckWebPkiProfile refuses a certificate that breaks a requirement, with
// kInvalidProfile, or kExtendedKeyUsage if it is about that.
CheckResult CheckWebPkiProfile(const ParsedCertificate& certificate, Role role);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_WEBPKI_PROFILE_H_
