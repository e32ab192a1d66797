#ifndef TOOLS_TLSPIN_GENERATE_UPDATE_H_
#define TOOLS_TLSPIN_GENERATE_UPDATE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"

// Brings a pin file up to what servers present; no input or output here.
namespace tlspin {

struct UpdatePolicy {
  // What to pin, and the backups to add. No roles: those of each set. The name,
  // the mode and the expiry in it are not used.
  GeneratePolicy pins;
  // Of the sets whose hosts were asked; null: left as it is.
  std::optional<absl::Time> expires;
  std::optional<pinning::PinSet::Mode> mode;
  std::optional<pinning::PinSet::OnExpiry> on_expiry;
  // Remove pins that are on no path any more.
  bool prune = false;
  // Add keys to a set none of whose pins is on the path.
  bool allow_mismatch = false;
};

// A SetUpdate is what became of one set.
struct SetUpdate {
  std::string set;
  std::vector<std::string> asked;      // endpoints that answered
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
  std::vector<SetUpdate> sets;  // all of the file, in its order
  // Each pattern of the file was stood for by an endpoint that answered.
  // "updated" is the time of the update only then.
  bool complete = false;
};

// HostsToAsk returns the exact names of `store`, on `port`, but those that are
// mapped to "none".
std::vector<Endpoint> HostsToAsk(const pinning::PinStore& store, int port);

// CheckCovered returns NOT_FOUND, naming it, if an endpoint has no set in
// `store`.
absl::Status CheckCovered(const std::vector<Endpoint>& endpoints,
                          const pinning::PinStore& store);

// UpdatePinFile returns the pin file `text`, whose store is `store`, with the
// keys to pin of `probes` added. Nothing else is lost: pins, backup pins and
// blocked pins, names, comments, sources, and the order of all. What was not
// reached (a probe without a verdict) changes nothing. If there is nothing to
// change the text stays as it is, byte for byte.
//
// It returns ABORTED, naming the host, if a set has no pin on a path (unless
// `allow_mismatch`), and FAILED_PRECONDITION if a blocked key is on one, a
// backup to add is on one or is a pin, or as PinsOf and CheckDivergence do.
absl::StatusOr<PinFileUpdate> UpdatePinFile(absl::string_view text,
                                            const pinning::PinStore& store,
                                            const std::vector<Probe>& probes,
                                            const UpdatePolicy& policy,
                                            absl::Time now);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_UPDATE_H_
