#ifndef TOOLS_TLSPIN_COMPARE_NAMES_H_
#define TOOLS_TLSPIN_COMPARE_NAMES_H_

#include "absl/status/status.h"
#include "tools/tlspin/connect_options.h"
#include "tools/tlspin/endpoint.h"

namespace tlspin {

// CompareNames finds out whether `status`, an error of FetchChain with these
// arguments, hangs on the name. If the connection was lost when nothing but the
// ClientHello had been sent, it tries once more for kComparedName at
// the same address, for at most `options.timeout`, and returns `status` with
// what came of that in its hint (HintOf) and its message. It returns other
// errors as they are.
absl::Status CompareNames(const absl::Status& status, const Endpoint& endpoint,
                          const ConnectOptions& options);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_COMPARE_NAMES_H_
