#include "pinning/internal/exempt_hosts.h"

#include <string>
#include <vector>

#include "pinning/internal/host_pattern.h"

namespace pinning {
namespace internal {

std::vector<std::string> ExemptHosts(const ServerName& name,
                                     const PinStore* pin_store,
                                     const PinSet* pin_set,
                                     const Requirements* requirements) {
  std::vector<std::string> patterns;
  if (pin_set != nullptr && pin_store != nullptr) {
    for (const PinStore::Entry& entry : pin_store->entries()) {
      // To exempt less than the whole set would leave the client broken.
      if (entry.pin_set == pin_set) {
        patterns.push_back(entry.pattern);
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
