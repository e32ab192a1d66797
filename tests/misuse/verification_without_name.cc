#include "pinning/verifier.h"

// A chain that is valid for somebody else is not valid.
bool Use(const pinning::Verifier& verifier, const pinning::Chain& chain,
         const pinning::ServerName& name, absl::Time now) {
#ifdef MISUSE
  (void)name;
  return verifier.Verify(chain, now).accepted();
#else
  return verifier.Verify(chain, name, now).accepted();
#endif
}
