#include "pinning/chain.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"

// Pins matched on what a peer merely presented prove nothing (CVE-2016-2402).
bool Use(const pinning::PinSet& pins, const pinning::Chain& presented,
         const pinning::VerifiedPath& verified) {
  (void)presented;
  (void)verified;
#ifdef MISUSE
  return pins.MatchPath(presented).pin != nullptr;
#else
  return pins.MatchPath(verified).pin != nullptr;
#endif
}
