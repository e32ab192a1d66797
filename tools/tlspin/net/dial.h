#ifndef TOOLS_TLSPIN_NET_DIAL_H_
#define TOOLS_TLSPIN_NET_DIAL_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/tlspin/deadline.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/socket_address.h"
#include "tools/tlspin/net/transport.h"

namespace tlspin {

// A Connection is a stream to a server, made directly or through a proxy.
struct Connection {
  std::unique_ptr<Transport> transport;
  std::string received;  // came over it already
  std::string peer;      // the address that answered; empty: a proxy knows it
};

using Connected = std::function<void(absl::StatusOr<Connection>)>;

// Dial connects to the first of `addresses` that answers, in their order,
// giving each an equal share of the time until `deadline`. Its errors are those
// that FetchChain documents for a connection, without the name of the endpoint;
// of several, the first. `addresses` is not empty.
std::unique_ptr<Operation> Dial(EventLoop& loop,
                                std::vector<SocketAddress> addresses,
                                Deadline deadline, Connected done);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_DIAL_H_
