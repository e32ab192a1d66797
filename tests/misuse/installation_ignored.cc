#include <memory>

#include "pinning/boringssl.h"

// A verifier that was not installed after all verifies nothing.
void Use(SSL_CTX* ctx, std::shared_ptr<const pinning::Verifier> verifier) {
#ifdef MISUSE
  pinning::InstallVerifier(ctx, verifier);
#else
  if (!pinning::InstallVerifier(ctx, verifier).ok()) {
    return;
  }
#endif
}
