#ifndef TOOLS_TLSPIN_GENERATE_UPDATE_POLICY_H_
#define TOOLS_TLSPIN_GENERATE_UPDATE_POLICY_H_

#include <optional>

#include "absl/time/time.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/generate_plan.h"

namespace tlspin {

// An UpdatePolicy is what is asked of an update of a pin file.
struct UpdatePolicy {
  // What to pin, and the backups to add. No roles: those of each set. The name,
  // the mode and the expiry in it are those of new sets alone; the name may
  // also be that of the set which new hosts are added to.
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

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_UPDATE_POLICY_H_
