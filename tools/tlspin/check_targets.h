#ifndef TOOLS_TLSPIN_CHECK_TARGETS_H_
#define TOOLS_TLSPIN_CHECK_TARGETS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/endpoint.h"

namespace tlspin {

// A CheckTarget is a host to ask, or a pattern that cannot be asked.
struct CheckTarget {
  Endpoint endpoint;
  std::string pattern;  // not empty: a pattern
};

// ParseCheckTargets returns the hosts that were given.
absl::StatusOr<std::vector<CheckTarget>> ParseCheckTargets(
    const std::vector<std::string>& hosts, int default_port);

// AddCheckTargetsOf adds every host that `store` pins, in its order, but those
// that are among `targets` or for which one of them stands.
void AddCheckTargetsOf(const pinning::PinStore& store, int default_port,
                       std::vector<CheckTarget>& targets);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_TARGETS_H_
