#ifndef TOOLS_TLSPIN_NET_FETCH_H_
#define TOOLS_TLSPIN_NET_FETCH_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/network.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/socket_address.h"
#include "tools/tlspin/net/starttls.h"
#include "tools/tlspin/net/tls_client.h"
#include "tools/tlspin/served.h"

namespace tlspin {

// What is asked in one connection.
struct FetchPlan {
  Endpoint endpoint;
  std::vector<SocketAddress> addresses;  // tried in order
  // In place of the addresses, if not null; outlives the operation.
  const ProxySettings* proxy = nullptr;
  StartTls starttls = StartTls::kNone;
  TlsOffer offer;
  absl::Duration timeout;  // for all of it; positive
};

struct Fetched {
  std::string peer;  // the address that answered; empty: none, or a proxy
  absl::StatusOr<Served> served;
};

// Fetch makes one connection: directly to one of the addresses or through the
// proxy, up to the go-ahead for TLS if it does not begin with
// that, and through a handshake. Its errors are those that FetchChain
// documents, without the name of the endpoint.
std::unique_ptr<Operation> Fetch(Network& network, FetchPlan plan,
                                 std::function<void(Fetched)> done);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_FETCH_H_
