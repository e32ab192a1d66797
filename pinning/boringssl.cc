#include "pinning/boringssl.h"

#include <openssl/ex_data.h>
#include <openssl/pool.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "pinning/internal/ssl_facts.h"
#include "pinning/revocation.h"

namespace pinning {
namespace {

// A ContextState is what an SSL_CTX knows, owned by its ex_data.
class ContextState {
 public:
  ContextState(std::shared_ptr<const Verifier> verifier, Clock clock)
      : verifier_(std::move(verifier)), clock_(std::move(clock)) {}

  // The lock is held for as long as it takes to copy a pointer and never while
  // a verifier works, so that a replacement waits for no handshake and no
  // handshake for a replacement.
  std::shared_ptr<const Verifier> verifier() const {
    absl::MutexLock lock(&mutex_);
    return verifier_;
  }

  void Replace(std::shared_ptr<const Verifier> verifier) {
    absl::MutexLock lock(&mutex_);
    verifier_.swap(verifier);
    // What was replaced is released by the parameter, after the lock.
  }

  absl::Time Now() const { return clock_ ? clock_() : absl::Now(); }

  // Set before there are connections, and only read after that.
  internal::AskedFor& asked() { return asked_; }
  const internal::AskedFor& asked() const { return asked_; }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Verifier> verifier_ ABSL_GUARDED_BY(mutex_);
  const Clock clock_;
  internal::AskedFor asked_;
};

// A ClientRandom tells one handshake from another (RFC 8446, 4.1.2).
using ClientRandom = std::array<uint8_t, SSL3_RANDOM_SIZE>;

ClientRandom ClientRandomOf(const SSL* ssl) {
  ClientRandom random = {};
  SSL_get_client_random(ssl, random.data(), random.size());
  return random;
}

// A ConnectionState is what an SSL knows, owned by its ex_data. BoringSSL lets
// one thread at a time use an SSL, so it needs no lock. `judged` is the
// handshake that `verdict` is of: an SSL may be cleared and used again.
struct ConnectionState {
  std::optional<ServerName> name;
  std::optional<Verdict> verdict;
  ClientRandom judged = {};
};

// IsCurrent returns whether the verdict of `connection` is of the handshake
// that `ssl` is in or has finished, and not of one before.
bool IsCurrent(const SSL* ssl, const ConnectionState& connection) {
  // 0-RTT is judged before the server has accepted Encrypted ClientHello, which
  // makes BoringSSL go on with the random number that was secret until then.
  const bool went_on = SSL_early_data_accepted(ssl) && SSL_ech_accepted(ssl);
  return went_on || connection.judged == ClientRandomOf(ssl);
}

template <typename State>
void FreeState(void* /*parent*/, void* state, CRYPTO_EX_DATA* /*ad*/,
               int /*index*/, long /*argl*/, void* /*argp*/) {
  std::unique_ptr<State>(static_cast<State*>(state));
}

// BoringSSL hands out ex_data indices per process and takes none back, so the
// two indices are obtained once: constants from then on, and the only statics
// of this library. An index is negative if BoringSSL had none to give; setting
// data then fails.
int ContextIndex() {
  static const int index = SSL_CTX_get_ex_new_index(
      0, nullptr, nullptr, nullptr, FreeState<ContextState>);
  return index;
}

int ConnectionIndex() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr,
                                                FreeState<ConnectionState>);
  return index;
}

ContextState* ContextOf(const SSL_CTX* ctx) {
  return static_cast<ContextState*>(SSL_CTX_get_ex_data(ctx, ContextIndex()));
}

const ConnectionState* FindConnection(const SSL* ssl) {
  return static_cast<const ConnectionState*>(
      SSL_get_ex_data(ssl, ConnectionIndex()));
}

// ConnectionOf returns the state of `ssl`, made if there is none yet; null if
// it cannot be made.
ConnectionState* ConnectionOf(SSL* ssl) {
  void* found = SSL_get_ex_data(ssl, ConnectionIndex());
  if (found != nullptr) {
    return static_cast<ConnectionState*>(found);
  }
  auto state = std::make_unique<ConnectionState>();
  if (!SSL_set_ex_data(ssl, ConnectionIndex(), state.get())) {
    return nullptr;
  }
  return state.release();  // `ssl` owns it now
}

// VerifyModeOf returns the verify mode of connections of `ctx`, or nothing for
// want of memory. A connection is asked because SSL_CTX_get_verify_mode is
// only for contexts with BoringSSL's own X.509 stack.
std::optional<int> VerifyModeOf(SSL_CTX* ctx) {
  const bssl::UniquePtr<SSL> ssl(SSL_new(ctx));
  if (ssl == nullptr) {
    return std::nullopt;
  }
  return SSL_get_verify_mode(ssl.get());
}

Verdict Refuse(ErrorCode code, absl::string_view detail, absl::Time now) {
  return Verdict::Reject(PathError{code, -1, std::string(detail)}, now);
}

// NameToVerify returns the name that the server of `ssl` has to prove: the ECH
// public name if it rejected ECH, which is put into `public_name`, else the one
// that was set. It returns null if there is none.
const ServerName* NameToVerify(const SSL* ssl,
                               const ConnectionState& connection,
                               std::optional<ServerName>* public_name) {
  const char* override_name = nullptr;
  size_t override_size = 0;
  SSL_get0_ech_name_override(ssl, &override_name, &override_size);
  if (!connection.name.has_value()) {
    return nullptr;
  }
  if (override_size == 0) {
    return &*connection.name;
  }
  absl::StatusOr<ServerName> name =
      ServerName::FromString(absl::string_view(override_name, override_size));
  if (!name.ok()) {
    return nullptr;
  }
  *public_name = *std::move(name);
  return &**public_name;
}

// What a chain usually has room in, so that nothing is allocated for it.
using Certificates = absl::InlinedVector<absl::Span<const uint8_t>, 8>;

// PeerCertificates returns what the peer of `ssl` presented. The spans live as
// long as its session.
Certificates PeerCertificates(const SSL* ssl) {
  Certificates certificates;
  const STACK_OF(CRYPTO_BUFFER)* buffers = SSL_get0_peer_certificates(ssl);
  const size_t count = buffers ? sk_CRYPTO_BUFFER_num(buffers) : 0;
  for (size_t i = 0; i < count; ++i) {
    const CRYPTO_BUFFER* buffer = sk_CRYPTO_BUFFER_value(buffers, i);
    certificates.emplace_back(CRYPTO_BUFFER_data(buffer),
                              CRYPTO_BUFFER_len(buffer));
  }
  return certificates;
}

Verdict Judge(const SSL* ssl, const ContextState& context,
              const ConnectionState& connection) {
  const absl::Time now = context.Now();
  if (SSL_is_server(ssl)) {
    return Refuse(ErrorCode::kNoServerName,
                  "the verifier is installed on a server, and is for clients",
                  now);
  }
  std::optional<ServerName> public_name;
  const ServerName* name = NameToVerify(ssl, connection, &public_name);
  if (name == nullptr) {
    return Refuse(ErrorCode::kNoServerName,
                  "SetServerName was not called on this connection", now);
  }
  return context.verifier()->VerifyDer(PeerCertificates(ssl), *name, now,
                                       Revocation(),
                                       internal::FactsOf(ssl, context.asked()));
}

ssl_verify_result_t VerifyCallback(SSL* ssl, uint8_t* out_alert) {
  *out_alert = SSL_AD_INTERNAL_ERROR;
  const ContextState* context = ContextOf(SSL_get_SSL_CTX(ssl));
  ConnectionState* connection = ConnectionOf(ssl);
  if (context == nullptr || connection == nullptr) {
    return ssl_verify_invalid;
  }
  connection->verdict.reset();
  connection->judged = ClientRandomOf(ssl);
  connection->verdict.emplace(Judge(ssl, *context, *connection));
  if (connection->verdict->accepted()) {
    return ssl_verify_ok;
  }
  *out_alert = AlertFor(connection->verdict->error().code);
  return ssl_verify_invalid;
}

}  // namespace

absl::Status InstallVerifier(SSL_CTX* ctx,
                             std::shared_ptr<const Verifier> verifier,
                             Clock clock) {
  if (ctx == nullptr || verifier == nullptr) {
    return absl::InvalidArgumentError("the SSL_CTX or the verifier is null");
  }
  if (ContextOf(ctx) != nullptr) {
    return absl::FailedPreconditionError(
        "the SSL_CTX has a verifier; ReplaceVerifier replaces it");
  }
  const std::optional<int> mode = VerifyModeOf(ctx);
  if (!mode.has_value()) {
    return absl::ResourceExhaustedError("cannot make an SSL");
  }
  if (*mode != SSL_VERIFY_NONE) {
    return absl::FailedPreconditionError(
        "the SSL_CTX has a verify mode: other code verifies its certificates");
  }
  auto state =
      std::make_unique<ContextState>(std::move(verifier), std::move(clock));
  if (!SSL_CTX_set_ex_data(ctx, ContextIndex(), state.get())) {
    return absl::ResourceExhaustedError("cannot attach to the SSL_CTX");
  }
  state.release();  // `ctx` owns it now
  // FAIL_IF_NO_PEER_CERT counts for servers alone: without it, a client that
  // sends no certificate would not be judged at all.
  SSL_CTX_set_custom_verify(
      ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, VerifyCallback);
  SSL_CTX_set_reverify_on_resume(ctx, 1);
  return absl::OkStatus();
}

absl::Status ReplaceVerifier(SSL_CTX* ctx,
                             std::shared_ptr<const Verifier> verifier) {
  if (ctx == nullptr || verifier == nullptr) {
    return absl::InvalidArgumentError("the SSL_CTX or the verifier is null");
  }
  ContextState* state = ContextOf(ctx);
  if (state == nullptr) {
    return absl::FailedPreconditionError("the SSL_CTX has no verifier");
  }
  state->Replace(std::move(verifier));
  return absl::OkStatus();
}

absl::Status AskForEvidence(SSL_CTX* ctx) {
  if (ctx == nullptr) {
    return absl::InvalidArgumentError("the SSL_CTX is null");
  }
  ContextState* state = ContextOf(ctx);
  if (state == nullptr) {
    return absl::FailedPreconditionError("the SSL_CTX has no verifier");
  }
  SSL_CTX_enable_ocsp_stapling(ctx);
  SSL_CTX_enable_signed_cert_timestamps(ctx);
  state->asked().scts = true;
  return absl::OkStatus();
}

absl::Status SetServerName(SSL* ssl, const ServerName& name) {
  if (SSL_is_server(ssl)) {
    return absl::FailedPreconditionError("a server reaches no server");
  }
  ConnectionState* connection = ConnectionOf(ssl);
  if (connection == nullptr) {
    return absl::InternalError("cannot attach to the SSL");
  }
  connection->name.reset();
  connection->verdict.reset();
  const bool is_dns = name.kind() == ServerName::Kind::kDns;
  if (!SSL_set_tlsext_host_name(ssl,
                                is_dns ? name.ToString().c_str() : nullptr)) {
    return absl::InternalError("BoringSSL does not take the name as SNI");
  }
  connection->name = name;
  return absl::OkStatus();
}

const Verdict* LastVerdict(const SSL* ssl) {
  const ConnectionState* connection = FindConnection(ssl);
  if (connection == nullptr || !connection->verdict.has_value() ||
      !IsCurrent(ssl, *connection)) {
    return nullptr;
  }
  const Verdict& verdict = *connection->verdict;
  if (verdict.accepted() && SSL_in_init(ssl)) {
    return nullptr;
  }
  return &verdict;
}

Verdict VerifyChain(const SSL* ssl, const Verifier& verifier,
                    const ServerName& name, absl::Time now) {
  if (SSL_in_init(ssl)) {
    return Refuse(ErrorCode::kEmptyChain,
                  "the handshake has not finished: nothing that was presented "
                  "is proved to be the peer's",
                  now);
  }
  return verifier.VerifyDer(PeerCertificates(ssl), name, now, Revocation(),
                            internal::FactsOf(ssl, internal::AskedFor()));
}

uint8_t AlertFor(ErrorCode code) {
  switch (code) {
    // unknown_ca: no authority that this side trusts.
    case ErrorCode::kNoPath:
    case ErrorCode::kDistrustedAnchor:
      return SSL_AD_UNKNOWN_CA;

    // certificate_expired: before its time as well as after it.
    case ErrorCode::kExpired:
    case ErrorCode::kNotYetValid:
      return SSL_AD_CERTIFICATE_EXPIRED;

    // certificate_revoked: by its signer.
    case ErrorCode::kRevoked:
      return SSL_AD_CERTIFICATE_REVOKED;

    // unsupported_certificate: well made, and not for this use.
    case ErrorCode::kKeyUsage:
    case ErrorCode::kExtendedKeyUsage:
    case ErrorCode::kUnhandledCriticalExtension:
    case ErrorCode::kUnacceptableKey:
      return SSL_AD_UNSUPPORTED_CERTIFICATE;

    // bad_certificate: wrong in itself or for this server. RFC 8446, 4.4.2.4
    // asks for it where MD5 or SHA-1 signed.
    case ErrorCode::kBadSignature:
    case ErrorCode::kUnacceptableAlgorithm:
    case ErrorCode::kNotACa:
    case ErrorCode::kPathLengthExceeded:
    case ErrorCode::kNameConstraintViolated:
    case ErrorCode::kInvalidProfile:
    case ErrorCode::kPolicy:
    case ErrorCode::kMalformedCertificate:
    case ErrorCode::kNameMismatch:
    case ErrorCode::kPinMismatch:
    case ErrorCode::kBlockedPin:
      return SSL_AD_BAD_CERTIFICATE;

    // certificate_unknown: the limits and the policy of this side, and what it
    // does not know; no response about status was asked of the peer.
    case ErrorCode::kBudgetExhausted:
    case ErrorCode::kChainTooLong:
    case ErrorCode::kPinSetExpired:
    case ErrorCode::kRevocationUnknown:
      return SSL_AD_CERTIFICATE_UNKNOWN;

    // decode_error: RFC 8446, 4.4.2.4 requires it of an empty message.
    case ErrorCode::kEmptyChain:
      return SSL_AD_DECODE_ERROR;

    // internal_error: no fault of the peer.
    case ErrorCode::kPinStoreDamaged:
    case ErrorCode::kNoServerName:
    case ErrorCode::kUnspecified:
      break;
  }
  return SSL_AD_INTERNAL_ERROR;
}

}  // namespace pinning
