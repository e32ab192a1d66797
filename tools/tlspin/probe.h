#ifndef TOOLS_TLSPIN_PROBE_H_
#define TOOLS_TLSPIN_PROBE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "pinning/verdict.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/output.h"

// Asks servers for their chains and judges what they present.
namespace tlspin {

struct ProbeOptions {
  // The time-out is for each attempt.
  ConnectOptions connect;

  // How many connections are open at once. It is lowered to what the limit on
  // descriptors allows.
  int jobs = 64;

  // How often a connection is tried again that was refused, reset or timed out,
  // after a pause that grows. What a server answered is never asked again.
  int retries = 0;

  // Ask every address, A and AAAA, that the name resolves to, each with a Probe
  // of its own. Without it the first that answers is asked. Through a proxy,
  // which resolves the name, there is one.
  bool all_addresses = false;

  // Ask for TLS 1.2 and for TLS 1.3, in two connections (Probe::versions).
  // Versions that `connect` excludes are not asked for.
  bool each_version = false;

  // On SIGINT and SIGTERM stop asking, and return what is done. A second signal
  // has its usual effect.
  bool stop_on_signals = false;
};

// A VersionProbe is what came of offering one version of TLS alone.
struct VersionProbe {
  uint16_t version = 0;  // TLS1_2_VERSION and the like
  absl::Status status;   // OK if and only if there is a verdict
  Served served;
  std::optional<pinning::Verdict> verdict;
};

// A Probe is what came of asking one endpoint, or one of its addresses, for its
// chain.
struct Probe {
  Endpoint endpoint;   // as given
  size_t index = 0;    // of the endpoint among those given
  std::string peer;    // the address that answered, or the one that was asked
                       // with all_addresses: numeric, no brackets; empty: none
                       // answered, or a proxy resolves
  bool alone = false;  // `peer` was asked by itself (all_addresses)
  // No verdict, but there is one for another address of the endpoint.
  bool others_answered = false;
  std::string proxy;    // that the connection goes through; empty: none
  int attempts = 1;     // connections tried, beyond those to other addresses
  absl::Status status;  // OK if and only if there is a verdict
  Served served;
  std::optional<pinning::Verdict> verdict;

  // With ProbeOptions::each_version, in ascending order. `served`, `verdict`
  // and `status` are then those of the newest that was completed, or else of
  // the newest.
  std::vector<VersionProbe> versions;

  // Stopped before it was done: `status` is CANCELLED.
  bool interrupted = false;

  // Target returns what to call it: the endpoint as ParseEndpoint takes it,
  // with the address if that was asked for by itself ("HOST@ADDRESS:PORT").
  std::string Target() const;
};

// ProbeProgress counts endpoints.
struct ProbeProgress {
  size_t total = 0;
  size_t done = 0;
  size_t failed = 0;     // of those done: no chain
  size_t in_flight = 0;  // connections, and names that are looked up
};

struct ProbeObserver {
  // Called with each probe as soon as it and all before it are done, right
  // after it was judged: what is reported over it is known to be of it.
  std::function<void(const Probe&)> on_probe;
  // Called a few times a second.
  std::function<void(const ProbeProgress&)> on_progress;
};

// ProbeEndpoints fetches the chain that each of `endpoints` presents, many at a
// time, and judges it. The result has the order of `endpoints`, and that of the
// resolver within one; each endpoint has one probe at least.
std::vector<Probe> ProbeEndpoints(const std::vector<Endpoint>& endpoints,
                                  const ProbeOptions& options,
                                  const Judge& judge,
                                  const ProbeObserver& observer = {});

// ChainsDiverge returns whether two of `probes` of one endpoint, or two
// versions of TLS of one of them, were shown different chains.
bool ChainsDiverge(const std::vector<Probe>& probes, size_t index);

// WasInterrupted returns whether one of `probes` was.
bool WasInterrupted(const std::vector<Probe>& probes);

// EndpointJson returns {"host", "address", "port"}, and "proxy" unless that is
// empty.
Json EndpointJson(const Endpoint& endpoint, const std::string& proxy = "");

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PROBE_H_
