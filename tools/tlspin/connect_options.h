#ifndef TOOLS_TLSPIN_CONNECT_OPTIONS_H_
#define TOOLS_TLSPIN_CONNECT_OPTIONS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/net/starttls.h"

namespace tlspin {

struct ConnectOptions {
  // Bounds the whole operation, looking the name up too.
  absl::Duration timeout = absl::Seconds(10);

  // The proxy to go through, which then resolves `Endpoint::address` but for
  // socks5; null: none. Endpoints whose address it does not serve are reached
  // without it.
  std::shared_ptr<const ProxySettings> proxy;

  // What is spoken up to the go-ahead for TLS.
  StartTls starttls = StartTls::kNone;

  // "192.0.2.1:53,[2001:db8::1]:53" in place of the system's name servers;
  // empty for those.
  std::string name_servers;

  // TLS1_2_VERSION and the like; zero leaves BoringSSL's default.
  uint16_t min_version = 0;
  uint16_t max_version = 0;
};

// ProxyFor returns the proxy that connections to `endpoint` go through, or
// null.
const ProxySettings* ProxyFor(const Endpoint& endpoint,
                              const ConnectOptions& options);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CONNECT_OPTIONS_H_
