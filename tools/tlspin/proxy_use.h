#ifndef TOOLS_TLSPIN_PROXY_USE_H_
#define TOOLS_TLSPIN_PROXY_USE_H_

#include <vector>

#include "absl/status/status.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/connect.h"

namespace tlspin {

// PrepareProxy says on standard error through which proxy connections to
// `endpoints` go, and what of it is to be minded. If the proxy asks who is
// there and nobody was named, it asks the person at the terminal, if there is
// one, and puts the answer into `options`; for that it has one tunnel made
// before the others. It returns CANCELLED if the person gives none.
absl::Status PrepareProxy(Context& context,
                          const std::vector<Endpoint>& endpoints,
                          ConnectOptions* options);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PROXY_USE_H_
