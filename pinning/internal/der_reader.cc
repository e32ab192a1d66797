#include "pinning/internal/der_reader.h"

#include <algorithm>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace pinning {
namespace internal {
namespace {

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

DerReader::Header DerReader::HeaderAt(DerReader reader, unsigned* tag) {
  const uint8_t* const at = reader.at_;
  const size_t left = reader.end_ - at;
  // Of the longer forms the two that occur, and only where they are needed.
  if (left > 3 && IsLowTag(at[0]) && at[1] >= 0x81 && at[1] <= 0x82) {
    const bool two = at[1] == 0x82;
    const size_t size = two ? 4 : 3;
    const size_t length = two ? size_t{at[2]} << 8 | at[3] : at[2];
    *tag = TagOf(at[0]);
    return length < (two ? 0x100 : 0x80) || length > left - size
               ? Header()
               : Header{size, length};
  }
  CBS rest;
  CBS_init(&rest, at, left);
  CBS whole;
  size_t size;
  if (!CBS_get_any_asn1_element(&rest, &whole, tag, &size)) {
    return Header();
  }
  return Header{size, CBS_len(&whole) - size};
}

DerReader::Header DerReader::HeaderOf(unsigned tag, DerReader at) {
  unsigned found;
  const Header header = HeaderAt(at, &found);
  return header.size != 0 && found == tag ? header : Header();
}

absl::Status DerReader::NotDer(DerReader at, absl::string_view what) {
  return at.empty()
             ? at.Error(what, "expected an element, found the end")
             : at.Error(what,
                        "not a DER element: bad tag, a length not definite and "
                        "minimal, or one past the end");
}

absl::Status DerReader::NotOf(DerReader at, unsigned tag,
                              absl::string_view what) {
  if (at.empty()) {
    return at.Error(what,
                    absl::StrCat("expected ", TagName(tag), ", found the end"));
  }
  unsigned found;
  if (HeaderAt(at, &found).size == 0) {
    return NotDer(at, what);
  }
  return at.Error(what, absl::StrCat("expected ", TagName(tag), ", found ",
                                     TagName(found)));
}

absl::Status DerReader::LeftOver(DerReader at, absl::string_view what) {
  return at.Error(what, absl::StrCat(at.end_ - at.at_, " octets left over"));
}

absl::Status DerReader::ErrorAt(size_t offset, absl::string_view what,
                                absl::string_view fault) {
  return absl::InvalidArgumentError(
      absl::StrCat("offset ", offset, ": ", what, ": ", fault));
}

// Subidentifiers in base 128, each minimal and the last one whole (X.690,
// 8.19.2).
bool IsLongOid(absl::Span<const uint8_t> content) {
  if (content.empty() || content.back() >= 0x80) {
    return false;
  }
  const auto is_padded = [begin = content.begin()](const uint8_t& octet) {
    return octet == 0x80 && (&octet == begin || *(&octet - 1) < 0x80);
  };
  return std::none_of(content.begin(), content.end(), is_padded);
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
