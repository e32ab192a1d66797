#ifndef TOOLS_TLSPIN_NET_DIAL_H_
#define TOOLS_TLSPIN_NET_DIAL_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
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

// kAttemptDelay is how long an address has before the next is tried beside it:
// the Connection Attempt Delay of RFC 8305, section 8.
constexpr absl::Duration kAttemptDelay = absl::Milliseconds(250);

// kAttemptsAtOnce is how many addresses of one name are tried at once at most.
constexpr int kAttemptsAtOnce = 8;

// Interleaved returns `addresses` with the two families taking turns, each in
// its order, beginning with that of the first (RFC 8305, section 4). A resolver
// that sorts by RFC 6724 puts IPv6 first, unless this machine has none.
std::vector<SocketAddress> Interleaved(
    const std::vector<SocketAddress>& addresses);

// Dial connects to the one of `addresses`, interleaved, that answers first. It
// tries one after the other, the next as soon as one fails, or has not answered
// within kAttemptDelay and is left to go on; where kAttemptsAtOnce go on, the
// oldest makes way, but has at least an equal share of the time that is left
// until `deadline`. All but the one that answered are closed.
//
// The owner ends it at `deadline`. Its errors are those that FetchChain
// documents for a connection, without the name of the endpoint; of several,
// that of the address tried first. `addresses` is not empty.
std::unique_ptr<Operation> Dial(EventLoop& loop,
                                std::vector<SocketAddress> addresses,
                                Deadline deadline, Connected done);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_DIAL_H_
