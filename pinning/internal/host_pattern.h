#ifndef PINNING_INTERNAL_HOST_PATTERN_H_
#define PINNING_INTERNAL_HOST_PATTERN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace pinning::internal {

// A HostPattern is what a pin store maps to a set: "example.com",
// "*.example.com" (exactly one label more), "**.example.com" (any number of
// labels more, none included), or an IP address.
struct HostPattern {
  enum class Kind { kExact, kOneLabel, kAnyLabels };

  // FromString parses and canonicalizes `text`: lower case, no trailing dot. It
  // returns INVALID_ARGUMENT, saying what to write instead, for a URL, a port,
  // a path, a name not in A-labels, a "*" that is not the whole first label, a
  // wildcard over an IP address, and a pattern at or above a public suffix.
  static absl::StatusOr<HostPattern> FromString(absl::string_view text);

  // ToString returns the canonical pattern.
  std::string ToString() const;

  Kind kind = Kind::kExact;
  std::string base;  // the pattern without "*." or "**.": canonical
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_HOST_PATTERN_H_
