#ifndef PINNING_DANGER_H_
#define PINNING_DANGER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "pinning/verifier.h"

// Everything that weakens a verifier is in this file and in no other. Its Bazel
// target has its own visibility list, so each user is a reviewed line in a
// BUILD file, and `grep -r danger::` finds every use.
namespace pinning {
namespace danger {

// Options are weakenings. Each defaults to off, and each that is on is named in
// `Verdict::weakenings`.
class Options {
 public:
  // BypassPinsForLocalAnchors stops enforcing pins on paths that end at an
  // anchor the local administrator added (Chromium's PKP "BYPASSED"). The
  // verdict then says PinStatus::kBypassed. Unlike Chromium's, it does not lift
  // blocked pins: a key known to be bad stays bad.
  Options& BypassPinsForLocalAnchors(bool on);
  // AcceptExpiredCertificates ignores validity periods.
  Options& AcceptExpiredCertificates(bool on);

 private:
  friend absl::StatusOr<std::shared_ptr<const Verifier>> CreateVerifier(
      Verifier::Options options, const Options& weaken);

  absl::StatusOr<std::shared_ptr<const Verifier>> Create(
      Verifier::Options options) const;

  bool bypass_pins_for_local_anchors_ = false;
  bool accept_expired_certificates_ = false;
};

// CreateVerifier is Verifier::Create with weakenings. Reports from it say so.
absl::StatusOr<std::shared_ptr<const Verifier>> CreateVerifier(
    Verifier::Options options, const Options& weaken);

}  // namespace danger
}  // namespace pinning

#endif  // PINNING_DANGER_H_
