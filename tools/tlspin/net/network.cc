#include "tools/tlspin/net/network.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/net/transport.h"

namespace tlspin {
namespace {

// A Tunnelling is an Operation of ProxyTunnels. Its errors say through which
// proxy.
class Tunnelling : public Operation {
 public:
  Tunnelling(ProxyTunnels& tunnels, const ProxySettings& proxy,
             const Endpoint& endpoint, Connected done)
      : tunnels_(tunnels),
        proxy_(proxy),
        id_(tunnels.Open(
            proxy, endpoint.address, endpoint.port,
            [this, done = std::move(done)](
                absl::StatusOr<std::unique_ptr<Transport>> transport) {
              id_ = 0;
              const Connected call = done;
              if (transport.ok()) {
                call(Connection{*std::move(transport), "", ""});
              } else {
                call(Placed(transport.status()));
              }
            })) {}

  ~Tunnelling() override {
    if (id_ != 0) {
      tunnels_.Cancel(id_);
    }
  }

  absl::Status TimedOut() const override {
    return Placed(tunnels_.TimedOut(id_));
  }

 private:
  absl::Status Placed(const absl::Status& status) const {
    return Located(ThroughProxy(proxy_), status);
  }

  ProxyTunnels& tunnels_;
  const ProxySettings& proxy_;
  ProxyTunnels::Id id_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Network>> Network::Create(
    const ConnectOptions& options) {
  absl::StatusOr<TlsClient> tls = TlsClient::Create();
  if (!tls.ok()) {
    return tls.status();
  }
  absl::StatusOr<std::unique_ptr<EventLoop>> loop = EventLoop::Create();
  if (!loop.ok()) {
    return loop.status();
  }
  std::unique_ptr<Network> network(
      new Network(*std::move(loop), *std::move(tls)));
  absl::StatusOr<std::unique_ptr<Resolver>> resolver =
      Resolver::Create(network->loop(), {options.name_servers});
  if (!resolver.ok()) {
    return resolver.status();
  }
  network->resolver_ = *std::move(resolver);
  network->tunnels_ = std::make_unique<ProxyTunnels>(&network->loop());
  return network;
}

std::unique_ptr<Operation> Network::OpenTunnel(const ProxySettings& proxy,
                                               const Endpoint& endpoint,
                                               Connected done) {
  return std::make_unique<Tunnelling>(*tunnels_, proxy, endpoint,
                                      std::move(done));
}

}  // namespace tlspin
