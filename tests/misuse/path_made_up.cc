#include <memory>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "pinning/path.h"

// Only the path builder says that a path is verified.
pinning::VerifiedPath Use(const std::vector<pinning::Certificate>& presented,
                          const pinning::VerifiedPath& built) {
#ifdef MISUSE
  (void)built;
  return pinning::VerifiedPath(
      std::make_shared<const absl::InlinedVector<pinning::Certificate, 4>>(
          presented.begin(), presented.end()),
      pinning::TrustAnchor::Origin::kBundled);
#else
  (void)presented;
  return built;
#endif
}
