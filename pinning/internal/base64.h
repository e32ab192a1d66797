#ifndef PINNING_INTERNAL_BASE64_H_
#define PINNING_INTERNAL_BASE64_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning {
namespace internal {

// Base64Encode returns the padded base64 of `bytes` (RFC 4648, section 4).
std::string Base64Encode(absl::Span<const uint8_t> bytes);

// Base64Decode returns the bytes that `text` stands for. Only the canonical
// form is accepted: whole groups of four, padding, no white space, and no bit
// set in the unused part of the last group (RFC 4648, section 3.5). It returns
// INVALID_ARGUMENT naming the offset of the fault otherwise.
absl::StatusOr<std::vector<uint8_t>> Base64Decode(absl::string_view text);

// Base64DecodeTo writes the bytes that `text` stands for to `bytes`. It returns
// false if Base64Decode refuses `text` or they are not as many as `bytes`,
// which then hold anything.
bool Base64DecodeTo(absl::string_view text, absl::Span<uint8_t> bytes);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_BASE64_H_
