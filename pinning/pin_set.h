#ifndef PINNING_PIN_SET_H_
#define PINNING_PIN_SET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/path.h"
#include "pinning/pin.h"

namespace pinning {

// PinRole is where on a verified path a pin may match. The first certificate
// is the leaf, the last is the anchor, those between are issuers; on a path of
// one certificate the leaf is also the anchor.
enum class PinRole : uint8_t { kAny, kLeaf, kIssuer, kAnchor };

// PinRoleName returns "any", "leaf", "issuer" or "anchor".
absl::string_view PinRoleName(PinRole role);

// A NamedPin is a pin with what a reviewer needs to know of it.
struct NamedPin {
  Pin pin;
  std::string name;
  PinRole role = PinRole::kAny;
};

// A PinSet is a named list of pins, any one of which satisfies the set, and of
// blocked pins, any one of which fails a path. It is immutable once built.
class PinSet {
 public:
  // Mode is whether a mismatch refuses the connection or is only reported
  // (RFC 7469's Public-Key-Pins-Report-Only).
  enum class Mode { kEnforce, kReportOnly };

  // OnExpiry is what happens after `expires`: stop enforcing, so that an old
  // client is not bricked, or refuse every path. There is no default.
  enum class OnExpiry { kStopEnforcing, kReject };

  class Builder {
   public:
    explicit Builder(std::string name);

    Builder& AddPin(NamedPin pin);
    // AddBackupPin adds a pin of a key that is kept offline and is not yet in
    // service (RFC 7469, section 4.3).
    Builder& AddBackupPin(NamedPin pin);
    // AddBlockedPin adds a key that no accepted path may hold, in any role.
    Builder& AddBlockedPin(NamedPin pin);
    Builder& SetMode(Mode mode);
    Builder& SetExpiry(absl::Time expires, OnExpiry on_expiry);

    // Build returns INVALID_ARGUMENT unless the set has a name, a pin, a backup
    // pin that is not also a pin, an expiry, no pin twice, and no pin both
    // allowed and blocked.
    absl::StatusOr<PinSet> Build() const&;
    absl::StatusOr<PinSet> Build() &&;

   private:
    std::string name_;
    std::vector<NamedPin> pins_, backup_pins_, blocked_pins_;
    Mode mode_ = Mode::kEnforce;
    absl::Time expires_ = absl::InfinitePast();
    OnExpiry on_expiry_ = OnExpiry::kReject;
  };

  // Match says how a verified path stands to a pin set.
  enum class Match { kMismatch, kBlocked, kMatched, kMatchedBackup };

  // MatchResult is a Match and the pin that decided it: null for kMismatch,
  // else owned by this set. `depth` is the certificate it was found on.
  struct MatchResult {
    Match match = Match::kMismatch;
    const NamedPin* pin = nullptr;
    int depth = -1;
  };

  // MatchPath compares the keys of `path`, anchor included, with this set:
  // blocked pins first, then pins, then backup pins. It takes a VerifiedPath
  // because matching pins against keys that a peer merely presented proves
  // nothing.
  MatchResult MatchPath(const VerifiedPath& path) const;

  // IsExpired returns whether `now` is after `expires()`.
  bool IsExpired(absl::Time now) const { return now > expires_; }

  const std::string& name() const { return name_; }
  Mode mode() const { return mode_; }
  absl::Time expires() const { return expires_; }
  OnExpiry on_expiry() const { return on_expiry_; }
  absl::Span<const NamedPin> pins() const { return pins_; }
  absl::Span<const NamedPin> backup_pins() const { return backup_pins_; }
  absl::Span<const NamedPin> blocked_pins() const { return blocked_pins_; }

 private:
  PinSet() = default;

  std::string name_;
  std::vector<NamedPin> pins_, backup_pins_, blocked_pins_;
  Mode mode_ = Mode::kEnforce;
  absl::Time expires_;
  OnExpiry on_expiry_ = OnExpiry::kReject;
};

}  // namespace pinning

#endif  // PINNING_PIN_SET_H_
