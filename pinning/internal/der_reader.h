#ifndef PINNING_INTERNAL_DER_READER_H_
#define PINNING_INTERNAL_DER_READER_H_

#include <openssl/bytestring.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

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

// A DerReader reads DER elements one after the other. It does not own the
// bytes. Copies read on their own. Each Read takes in `what` the name of the
// field for the error, which is INVALID_ARGUMENT with the offset of the fault
// from the first octet of the outermost input. A failed Read does not advance.
class DerReader {
 public:
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
    return !empty() && IsLowTag(*at_) && TagOf(*at_) == tag;
  }

  absl::StatusOr<DerElement> ReadAny(absl::string_view what);
  absl::StatusOr<DerElement> Read(unsigned tag, absl::string_view what);
  // ReadInside reads an element and returns a reader of its content.
  absl::StatusOr<DerReader> ReadInside(unsigned tag, absl::string_view what);

  // The readers of one type check its content; `tag` is other than the type's
  // own if it is implicitly tagged.
  absl::StatusOr<bool> ReadBoolean(absl::string_view what,
                                   unsigned tag = CBS_ASN1_BOOLEAN);
  // ReadInteger returns the content octets, two's complement and minimal.
  absl::StatusOr<absl::Span<const uint8_t>> ReadInteger(
      absl::string_view what, unsigned tag = CBS_ASN1_INTEGER);
  // ReadOid returns the content octets of a well-formed OBJECT IDENTIFIER.
  absl::StatusOr<absl::Span<const uint8_t>> ReadOid(
      absl::string_view what, unsigned tag = CBS_ASN1_OBJECT);
  absl::StatusOr<DerBitString> ReadBitString(absl::string_view what,
                                             unsigned tag = CBS_ASN1_BITSTRING);

  // ExpectEnd returns an error if anything is left to read.
  absl::Status ExpectEnd(absl::string_view what) const {
    return empty() ? absl::OkStatus() : LeftOver(what);
  }

  // Error returns INVALID_ARGUMENT "offset N: `what`: `fault`" for the next
  // octet, or for `offset`.
  absl::Status Error(absl::string_view what, absl::string_view fault) const;
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

  // Take reads an element. It returns false, and does not advance, if there is
  // none that is DER.
  bool Take(DerElement* element);
  bool TakeRare(DerElement* element);
  // The errors of Take, Read and ExpectEnd.
  absl::Status NotDer(absl::string_view what) const;
  absl::Status NotOf(unsigned tag, absl::string_view what) const;
  absl::Status LeftOver(absl::string_view what) const;

  const uint8_t* base_;
  const uint8_t* at_;
  const uint8_t* end_;
};

inline bool DerReader::Take(DerElement* element) {
  const size_t left = end_ - at_;
  if (left < 2 || !IsLowTag(*at_)) {
    return TakeRare(element);
  }
  size_t header = 2;
  size_t length = at_[1];
  if (length >= 0x80) {
    // Of the longer forms the two that occur, and only where they are needed.
    if (length == 0x81 && left > 2 && at_[2] >= 0x80) {
      header = 3;
      length = at_[2];
    } else if (length == 0x82 && left > 3 && at_[2] != 0) {
      header = 4;
      length = size_t{at_[2]} << 8 | at_[3];
    } else {
      return TakeRare(element);
    }
  }
  if (length > left - header) {
    return false;
  }
  element->tag = TagOf(*at_);
  element->offset = offset();
  element->whole = absl::Span<const uint8_t>(at_, header + length);
  element->content = absl::Span<const uint8_t>(at_ + header, length);
  at_ += header + length;
  return true;
}

inline absl::StatusOr<DerElement> DerReader::ReadAny(absl::string_view what) {
  DerElement element;
  if (!Take(&element)) {
    return NotDer(what);
  }
  return element;
}

inline absl::StatusOr<DerElement> DerReader::Read(unsigned tag,
                                                  absl::string_view what) {
  const uint8_t* before = at_;
  DerElement element;
  if (!Take(&element) || element.tag != tag) {
    at_ = before;
    return NotOf(tag, what);
  }
  return element;
}

inline absl::StatusOr<DerReader> DerReader::ReadInside(unsigned tag,
                                                       absl::string_view what) {
  const uint8_t* before = at_;
  DerElement element;
  if (!Take(&element) || element.tag != tag) {
    at_ = before;
    return NotOf(tag, what);
  }
  return Inside(element.content);
}

// OidToString returns the dotted form of the content octets of a well-formed
// OBJECT IDENTIFIER. One with an arc above 2^64-1 is given as "oid:" and hex,
// which is equal to no dotted form.
std::string OidToString(absl::Span<const uint8_t> oid);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_DER_READER_H_
