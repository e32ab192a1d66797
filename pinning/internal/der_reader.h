#ifndef PINNING_INTERNAL_DER_READER_H_
#define PINNING_INTERNAL_DER_READER_H_

#include <openssl/bytestring.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/status_macros.h"

// Strict DER (X.690, section 10): definite, minimal lengths; minimal INTEGERs;
// TRUE only as FF; no padding bits set. Nothing that BER alone allows is read.
//
// One rule is left out: the order of a SET OF (11.6) is not checked. It matters
// only in multi-valued names, which are compared as sets.
namespace pinning {
namespace internal {

// A DerElement is one tag-length-value. Its spans point into what was parsed.
struct DerElement {
  unsigned tag = 0;  // as BoringSSL has it: CBS_ASN1_SEQUENCE and so on
  absl::Span<const uint8_t> whole;
  absl::Span<const uint8_t> content;
  size_t offset = 0;  // of the tag octet
};

// A DerBitString is the content of a BIT STRING.
struct DerBitString {
  absl::Span<const uint8_t> octets;
  int unused_bits = 0;  // of the last octet; they are zero
};

// A DerResult is a small value, or why there is none. It is an absl::StatusOr
// that a compiler can keep in registers, since a parser makes thousands.
template <typename T>
class DerResult {
 public:
  // Implicit, as those of absl::StatusOr are. `status` is an error.
  DerResult(T value) : value_(value) {}
  DerResult(absl::Status status) : status_(std::move(status)) {}

  bool ok() const { return status_.ok(); }
  absl::Status status() const& { return status_; }
  absl::Status status() && { return std::move(status_); }
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }
  T* operator->() { return &value_; }
  operator absl::StatusOr<T>() && {
    return ok() ? absl::StatusOr<T>(value_)
                : absl::StatusOr<T>(std::move(status_));
  }

 private:
  absl::Status status_;
  T value_{};
};

// A DerReader reads DER elements one after the other. It does not own the
// bytes. Copies read on their own. Each Read takes in `what` the name of the
// field for the error, which is INVALID_ARGUMENT with the offset of the fault
// from the first octet of the outermost input. A failed Read does not advance.
class DerReader {
 public:
  DerReader() = default;  // of nothing
  explicit DerReader(absl::Span<const uint8_t> der)
      : base_(der.data()), at_(der.data()), end_(der.data() + der.size()) {}

  // Inside returns a reader of `part`, which must lie in this reader's input;
  // offsets are still counted from the outermost input.
  DerReader Inside(absl::Span<const uint8_t> part) const {
    DerReader inside = *this;
    inside.at_ = part.data();
    inside.end_ = part.data() + part.size();
    return inside;
  }

  bool empty() const { return at_ == end_; }
  size_t offset() const { return at_ - base_; }
  // NextIs returns whether the next element has `tag`. False at the end.
  bool NextIs(unsigned tag) const {
    return !empty() && *at_ == OctetOf(tag) && IsLowTag(*at_);
  }

  DerResult<DerElement> ReadAny(absl::string_view what);
  DerResult<DerElement> Read(unsigned tag, absl::string_view what);
  // ReadInside reads an element and returns a reader of its content.
  DerResult<DerReader> ReadInside(unsigned tag, absl::string_view what);

  // The readers of one type check its content; `tag` is other than the type's
  // own if it is implicitly tagged.
  DerResult<bool> ReadBoolean(absl::string_view what,
                              unsigned tag = CBS_ASN1_BOOLEAN);
  // ReadInteger returns the content octets, two's complement and minimal.
  DerResult<absl::Span<const uint8_t>> ReadInteger(
      absl::string_view what, unsigned tag = CBS_ASN1_INTEGER);
  // ReadOid returns the content octets of a well-formed OBJECT IDENTIFIER.
  DerResult<absl::Span<const uint8_t>> ReadOid(absl::string_view what,
                                               unsigned tag = CBS_ASN1_OBJECT);
  DerResult<DerBitString> ReadBitString(absl::string_view what,
                                        unsigned tag = CBS_ASN1_BITSTRING);

  // ExpectEnd returns an error if anything is left to read.
  absl::Status ExpectEnd(absl::string_view what) const {
    return empty() ? absl::OkStatus() : LeftOver(*this, what);
  }

  // Error returns INVALID_ARGUMENT "offset N: `what`: `fault`" for the next
  // octet, or for `offset`.
  absl::Status Error(absl::string_view what, absl::string_view fault) const {
    return ErrorAt(offset(), what, fault);
  }
  static absl::Status ErrorAt(size_t offset, absl::string_view what,
                              absl::string_view fault);

 private:
  // IsLowTag returns whether `octet` is a whole tag, of a number below 31, and
  // not that of the end of contents, which is none in DER. TagOf returns it.
  static bool IsLowTag(uint8_t octet) {
    return (octet & 0x1f) != 0x1f && (octet & 0xdf) != 0;
  }
  static unsigned TagOf(uint8_t octet) {
    return (unsigned{octet} & 0xe0) << CBS_ASN1_TAG_SHIFT | (octet & 0x1f);
  }
  // OctetOf returns the octet that is `tag`, or if it takes more, one that is
  // no tag at all.
  static uint8_t OctetOf(unsigned tag) {
    return (tag & CBS_ASN1_TAG_NUMBER_MASK) < 0x1f
               ? (tag >> CBS_ASN1_TAG_SHIFT & 0xe0) |
                     (tag & CBS_ASN1_TAG_NUMBER_MASK)
               : 0;
  }

  // A Header is what comes before the content of an element.
  struct Header {
    size_t size = 0;    // in octets; 0 if there is no element that is DER
    size_t length = 0;  // of the content
  };
  // ShortHeader is HeaderAt for what most elements are: of `octet`, a whole
  // tag, and of less than 128 octets. If the next is another, its size is 0.
  Header ShortHeader(uint8_t octet) const;
  // Take takes the element of `tag` that has `header`.
  DerElement Take(unsigned tag, Header header);

  // What is not inlined takes a reader by value, so that one whose address is
  // never taken can be in registers.

  // HeaderAt returns that of the next element, all of which is there, and its
  // tag.
  static Header HeaderAt(DerReader at, unsigned* tag);
  // HeaderOf does, if it has `tag`.
  static Header HeaderOf(unsigned tag, DerReader at);
  // The errors of ReadAny, Read and ExpectEnd.
  static absl::Status NotDer(DerReader at, absl::string_view what);
  static absl::Status NotOf(DerReader at, unsigned tag, absl::string_view what);
  static absl::Status LeftOver(DerReader at, absl::string_view what);

  const uint8_t* base_ = nullptr;
  const uint8_t* at_ = nullptr;
  const uint8_t* end_ = nullptr;
};

// IsLongOid returns whether `content` is that of a well-formed OBJECT
// IDENTIFIER; IsOid does, and at once for one as short as most are.
bool IsLongOid(absl::Span<const uint8_t> content);
inline bool IsOid(absl::Span<const uint8_t> content) {
  return (content.size() == 3 &&
          (content[0] | content[1] | content[2]) < 0x80) ||
         IsLongOid(content);
}

// What follows is inlined wherever it is used, where the tag is a constant.

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerReader::Header DerReader::ShortHeader(
    uint8_t octet) const {
  const size_t left = end_ - at_;
  if (left < 2 || at_[0] != octet || !IsLowTag(octet) || at_[1] >= 0x80 ||
      at_[1] > left - 2) {
    return {};
  }
  return {2, at_[1]};
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerElement DerReader::Take(unsigned tag,
                                                               Header header) {
  DerElement element;
  element.tag = tag;
  element.offset = offset();
  element.whole = absl::Span<const uint8_t>(at_, header.size + header.length);
  element.content = absl::Span<const uint8_t>(at_ + header.size, header.length);
  at_ += header.size + header.length;
  return element;
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<DerElement> DerReader::ReadAny(
    absl::string_view what) {
  const uint8_t octet = empty() ? 0 : *at_;
  const Header header = ShortHeader(octet);
  if (ABSL_PREDICT_TRUE(header.size != 0)) {
    return Take(TagOf(octet), header);
  }
  unsigned tag;
  const Header other = HeaderAt(*this, &tag);
  if (other.size == 0) {
    return NotDer(*this, what);
  }
  return Take(tag, other);
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<DerElement> DerReader::Read(
    unsigned tag, absl::string_view what) {
  Header header = ShortHeader(OctetOf(tag));
  if (ABSL_PREDICT_FALSE(header.size == 0)) {
    header = HeaderOf(tag, *this);
    if (header.size == 0) {
      return NotOf(*this, tag, what);
    }
  }
  return Take(tag, header);
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<DerReader> DerReader::ReadInside(
    unsigned tag, absl::string_view what) {
  PINNING_ASSIGN_OR_RETURN(const DerElement element, Read(tag, what));
  return Inside(element.content);
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<bool> DerReader::ReadBoolean(
    absl::string_view what, unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  if (element.content.size() != 1 ||
      (element.content[0] != 0x00 && element.content[0] != 0xff)) {
    return Error(what, "a BOOLEAN is one octet, 00 or FF");
  }
  at_ = ahead.at_;
  return element.content[0] == 0xff;
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<absl::Span<const uint8_t>>
DerReader::ReadInteger(absl::string_view what, unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  const absl::Span<const uint8_t> octets = element.content;
  const bool needless = octets.size() > 1 &&
                        (octets[0] == 0x00 || octets[0] == 0xff) &&
                        (octets[0] & 0x80) == (octets[1] & 0x80);
  if (octets.empty() || needless) {
    return Error(what, "an INTEGER is not empty and has no needless octet");
  }
  at_ = ahead.at_;
  return octets;
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<absl::Span<const uint8_t>>
DerReader::ReadOid(absl::string_view what, unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  if (!IsOid(element.content)) {
    return Error(what, "not a well-formed OBJECT IDENTIFIER");
  }
  at_ = ahead.at_;
  return element.content;
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline DerResult<DerBitString>
DerReader::ReadBitString(absl::string_view what, unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  const absl::Span<const uint8_t> content = element.content;
  const int unused = content.empty() ? 0 : content[0];
  const bool well_formed =
      !content.empty() && unused <= 7 &&
      (unused == 0 ||
       (content.size() > 1 && (content.back() & ((1 << unused) - 1)) == 0));
  if (!well_formed) {
    return Error(what, "a BIT STRING has at most 7 unused bits, each zero");
  }
  at_ = ahead.at_;
  return DerBitString{content.subspan(1), unused};
}

// OidToString returns the dotted form of the content octets of a well-formed
// OBJECT IDENTIFIER. One with an arc above 2^64-1 is given as "oid:" and hex,
// which is equal to no dotted form.
std::string OidToString(absl::Span<const uint8_t> oid);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_DER_READER_H_
