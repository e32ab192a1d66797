#include "pinning/pin_set.h"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/path.h"
#include "pinning/pin.h"

namespace pinning {
namespace {

// HasRole returns whether the certificate at `depth` of a path of `size`
// certificates stands where `role` wants it.
bool HasRole(PinRole role, int depth, int size) {
  switch (role) {
    case PinRole::kAny:
      return true;
    case PinRole::kLeaf:
      return depth == 0;
    case PinRole::kIssuer:
      return depth > 0 && depth < size - 1;
    case PinRole::kAnchor:
      return depth == size - 1;
  }
  return false;
}

// FindOn returns the first of `pins` on `path`, nearest to the leaf first. If
// `any_role`, the roles of `pins` do not count.
PinSet::MatchResult FindOn(const VerifiedPath& path,
                           absl::Span<const NamedPin> pins, PinSet::Match match,
                           bool any_role) {
  const int size = static_cast<int>(path.certificates().size());
  for (int depth = 0; depth < size; ++depth) {
    const Pin& key = path.certificates()[depth].pin();
    for (const NamedPin& pin : pins) {
      if (pin.pin == key && (any_role || HasRole(pin.role, depth, size))) {
        return {match, &pin, depth};
      }
    }
  }
  return {};
}

// FindRepeated returns the first pin that was there before, or null.
const NamedPin* FindRepeated(
    std::initializer_list<absl::Span<const NamedPin>> lists) {
  constexpr size_t kFew = 8;  // with more, a table is faster
  size_t count = 0;
  for (const absl::Span<const NamedPin> list : lists) {
    count += list.size();
  }
  absl::InlinedVector<const Pin*, kFew> few;
  absl::flat_hash_set<Pin> many;
  for (const absl::Span<const NamedPin> list : lists) {
    for (const NamedPin& pin : list) {
      if (count > kFew ? !many.insert(pin.pin).second
                       : absl::c_any_of(few, [&](const Pin* other) {
                           return *other == pin.pin;
                         })) {
        return &pin;
      }
      if (count <= kFew) {
        few.push_back(&pin.pin);
      }
    }
  }
  return nullptr;
}

}  // namespace

absl::string_view PinRoleName(PinRole role) {
  switch (role) {
    case PinRole::kAny:
      return "any";
    case PinRole::kLeaf:
      return "leaf";
    case PinRole::kIssuer:
      return "issuer";
    case PinRole::kAnchor:
      return "anchor";
  }
  return "any";
}

PinSet::Builder::Builder(std::string name) : name_(std::move(name)) {}

PinSet::Builder& PinSet::Builder::AddPin(NamedPin pin) {
  pins_.push_back(std::move(pin));
  return *this;
}

PinSet::Builder& PinSet::Builder::AddBackupPin(NamedPin pin) {
  backup_pins_.push_back(std::move(pin));
  return *this;
}

PinSet::Builder& PinSet::Builder::AddBlockedPin(NamedPin pin) {
  blocked_pins_.push_back(std::move(pin));
  return *this;
}

PinSet::Builder& PinSet::Builder::SetMode(Mode mode) {
  mode_ = mode;
  return *this;
}

PinSet::Builder& PinSet::Builder::SetExpiry(absl::Time expires,
                                            OnExpiry on_expiry) {
  expires_ = expires;
  on_expiry_ = on_expiry;
  return *this;
}

absl::StatusOr<PinSet> PinSet::Builder::Build() const& {
  Builder copy = *this;
  return std::move(copy).Build();
}

absl::StatusOr<PinSet> PinSet::Builder::Build() && {
  if (name_.empty()) {
    return absl::InvalidArgumentError("a pin set has no name");
  }
  if (pins_.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("pin set \"", name_, "\" has no pin"));
  }
  if (backup_pins_.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "pin set \"", name_,
        "\" has no backup pin: without one, losing a key locks clients out"));
  }
  // An infinite expiry is none at all.
  if (expires_ == absl::InfinitePast() || expires_ == absl::InfiniteFuture()) {
    return absl::InvalidArgumentError(
        absl::StrCat("pin set \"", name_, "\" has no expiry"));
  }
  if (const NamedPin* pin =
          FindRepeated({pins_, backup_pins_, blocked_pins_})) {
    return absl::InvalidArgumentError(
        absl::StrCat("pin set \"", name_, "\": ", pin->pin.ToString(), " (",
                     pin->name, ") is in the set twice"));
  }
  PinSet set;
  set.name_ = std::move(name_);
  set.pins_ = std::move(pins_);
  set.backup_pins_ = std::move(backup_pins_);
  set.blocked_pins_ = std::move(blocked_pins_);
  set.mode_ = mode_;
  set.expires_ = expires_;
  set.on_expiry_ = on_expiry_;
  return set;
}

PinSet::MatchResult PinSet::MatchPath(const VerifiedPath& path) const {
  MatchResult result = FindOn(path, blocked_pins_, Match::kBlocked, true);
  if (result.pin == nullptr) {
    result = FindOn(path, pins_, Match::kMatched, false);
  }
  if (result.pin == nullptr) {
    result = FindOn(path, backup_pins_, Match::kMatchedBackup, false);
  }
  return result;
}

}  // namespace pinning
