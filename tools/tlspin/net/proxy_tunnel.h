#ifndef TOOLS_TLSPIN_NET_PROXY_TUNNEL_H_
#define TOOLS_TLSPIN_NET_PROXY_TUNNEL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/net/transport.h"

namespace tlspin {

// ProxyTunnels asks proxies for connections, many at a time, on an EventLoop
// and with its thread. libcurl speaks to the proxy; it is loaded when the first
// tunnel is asked for, so that nobody else waits for it.
class ProxyTunnels {
 public:
  using Id = uint64_t;  // never zero

  // The Transport may outlive the ProxyTunnels and the loop. An error is a
  // sentence with a code (connection_error.h), without the endpoint's name:
  //   NOT_FOUND           a name does not resolve
  //   UNAVAILABLE         no connection to the proxy, or it would make none
  //   ABORTED             the proxy ended the connection before it answered
  //   FAILED_PRECONDITION libcurl is not there, or cannot do what is asked
  using Callback =
      std::function<void(absl::StatusOr<std::unique_ptr<Transport>>)>;

  // `loop` outlives it.
  explicit ProxyTunnels(EventLoop* loop);

  // Tunnels that are not open yet are given up; nobody is called back.
  ~ProxyTunnels();
  ProxyTunnels(const ProxyTunnels&) = delete;
  ProxyTunnels& operator=(const ProxyTunnels&) = delete;

  // Open asks the proxy of `settings`, which outlive this, for a connection to
  // `host`, a name or an address without brackets, and calls back from the
  // loop, once, never before it returns.
  Id Open(const ProxySettings& settings, const std::string& host, int port,
          Callback callback);

  // TimedOut returns the error for a deadline that passes now, before `id` is
  // open: what it is that was waited for. It keeps no time itself.
  absl::Status TimedOut(Id id) const;

  // Cancel gives up a tunnel that is not open yet; nobody is called back.
  void Cancel(Id id);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_PROXY_TUNNEL_H_
