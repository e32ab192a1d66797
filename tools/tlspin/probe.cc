#include "tools/tlspin/probe.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "pinning/server_name.h"
#include "tools/tlspin/judge_served.h"
#include "tools/tlspin/net/scan.h"

namespace tlspin {
namespace {

bool Excludes(const ConnectOptions& options, uint16_t version) {
  return (options.min_version != 0 && version < options.min_version) ||
         (options.max_version != 0 && version > options.max_version);
}

ScanOptions ScanOptionsOf(const ProbeOptions& options) {
  ScanOptions scan;
  scan.connect = options.connect;
  scan.jobs = options.jobs;
  scan.retries = options.retries;
  scan.all_addresses = options.all_addresses;
  scan.stop_on_signals = options.stop_on_signals;
  for (const uint16_t version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    if (options.each_version && !Excludes(options.connect, version)) {
      scan.versions.push_back(version);
    }
  }
  return scan;
}

// JudgeAnswer judges what a server presented, with the name that was asked for.
VersionProbe JudgeAnswer(const Judge& judge, const Endpoint& endpoint,
                         ScanAnswer answer) {
  VersionProbe probe;
  probe.version = answer.version;
  if (!answer.served.ok()) {
    probe.status = answer.served.status();
    return probe;
  }
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(endpoint.host);
  if (!name.ok()) {
    probe.status = name.status();
    return probe;
  }
  probe.served = *std::move(answer.served);
  pinning::Verdict verdict = JudgeServed(judge, probe.served, *name);
  if (verdict.accepted() && !probe.served.objection.ok()) {
    probe.status = probe.served.objection;
    return probe;
  }
  probe.verdict = std::move(verdict);
  return probe;
}

// Conclude makes what came of `probe` as a whole what came of its newest
// version that was completed.
void Conclude(Probe& probe, bool each_version) {
  const auto newest = std::find_if(
      probe.versions.rbegin(), probe.versions.rend(),
      [](const VersionProbe& version) { return version.verdict.has_value(); });
  VersionProbe& best =
      newest == probe.versions.rend() ? probe.versions.back() : *newest;
  if (!each_version) {
    probe.status = std::move(best.status);
    probe.served = std::move(best.served);
    probe.verdict = std::move(best.verdict);
    probe.versions.clear();
    return;
  }
  probe.status = best.status;
  probe.served = best.served;
  probe.verdict = best.verdict;
}

// ProbesOf returns a probe for each address of `result`, judged.
std::vector<Probe> ProbesOf(ScanResult result, const Endpoint& endpoint,
                            const ProbeOptions& options, size_t versions,
                            const Judge& judge) {
  std::vector<Probe> probes;
  for (size_t i = 0; i < result.answers.size(); ++i) {
    ScanAnswer& answer = result.answers[i];
    // The answers for the versions of one address follow each other.
    if (i % std::max<size_t>(versions, 1) == 0) {
      Probe probe;
      probe.endpoint = endpoint;
      probe.index = result.index;
      probe.peer = answer.peer;
      probe.alone = options.all_addresses && !answer.peer.empty();
      probe.attempts = 0;
      probes.push_back(std::move(probe));
    }
    Probe& probe = probes.back();
    probe.peer = probe.peer.empty() ? answer.peer : probe.peer;
    probe.attempts += answer.attempts;
    probe.interrupted = probe.interrupted || answer.interrupted;
    probe.versions.push_back(JudgeAnswer(judge, endpoint, std::move(answer)));
  }
  for (Probe& probe : probes) {
    Conclude(probe, versions != 0);
  }
  const bool answered =
      std::any_of(probes.begin(), probes.end(),
                  [](const Probe& probe) { return probe.verdict.has_value(); });
  for (Probe& probe : probes) {
    probe.others_answered = answered && !probe.verdict.has_value();
  }
  return probes;
}

}  // namespace

std::string Probe::Target() const {
  Endpoint asked = endpoint;
  if (alone) {
    asked.address = peer;
  }
  return asked.ToString();
}

std::vector<Probe> ProbeEndpoints(const std::vector<Endpoint>& endpoints,
                                  const ProbeOptions& options,
                                  const Judge& judge,
                                  const ProbeObserver& observer) {
  const ScanOptions scan = ScanOptionsOf(options);
  std::vector<Probe> probes;
  const auto add = [&](std::vector<Probe> more) {
    for (Probe& probe : more) {
      if (const ProxySettings* proxy =
              ProxyFor(probe.endpoint, options.connect)) {
        probe.proxy = proxy->ToString();
      }
      probes.push_back(std::move(probe));
      if (observer.on_probe) {
        observer.on_probe(probes.back());
      }
    }
  };
  ScanObserver watch;
  watch.on_result = [&](ScanResult result) {
    const Endpoint& endpoint = endpoints[result.index];
    add(ProbesOf(std::move(result), endpoint, options, scan.versions.size(),
                 judge));
  };
  if (observer.on_progress) {
    watch.on_progress = [&observer](const ScanCounts& counts) {
      observer.on_progress(
          {counts.total, counts.done, counts.failed, counts.in_flight});
    };
  }
  const absl::Status scanned = Scan(endpoints, scan, watch);
  for (size_t i = 0; !scanned.ok() && i < endpoints.size(); ++i) {
    Probe probe;
    probe.endpoint = endpoints[i];
    probe.index = i;
    probe.status = scanned;
    add({std::move(probe)});
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

Json EndpointJson(const Endpoint& endpoint, const std::string& proxy) {
  Json json;
  json["host"] = endpoint.host;
  json["address"] = endpoint.address;
  json["port"] = endpoint.port;
  if (!proxy.empty()) {
    json["proxy"] = proxy;
  }
  return json;
}

}  // namespace tlspin
