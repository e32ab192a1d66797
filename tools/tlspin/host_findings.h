#ifndef TOOLS_TLSPIN_HOST_FINDINGS_H_
#define TOOLS_TLSPIN_HOST_FINDINGS_H_

#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/language.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/verdict.h"
#include "tools/tlspin/pin_places.h"
#include "tools/tlspin/reports/check_report.h"

// What `tlspin check` finds on one host beside the verdict.
namespace tlspin {

struct CheckPolicy {
  // Before a pin set, and before a certificate of the path, expires. Zero
  // warns, or fails, of nothing.
  absl::Duration warn_before, fail_before;
  absl::Duration certificate_warn_before, certificate_fail_before;
  bool strict = false;  // a warning refuses
  pinning::Language language = pinning::Language::kEnglish;
  const PinPlaces* places = nullptr;  // of the pin file; may be null
};

// InRole returns the part of a path where a pin of `role` may match.
absl::Span<const pinning::Certificate> InRole(
    absl::Span<const pinning::Certificate> path, pinning::PinRole role);

// Holds returns whether one of `certificates` has the key of `pin`.
bool Holds(absl::Span<const pinning::Certificate> certificates,
           const pinning::Pin& pin);

// RefusalFindings returns why `verdict` refuses, if it does, and who is in the
// middle, if anyone is. It has no target.
std::vector<Finding> RefusalFindings(const pinning::Verdict& verdict,
                                     const CheckPolicy& policy);

// HostFindings returns what there is to say of a path that is valid: what
// expires soon, a backup key in service, a key in a pinned role that is not
// pinned. It has no target.
std::vector<Finding> HostFindings(const pinning::Verdict& verdict,
                                  const CheckPolicy& policy);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_HOST_FINDINGS_H_
