#ifndef TOOLS_TLSPIN_NET_TLS_CLIENT_H_
#define TOOLS_TLSPIN_NET_TLS_CLIENT_H_

#include <openssl/ssl.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tools/tlspin/served.h"

namespace tlspin {

// What a client offers in one handshake.
struct TlsOffer {
  // TLS1_2_VERSION and the like; zero leaves BoringSSL's default.
  uint16_t min_version = 0;
  uint16_t max_version = 0;
  // Whether a handshake is ended over a key usage that forbids the server's
  // certificate what it does with it. TLS 1.3 always ends it.
  bool enforce_key_usage = true;
  // Whether ALPN is offered, as by a web client. Exim ends a handshake in which
  // it is offered protocols that are not its own, and so do others.
  bool alpn = true;
};

// A TlsClient makes the client's ends of handshakes, which share what does not
// differ between them.
class TlsClient {
 public:
  // Create returns INTERNAL if memory is short.
  static absl::StatusOr<TlsClient> Create();

  // NewSsl returns a client that asks for `host`, a name or an address, and
  // lets every chain through: see Served. It returns INVALID_ARGUMENT if the
  // host or the versions are not valid.
  absl::StatusOr<bssl::UniquePtr<SSL>> NewSsl(const std::string& host,
                                              const TlsOffer& offer) const;

 private:
  explicit TlsClient(bssl::UniquePtr<SSL_CTX> ctx) : ctx_(std::move(ctx)) {}

  bssl::UniquePtr<SSL_CTX> ctx_;
};

// WhatWasServed returns what the server of a handshake that is complete
// presented, without the peer's address.
Served WhatWasServed(SSL* ssl);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_TLS_CLIENT_H_
