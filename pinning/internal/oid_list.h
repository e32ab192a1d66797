#ifndef PINNING_INTERNAL_OID_LIST_H_
#define PINNING_INTERNAL_OID_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace pinning {
namespace internal {

// An OidList is a SEQUENCE OF OBJECT IDENTIFIER that was read and found
// well-formed. It borrows the octets.
class OidList {
 public:
  // `content` is that of the SEQUENCE.
  explicit OidList(absl::Span<const uint8_t> content) : content_(content) {}

  // Contains returns whether one of them has the content octets `oid`.
  bool Contains(absl::Span<const uint8_t> oid) const;

  // ToStrings returns all of them, dotted, in order.
  std::vector<std::string> ToStrings() const;

  absl::Span<const uint8_t> content() const { return content_; }

 private:
  absl::Span<const uint8_t> content_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_OID_LIST_H_
