#ifndef PINNING_BORINGSSL_H_
#define PINNING_BORINGSSL_H_

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"

// Installs a Verifier in BoringSSL.
//
// Left to the caller: make the SSL_CTX with `TLS_with_buffers_method()`, so
// that no X.509 stack but this one parses the peer's certificates, and call
// SetServerName on each SSL before its handshake.
namespace pinning {

// Clock returns the time at which a handshake is judged. It may be called from
// any thread that runs a handshake.
using Clock = std::function<absl::Time()>;

// InstallVerifier makes `verifier` decide every certificate that connections of
// `ctx` receive: it sets SSL_VERIFY_PEER, a custom verify callback, and
// reverification on resumption. `ctx` shares ownership of `verifier`.
//
// It returns FAILED_PRECONDITION, and changes nothing, if `ctx` already has a
// verifier or a verify mode other than SSL_VERIFY_NONE: a second policy is a
// mistake to be found, not a layer to be added. `clock` defaults to
// `absl::Now`.
//
// WARNING: BoringSSL lets later code replace the callback on `ctx` or on one
// SSL. LastVerdict tells whether it ran.
absl::Status InstallVerifier(SSL_CTX* ctx,
                             std::shared_ptr<const Verifier> verifier,
                             Clock clock = nullptr);

// ReplaceVerifier makes `verifier` decide every later handshake of `ctx`,
// resumptions included, in place of the one installed before. Handshakes in
// other threads use one or the other, whole. It returns FAILED_PRECONDITION if
// `ctx` has no verifier.
absl::Status ReplaceVerifier(SSL_CTX* ctx,
                             std::shared_ptr<const Verifier> verifier);

// SetServerName sets the name that `ssl` expects and, for a DNS name, SNI. A
// handshake whose `ssl` has no name is refused, never waved through.
absl::Status SetServerName(SSL* ssl, const ServerName& name);

// LastVerdict returns the verdict of the last handshake on `ssl`, or null if
// none has been reached. It is owned by `ssl`.
const Verdict* LastVerdict(const SSL* ssl);

// VerifyChain judges the certificates that the peer of `ssl` presented, for
// callers who own the handshake loop and verify after it. It installs nothing;
// until it has accepted, nothing may be sent or believed.
Verdict VerifyChain(const SSL* ssl, const Verifier& verifier,
                    const ServerName& name, absl::Time now);

// AlertFor returns the TLS alert (SSL_AD_*, RFC 8446, 6.2) that a refusal with
// `code` is reported with.
uint8_t AlertFor(ErrorCode code);

}  // namespace pinning

#endif  // PINNING_BORINGSSL_H_
