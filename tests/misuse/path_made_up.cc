#include <vector>

#include "pinning/path.h"

// Only the path builder says that a path is verified.
pinning::VerifiedPath Use(const std::vector<pinning::Certificate>& presented,
                          const pinning::VerifiedPath& built) {
#ifdef MISUSE
  (void)built;
  return pinning::VerifiedPath(presented,
                               pinning::TrustAnchor::Origin::kBundled);
#else
  (void)presented;
  return built;
#endif
}
