#ifndef TOOLS_TLSPIN_CONNECTION_HINT_H_
#define TOOLS_TLSPIN_CONNECTION_HINT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/connect_options.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/starttls.h"

namespace tlspin {

// ConnectionHint returns what to do about `status`, an error of FetchChain with
// these arguments, or "". It supposes nothing that was not seen: that a
// connection is blocked for its name is asked, not told.
std::string ConnectionHint(const absl::Status& status, const Endpoint& endpoint,
                           const ConnectOptions& options);

// UnaskedTls returns the protocol in which TLS has to be asked for on the port
// of `endpoint`, if it was not and `code` says that none came; else kNone.
StartTls UnaskedTls(absl::string_view code, const Endpoint& endpoint,
                    const ConnectOptions& options);

// kComparedName is a name of no importance: reserved (RFC 2606, 3), so nobody
// serves it, and nobody blocks it.
constexpr char kComparedName[] = "example.com";

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CONNECTION_HINT_H_
