#include "tools/tlspin/probe.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "pinning/server_name.h"
#include "tools/tlspin/judge_served.h"

namespace tlspin {
namespace {

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

}  // namespace

std::string Probe::Target() const { return endpoint.ToString(); }

std::vector<Probe> ProbeEndpoints(const std::vector<Endpoint>& endpoints,
                                  const ProbeOptions& options,
                                  const Judge& judge,
                                  const ProbeObserver& observer) {
  std::vector<Probe> probes;
  for (const Endpoint& endpoint : endpoints) {
    probes.push_back(ProbeEndpoint(endpoint, options.connect, judge));
    probes.back().index = probes.size() - 1;
    if (observer.on_probe) {
      observer.on_probe(probes.back());
    }
  }
  return probes;
}

bool ChainsDiverge(const std::vector<Probe>& probes, size_t index) {
  const std::vector<std::vector<uint8_t>>* first = nullptr;
  const auto differs = [&first](const Served& served) {
    if (served.certificates.empty()) {
      return false;
    }
    if (first == nullptr) {
      first = &served.certificates;
    }
    return served.certificates != *first;
  };
  return std::any_of(
      probes.begin(), probes.end(), [index, &differs](const Probe& probe) {
        return probe.index == index &&
               (differs(probe.served) ||
                std::any_of(probe.versions.begin(), probe.versions.end(),
                            [&differs](const VersionProbe& version) {
                              return differs(version.served);
                            }));
      });
}

bool WasInterrupted(const std::vector<Probe>& probes) {
  return std::any_of(probes.begin(), probes.end(),
                     [](const Probe& probe) { return probe.interrupted; });
}

Json EndpointJson(const Endpoint& endpoint) {
  Json json;
  json["host"] = endpoint.host;
  json["address"] = endpoint.address;
  json["port"] = endpoint.port;
  return json;
}

}  // namespace tlspin
