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
  explicit DerReader(absl::Span<const uint8_t> der);

  // Inside returns a reader of `part`, which must lie in this reader's input;
  // offsets are still counted from the outermost input.
  DerReader Inside(absl::Span<const uint8_t> part) const;

  bool empty() const { return CBS_len(&cbs_) == 0; }
  size_t offset() const { return CBS_data(&cbs_) - base_; }
  // NextIs returns whether the next element has `tag`. False at the end.
  bool NextIs(unsigned tag) const;

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
  absl::Status ExpectEnd(absl::string_view what) const;

  // Error returns INVALID_ARGUMENT "offset N: `what`: `fault`" for the next
  // octet, or for `offset`.
  absl::Status Error(absl::string_view what, absl::string_view fault) const;
  static absl::Status ErrorAt(size_t offset, absl::string_view what,
                              absl::string_view fault);

 private:
  const uint8_t* base_;
  CBS cbs_;
};

// OidToString returns the dotted form of the content octets of a well-formed
// OBJECT IDENTIFIER. One with an arc above 2^64-1 is given as "oid:" and hex,
// which is equal to no dotted form.
std::string OidToString(absl::Span<const uint8_t> oid);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_DER_READER_H_
