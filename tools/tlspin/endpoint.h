#ifndef TOOLS_TLSPIN_ENDPOINT_H_
#define TOOLS_TLSPIN_ENDPOINT_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tlspin {

// An Endpoint is whom to ask for and where to connect to.
struct Endpoint {
  std::string host;     // the name in SNI and in the verdict; no brackets
  std::string address;  // what TCP connects to: a name or an IP address
  int port = 443;

  // ToString returns the form that ParseEndpoint accepts, with the port.
  std::string ToString() const;
};

// ParseEndpoint parses HOST[:PORT], [IPv6][:PORT] or HOST@ADDRESS[:PORT], where
// ADDRESS may be [IPv6]; the port is `default_port` unless given. It returns
// INVALID_ARGUMENT, saying what is wrong, otherwise.
absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text,
                                       int default_port = 443);

// A HostPort points into the text that it was made of.
struct HostPort {
  absl::string_view host;  // no brackets
  std::optional<int> port;
};

// SplitHostPort parses HOST[:PORT] or [IPv6][:PORT], whatever the host is. It
// returns INVALID_ARGUMENT, saying what is wrong, otherwise.
absl::StatusOr<HostPort> SplitHostPort(absl::string_view text);

// Bracketed returns `host` as it stands before a port.
std::string Bracketed(absl::string_view host);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_ENDPOINT_H_
