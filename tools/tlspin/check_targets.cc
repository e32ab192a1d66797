#include "tools/tlspin/check_targets.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "pinning/server_name.h"

namespace tlspin {
namespace {

// StandsFor returns whether one of `targets` is a name that `store` looks up
// under `pattern`.
bool StandsFor(const std::vector<CheckTarget>& targets,
               const pinning::PinStore& store, const std::string& pattern) {
  for (const CheckTarget& target : targets) {
    const absl::StatusOr<pinning::ServerName> name =
        pinning::ServerName::FromString(target.endpoint.host);
    const std::optional<pinning::PinStore::Entry> entry =
        name.ok() ? *store.Find(*name) : std::nullopt;
    if (entry.has_value() && entry->pattern() == pattern) {
      return true;
    }
  }
  return false;
}

}  // namespace

void AddCheckTargetsOf(const pinning::PinStore& store, int default_port,
                       std::vector<CheckTarget>& targets) {
  const std::vector<CheckTarget> given = targets;
  const std::vector<pinning::PinStore::Entry> entries = *store.entries();
  for (const pinning::PinStore::Entry& entry : entries) {
    const std::string pattern(entry.pattern());
    if (!entry.is_pinned() || StandsFor(given, store, pattern)) {
      continue;
    }
    CheckTarget target;
    if (absl::StartsWith(pattern, "*")) {
      target.pattern = pattern;
    } else {
      target.endpoint.host = target.endpoint.address = pattern;
      target.endpoint.port = default_port;
    }
    targets.push_back(std::move(target));
  }
}

absl::StatusOr<std::vector<CheckTarget>> ParseCheckTargets(
    const std::vector<std::string>& hosts, int default_port) {
  std::vector<CheckTarget> targets;
  for (const std::string& host : hosts) {
    absl::StatusOr<Endpoint> endpoint = ParseEndpoint(host, default_port);
    if (!endpoint.ok()) {
      return endpoint.status();
    }
    targets.push_back({*std::move(endpoint), ""});
  }
  return targets;
}

}  // namespace tlspin
