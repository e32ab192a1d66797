#ifndef PINNING_PATH_H_
#define PINNING_PATH_H_

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/trust_store.h"

namespace pinning {

// A VerifiedPath is proof, held in a type, that a certification path passed
// RFC 5280 section 6 at a given time. Only PathBuilder can make one, so code
// that takes a VerifiedPath cannot be reached with an unverified chain.
class VerifiedPath {
 public:
  // A VerifiedPath is copied and never moved from, so that it always holds one.
  VerifiedPath(const VerifiedPath&) = default;
  VerifiedPath& operator=(const VerifiedPath&) = default;

  // certificates returns leaf first, anchor last. The anchor is included
  // because a pin may name a root. There is always at least one.
  absl::Span<const Certificate> certificates() const { return *certificates_; }
  const Certificate& leaf() const { return certificates_->front(); }
  const Certificate& anchor() const { return certificates_->back(); }
  TrustAnchor::Origin anchor_origin() const { return anchor_origin_; }

 private:
  friend class PathBuilder;

  using Certificates = absl::InlinedVector<Certificate, 4>;

  VerifiedPath(std::shared_ptr<const Certificates> certificates,
               TrustAnchor::Origin anchor_origin)
      : certificates_(std::move(certificates)), anchor_origin_(anchor_origin) {}

  // Shared by copies, and never null.
  std::shared_ptr<const Certificates> certificates_;
  TrustAnchor::Origin anchor_origin_;
};

// A TimeWindow is the time over which an answer stays the same, as far as the
// clock goes: from `from`, included, to `until`, not included.
struct TimeWindow {
  absl::Time from = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();

  bool Contains(absl::Time time) const { return from <= time && time < until; }

  // EndAt narrows the window, which holds `now`, to the side of `boundary` that
  // `now` is on: from `boundary` on, the answer may be another.
  void EndAt(absl::Time boundary, absl::Time now) {
    if (boundary <= now) {
      from = std::max(from, boundary);
    } else {
      until = std::min(until, boundary);
    }
  }
};

// A FailedPath is a candidate that was tried and refused: material for a
// diagnosis and for people, never for trust.
struct FailedPath {
  std::vector<Certificate> certificates;  // leaf first, as far as it went
  bool reached_anchor = false;
  // The origin of the anchor; meaningful only if `reached_anchor`.
  TrustAnchor::Origin anchor_origin = TrustAnchor::Origin::kBundled;
  PathError error;
};

}  // namespace pinning

#endif  // PINNING_PATH_H_
