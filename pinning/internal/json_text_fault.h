#ifndef PINNING_INTERNAL_JSON_TEXT_FAULT_H_
#define PINNING_INTERNAL_JSON_TEXT_FAULT_H_

#include <cstddef>

#include "absl/strings/string_view.h"

// Finds the places of two faults of a JSON text that simdjson reports without
// saying where.
namespace pinning::internal {

// FirstInvalidUtf8 returns the offset of the first sequence in `text` that is
// not UTF-8 (RFC 3629), or 0 if there is none.
size_t FirstInvalidUtf8(absl::string_view text);

// FirstStringFault returns the offset of the first control character in a
// string of `text`, or else that of the string that does not end, or 0.
size_t FirstStringFault(absl::string_view text);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_JSON_TEXT_FAULT_H_
