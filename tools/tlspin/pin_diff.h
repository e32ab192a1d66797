#ifndef TOOLS_TLSPIN_PIN_DIFF_H_
#define TOOLS_TLSPIN_PIN_DIFF_H_

#include <optional>
#include <string>
#include <vector>

#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/host_cells.h"

// Tells what a pin file would start and stop accepting in place of another. It
// compares decisions, not texts: patterns written in another way, other names
// and comments, and the date of the list make no difference.
namespace tlspin {

// A PinChange is one difference between the sets of one host. Neither direction
// is set for a change that shows in verdicts but in no decision, such as a
// backup pin that became a pin.
struct PinChange {
  enum class Kind {
    kPinned,    // the host had no set
    kUnpinned,  // the host has no set any more
    kMode,
    kExpires,
    kOnExpiry,
    kPinAdded,
    kPinRemoved,
    kRole,
    kBackup,
    kBlocked,
    kUnblocked,
  };

  Kind kind = Kind::kPinned;
  bool accepts_more = false;  // some connection that was refused is accepted
  bool refuses_more = false;  // some connection that was accepted is refused
  std::optional<pinning::Pin> pin;
  std::string name;         // of the pin, as the file has it; else empty
  std::string was, is_now;  // values of the kind, for people
};

// PinChangeName returns "pinned", "on-expiry", "pin-added" and so on.
absl::string_view PinChangeName(PinChange::Kind kind);

// A HostChange is what changes for hosts that had the same set before and have
// the same set now.
struct HostChange {
  std::vector<HostCell> hosts;
  std::string old_set, new_set;  // names; empty: not pinned
  std::vector<PinChange> changes;
};

struct PinDiff {
  bool same() const { return hosts.empty(); }
  bool accepts_more() const;
  bool refuses_more() const;

  std::vector<HostChange> hosts;
};

// ComparePins returns what `after` decides otherwise than `before`, in the
// order of the patterns of `before`, then `after`. Every name that a pattern of
// either covers is compared.
PinDiff ComparePins(const pinning::PinStore& before,
                    const pinning::PinStore& after);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PIN_DIFF_H_
