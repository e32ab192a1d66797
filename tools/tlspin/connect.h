#ifndef TOOLS_TLSPIN_CONNECT_H_
#define TOOLS_TLSPIN_CONNECT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/socket.h"

// Fetches what a TLS server presents. Nothing is trusted here: the verdict on
// what was fetched comes from pinning::Verifier::VerifyDer.
namespace tlspin {

// An Endpoint is whom to ask for and where to connect to.
struct Endpoint {
  std::string host;     // the name in SNI and in the verdict; no brackets
  std::string address;  // what TCP connects to: a name or an IP address
  int port = 443;

  // ToString returns the form that ParseEndpoint accepts, with the port.
  std::string ToString() const;
};

// ParseEndpoint parses HOST[:PORT], [IPv6][:PORT] or HOST@ADDRESS[:PORT], where
// ADDRESS may be [IPv6]. It returns INVALID_ARGUMENT, saying what is wrong,
// otherwise.
absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text);

struct ConnectOptions {
  // Bounds the whole operation. Only the resolver may take longer: getaddrinfo
  // blocks, and cannot be interrupted.
  absl::Duration timeout = absl::Seconds(10);

  // The proxy to go through, which then resolves `Endpoint::address` but for
  // socks5; null: none. Endpoints whose address it does not serve are reached
  // without it.
  std::shared_ptr<const ProxySettings> proxy;

  // TLS1_2_VERSION and the like; zero leaves BoringSSL's default.
  uint16_t min_version = 0;
  uint16_t max_version = 0;
};

// ProxyFor returns the proxy that connections to `endpoint` go through, or
// null.
const ProxySettings* ProxyFor(const Endpoint& endpoint,
                              const ConnectOptions& options);

// A Tunnel is a connection, made directly or through a proxy, and what came
// over it already.
struct Tunnel {
  Socket socket;
  std::string received;
};

// OpenTunnel connects to `endpoint`. It fails as FetchChain does, without the
// name of the endpoint.
absl::StatusOr<Tunnel> OpenTunnel(const Endpoint& endpoint,
                                  const ConnectOptions& options,
                                  Deadline deadline);

// Served is what a server presented in a handshake that was completed, so that
// it has proved to hold the key of the first certificate.
struct Served {
  std::vector<std::vector<uint8_t>> certificates;  // DER, leaf first
  std::string tls_version;                         // "TLSv1.3"
  uint16_t version = 0;                            // TLS1_3_VERSION
  std::string cipher;                              // IANA name
  std::string alpn;                                // empty: none selected
  std::vector<uint8_t> ocsp;                       // stapled; empty: none
  std::vector<uint8_t> scts;  // SignedCertificateTimestampList; empty: none
  // Not OK: the handshake failed over the key usage of the certificate, and
  // what is here was fetched by a client that does not mind, to say whose it
  // is. Whatever a verdict says, it is not to be accepted.
  absl::Status objection;
};

// FetchChain connects to `endpoint`, completes a TLS handshake and closes. It
// sends no application data. It blocks the calling thread; several threads may
// call it at once.
//
// Every failure is a sentence that names `endpoint` and the phase, and but for
// INVALID_ARGUMENT bears a code, and what to do (connection_error.h):
//   INVALID_ARGUMENT    the options are not valid
//   NOT_FOUND           the name does not resolve
//   UNAVAILABLE         no connection: refused, unreachable, or the proxy
//                       would not make one
//   DEADLINE_EXCEEDED   the time ran out, in the phase that is named
//   ABORTED             the peer closed or reset the connection before the
//                       handshake was complete
//   FAILED_PRECONDITION the peer does not speak TLS, or not as it should; or
//                       it refused the handshake with an alert, which is named
absl::StatusOr<Served> FetchChain(const Endpoint& endpoint,
                                  const ConnectOptions& options);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CONNECT_H_
