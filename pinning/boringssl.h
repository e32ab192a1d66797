#ifndef PINNING_BORINGSSL_H_
#define PINNING_BORINGSSL_H_

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "pinning/error.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"

// Installs a Verifier in BoringSSL, for clients.
//
// Left to the caller:
//
// - Make the SSL_CTX with `TLS_with_buffers_method()`, so that no X.509 stack
//   but this one parses the peer's certificates.
// - Call SetServerName on each SSL before its handshake.
// - Offer no cipher suite without certificates: a pre-shared key that the
//   caller configures (`SSL_CTX_set_psk_client_callback`) authenticates the
//   server without one, and no verifier is asked. LastVerdict is null then.
// - Keep later code from setting another verify callback (below).
namespace pinning {

// Clock returns the time at which a handshake is judged. It may be called from
// any thread that runs a handshake.
using Clock = std::function<absl::Time()>;

// InstallVerifier makes `verifier` decide every certificate that connections of
// `ctx` receive: it sets SSL_VERIFY_PEER, a custom verify callback, and
// reverification on resumption. `ctx` shares ownership of `verifier`. As with
// any setting of an SSL_CTX, no handshake of `ctx` may run meanwhile.
//
// It returns FAILED_PRECONDITION, and changes nothing, if `ctx` already has a
// verifier or a verify mode other than SSL_VERIFY_NONE: a second policy is a
// mistake to be found, not a layer to be added. It returns INVALID_ARGUMENT if
// `ctx` or `verifier` is null. `clock` defaults to `absl::Now`.
//
// A connection of `ctx` in the role of a server is refused (kNoServerName),
// with or without a client certificate: this hook is for clients. A server asks
// for SSL_VERIFY_PEER itself and calls VerifyChain after the handshake.
//
// A client with 0-RTT is judged before the first byte of early data is sent,
// and if refused sends neither early data nor an alert: BoringSSL has no key
// that the server must be able to read one with.
//
// WARNING: BoringSSL lets later code replace the callback on `ctx` or on one
// SSL. LastVerdict tells whether it ran.
absl::Status InstallVerifier(SSL_CTX* ctx,
                             std::shared_ptr<const Verifier> verifier,
                             Clock clock = nullptr);

// ReplaceVerifier makes `verifier` decide every later handshake of `ctx`,
// resumptions included, in place of the one installed before. It may be called
// while handshakes run in other threads: each uses one verifier or the other,
// whole, and none waits for longer than it takes to copy a pointer. It returns
// FAILED_PRECONDITION if `ctx` has no verifier, and INVALID_ARGUMENT if `ctx`
// or `verifier` is null. Connections already made are not judged again.
absl::Status ReplaceVerifier(SSL_CTX* ctx,
                             std::shared_ptr<const Verifier> verifier);

// AskForEvidence makes connections of `ctx` ask the server for a stapled OCSP
// response (RFC 6066, 8) and for SCTs (RFC 6962, 3.3.1), which ConnectionFacts
// then tell the verifier. It is a call of its own because it changes the
// ClientHello by 13 octets, so what a connection looks like, and can make the
// server send a few kilobytes more: InstallVerifier changes nothing of what is
// sent. It returns FAILED_PRECONDITION if `ctx` has no verifier, and
// INVALID_ARGUMENT if `ctx` is null. Call it before an SSL is made of `ctx`.
//
// What the verifier is told, and when: the hook is asked after the server's
// certificates and before its Finished, and by then BoringSSL has what the
// table says. "If asked" is empty if there was none, and unknown if it was not
// asked for; BoringSSL does not tell whether SCTs were, so that an absence is
// only known to those who call AskForEvidence.
//
//                  TLS 1.2   TLS 1.3   resumed    0-RTT      VerifyChain
//   tls_version    yes       yes       yes        yes        yes
//   alpn           yes       yes       yes        unknown    yes
//   ocsp_response  if asked  if asked  session's  session's  if any
//   sct_list       if asked  if asked  session's  session's  if any
//   offered_alpn   where a protocol was selected
//
// In TLS 1.2, ALPN and SCTs are in the ServerHello and the staple is in a
// message after Certificate, which BoringSSL reads first; in TLS 1.3, ALPN is
// in EncryptedExtensions and the others in Certificate. A session has what its
// first handshake had; that it has none says nothing. Nothing of this is
// authenticated before the Finished: evidence, and no more.
absl::Status AskForEvidence(SSL_CTX* ctx);

// SetServerName sets the name that `ssl` expects and, for a DNS name, SNI (an
// IP address clears SNI: RFC 6066, 3). A handshake whose `ssl` has no name is
// refused, never waved through. It returns FAILED_PRECONDITION if `ssl` is a
// server, and INTERNAL, leaving no name, if BoringSSL takes no SNI of that
// length or is out of memory. It forgets the verdict reached on `ssl` before.
//
// If the server rejects Encrypted ClientHello, it is judged by the public name
// of the ECHConfig instead (TLS Encrypted ClientHello, 6.1.7), and the
// handshake fails in any case; the verdict says in `host` which name that was.
absl::Status SetServerName(SSL* ssl, const ServerName& name);

// LastVerdict returns the verdict of the handshake that `ssl` is in or has
// finished, or null if none has been reached. It is owned by `ssl` and lasts
// until the next handshake, SSL_clear or SetServerName: what was said of one
// handshake is never shown for another, whoever judged that. A renegotiation
// (TLS 1.2; BoringSSL refuses it unless asked to allow it) is another, in which
// BoringSSL asks nobody and insists on the same certificate.
//
// A verdict that accepts is shown once the handshake has finished and not
// before, 0-RTT and False Start included: until the Finished message nothing
// proves that the peer holds the key it presented. So null after a finished
// handshake says that the verifier was not asked: treat it as a refusal.
const Verdict* LastVerdict(const SSL* ssl);

// VerifyChain judges the certificates that the peer of `ssl` presented, for
// callers who own the handshake loop and verify after it. It installs nothing;
// until it has accepted, nothing may be sent or believed. Before the handshake
// has finished, it refuses (kEmptyChain). A resumed session presents the
// certificates of the handshake it comes from. Servers may call it too, with a
// Verifier of KeyPurpose::kClientAuth.
Verdict VerifyChain(const SSL* ssl, const Verifier& verifier,
                    const ServerName& name, absl::Time now);

// AlertFor returns the TLS alert (SSL_AD_*, RFC 8446, 6.2) that a refusal with
// `code` is reported with.
//
// No specification gives pins an alert. They are `bad_certificate`, the general
// one for a certificate that will not do. `bad_certificate_hash_value` sounds
// nearer, but is about client certificate URLs (RFC 6066, 5) and reserved in
// TLS 1.3 (RFC 8446, 6).
uint8_t AlertFor(ErrorCode code);

}  // namespace pinning

#endif  // PINNING_BORINGSSL_H_
