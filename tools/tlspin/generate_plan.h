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
  bool proposed = false;  // the key that is proposed, whatever its role
  // A host may have different keys to pin at two addresses: all are pinned.
  bool allow_divergent = false;
  std::string set_name;  // empty: the first host of each set
  pinning::PinSet::Mode mode = pinning::PinSet::Mode::kEnforce;
  pinning::PinSet::OnExpiry on_expiry =
      pinning::PinSet::OnExpiry::kStopEnforcing;
  absl::Time expires;
  std::vector<PinFilePin> backups;
};

// PinsOf returns the keys of the path of `probe` that `policy` wants, leaf
// first. It returns FAILED_PRECONDITION if there is none.
absl::StatusOr<std::vector<PinFilePin>> PinsOf(const Probe& probe,
                                               const GeneratePolicy& policy,
                                               absl::Time now);

// AddPins adds the pins of `more` that `pins` lacks. A key seen in two roles
// may match in any.
void AddPins(const std::vector<PinFilePin>& more,
             std::vector<PinFilePin>& pins);

// CheckBackups returns FAILED_PRECONDITION if the key of a backup is on the
// path of a probe: a backup that can be lost with the key it stands in for is
// none (RFC 7469, section 4.3).
absl::Status CheckBackups(const std::vector<Probe>& probes,
                          const std::vector<PinFilePin>& backups);

// CheckDivergence returns FAILED_PRECONDITION if an endpoint has different keys
// to pin at two of its addresses, or over two versions of TLS: one of them may
// be forgotten, or somebody else's, and a file with both would hide it.
absl::Status CheckDivergence(const std::vector<Probe>& probes,
                             const GeneratePolicy& policy, absl::Time now);

// PlanPinFile returns a pin file for the hosts of `probes` in their order; each
// is accepted, or is of an address beside which another of the host was. Hosts
// with the same pins share a set; no host is given another host's pins. It
// returns FAILED_PRECONDITION if a path has no key in any of the roles, a
// backup key is in service, or addresses diverge.
absl::StatusOr<PinFile> PlanPinFile(const std::vector<Probe>& probes,
                                    const GeneratePolicy& policy,
                                    absl::Time now);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_PLAN_H_
