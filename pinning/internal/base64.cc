#include "pinning/internal/base64.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
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

// The values of a digit at each of the four places of a group, in its bits of
// the 24; of what is no digit, a bit beyond them.
struct Places {
  constexpr Places() : of() {
    for (int place = 0; place < 4; ++place) {
      for (int c = 0; c < 256; ++c) {
        const uint8_t value = ValueOf(c);
        of[place][c] =
            value == kNoDigit ? kBadGroup : uint32_t{value} << (18 - 6 * place);
      }
    }
  }
  static constexpr uint32_t kBadGroup = 1 << 24;
  uint32_t of[4][256];
};

constexpr Places kPlaces;

// ReadGroup returns the 24 bits that four characters stand for, and more if one
// is no digit.
uint32_t ReadGroup(absl::string_view text) {
  uint32_t group = 0;
  for (size_t i = 0; i < 4; ++i) {
    group |= kPlaces.of[i][static_cast<uint8_t>(text[i])];
  }
  return group;
}

// SizeOfDecoded returns how many octets `text` stands for if it is the one
// spelling of anything.
size_t SizeOfDecoded(absl::string_view text) {
  const size_t padding = absl::EndsWith(text, "==")  ? 2
                         : absl::EndsWith(text, "=") ? 1
                                                     : 0;
  return text.size() / 4 * 3 - padding;
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

// What it takes depends on the digits: it is not for secrets of others.
bool Base64DecodeTo(absl::string_view text, absl::Span<uint8_t> bytes) {
  if (text.size() % 4 != 0 || SizeOfDecoded(text) != bytes.size()) {
    return false;
  }
  for (; bytes.size() >= 3; bytes.remove_prefix(3), text.remove_prefix(4)) {
    const uint32_t group = ReadGroup(text);
    if (group >= Places::kBadGroup) {
      return false;
    }
    bytes[0] = static_cast<uint8_t>(group >> 16);
    bytes[1] = static_cast<uint8_t>(group >> 8);
    bytes[2] = static_cast<uint8_t>(group);
  }
  if (bytes.empty()) {
    return text.empty();
  }
  // A group with padding, in whose place a zero may stand.
  const char last[] = {text[0], text[1], bytes.size() == 2 ? text[2] : 'A',
                       'A'};
  const uint32_t group = ReadGroup(absl::string_view(last, sizeof(last)));
  const uint32_t unused = bytes.size() == 2 ? 0xff : 0xffff;
  if (group >= Places::kBadGroup || (group & unused) != 0) {
    return false;  // bits that are of no octet
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<uint8_t>(group >> (16 - 8 * i));
  }
  return true;
}

absl::StatusOr<std::vector<uint8_t>> Base64Decode(absl::string_view text) {
  std::vector<uint8_t> bytes(text.size() < 4 ? 0 : SizeOfDecoded(text));
  if (!Base64DecodeTo(text, absl::MakeSpan(bytes))) {
    return DescribeFault(text);
  }
  return bytes;
}

}  // namespace internal
}  // namespace pinning
