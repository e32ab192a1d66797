#ifndef TOOLS_TLSPIN_PROBE_H_
#define TOOLS_TLSPIN_PROBE_H_

#include <optional>

#include "absl/status/status.h"
#include "pinning/verdict.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/output.h"

namespace tlspin {

// A Probe is what came of asking one endpoint for its chain.
struct Probe {
  Endpoint endpoint;
  absl::Status status;  // OK if and only if there is a verdict
  Served served;
  std::optional<pinning::Verdict> verdict;
};

// ProbeEndpoint fetches the chain that `endpoint` presents and judges it.
Probe ProbeEndpoint(const Endpoint& endpoint, const ConnectOptions& options,
                    const Judge& judge);

// EndpointJson returns {"host", "address", "port"}.
Json EndpointJson(const Endpoint& endpoint);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PROBE_H_
