#include "pinning/verifier.h"

// To verify and not to look is not to verify.
bool Use(const pinning::Verifier& verifier, const pinning::Chain& chain,
         const pinning::ServerName& name, absl::Time now) {
#ifdef MISUSE
  verifier.Verify(chain, name, now);
  return true;
#else
  return verifier.Verify(chain, name, now).accepted();
#endif
}
