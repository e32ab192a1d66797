#ifndef TOOLS_TLSPIN_NET_NETWORK_H_
#define TOOLS_TLSPIN_NET_NETWORK_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "tools/tlspin/connect_options.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/dial.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/net/proxy_tunnel.h"
#include "tools/tlspin/net/resolver.h"
#include "tools/tlspin/net/tls_client.h"

namespace tlspin {

// A Network is all that connections share: one loop, one resolver, what TLS
// offers, and the way through a proxy.
class Network {
 public:
  // Create returns UNAVAILABLE or INTERNAL if the system gives it nothing to
  // work with.
  static absl::StatusOr<std::unique_ptr<Network>> Create(
      const ConnectOptions& options);

  EventLoop& loop() { return *loop_; }
  Resolver& resolver() { return *resolver_; }
  const TlsClient& tls() const { return tls_; }

  // OpenTunnel connects to `endpoint.address`, which the proxy may resolve,
  // through `proxy`, which outlives the network. It fails as ProxyTunnels does.
  std::unique_ptr<Operation> OpenTunnel(const ProxySettings& proxy,
                                        const Endpoint& endpoint,
                                        Connected done);

 private:
  Network(std::unique_ptr<EventLoop> loop, TlsClient tls)
      : loop_(std::move(loop)), tls_(std::move(tls)) {}

  // In the order of their use: what is later uses what is before.
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Resolver> resolver_;
  std::unique_ptr<ProxyTunnels> tunnels_;
  TlsClient tls_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_NETWORK_H_
