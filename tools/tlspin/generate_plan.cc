#include "tools/tlspin/generate_plan.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/path.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "tools/tlspin/generate_candidates.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::PinRole;
using ::pinning::VerifiedPath;

bool SamePins(const std::vector<PinFilePin>& a,
              const std::vector<PinFilePin>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const PinFilePin& x, const PinFilePin& y) {
                      return x.pin.pin == y.pin.pin && x.pin.role == y.pin.role;
                    });
}

// WhereOf returns what to call the server of `probe`.
std::string WhereOf(const Probe& probe) {
  return absl::StrCat(probe.peer.empty() ? probe.Target() : probe.peer,
                      probe.served.tls_version.empty() ? "" : " over ",
                      probe.served.tls_version);
}

struct HostPins {
  std::string host;
  std::vector<PinFilePin> pins;
};

// ByHost returns the pins of each host; those of one that was asked at several
// addresses together.
absl::StatusOr<std::vector<HostPins>> ByHost(const std::vector<Probe>& probes,
                                             const GeneratePolicy& policy,
                                             absl::Time now) {
  std::vector<HostPins> hosts;
  for (const Probe& probe : probes) {
    if (!probe.verdict.has_value()) {
      continue;
    }
    const absl::StatusOr<std::vector<PinFilePin>> pins =
        PinsOf(probe, policy, now);
    if (!pins.ok()) {
      return pins.status();
    }
    auto known = std::find_if(
        hosts.begin(), hosts.end(),
        [&probe](const HostPins& h) { return h.host == probe.endpoint.host; });
    if (known == hosts.end()) {
      known = hosts.insert(hosts.end(), HostPins{probe.endpoint.host, {}});
    }
    AddPins(*pins, known->pins);
  }
  return hosts;
}

}  // namespace

absl::StatusOr<std::vector<PinRole>> ParseRoles(absl::string_view text) {
  std::vector<PinRole> roles;
  for (const absl::string_view word : absl::StrSplit(text, ',')) {
    if (word == "all") {
      roles.insert(roles.end(),
                   {PinRole::kLeaf, PinRole::kIssuer, PinRole::kAnchor});
    } else if (word == "leaf") {
      roles.push_back(PinRole::kLeaf);
    } else if (word == "issuer") {
      roles.push_back(PinRole::kIssuer);
    } else if (word == "anchor") {
      roles.push_back(PinRole::kAnchor);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", absl::CHexEscape(word),
                       "\" is not leaf, issuer, anchor or all"));
    }
  }
  return roles;
}

absl::StatusOr<std::vector<PinFilePin>> PinsOf(const Probe& probe,
                                               const GeneratePolicy& policy,
                                               absl::Time now) {
  std::vector<PinFilePin> pins;
  const size_t proposed = Propose(*probe.verdict->path(), policy.expires).depth;
  for (const Candidate& candidate : CandidatesOf(*probe.verdict)) {
    if (!candidate.role.has_value()) {
      break;
    }
    const bool wanted =
        policy.proposed ? candidate.depth == proposed
                        : std::find(policy.roles.begin(), policy.roles.end(),
                                    *candidate.role) != policy.roles.end();
    if (wanted) {
      const Certificate& certificate = candidate.certificate;
      PinFilePin pin{{certificate.pin(), KeyName(certificate), *candidate.role},
                     ""};
      pin.source =
          absl::StrCat(candidate.served ? "served by " : "trust anchor of ",
                       probe.endpoint.host, " on ", DateText(now));
      pins.push_back(std::move(pin));
    }
  }
  if (pins.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        probe.endpoint.ToString(),
        ": the path has no key in the roles to pin: it is of ",
        probe.verdict->path()->certificates().size(), " certificates"));
  }
  return pins;
}

void AddPins(const std::vector<PinFilePin>& more,
             std::vector<PinFilePin>& pins) {
  for (const PinFilePin& pin : more) {
    const auto known = std::find_if(
        pins.begin(), pins.end(),
        [&pin](const PinFilePin& p) { return p.pin.pin == pin.pin.pin; });
    if (known == pins.end()) {
      pins.push_back(pin);
    } else if (known->pin.role != pin.pin.role) {
      known->pin.role = PinRole::kAny;
    }
  }
}

absl::Status CheckBackups(const std::vector<Probe>& probes,
                          const std::vector<PinFilePin>& backups) {
  for (const Probe& probe : probes) {
    if (!probe.verdict.has_value()) {
      continue;
    }
    for (const Certificate& certificate :
         probe.verdict->path()->certificates()) {
      for (const PinFilePin& backup : backups) {
        if (backup.pin.pin == certificate.pin()) {
          return absl::FailedPreconditionError(absl::StrCat(
              "the backup key \"", backup.pin.name,
              "\" is in service: it is on the path of ", probe.endpoint.host));
        }
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CheckDivergence(const std::vector<Probe>& probes,
                             const GeneratePolicy& policy, absl::Time now) {
  const Probe* first = nullptr;
  for (const Probe& probe : probes) {
    if (!probe.verdict.has_value()) {
      continue;
    }
    if (first == nullptr || first->index != probe.index) {
      first = &probe;
      continue;
    }
    const absl::StatusOr<std::vector<PinFilePin>> pins =
        PinsOf(*first, policy, now);
    const absl::StatusOr<std::vector<PinFilePin>> others =
        PinsOf(probe, policy, now);
    if (pins.ok() && others.ok() && !SamePins(*pins, *others)) {
      return absl::FailedPreconditionError(
          absl::StrCat(probe.endpoint.ToString(), ": the keys to pin at ",
                       WhereOf(probe), " are not those at ", WhereOf(*first)));
    }
  }
  return absl::OkStatus();
}

std::string WhyNotToPin(const Probe& probe, const Judge& judge) {
  const VerifiedPath& path = *probe.verdict->path();
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(probe.endpoint.host);
  const absl::Span<const Certificate> presented = probe.verdict->presented();
  const absl::StatusOr<pinning::Chain> chain =
      pinning::Chain::FromCertificates({presented.begin(), presented.end()});
  if (!name.ok() || !chain.ok()) {
    return "what was presented cannot be read again";
  }
  // What would be said of this path if it met no pin: the question is asked of
  // a chain that was accepted, because nothing was pinned yet.
  pinning::Observation observation;
  observation.chain = &*chain;
  observation.name = &*name;
  observation.now = judge.now;
  observation.error.code = pinning::ErrorCode::kPinMismatch;
  observation.valid_paths = absl::MakeConstSpan(&path, 1);
  observation.trust_store = &judge.verifier->trust_store();
  observation.catalogue = judge.interceptors.get();
  const pinning::Diagnosis diagnosis = pinning::Diagnose(observation);
  const bool local =
      path.anchor_origin() == pinning::TrustAnchor::Origin::kLocal;
  if (!local && diagnosis.kind != pinning::DiagnosisKind::kInterception) {
    return "";
  }
  std::string why =
      local ? "the path ends at an anchor that was added to this machine"
            : "the certificate looks forged";
  if (diagnosis.kind == pinning::DiagnosisKind::kInterception) {
    absl::StrAppend(&why, "; MITM: intercepted and inspected by \"",
                    EscapeMessage(diagnosis.product), "\"");
  }
  return why;
}

absl::StatusOr<PinFile> PlanPinFile(const std::vector<Probe>& probes,
                                    const GeneratePolicy& policy,
                                    absl::Time now) {
  const absl::Status backups = CheckBackups(probes, policy.backups);
  if (!backups.ok()) {
    return backups;
  }
  if (!policy.allow_divergent) {
    const absl::Status same = CheckDivergence(probes, policy, now);
    if (!same.ok()) {
      return same;
    }
  }
  const absl::StatusOr<std::vector<HostPins>> hosts =
      ByHost(probes, policy, now);
  if (!hosts.ok()) {
    return hosts.status();
  }
  PinFile file;
  file.updated = now;
  for (const HostPins& host : *hosts) {
    auto set = std::find_if(
        file.sets.begin(), file.sets.end(),
        [&host](const PinFileSet& s) { return SamePins(s.pins, host.pins); });
    if (set == file.sets.end()) {
      PinFileSet made;
      made.name = host.host;
      made.mode = policy.mode;
      made.expires = policy.expires;
      made.on_expiry = policy.on_expiry;
      made.pins = host.pins;
      made.backup_pins = policy.backups;
      set = file.sets.insert(file.sets.end(), std::move(made));
      if (!policy.set_name.empty()) {
        set->name = file.sets.size() == 1
                        ? policy.set_name
                        : absl::StrCat(policy.set_name, "-", file.sets.size());
      }
    }
    file.hosts.push_back({host.host, set->name});
  }
  return file;
}

}  // namespace tlspin
