#include "tools/tlspin/pin_diff.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

using ::pinning::NamedPin;
using ::pinning::Pin;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStore;
using Kind = PinChange::Kind;

// What a set does with a path at some time, the most permissive last.
enum class Stance { kRefuses, kCompares, kAccepts };

Stance StanceAt(const PinSet& set, absl::Time time) {
  if (set.mode() == PinSet::Mode::kReportOnly) {
    return Stance::kAccepts;
  }
  if (!set.IsExpired(time)) {
    return Stance::kCompares;
  }
  return set.on_expiry() == PinSet::OnExpiry::kReject ? Stance::kRefuses
                                                      : Stance::kAccepts;
}

bool Enforces(const PinSet& set) {
  return set.mode() == PinSet::Mode::kEnforce;
}

// What a set says of one key. The places are those of PinRole, as bits.
struct KeyRule {
  enum Place : uint8_t { kLeaf = 1, kIssuer = 2, kAnchor = 4 };

  uint8_t places = 0;
  PinRole role = PinRole::kAny;
  bool listed = false, backup = false, blocked = false;
  std::string name;
};

uint8_t PlacesOf(PinRole role) {
  switch (role) {
    case PinRole::kLeaf:
      return KeyRule::kLeaf;
    case PinRole::kIssuer:
      return KeyRule::kIssuer;
    case PinRole::kAnchor:
      return KeyRule::kAnchor;
    case PinRole::kAny:
      break;
  }
  return KeyRule::kLeaf | KeyRule::kIssuer | KeyRule::kAnchor;
}

std::map<Pin, KeyRule> RulesOf(const PinSet& set) {
  std::map<Pin, KeyRule> rules;
  for (const NamedPin& pin : set.pins()) {
    rules[pin.pin] = {
        PlacesOf(pin.role), pin.role, true, false, false, pin.name};
  }
  for (const NamedPin& pin : set.backup_pins()) {
    rules[pin.pin] = {
        PlacesOf(pin.role), pin.role, true, true, false, pin.name};
  }
  for (const NamedPin& pin : set.blocked_pins()) {
    rules[pin.pin] = {0, PinRole::kAny, false, false, true, pin.name};
  }
  return rules;
}

std::string ListName(const KeyRule& rule) {
  return rule.blocked  ? "blocked-pins"
         : rule.backup ? "backup-pins"
         : rule.listed ? "pins"
                       : "";
}

// A SetComparison lists how one set differs from another.
class SetComparison {
 public:
  SetComparison(const PinSet& before, const PinSet& after)
      : before_(before), after_(after) {}

  std::vector<PinChange> Run() {
    CompareMode();
    CompareExpiry();
    CompareKeys();
    return std::move(changes_);
  }

 private:
  void CompareMode();
  void CompareExpiry();
  void CompareKeys();
  void CompareKey(const Pin& pin, const KeyRule& was, const KeyRule& is_now);

  const PinSet& before_;
  const PinSet& after_;
  std::vector<PinChange> changes_;
};

absl::string_view ModeName(const PinSet& set) {
  return Enforces(set) ? "enforce" : "report-only";
}

void SetComparison::CompareMode() {
  if (before_.mode() == after_.mode()) {
    return;
  }
  PinChange change;
  change.kind = Kind::kMode;
  change.accepts_more = Enforces(before_);
  change.refuses_more = Enforces(after_);
  change.was = std::string(ModeName(before_));
  change.is_now = std::string(ModeName(after_));
  changes_.push_back(std::move(change));
}

absl::string_view OnExpiryName(const PinSet& set) {
  return set.on_expiry() == PinSet::OnExpiry::kReject ? "reject"
                                                      : "stop-enforcing";
}

// The stances are compared just after each of the two dates: they change
// nowhere else.
void SetComparison::CompareExpiry() {
  PinChange change;
  if (before_.mode() == after_.mode()) {
    for (absl::Time date : {before_.expires(), after_.expires()}) {
      const absl::Time time = date + absl::Nanoseconds(1);
      change.accepts_more |= StanceAt(after_, time) > StanceAt(before_, time);
      change.refuses_more |= StanceAt(after_, time) < StanceAt(before_, time);
    }
  }
  if (before_.expires() != after_.expires()) {
    change.kind = Kind::kExpires;
    change.was = TimeText(before_.expires());
    change.is_now = TimeText(after_.expires());
    changes_.push_back(change);
  }
  if (before_.on_expiry() != after_.on_expiry()) {
    change.kind = Kind::kOnExpiry;
    change.was = std::string(OnExpiryName(before_));
    change.is_now = std::string(OnExpiryName(after_));
    changes_.push_back(change);
  }
}

void SetComparison::CompareKeys() {
  const std::map<Pin, KeyRule> before = RulesOf(before_);
  const std::map<Pin, KeyRule> after = RulesOf(after_);
  for (const auto& [pin, rule] : before) {
    const auto found = after.find(pin);
    CompareKey(pin, rule, found == after.end() ? KeyRule() : found->second);
  }
  for (const auto& [pin, rule] : after) {
    if (before.count(pin) == 0) {
      CompareKey(pin, KeyRule(), rule);
    }
  }
}

void SetComparison::CompareKey(const Pin& pin, const KeyRule& was,
                               const KeyRule& is_now) {
  PinChange change;
  change.pin = pin;
  change.name = is_now.name.empty() ? was.name : is_now.name;
  // Where nothing is refused on one side, the change of mode says it all.
  const bool compared = Enforces(before_) && Enforces(after_);
  change.accepts_more = compared && ((is_now.places & ~was.places) != 0 ||
                                     (was.blocked && !is_now.blocked));
  change.refuses_more = compared && ((was.places & ~is_now.places) != 0 ||
                                     (!was.blocked && is_now.blocked));
  change.was = ListName(was);
  change.is_now = ListName(is_now);
  if (was.blocked != is_now.blocked) {
    change.kind = is_now.blocked ? Kind::kBlocked : Kind::kUnblocked;
    changes_.push_back(change);
    return;
  }
  if (was.listed != is_now.listed) {
    change.kind = is_now.listed ? Kind::kPinAdded : Kind::kPinRemoved;
    // The role is said with the list.
    const KeyRule& rule = is_now.listed ? is_now : was;
    std::string& list = is_now.listed ? change.is_now : change.was;
    absl::StrAppend(&list, ", role ", PinRoleName(rule.role));
    changes_.push_back(change);
    return;
  }
  if (was.role != is_now.role) {
    PinChange role = change;
    role.kind = Kind::kRole;
    role.was = std::string(PinRoleName(was.role));
    role.is_now = std::string(PinRoleName(is_now.role));
    changes_.push_back(std::move(role));
  }
  if (was.backup != is_now.backup) {
    change.kind = Kind::kBackup;
    change.accepts_more = change.refuses_more = false;
    changes_.push_back(std::move(change));
  }
}

std::vector<PinChange> CompareSets(const PinSet* before, const PinSet* after) {
  if (before == after) {
    return {};
  }
  if (before != nullptr && after != nullptr) {
    return SetComparison(*before, *after).Run();
  }
  PinChange change;
  if (after != nullptr) {
    change.kind = Kind::kPinned;
    change.refuses_more = Enforces(*after);
    change.is_now = std::string(ModeName(*after));
  } else {
    change.kind = Kind::kUnpinned;
    change.accepts_more = Enforces(*before);
    change.was = std::string(ModeName(*before));
  }
  return {change};
}

const PinSet* SetOf(const PinStore& store, const HostCell& cell) {
  const std::optional<PinStore::Entry> entry = *store.Find(cell.representative);
  return entry.has_value() ? entry->pin_set()->get() : nullptr;
}

}  // namespace

absl::string_view PinChangeName(PinChange::Kind kind) {
  switch (kind) {
    case Kind::kPinned:
      return "pinned";
    case Kind::kUnpinned:
      return "unpinned";
    case Kind::kMode:
      return "mode";
    case Kind::kExpires:
      return "expires";
    case Kind::kOnExpiry:
      return "on-expiry";
    case Kind::kPinAdded:
      return "pin-added";
    case Kind::kPinRemoved:
      return "pin-removed";
    case Kind::kRole:
      return "role";
    case Kind::kBackup:
      return "backup";
    case Kind::kBlocked:
      return "blocked";
    case Kind::kUnblocked:
      return "unblocked";
  }
  return "";
}

bool PinDiff::accepts_more() const {
  return std::any_of(hosts.begin(), hosts.end(), [](const HostChange& host) {
    return std::any_of(host.changes.begin(), host.changes.end(),
                       [](const PinChange& c) { return c.accepts_more; });
  });
}

bool PinDiff::refuses_more() const {
  return std::any_of(hosts.begin(), hosts.end(), [](const HostChange& host) {
    return std::any_of(host.changes.begin(), host.changes.end(),
                       [](const PinChange& c) { return c.refuses_more; });
  });
}

PinDiff ComparePins(const PinStore& before, const PinStore& after) {
  std::vector<std::string> patterns;
  for (const PinStore* store : {&before, &after}) {
    const auto entries = *store->entries();
    for (const PinStore::Entry& entry : entries) {
      patterns.emplace_back(entry.pattern());
    }
  }
  PinDiff diff;
  // Many hosts have few sets: each pair of sets is compared once.
  constexpr size_t kAlike = static_cast<size_t>(-1);
  std::map<std::pair<const PinSet*, const PinSet*>, size_t> seen;
  for (HostCell& cell : HostCells(patterns)) {
    const PinSet* was = SetOf(before, cell);
    const PinSet* is_now = SetOf(after, cell);
    const auto [found, inserted] =
        seen.try_emplace({was, is_now}, diff.hosts.size());
    if (inserted) {
      std::vector<PinChange> changes = CompareSets(was, is_now);
      if (changes.empty()) {
        found->second = kAlike;
        continue;
      }
      diff.hosts.push_back({{},
                            was == nullptr ? "" : was->name(),
                            is_now == nullptr ? "" : is_now->name(),
                            std::move(changes)});
    }
    if (found->second != kAlike) {
      diff.hosts[found->second].hosts.push_back(std::move(cell));
    }
  }
  return diff;
}

}  // namespace tlspin
