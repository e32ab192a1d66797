#ifndef PINNING_INTERNAL_HOST_PATTERN_H_
#define PINNING_INTERNAL_HOST_PATTERN_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

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

// PrefixOf returns what a pattern of `kind` begins with.
inline absl::string_view PrefixOf(HostPattern::Kind kind) {
  static constexpr absl::string_view kPrefixes[] = {"", "*.", "**."};
  return kPrefixes[static_cast<size_t>(kind)];
}

// Covers returns whether every name that `narrow` covers is covered by `wide`
// too. An IP address is covered by itself alone.
bool Covers(const HostPattern& wide, const HostPattern& narrow);

// WithoutCovered returns the canonical `patterns` without those that another
// one covers, and none twice. A wider pattern takes the place of the first that
// it covers; the order is kept otherwise. What is no pattern is kept.
std::vector<std::string> WithoutCovered(absl::Span<const std::string> patterns);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_HOST_PATTERN_H_
