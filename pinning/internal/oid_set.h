#ifndef PINNING_INTERNAL_OID_SET_H_
#define PINNING_INTERNAL_OID_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning {
namespace internal {

// An OidSet tells OBJECT IDENTIFIERs that were there already. There may be
// thousands, and rarely are more than a few. It borrows them.
class OidSet {
 public:
  // Insert returns whether `oid` was not in the set.
  bool Insert(absl::Span<const uint8_t> oid) {
    const absl::string_view octets(reinterpret_cast<const char*>(oid.data()),
                                   oid.size());
    if (few_.size() < kFew) {
      const bool found =
          std::find(few_.begin(), few_.end(), octets) != few_.end();
      few_.push_back(octets);
      return !found;
    }
    if (many_.empty()) {
      many_.insert(few_.begin(), few_.end());
    }
    return many_.insert(octets).second;
  }

 private:
  static constexpr size_t kFew = 16;

  absl::InlinedVector<absl::string_view, kFew> few_;
  absl::flat_hash_set<absl::string_view> many_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_OID_SET_H_
