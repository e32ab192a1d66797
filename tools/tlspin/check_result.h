#ifndef TOOLS_TLSPIN_CHECK_RESULT_H_
#define TOOLS_TLSPIN_CHECK_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "pinning/language.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/verdict.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/host_findings.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/reports/check_report.h"

// What `tlspin check` concludes about one host; no input or output here.
namespace tlspin {

// A Change is what is expected and what is served in one role.
struct Change {
  struct Key {
    pinning::Pin pin;
    std::string name;  // escaped
  };

  pinning::PinRole role = pinning::PinRole::kAny;
  std::vector<Key> expected, served;
};

// A CheckResult is what is concluded about one host.
struct CheckResult {
  enum class Kind { kAccepted, kRefused, kNotReached };

  std::string target;  // the endpoint, or a pattern that was not checked
  std::optional<Endpoint> endpoint;  // none: a pattern
  std::string proxy;                 // that it was reached through; empty: none
  Kind kind = Kind::kNotReached;
  std::string reason;  // one clause, escaped; empty if the verdict says it all
  std::string hint;    // may be empty
  std::string code;    // of connection_error.h; empty: none
  std::optional<pinning::Verdict> verdict;
  std::vector<Change> changes;  // for a pin mismatch
  std::vector<pinning::NamedPin>
      not_served;                    // pins of the set, not on the path
  std::optional<int64_t> days_left;  // until the pin set expires
  std::vector<Finding> findings;     // on this host
  std::string peer;                  // the address that answered, if known
};

// Conclude judges `probe`. Beside what a client would refuse, it refuses a host
// that no pin set covers, a set that has expired, a mismatch in report-only
// mode, and what expires too soon: a check that says yes to any of these would
// hide it.
CheckResult Conclude(const Probe& probe, const pinning::PinStore& pins,
                     const CheckPolicy& policy);

// UncheckedPattern returns the result for a pattern that stands for names that
// are not known.
CheckResult UncheckedPattern(const std::string& pattern,
                             pinning::Language language);

// ResultText returns what there is to say of `result`, in one line.
std::string ResultText(const CheckResult& result, pinning::Language language);

// CheckKindName returns "accepted", "refused" or "not-reached".
std::string CheckKindName(CheckResult::Kind kind);

// CheckExitCode returns kNo if any was refused or a finding on the file fails
// (with `strict` a warning does), else kUndecided if any was not reached, else
// kYes.
int CheckExitCode(const std::vector<CheckResult>& results,
                  const std::vector<Finding>& of_file, bool strict);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_RESULT_H_
