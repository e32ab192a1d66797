#ifndef PINNING_INTERNAL_STRICT_PROFILE_H_
#define PINNING_INTERNAL_STRICT_PROFILE_H_

#include "pinning/internal/check_result.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/profile.h"

// The rules of RFC 5280, section 4 that profile.h leaves out: breaking them
// harms nobody who relies on a certificate, and says that its authority does
// not keep to the profile.
namespace pinning {
namespace internal {

// CheckStrictProfile refuses a certificate that breaks one of them, with
// kInvalidProfile. With `web_pki`, name constraints need not be critical: the
// Baseline Requirements, 7.1.2.10.8, make that exception.
CheckResult CheckStrictProfile(const ParsedCertificate& certificate, Role role,
                               bool web_pki);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_STRICT_PROFILE_H_
