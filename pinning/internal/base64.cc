#include "pinning/internal/base64.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace pinning {
namespace internal {
namespace {

absl::Status Fault(size_t offset, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("base64, offset ", offset, ": ", what));
}

constexpr uint8_t kNoDigit = 0xff;

// ValueOf returns the value of the base64 digit `c`, or kNoDigit.
constexpr uint8_t ValueOf(int c) {
  return c >= 'A' && c <= 'Z'   ? c - 'A'
         : c >= 'a' && c <= 'z' ? c - 'a' + 26
         : c >= '0' && c <= '9' ? c - '0' + 52
         : c == '+'             ? 62
         : c == '/'             ? 63
                                : kNoDigit;
}

struct Values {
  constexpr Values() : of() {
    for (int c = 0; c < 256; ++c) {
      of[c] = ValueOf(c);
    }
  }
  uint8_t of[256];
};

constexpr Values kValues;

// Decode appends to `bytes` what `text` spells. It returns false if that is not
// the one spelling of anything. What it takes depends on the digits: it is not
// for secrets of others.
bool Decode(absl::string_view text, std::vector<uint8_t>* bytes) {
  if (text.size() % 4 != 0) {
    return false;
  }
  size_t padding = 0;
  while (padding < 2 && padding < text.size() &&
         text[text.size() - 1 - padding] == '=') {
    ++padding;
  }
  bytes->resize(text.size() / 4 * 3);
  size_t end = 0;
  for (size_t at = 0; at < text.size(); at += 4) {
    const bool is_last = at + 4 == text.size();
    const size_t digits = is_last ? 4 - padding : 4;
    uint32_t group = 0;
    for (size_t i = 0; i < 4; ++i) {
      const uint8_t value =
          i < digits ? kValues.of[static_cast<uint8_t>(text[at + i])] : 0;
      if (value == kNoDigit) {
        return false;
      }
      group = group << 6 | value;
    }
    for (int shift = 16; shift >= 0; shift -= 8) {
      (*bytes)[end++] = static_cast<uint8_t>(group >> shift);
    }
  }
  for (; padding > 0; --padding) {
    if (bytes->back() != 0) {
      return false;  // bits that are of no octet
    }
    bytes->pop_back();
  }
  return true;
}

// DescribeFault says what is wrong with `text`, which Decode refused.
absl::Status DescribeFault(absl::string_view text) {
  const size_t digits = std::min(text.find_first_of('='), text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (i < digits ? ValueOf(static_cast<uint8_t>(text[i])) == kNoDigit
                   : text[i] != '=') {
      return Fault(i, i < digits ? "not a base64 digit" : "text after padding");
    }
  }
  if (text.size() % 4 != 0) {
    return Fault(text.size(), "the length is not a multiple of four");
  }
  if (text.size() - digits > 2) {
    return Fault(digits, "too much padding");
  }
  return Fault(digits - 1,
               "the last digit has bits that do not belong to any byte");
}

}  // namespace

std::string Base64Encode(absl::Span<const uint8_t> bytes) {
  return absl::Base64Escape(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

absl::StatusOr<std::vector<uint8_t>> Base64Decode(absl::string_view text) {
  std::vector<uint8_t> bytes;
  if (!Decode(text, &bytes)) {
    return DescribeFault(text);
  }
  return bytes;
}

}  // namespace internal
}  // namespace pinning
