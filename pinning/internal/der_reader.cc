#include "pinning/internal/der_reader.h"

#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

absl::Span<const uint8_t> SpanOf(const CBS& cbs) {
  return absl::MakeConstSpan(CBS_data(&cbs), CBS_len(&cbs));
}

CBS CbsOf(absl::Span<const uint8_t> bytes) {
  CBS cbs;
  CBS_init(&cbs, bytes.data(), bytes.size());
  return cbs;
}

std::string TagName(unsigned tag) {
  switch (tag) {
    case CBS_ASN1_BOOLEAN:
      return "BOOLEAN";
    case CBS_ASN1_INTEGER:
      return "INTEGER";
    case CBS_ASN1_BITSTRING:
      return "BIT STRING";
    case CBS_ASN1_OCTETSTRING:
      return "OCTET STRING";
    case CBS_ASN1_OBJECT:
      return "OBJECT IDENTIFIER";
    case CBS_ASN1_SEQUENCE:
      return "SEQUENCE";
    case CBS_ASN1_SET:
      return "SET";
    default:
      break;
  }
  const unsigned number = tag & CBS_ASN1_TAG_NUMBER_MASK;
  switch (tag & CBS_ASN1_CLASS_MASK) {
    case CBS_ASN1_UNIVERSAL:
      return absl::StrCat("[UNIVERSAL ", number, "]");
    case CBS_ASN1_APPLICATION:
      return absl::StrCat("[APPLICATION ", number, "]");
    case CBS_ASN1_PRIVATE:
      return absl::StrCat("[PRIVATE ", number, "]");
    default:
      return absl::StrCat("[", number, "]");
  }
}

}  // namespace

DerReader::DerReader(absl::Span<const uint8_t> der)
    : base_(der.data()), cbs_(CbsOf(der)) {}

DerReader DerReader::Inside(absl::Span<const uint8_t> part) const {
  DerReader inside = *this;
  inside.cbs_ = CbsOf(part);
  return inside;
}

bool DerReader::NextIs(unsigned tag) const {
  return CBS_peek_asn1_tag(&cbs_, tag) != 0;
}

absl::StatusOr<DerElement> DerReader::ReadAny(absl::string_view what) {
  if (empty()) {
    return Error(what, "expected an element, found the end");
  }
  DerElement element;
  element.offset = offset();
  CBS rest = cbs_;
  CBS whole;
  size_t header_length;
  if (!CBS_get_any_asn1_element(&rest, &whole, &element.tag, &header_length)) {
    return Error(what,
                 "not a DER element: bad tag, a length not definite and "
                 "minimal, or one past the end");
  }
  cbs_ = rest;
  element.whole = SpanOf(whole);
  element.content = element.whole.subspan(header_length);
  return element;
}

absl::StatusOr<DerElement> DerReader::Read(unsigned tag,
                                           absl::string_view what) {
  if (empty()) {
    return Error(what,
                 absl::StrCat("expected ", TagName(tag), ", found the end"));
  }
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.ReadAny(what));
  if (element.tag != tag) {
    return Error(what, absl::StrCat("expected ", TagName(tag), ", found ",
                                    TagName(element.tag)));
  }
  *this = ahead;
  return element;
}

absl::StatusOr<DerReader> DerReader::ReadInside(unsigned tag,
                                                absl::string_view what) {
  PINNING_ASSIGN_OR_RETURN(const DerElement element, Read(tag, what));
  return Inside(element.content);
}

absl::StatusOr<bool> DerReader::ReadBoolean(absl::string_view what,
                                            unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  if (element.content.size() != 1 ||
      (element.content[0] != 0x00 && element.content[0] != 0xff)) {
    return Error(what, "a BOOLEAN is one octet, 00 or FF");
  }
  *this = ahead;
  return element.content[0] == 0xff;
}

absl::StatusOr<absl::Span<const uint8_t>> DerReader::ReadInteger(
    absl::string_view what, unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  const CBS content = CbsOf(element.content);
  int is_negative;
  if (!CBS_is_valid_asn1_integer(&content, &is_negative)) {
    return Error(what, "an INTEGER is not empty and has no needless octet");
  }
  *this = ahead;
  return element.content;
}

absl::StatusOr<absl::Span<const uint8_t>> DerReader::ReadOid(
    absl::string_view what, unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  const CBS content = CbsOf(element.content);
  if (!CBS_is_valid_asn1_oid(&content)) {
    return Error(what, "not a well-formed OBJECT IDENTIFIER");
  }
  *this = ahead;
  return element.content;
}

absl::StatusOr<DerBitString> DerReader::ReadBitString(absl::string_view what,
                                                      unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  const CBS content = CbsOf(element.content);
  if (!CBS_is_valid_asn1_bitstring(&content)) {
    return Error(what, "a BIT STRING has at most 7 unused bits, each zero");
  }
  *this = ahead;
  return DerBitString{element.content.subspan(1), element.content[0]};
}

absl::Status DerReader::ExpectEnd(absl::string_view what) const {
  if (!empty()) {
    return Error(what, absl::StrCat(CBS_len(&cbs_), " octets left over"));
  }
  return absl::OkStatus();
}

absl::Status DerReader::Error(absl::string_view what,
                              absl::string_view fault) const {
  return ErrorAt(offset(), what, fault);
}

absl::Status DerReader::ErrorAt(size_t offset, absl::string_view what,
                                absl::string_view fault) {
  return absl::InvalidArgumentError(
      absl::StrCat("offset ", offset, ": ", what, ": ", fault));
}

std::string OidToString(absl::Span<const uint8_t> oid) {
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  std::string dotted;
  uint64_t arc = 0;
  for (const uint8_t octet : oid) {
    if (arc > (kMax >> 7)) {
      return absl::StrCat(
          "oid:", absl::BytesToHexString(absl::string_view(
                      reinterpret_cast<const char*>(oid.data()), oid.size())));
    }
    arc = (arc << 7) | (octet & 0x7f);
    if (octet & 0x80) {
      continue;
    }
    if (dotted.empty()) {
      // The first two arcs share a subidentifier (X.690, 8.19.4).
      const uint64_t first = arc < 80 ? arc / 40 : 2;
      dotted = absl::StrCat(first, ".", arc - 40 * first);
    } else {
      absl::StrAppend(&dotted, ".", arc);
    }
    arc = 0;
  }
  return dotted;
}

}  // namespace internal
}  // namespace pinning
