#ifndef TOOLS_TLSPIN_CONNECT_H_
#define TOOLS_TLSPIN_CONNECT_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/tlspin/connect_options.h"
#include "tools/tlspin/deadline.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/served.h"
#include "tools/tlspin/socket.h"

// One connection at a time, for callers that wait for it. probe.h is for many.
// Nothing is trusted here: the verdict on what was fetched comes from
// pinning::Verifier::VerifyDer.
namespace tlspin {

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

// ConnectTo connects to `address`, a name or an address, without a proxy.
absl::StatusOr<Socket> ConnectTo(const std::string& address, int port,
                                 Deadline deadline);

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
