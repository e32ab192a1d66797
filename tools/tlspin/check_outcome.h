#ifndef TOOLS_TLSPIN_CHECK_OUTCOME_H_
#define TOOLS_TLSPIN_CHECK_OUTCOME_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "pinning/language.h"
#include "tools/tlspin/check_result.h"
#include "tools/tlspin/reports/check_report.h"

namespace tlspin {

// A CheckOutcome is all that one run of `tlspin check` came to.
struct CheckOutcome {
  std::vector<CheckResult> results;
  std::vector<CheckedSet> sets;
  std::vector<CheckedPattern> patterns;
  std::vector<Finding> of_file;
  bool strict = false;
  int exit_code = 0;
};

// CheckAnswer returns what the outcome comes to, in one line: "of 3 hosts 1
// refused".
std::string CheckAnswer(const CheckOutcome& outcome,
                        pinning::Language language);

// ReportOf returns the report on `outcome`, judged at `now`.
CheckReport ReportOf(const CheckOutcome& outcome, const std::string& pin_file,
                     absl::Time now, pinning::Language language);

// ReportOf returns the report of a run that could not begin because of `error`,
// whose place is known if its message begins with that of the pin file.
CheckReport ReportOf(const absl::Status& error, const std::string& pin_file,
                     absl::Time now);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_OUTCOME_H_
