#include "tools/tlspin/probe.h"

#include <utility>

#include "absl/status/statusor.h"
#include "pinning/server_name.h"
#include "tools/tlspin/judge_served.h"

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
  pinning::Verdict verdict = JudgeServed(judge, probe.served, *name);
  if (verdict.accepted() && !probe.served.objection.ok()) {
    probe.status = probe.served.objection;
    return probe;
  }
  probe.verdict = std::move(verdict);
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
