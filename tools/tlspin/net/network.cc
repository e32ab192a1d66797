#include "tools/tlspin/net/network.h"

#include "tools/tlspin/net/http_tunnel.h"

namespace tlspin {

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
  return network;
}

std::unique_ptr<Operation> Network::OpenTunnel(const ProxySettings& proxy,
                                               const Endpoint& endpoint,
                                               Deadline deadline,
                                               Connected done) {
  return OpenHttpTunnel(loop(), resolver(), proxy.url, endpoint, deadline,
                        std::move(done));
}

}  // namespace tlspin
