#include "pinning/danger.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "pinning/verifier.h"

namespace pinning {
namespace danger {

Options& Options::BypassPinsForLocalAnchors(bool on) {
  bypass_pins_for_local_anchors_ = on;
  return *this;
}

Options& Options::AcceptExpiredCertificates(bool on) {
  accept_expired_certificates_ = on;
  return *this;
}

absl::StatusOr<std::shared_ptr<const Verifier>> Options::Create(
    Verifier::Options options) const {
  Verifier::Weakenings weakenings;
  weakenings.bypass_pins_for_local_anchors = bypass_pins_for_local_anchors_;
  weakenings.accept_expired_certificates = accept_expired_certificates_;
  return Verifier::CreateWeakened(std::move(options), weakenings);
}

absl::StatusOr<std::shared_ptr<const Verifier>> CreateVerifier(
    Verifier::Options options, const Options& weaken) {
  return weaken.Create(std::move(options));
}

}  // namespace danger
}  // namespace pinning
