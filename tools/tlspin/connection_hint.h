#ifndef TOOLS_TLSPIN_CONNECTION_HINT_H_
#define TOOLS_TLSPIN_CONNECTION_HINT_H_

#include <string>

#include "absl/status/status.h"
#include "tools/tlspin/connect.h"

namespace tlspin {

// ConnectionHint returns what to do about `status`, an error of FetchChain with
// these arguments, or "". It supposes nothing that was not seen: that a
// connection is blocked for its name is asked, not told.
std::string ConnectionHint(const absl::Status& status, const Endpoint& endpoint,
                           const ConnectOptions& options);

// CompareNames finds out whether `status`, an error of FetchChain with these
// arguments, hangs on the name. If the connection was lost when nothing but the
// ClientHello had been sent, it tries once more for a name of no importance at
// the same address, for at most `options.timeout`, and returns `status` with
// what came of that in its hint (HintOf) and its message. It returns other
// errors as they are.
absl::Status CompareNames(const absl::Status& status, const Endpoint& endpoint,
                          const ConnectOptions& options);

// kComparedName is the name that it tries: reserved (RFC 2606, 3), so nobody
// serves it, and nobody blocks it.
constexpr char kComparedName[] = "example.com";

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CONNECTION_HINT_H_
