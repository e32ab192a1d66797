#ifndef PINNING_INTERNAL_RAW_EXTENSION_H_
#define PINNING_INTERNAL_RAW_EXTENSION_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/status_macros.h"

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
ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<RawExtension> ReadExtension(
    DerReader& extensions) {
  constexpr absl::string_view kWhat = "extension";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           extensions.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  RawExtension extension;
  PINNING_ASSIGN_OR_RETURN(extension.oid, fields.ReadOid(kWhat));
  if (fields.NextIs(CBS_ASN1_BOOLEAN)) {
    const DerReader before = fields;
    PINNING_ASSIGN_OR_RETURN(extension.critical, fields.ReadBoolean(kWhat));
    if (!extension.critical) {
      return before.Error(kWhat,
                          "critical is FALSE by default, so not encoded");
    }
  }
  PINNING_ASSIGN_OR_RETURN(const DerElement value,
                           fields.Read(CBS_ASN1_OCTETSTRING, kWhat));
  extension.value = value.content;
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  return extension;
}

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
