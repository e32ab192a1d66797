#ifndef PINNING_INTERNAL_JSON_NUMBER_H_
#define PINNING_INTERNAL_JSON_NUMBER_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace pinning::internal {

// ParseJsonNumber returns the number `text` (RFC 8259, 6). It returns nothing
// if it is no number or too large for a double; what is too small is zero.
std::optional<double> ParseJsonNumber(absl::string_view text);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_JSON_NUMBER_H_
