#ifndef TOOLS_TLSPIN_GENERATE_NEW_HOSTS_H_
#define TOOLS_TLSPIN_GENERATE_NEW_HOSTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "pinning/pin_store.h"
#include "tools/tlspin/generate_update_policy.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"

// Finds a set for hosts that a pin file does not cover; no input or output
// here.
namespace tlspin {

// NewHosts are the hosts to add to a pin file.
struct NewHosts {
  std::vector<PinFile::Host> hosts;  // in the order of the probes
  std::vector<PinFileSet> sets;      // to be made for them

  // MadeSet returns the set of that name among those to be made, or null.
  const PinFileSet* MadeSet(absl::string_view name) const;
  // OfSet returns the hosts that get the set.
  std::vector<std::string> OfSet(absl::string_view name) const;
};

// PlaceNewHosts finds a set for each host of `probes` that answered and that
// `store` does not cover. That is the set which `policy` names. If it names
// none, it is the one set of the store that pins the keys to pin of the host
// and no others, so that neither the host nor the set accepts a key that it
// would not by itself; and if there is none, a new set, shared by those new
// hosts with the same keys and named after the first.
//
// It returns FAILED_PRECONDITION, naming the host, if several sets fit, if a
// new set would have no backup pin or the name of another set, or as
// PlanPinFile does.
absl::StatusOr<NewHosts> PlaceNewHosts(const pinning::PinStore& store,
                                       const std::vector<Probe>& probes,
                                       const UpdatePolicy& policy,
                                       absl::Time now);

// AddNewHosts adds `added` at the ends of `file`, a pin file.
void AddNewHosts(const NewHosts& added, nlohmann::ordered_json& file);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_NEW_HOSTS_H_
