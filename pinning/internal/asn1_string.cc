#include "pinning/internal/asn1_string.h"

#include <openssl/bytestring.h>

#include <algorithm>
#include <cstddef>

namespace pinning {
namespace internal {
namespace {

bool IsScalarValue(uint32_t code) {
  return code < 0xd800 || (code > 0xdfff && code <= 0x10ffff);
}

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
    return;
  }
  const int continuations = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t lead = (0xff00 >> (continuations + 1)) & 0xff;
  out->push_back(static_cast<char>(lead | code >> (6 * continuations)));
  for (int i = continuations - 1; i >= 0; --i) {
    out->push_back(static_cast<char>(0x80 | (code >> (6 * i) & 0x3f)));
  }
}

// FromFixedWidth converts big-endian code points of `width` octets each.
std::optional<std::string> FromFixedWidth(absl::Span<const uint8_t> content,
                                          size_t width) {
  if (content.size() % width != 0) {
    return std::nullopt;
  }
  std::string out;
  out.reserve(content.size());
  for (size_t i = 0; i < content.size(); i += width) {
    uint32_t code = 0;
    for (const uint8_t octet : content.subspan(i, width)) {
      code = code << 8 | octet;
    }
    if (!IsScalarValue(code)) {
      return std::nullopt;
    }
    AppendUtf8(code, &out);
  }
  return out;
}

// IsUtf8 returns whether `content` is UTF-8 (RFC 3629): no overlong form, no
// surrogate, nothing above U+10FFFF.
bool IsUtf8(absl::Span<const uint8_t> content) {
  for (size_t i = 0; i < content.size();) {
    const uint8_t lead = content[i++];
    if (lead < 0x80) {
      continue;
    }
    const int continuations = lead >= 0xc2 && lead <= 0xdf   ? 1
                              : lead >= 0xe0 && lead <= 0xef ? 2
                              : lead >= 0xf0 && lead <= 0xf4 ? 3
                                                             : 0;
    if (continuations == 0) {
      return false;
    }
    uint32_t code = lead & (0x3f >> continuations);
    for (int j = 0; j < continuations; ++j) {
      if (i == content.size() || (content[i] & 0xc0) != 0x80) {
        return false;
      }
      code = code << 6 | (content[i++] & 0x3f);
    }
    constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (code < kLeast[continuations] || !IsScalarValue(code)) {
      return false;
    }
  }
  return true;
}

bool IsAscii(absl::Span<const uint8_t> content) {
  return std::all_of(content.begin(), content.end(),
                     [](uint8_t octet) { return octet < 0x80; });
}

}  // namespace

std::optional<std::string> Asn1StringToUtf8(unsigned tag,
                                            absl::Span<const uint8_t> content) {
  switch (tag) {
    case CBS_ASN1_T61STRING:
      return FromFixedWidth(content, 1);
    case CBS_ASN1_BMPSTRING:
      return FromFixedWidth(content, 2);
    case CBS_ASN1_UNIVERSALSTRING:
      return FromFixedWidth(content, 4);
    default:
      break;
  }
  if (!IsUtf8String(tag, content)) {
    return std::nullopt;
  }
  return std::string(content.begin(), content.end());
}

bool IsUtf8String(unsigned tag, absl::Span<const uint8_t> content) {
  switch (tag) {
    case CBS_ASN1_UTF8STRING:
      return IsUtf8(content);
    case CBS_ASN1_NUMERICSTRING:
    case CBS_ASN1_PRINTABLESTRING:
    case CBS_ASN1_IA5STRING:
    case CBS_ASN1_VISIBLESTRING:
      return IsAscii(content);
    default:
      return false;
  }
}

}  // namespace internal
}  // namespace pinning
