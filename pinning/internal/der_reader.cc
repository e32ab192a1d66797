#include "pinning/internal/der_reader.h"

#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

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

DerReader::Header DerReader::NextHeader() const {
  const size_t left = end_ - at_;
  // Of the longer forms the two that occur, and only where they are needed.
  if (left > 3 && IsLowTag(at_[0]) && at_[1] >= 0x81 && at_[1] <= 0x82) {
    const bool two = at_[1] == 0x82;
    const unsigned size = two ? 4 : 3;
    const size_t length = two ? size_t{at_[2]} << 8 | at_[3] : at_[2];
    return length < (two ? 0x100 : 0x80) || length > left - size
               ? Header()
               : Header{TagOf(at_[0]), size, length};
  }
  CBS rest = CbsOf(absl::MakeConstSpan(at_, left));
  CBS whole;
  Header header;
  size_t size;
  if (!CBS_get_any_asn1_element(&rest, &whole, &header.tag, &size)) {
    return Header();
  }
  header.size = static_cast<unsigned>(size);
  header.length = CBS_len(&whole) - size;
  return header;
}

absl::Status DerReader::NotDer(absl::string_view what) const {
  return empty()
             ? Error(what, "expected an element, found the end")
             : Error(what,
                     "not a DER element: bad tag, a length not definite and "
                     "minimal, or one past the end");
}

absl::Status DerReader::NotOf(unsigned tag, absl::string_view what) const {
  if (empty()) {
    return Error(what,
                 absl::StrCat("expected ", TagName(tag), ", found the end"));
  }
  const Header header = NextHeader();
  if (header.size == 0) {
    return NotDer(what);
  }
  return Error(what, absl::StrCat("expected ", TagName(tag), ", found ",
                                  TagName(header.tag)));
}

absl::Status DerReader::NoOid(size_t offset, absl::string_view what) {
  return ErrorAt(offset, what, "not a well-formed OBJECT IDENTIFIER");
}

absl::Status DerReader::LeftOver(absl::string_view what) const {
  return Error(what, absl::StrCat(end_ - at_, " octets left over"));
}

DerResult<bool> DerReader::ReadBoolean(absl::string_view what, unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  if (element.content.size() != 1 ||
      (element.content[0] != 0x00 && element.content[0] != 0xff)) {
    return Error(what, "a BOOLEAN is one octet, 00 or FF");
  }
  *this = ahead;
  return element.content[0] == 0xff;
}

DerResult<absl::Span<const uint8_t>> DerReader::ReadInteger(
    absl::string_view what, unsigned tag) {
  DerReader ahead = *this;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.Read(tag, what));
  const absl::Span<const uint8_t> octets = element.content;
  const bool needless = octets.size() > 1 &&
                        (octets[0] == 0x00 || octets[0] == 0xff) &&
                        (octets[0] & 0x80) == (octets[1] & 0x80);
  if (octets.empty() || needless) {
    return Error(what, "an INTEGER is not empty and has no needless octet");
  }
  *this = ahead;
  return octets;
}

DerResult<DerBitString> DerReader::ReadBitString(absl::string_view what,
                                                 unsigned tag) {
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
  *this = ahead;
  return DerBitString{content.subspan(1), unused};
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

// Subidentifiers in base 128, each minimal and the last one whole (X.690,
// 8.19.2).
bool IsOid(absl::Span<const uint8_t> content) {
  if (content.empty() || content.back() >= 0x80) {
    return false;
  }
  uint8_t before = 0;
  bool minimal = true;
  for (const uint8_t octet : content) {
    minimal &= octet != 0x80 || before >= 0x80;
    before = octet;
  }
  return minimal;
}

namespace {

// AppendNumber appends `number` in decimal digits.
void AppendNumber(uint64_t number, std::string* out) {
  char digits[20];
  size_t at = sizeof(digits);
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number > 0);
  out->append(digits + at, sizeof(digits) - at);
}

}  // namespace

std::string OidToString(absl::Span<const uint8_t> oid) {
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  std::string dotted;
  dotted.reserve(3 * oid.size());
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
      dotted.push_back(static_cast<char>('0' + first));
      arc -= 40 * first;
    }
    dotted.push_back('.');
    AppendNumber(arc, &dotted);
    arc = 0;
  }
  return dotted;
}

}  // namespace internal
}  // namespace pinning
