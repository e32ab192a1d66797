#include "tools/tlspin/probe.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "pinning/server_name.h"

namespace tlspin {

Probe ProbeEndpoint(const Endpoint& endpoint, const ConnectOptions& options,
                    const Judge& judge) {
  Probe probe;
  probe.endpoint = endpoint;
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(endpoint.host);
  if (!name.ok()) {
    probe.status = name.status();
    return probe;
  }
  absl::StatusOr<Served> served = FetchChain(endpoint, options);
  if (!served.ok()) {
    probe.status = served.status();
    return probe;
  }
  probe.served = *std::move(served);
  const std::vector<absl::Span<const uint8_t>> chain(
      probe.served.certificates.begin(), probe.served.certificates.end());
  probe.verdict = judge.verifier->VerifyDer(chain, *name, judge.now);
  return probe;
}

Json EndpointJson(const Endpoint& endpoint) {
  Json json;
  json["host"] = endpoint.host;
  json["address"] = endpoint.address;
  json["port"] = endpoint.port;
  return json;
}

}  // namespace tlspin
