#ifndef TOOLS_TLSPIN_CONNECT_FLAGS_H_
#define TOOLS_TLSPIN_CONNECT_FLAGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/tlspin/command_table.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/net/proxy.h"

namespace tlspin {

// ConnectFlags are the flags of the commands that connect to servers.
struct ConnectFlags {
  ProxyFlags proxy;
  std::string timeout;   // --timeout; empty: the default
  std::string starttls;  // --starttls; empty: TLS from the first byte
};

void AddConnectFlags(Command& command, ConnectFlags* flags);

// ConnectOptionsFromFlags returns INVALID_ARGUMENT, naming the flag or the
// variable of the environment, if one is not valid: an error of usage.
absl::StatusOr<ConnectOptions> ConnectOptionsFromFlags(
    const ConnectFlags& flags);

// DefaultPortOf returns the port of endpoints that are given without one.
int DefaultPortOf(const ConnectFlags& flags);

// ParseTimeout parses seconds ("10", "0.5") or a duration with units ("500ms",
// "1m30s"). It returns INVALID_ARGUMENT unless that is positive and finite.
absl::StatusOr<absl::Duration> ParseTimeout(absl::string_view text);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CONNECT_FLAGS_H_
