#include "pinning/internal/registered_domain.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "absl/strings/string_view.h"
#include "pinning/internal/public_suffix.h"

namespace pinning::internal {
namespace {

// Names that no public authority may issue for: RFC 6761, 6762, 7686, 8375,
// 9476, "internal" (ICANN, 2024), and what private networks use besides.
constexpr absl::string_view kPrivateTopLevels[] = {
    "alt",       "arpa",     "corp",    "example", "home",  "internal",
    "intra",     "intranet", "invalid", "lan",     "local", "localdomain",
    "localhost", "onion",    "private", "test",
};

}  // namespace

bool IsPrivateName(absl::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == name.npos ||
         std::find(std::begin(kPrivateTopLevels), std::end(kPrivateTopLevels),
                   name.substr(dot + 1)) != std::end(kPrivateTopLevels);
}

absl::string_view RegisteredDomain(absl::string_view name) {
  if (IsPrivateName(name) || IsPublicSuffix(name)) {
    return "";
  }
  for (;;) {
    const absl::string_view parent = name.substr(name.find('.') + 1);
    if (IsPublicSuffix(parent)) {
      return name;
    }
    name = parent;
  }
}

}  // namespace pinning::internal
