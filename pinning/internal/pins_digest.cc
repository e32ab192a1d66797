#include "pinning/internal/pins_digest.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "pinning/pin_set.h"

namespace pinning::internal {
namespace {

std::vector<Digest> HashPins(absl::Span<const NamedPin> pins) {
  std::vector<Digest> digests;
  for (const NamedPin& pin : pins) {
    FieldHasher hasher("pin");
    hasher.Add(pin.pin.digest());
    hasher.Add(PinRoleName(pin.role));
    digests.push_back(hasher.Finish());
  }
  return digests;
}

Digest HashPinSet(const PinSet& set) {
  FieldHasher hasher("set");
  hasher.AddNumber(set.mode() == PinSet::Mode::kReportOnly ? 1 : 0);
  hasher.AddNumber(set.on_expiry() == PinSet::OnExpiry::kReject ? 1 : 0);
  hasher.Add(
      absl::FormatTime(absl::RFC3339_full, set.expires(), absl::UTCTimeZone()));
  hasher.AddList(HashPins(set.pins()));
  hasher.AddList(HashPins(set.backup_pins()));
  hasher.AddList(HashPins(set.blocked_pins()));
  return hasher.Finish();
}

}  // namespace

Digest PinsDigest(absl::Span<const HostIndex::Row> rows) {
  absl::flat_hash_map<const PinSet*, Digest> sets;
  std::vector<Digest> digests;
  digests.reserve(rows.size());
  for (const HostIndex::Row& row : rows) {
    FieldHasher hasher("entry");
    hasher.Add(row.text);
    // A carved-out pattern has no set, which is not the same as an empty one.
    hasher.AddNumber(row.set == nullptr ? 0 : 1);
    if (row.set != nullptr) {
      const auto [known, inserted] = sets.try_emplace(row.set);
      if (inserted) {
        known->second = HashPinSet(*row.set);
      }
      hasher.Add(known->second);
    }
    digests.push_back(hasher.Finish());
  }
  FieldHasher all("pins");
  all.AddList(std::move(digests));
  return all.Finish();
}

}  // namespace pinning::internal
