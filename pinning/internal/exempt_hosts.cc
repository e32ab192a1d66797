#include "pinning/internal/exempt_hosts.h"

#include <string>
#include <vector>

#include "pinning/internal/host_pattern.h"

namespace pinning {
namespace internal {

std::vector<std::string> ExemptHosts(const ServerName& name,
                                     const PinStore* pin_store,
                                     const Requirements* requirements) {
  std::vector<std::string> patterns;
  if (pin_store != nullptr) {
    const auto entry = pin_store->Find(name);
    if (entry.ok() && entry->has_value()) {
      // To exempt less than the whole set would leave the client broken.
      const auto of_set = pin_store->PatternsOf(**entry);
      if (of_set.ok()) {
        patterns = *of_set;
      }
    }
  }
  if (requirements != nullptr && requirements->Find(name) != nullptr) {
    for (const HostRequirement& host : requirements->hosts()) {
      if (host.inspection != HostRequirement::Inspection::kAllowed) {
        patterns.push_back(host.pattern);
      }
    }
  }
  // Last, so that it is dropped if a pattern covers it.
  patterns.push_back(name.ToString());
  return WithoutCovered(patterns);
}

}  // namespace internal
}  // namespace pinning
