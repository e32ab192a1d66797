#ifndef PINNING_INTERNAL_PIN_FILE_PARSER_H_
#define PINNING_INTERNAL_PIN_FILE_PARSER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/host_index.h"
#include "pinning/pin_set.h"

namespace pinning::internal {

// A PinFile is the content of a pin file (docs/pin-file.md), checked whole.
struct PinFile {
  absl::Time updated;
  std::vector<PinSet> sets;  // in file order
  HostIndex hosts;           // in file order; its sets are indexes into `sets`
};

// The name in "hosts" that stands for no set.
inline constexpr absl::string_view kNoSetName = "none";

// ParsePinFile parses `text`. It returns INVALID_ARGUMENT "FILE:LINE:COLUMN:
// ..." for the error that comes first in the file, or RESOURCE_EXHAUSTED if the
// text is too large.
absl::StatusOr<PinFile> ParsePinFile(absl::string_view text,
                                     absl::string_view file_name);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_PIN_FILE_PARSER_H_
