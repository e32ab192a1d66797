#ifndef TOOLS_TLSPIN_CHECK_LINT_H_
#define TOOLS_TLSPIN_CHECK_LINT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/tlspin/pin_places.h"
#include "tools/tlspin/reports/check_report.h"

namespace tlspin {

// LintFindings returns the warnings of `tlspin lint` on the pin file `text`
// that are about weak choices, under the codes that lint gives them. What lint
// says of expiry a check finds itself, by thresholds of its own.
std::vector<Finding> LintFindings(absl::string_view text,
                                  const std::string& name, absl::Time now,
                                  const PinPlaces& places);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_LINT_H_
