#ifndef TOOLS_TLSPIN_NET_HTTP_TUNNEL_H_
#define TOOLS_TLSPIN_NET_HTTP_TUNNEL_H_

#include <memory>

#include "tools/tlspin/deadline.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/dial.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/proxy_url.h"
#include "tools/tlspin/net/resolver.h"

namespace tlspin {

// OpenHttpTunnel asks `proxy` to CONNECT (RFC 9110, 9.3.6) to
// `endpoint.address`, without authentication. It fails with the codes of the
// proxy (connection_error.h).
std::unique_ptr<Operation> OpenHttpTunnel(EventLoop& loop, Resolver& resolver,
                                          const ProxyUrl& proxy,
                                          const Endpoint& endpoint,
                                          Deadline deadline, Connected done);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_HTTP_TUNNEL_H_
