#ifndef PINNING_INTERNAL_PEM_H_
#define PINNING_INTERNAL_PEM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning {
namespace internal {

// A PemBlock is one "-----BEGIN label-----" block (RFC 7468).
struct PemBlock {
  std::string label;
  std::vector<uint8_t> der;
  int line = 0;  // of the BEGIN line; the first line is 1
};

// ParsePem returns every block of `text`, in order; text between blocks is
// skipped. It returns INVALID_ARGUMENT naming the line if a block does not end,
// ends with another label, holds headers (RFC 1421) or is not base64. Lines may
// end in LF or CRLF and be of any length; blanks at their ends are ignored.
absl::StatusOr<std::vector<PemBlock>> ParsePem(absl::string_view text);

// PemEncode returns one block with lines of 64 characters, newline at the end.
std::string PemEncode(absl::string_view label, absl::Span<const uint8_t> der);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PEM_H_
