#ifndef TOOLS_TLSPIN_GENERATE_PLAN_H_
#define TOOLS_TLSPIN_GENERATE_PLAN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"

// Makes a pin file of what servers presented; no input or output here.
namespace tlspin {

// ParseRoles parses "leaf", "issuer", "anchor", "all" or several, separated by
// commas. It returns INVALID_ARGUMENT otherwise.
absl::StatusOr<std::vector<pinning::PinRole>> ParseRoles(
    absl::string_view text);

// WhyNotToPin returns why the chain of `probe`, though a client without pins
// would accept it, is no basis for pins, or "" if it is: the path ends at an
// anchor added to this machine, or looks forged. What is pinned by mistake here
// makes the interceptor the only one accepted.
std::string WhyNotToPin(const Probe& probe, const Judge& judge);

struct GeneratePolicy {
  std::vector<pinning::PinRole> roles;
  std::string set_name;  // empty: the first host of each set
  pinning::PinSet::Mode mode = pinning::PinSet::Mode::kEnforce;
  pinning::PinSet::OnExpiry on_expiry =
      pinning::PinSet::OnExpiry::kStopEnforcing;
  absl::Time expires;
  std::vector<PinFilePin> backups;
};

// PlanPinFile returns a pin file for the hosts of `probes`, all accepted, in
// their order. Hosts with the same pins share a set; no host is given another
// host's pins. It returns FAILED_PRECONDITION if a path has no key in any of
// the roles, or a backup key is in service.
absl::StatusOr<PinFile> PlanPinFile(const std::vector<Probe>& probes,
                                    const GeneratePolicy& policy,
                                    absl::Time now);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_PLAN_H_
