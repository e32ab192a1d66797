#include "pinning/pin_set.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
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

// CheckDistinct returns INVALID_ARGUMENT if one of `pins` is in `seen`, and
// adds them to it.
absl::Status CheckDistinct(absl::string_view set,
                           absl::Span<const NamedPin> pins,
                           absl::flat_hash_set<Pin>& seen) {
  for (const NamedPin& pin : pins) {
    if (!seen.insert(pin.pin).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("pin set \"", set, "\": ", pin.pin.ToString(), " (",
                       pin.name, ") is in the set twice"));
    }
  }
  return absl::OkStatus();
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

absl::StatusOr<PinSet> PinSet::Builder::Build() const {
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
  absl::flat_hash_set<Pin> seen;
  for (const auto* list : {&pins_, &backup_pins_, &blocked_pins_}) {
    absl::Status status = CheckDistinct(name_, *list, seen);
    if (!status.ok()) {
      return status;
    }
  }
  PinSet set;
  set.name_ = name_;
  set.pins_ = pins_;
  set.backup_pins_ = backup_pins_;
  set.blocked_pins_ = blocked_pins_;
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
