#ifndef PINNING_INTERNAL_RAW_EXTENSION_H_
#define PINNING_INTERNAL_RAW_EXTENSION_H_

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/der_reader.h"

namespace pinning {
namespace internal {

// A RawExtension is one extension as it stands (RFC 5280, 4.2).
struct RawExtension {
  absl::Span<const uint8_t> oid;  // content octets of the OBJECT IDENTIFIER
  bool critical = false;
  absl::Span<const uint8_t> value;  // content octets of extnValue
};

// ReadExtension reads one Extension, of a certificate, a CRL, an entry of it or
// an OCSP response, as it stands.
DerResult<RawExtension> ReadExtension(DerReader& extensions);

// An ExtensionList is extensions that were read and found well-formed, in
// order. It borrows the octets, and reads them again as it is iterated.
class ExtensionList {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = RawExtension;
    using difference_type = std::ptrdiff_t;
    using pointer = const RawExtension*;
    using reference = const RawExtension&;

    Iterator() = default;  // the end
    explicit Iterator(absl::Span<const uint8_t> content) : rest_(content) {
      Advance();
    }
    const RawExtension& operator*() const { return extension_; }
    const RawExtension* operator->() const { return &extension_; }
    Iterator& operator++() {
      Advance();
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.left_ == b.left_;
    }
    friend bool operator!=(const Iterator& a, const Iterator& b) {
      return !(a == b);
    }

   private:
    void Advance();

    absl::Span<const uint8_t> rest_;  // after this extension
    size_t left_ = 0;                 // octets from this extension on
    RawExtension extension_;
  };

  ExtensionList() = default;
  // `content` is that of the SEQUENCE.
  explicit ExtensionList(absl::Span<const uint8_t> content)
      : content_(content) {}

  Iterator begin() const { return Iterator(content_); }
  Iterator end() const { return Iterator(); }
  bool empty() const { return content_.empty(); }
  absl::Span<const uint8_t> content() const { return content_; }

 private:
  absl::Span<const uint8_t> content_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_RAW_EXTENSION_H_
