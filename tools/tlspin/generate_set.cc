#include "tools/tlspin/generate_set.h"

#include <algorithm>
#include <cstddef>

#include "pinning/certificate.h"
#include "pinning/path.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "tools/tlspin/generate_candidates.h"

namespace tlspin {
namespace {

using ::pinning::NamedPin;
using ::pinning::Pin;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStore;

std::vector<PinRole> RolesOf(const PinSet& set,
                             const std::vector<Probe>& probes) {
  std::vector<PinRole> roles;
  for (const NamedPin& pin : set.pins()) {
    for (const PinRole role :
         {PinRole::kLeaf, PinRole::kIssuer, PinRole::kAnchor}) {
      if (pin.role == role ||
          (pin.role == PinRole::kAny && IsOnPath(probes, pin.pin, role))) {
        roles.push_back(role);
      }
    }
  }
  if (roles.empty()) {
    roles = {PinRole::kIssuer, PinRole::kAnchor};
  }
  return roles;
}

}  // namespace

std::optional<PinStore::Entry> EntryOf(const PinStore& store,
                                       const std::string& host) {
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(host);
  return name.ok() ? *store.Find(*name) : std::nullopt;
}

bool IsOnPath(const std::vector<Probe>& probes, const Pin& pin, PinRole role) {
  return std::any_of(probes.begin(), probes.end(), [&](const Probe& probe) {
    const auto path = probe.verdict->path()->certificates();
    for (size_t i = 0; i < path.size(); ++i) {
      // On a path of one certificate the leaf is the anchor too.
      const bool fits = role == PinRole::kAny ||
                        role == RoleAt(i, path.size()) ||
                        (role == PinRole::kAnchor && path.size() == 1);
      if (fits && path[i].pin() == pin) {
        return true;
      }
    }
    return false;
  });
}

GeneratePolicy WantsOf(const UpdatePolicy& policy, const PinSet& set,
                       const std::vector<Probe>& probes) {
  GeneratePolicy wants = policy.pins;
  if (wants.roles.empty()) {
    wants.roles = RolesOf(set, probes);
  }
  if (wants.proposed) {
    wants.expires = policy.expires.value_or(set.expires());
  }
  return wants;
}

absl::StatusOr<std::vector<PinFilePin>> WantedPins(
    const std::vector<Probe>& probes, const GeneratePolicy& wants,
    absl::Time now) {
  std::vector<PinFilePin> wanted;
  for (const Probe& probe : probes) {
    const absl::StatusOr<std::vector<PinFilePin>> pins =
        PinsOf(probe, wants, now);
    if (!pins.ok()) {
      return pins.status();
    }
    AddPins(*pins, wanted);
  }
  return wanted;
}

}  // namespace tlspin
