#include "pinning/internal/base64.h"

#include <openssl/base64.h>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace pinning {
namespace internal {
namespace {

absl::Status Fault(size_t offset, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("base64, offset ", offset, ": ", what));
}

bool IsBase64Digit(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '+' ||
         c == '/';
}

}  // namespace

std::string Base64Encode(absl::Span<const uint8_t> bytes) {
  return absl::Base64Escape(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

absl::StatusOr<std::vector<uint8_t>> Base64Decode(absl::string_view text) {
  const size_t digits = text.find_first_of('=');
  for (size_t i = 0; i < text.size(); ++i) {
    if (i < digits ? !IsBase64Digit(text[i]) : text[i] != '=') {
      return Fault(i, i < digits ? "not a base64 digit" : "text after padding");
    }
  }
  if (text.size() % 4 != 0) {
    return Fault(text.size(), "the length is not a multiple of four");
  }
  std::vector<uint8_t> bytes(text.size() / 4 * 3);
  size_t length = 0;
  if (!EVP_DecodeBase64(bytes.data(), &length, bytes.size(),
                        reinterpret_cast<const uint8_t*>(text.data()),
                        text.size())) {
    return Fault(digits, "too much padding");
  }
  bytes.resize(length);
  // One value has one spelling: whatever the decoder let pass, the encoder
  // would not have written.
  if (Base64Encode(bytes) != text) {
    return Fault(digits - 1,
                 "the last digit has bits that do not belong to any byte");
  }
  return bytes;
}

}  // namespace internal
}  // namespace pinning
