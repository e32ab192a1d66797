#ifndef TOOLS_TLSPIN_GENERATE_SET_H_
#define TOOLS_TLSPIN_GENERATE_SET_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/generate_update_policy.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"

// What a pin set has to do with the paths of hosts. Every probe has a verdict
// with a path.
namespace tlspin {

// EntryOf returns the entry of `store` for `host`, if there is one.
std::optional<pinning::PinStore::Entry> EntryOf(const pinning::PinStore& store,
                                                const std::string& host);

// IsOnPath returns whether the key of `pin` is on a path in `role`.
bool IsOnPath(const std::vector<Probe>& probes, const pinning::Pin& pin,
              pinning::PinRole role);

// WantsOf returns what `policy` wants of hosts of `set`: its roles are those
// that the pins of the set have, or are seen in, unless the policy says.
GeneratePolicy WantsOf(const UpdatePolicy& policy, const pinning::PinSet& set,
                       const std::vector<Probe>& probes);

// WantedPins returns the keys that `wants` of all the paths. It fails as PinsOf
// does.
absl::StatusOr<std::vector<PinFilePin>> WantedPins(
    const std::vector<Probe>& probes, const GeneratePolicy& wants,
    absl::Time now);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_SET_H_
