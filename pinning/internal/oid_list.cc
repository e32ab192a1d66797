#include "pinning/internal/oid_list.h"

#include "pinning/internal/der_reader.h"

namespace pinning {
namespace internal {
namespace {

// ForEach calls `visit` with each, until it returns false.
template <typename Visit>
void ForEach(absl::Span<const uint8_t> content, Visit visit) {
  DerReader oids(content);
  while (!oids.empty()) {
    const DerResult<absl::Span<const uint8_t>> oid = oids.ReadOid("");
    if (!oid.ok() || !visit(*oid)) {
      return;
    }
  }
}

}  // namespace

bool OidList::Contains(absl::Span<const uint8_t> oid) const {
  bool found = false;
  ForEach(content_, [&](absl::Span<const uint8_t> held) {
    found = held == oid;
    return !found;
  });
  return found;
}

std::vector<std::string> OidList::ToStrings() const {
  std::vector<std::string> dotted;
  ForEach(content_, [&](absl::Span<const uint8_t> held) {
    dotted.push_back(OidToString(held));
    return true;
  });
  return dotted;
}

}  // namespace internal
}  // namespace pinning
