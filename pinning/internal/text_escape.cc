#include "pinning/internal/text_escape.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace pinning {
namespace internal {
namespace {

struct CodePoint {
  uint32_t value = 0;
  size_t length = 0;  // bytes; 0: not UTF-8
};

// DecodeFirst decodes the first character of `text`, which is not empty
// (RFC 3629: shortest form, no surrogates, at most U+10FFFF).
CodePoint DecodeFirst(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) {
    return {first, 1};
  }
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) {
    return {};
  }
  uint32_t value = first & (0x7f >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) {
      return {};
    }
    value = value << 6 | (byte(i) & 0x3f);
  }
  const bool overlong =
      (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    return {};
  }
  return {value, length};
}

// IsUnsafe returns whether a character may move, hide or reorder what is
// printed around it.
bool IsUnsafe(uint32_t c) {
  struct Range {
    uint32_t first, last;
  };
  static constexpr Range kUnsafe[] = {
      {0x00, 0x1f},       {0x7f, 0x9f},  // C0, DEL, C1
      {0x00ad, 0x00ad},                  // soft hyphen
      {0x061c, 0x061c},                  // Arabic letter mark
      {0x180e, 0x180e},                  // Mongolian vowel separator
      {0x200b, 0x200f},                  // zero width, directional marks
      {0x2028, 0x202e},                  // separators, embeddings
      {0x2060, 0x206f},                  // joiners, isolates
      {0xfe00, 0xfe0f},                  // variation selectors
      {0xfeff, 0xfeff},                  // byte order mark
      {0xfff9, 0xfffb},                  // interlinear annotation
      {0xe0000, 0xe0fff},                // tags
  };
  for (const Range& range : kUnsafe) {
    if (c >= range.first && c <= range.last) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string EscapeText(absl::string_view text, size_t max_length) {
  std::string out;
  while (!text.empty()) {
    if (out.size() >= max_length) {
      return absl::StrCat(out, "...");
    }
    const CodePoint c = DecodeFirst(text);
    if (c.length == 0) {
      absl::StrAppend(&out, "\\x{", absl::Hex(static_cast<uint8_t>(text[0])),
                      "}");
    } else if (c.value == '\\') {
      out += "\\\\";
    } else if (IsUnsafe(c.value)) {
      absl::StrAppend(&out, "\\u{", absl::Hex(c.value), "}");
    } else {
      absl::StrAppend(&out, text.substr(0, c.length));
    }
    text.remove_prefix(c.length == 0 ? 1 : c.length);
  }
  return out;
}

}  // namespace internal
}  // namespace pinning
