#ifndef TOOLS_TLSPIN_GENERATE_UPDATE_H_
#define TOOLS_TLSPIN_GENERATE_UPDATE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/generate_update_policy.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"

// Brings a pin file up to what servers present; no input or output here.
namespace tlspin {

// A SetUpdate is what became of one set.
struct SetUpdate {
  std::string set;
  bool made = false;  // for new hosts: all of its pins are added
  std::vector<std::string> hosts_added;  // new ones
  std::vector<std::string> asked;        // endpoints that answered
  std::vector<std::string> not_asked;  // patterns that none of them stands for
  std::vector<PinFilePin> added;
  std::vector<PinFilePin> backups_added;
  std::vector<PinFilePin> promoted;  // from a backup pin to a pin
  std::vector<PinFilePin> not_served;
  // Backups in service that stay backups, for the set has no other.
  std::vector<PinFilePin> backups_in_service;
  std::vector<PinFilePin> removed;
};

struct PinFileUpdate {
  std::string text;             // the new file
  std::vector<SetUpdate> sets;  // all of the new file, in its order
  // Each pattern of the file was stood for by an endpoint that answered.
  // "updated" is the time of the update only then.
  bool complete = false;
};

// HostsToAsk returns the exact names of `store`, on `port`, but those that are
// mapped to "none".
std::vector<Endpoint> HostsToAsk(const pinning::PinStore& store, int port);

// CheckNotExempt returns FAILED_PRECONDITION, naming it, if `store` maps an
// endpoint to "none": somebody decided that it has no pins.
absl::Status CheckNotExempt(const std::vector<Endpoint>& endpoints,
                            const pinning::PinStore& store);

// UpdatePinFile returns the pin file `text`, whose store is `store`, with the
// keys to pin of `probes` added, and the hosts that it does not cover
// (generate_new_hosts.h). Nothing else is lost: pins, backup pins and
// blocked pins, names, comments, sources, and the order of all. What was not
// reached (a probe without a verdict) changes nothing. If there is nothing to
// change the text stays as it is, byte for byte.
//
// It returns ABORTED, naming the host, if a set has no pin on a path (unless
// `allow_mismatch`), and FAILED_PRECONDITION if a blocked key is on one, a
// backup to add is on one or is a pin, or as PinsOf, CheckDivergence and
// PlaceNewHosts do.
absl::StatusOr<PinFileUpdate> UpdatePinFile(absl::string_view text,
                                            const pinning::PinStore& store,
                                            const std::vector<Probe>& probes,
                                            const UpdatePolicy& policy,
                                            absl::Time now);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_UPDATE_H_
