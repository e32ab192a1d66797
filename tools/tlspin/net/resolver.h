#ifndef TOOLS_TLSPIN_NET_RESOLVER_H_
#define TOOLS_TLSPIN_NET_RESOLVER_H_

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/socket_address.h"

struct ares_channeldata;

namespace tlspin {

// A Resolver looks names up without blocking: in /etc/hosts, then with the name
// servers of /etc/resolv.conf. It does not read nsswitch's other sources, such
// as mDNS.
class Resolver {
 public:
  struct Options {
    // "192.0.2.1:53,[2001:db8::1]:5353" in place of the system's name servers.
    std::string servers;
  };

  // Done takes the addresses, of which there is one at least, in the order of
  // RFC 6724; or NOT_FOUND with the code kNameUnresolved.
  using Done =
      std::function<void(absl::StatusOr<std::vector<SocketAddress>> addresses)>;

  // Create returns UNAVAILABLE if the system's resolver configuration cannot be
  // used. `loop` outlives the resolver.
  static absl::StatusOr<std::unique_ptr<Resolver>> Create(
      EventLoop& loop, const Options& options);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Resolve looks up the addresses of `host`, A and AAAA. A literal address is
  // its own, and no name server hears of it. The operation ends before the
  // resolver does.
  std::unique_ptr<Operation> Resolve(const std::string& host, int port,
                                     Done done);

 private:
  class Lookup;

  explicit Resolver(EventLoop& loop) : loop_(loop) {}
  void OnSocket(int fd, bool readable, bool writable);
  void Process(int read_fd, int write_fd);
  void SetTimer();

  EventLoop& loop_;
  ares_channeldata* channel_ = nullptr;
  EventLoop::TimerId timer_ = 0;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_RESOLVER_H_
