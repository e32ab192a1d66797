#ifndef TOOLS_TLSPIN_CONNECTION_HINT_H_
#define TOOLS_TLSPIN_CONNECTION_HINT_H_

#include <string>

#include "absl/status/status.h"
#include "tools/tlspin/connect_options.h"
#include "tools/tlspin/endpoint.h"

namespace tlspin {

// ConnectionHint returns what to do about `status`, an error of FetchChain with
// these arguments, or "". It supposes nothing that was not seen: that a
// connection is blocked for its name is asked, not told.
std::string ConnectionHint(const absl::Status& status, const Endpoint& endpoint,
                           const ConnectOptions& options);

// kComparedName is a name of no importance: reserved (RFC 2606, 3), so nobody
// serves it, and nobody blocks it.
constexpr char kComparedName[] = "example.com";

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CONNECTION_HINT_H_
