#include "pinning/internal/ssl_facts.h"

#include <openssl/tls1.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"

namespace pinning::internal {
namespace {

// IsBeforeServerHello returns whether `ssl` has not heard of the server yet: it
// is about to send early data, on the strength of a session.
bool IsBeforeServerHello(const SSL* ssl) {
  // BoringSSL has no function that says so; it fills this with the ServerHello.
  std::array<uint8_t, SSL3_RANDOM_SIZE> random = {};
  SSL_get_server_random(ssl, random.data(), random.size());
  return std::all_of(random.begin(), random.end(),
                     [](uint8_t octet) { return octet == 0; });
}

// OrUnknown returns `bytes`; if there are none, that there are none if they
// were asked for, and else that nothing is known.
std::optional<absl::Span<const uint8_t>> OrUnknown(
    absl::Span<const uint8_t> bytes, bool asked) {
  if (bytes.empty() && !asked) {
    return std::nullopt;
  }
  return bytes;
}

}  // namespace

ConnectionFacts FactsOf(const SSL* ssl, const AskedFor& asked) {
  ConnectionFacts facts;
  if (SSL_is_server(ssl)) {
    return facts;
  }
  const bool early = IsBeforeServerHello(ssl);
  const SSL_SESSION* session = SSL_get_session(ssl);
  facts.resumed = early || SSL_session_reused(ssl);
  if (early && session != nullptr) {
    facts.tls_version = SSL_SESSION_get_protocol_version(session);
  } else if (!early) {
    facts.tls_version = static_cast<uint16_t>(SSL_version(ssl));
    const uint8_t* alpn = nullptr;
    unsigned alpn_size = 0;
    SSL_get0_alpn_selected(ssl, &alpn, &alpn_size);
    facts.alpn.emplace(alpn, alpn + alpn_size);
    if (alpn_size != 0) {
      facts.offered_alpn = true;
    }
  }
  // What a session holds says nothing of a server that was not asked when it
  // was made.
  const bool in_full_handshake = SSL_in_init(ssl) && !*facts.resumed;
  const uint8_t* data = nullptr;
  size_t size = 0;
  SSL_get0_ocsp_response(ssl, &data, &size);
  facts.ocsp_response = OrUnknown(
      {data, size}, in_full_handshake && SSL_get_tlsext_status_type(ssl) ==
                                             TLSEXT_STATUSTYPE_ocsp);
  SSL_get0_signed_cert_timestamp_list(ssl, &data, &size);
  facts.sct_list = OrUnknown({data, size}, in_full_handshake && asked.scts);
  return facts;
}

}  // namespace pinning::internal
