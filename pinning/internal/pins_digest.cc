#include "pinning/internal/pins_digest.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/inlined_vector.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"

namespace pinning::internal {
namespace {

// AddPins adds `pins` as a set: sorted, each with its role.
void AddPins(absl::Span<const NamedPin> pins, FieldHasher& hasher) {
  absl::InlinedVector<const NamedPin*, 8> sorted;
  for (const NamedPin& pin : pins) {
    sorted.push_back(&pin);
  }
  absl::c_sort(sorted, [](const NamedPin* a, const NamedPin* b) {
    return a->pin < b->pin;  // none is there twice
  });
  hasher.AddNumber(static_cast<int64_t>(pins.size()));
  for (const NamedPin* pin : sorted) {
    hasher.Add(pin->pin.digest());
    hasher.Add(PinRoleName(pin->role));
  }
}

// A SetHasher remembers the text of the expiry of the set before, which is
// often that of the next.
class SetHasher {
 public:
  Digest Hash(const PinSet& set) {
    if (set.expires() != expires_ || text_.empty()) {
      expires_ = set.expires();
      text_ =
          absl::FormatTime(absl::RFC3339_full, expires_, absl::UTCTimeZone());
    }
    FieldHasher hasher("set");
    hasher.AddNumber(set.mode() == PinSet::Mode::kReportOnly ? 1 : 0);
    hasher.AddNumber(set.on_expiry() == PinSet::OnExpiry::kReject ? 1 : 0);
    hasher.Add(text_);
    AddPins(set.pins(), hasher);
    AddPins(set.backup_pins(), hasher);
    AddPins(set.blocked_pins(), hasher);
    return hasher.Finish();
  }

 private:
  absl::Time expires_;
  std::string text_;
};

}  // namespace

Digest PinsDigest(const HostIndex& hosts, absl::Span<const PinSet> sets) {
  std::vector<Digest> digests_of_sets;
  digests_of_sets.reserve(sets.size());
  SetHasher hasher;
  for (const PinSet& set : sets) {
    digests_of_sets.push_back(hasher.Hash(set));
  }
  std::vector<Digest> digests;
  digests.reserve(hosts.rows().size());
  for (const HostIndex::Row& row : hosts.rows()) {
    FieldHasher hasher("entry");
    hasher.Add(hosts.TextOf(row));
    // A carved-out pattern has no set, which is not the same as an empty one.
    const bool pinned = row.set != HostIndex::kNoSet;
    hasher.AddNumber(pinned ? 1 : 0);
    if (pinned) {
      hasher.Add(digests_of_sets[row.set]);
    }
    digests.push_back(hasher.Finish());
  }
  FieldHasher all("pins");
  all.AddList(std::move(digests));
  return all.Finish();
}

}  // namespace pinning::internal
