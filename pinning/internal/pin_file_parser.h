#ifndef PINNING_INTERNAL_PIN_FILE_PARSER_H_
#define PINNING_INTERNAL_PIN_FILE_PARSER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/pin_set.h"

namespace pinning::internal {

// A PinFile is the content of a pin file (docs/pin-file.md), checked whole.
struct PinFile {
  // One row of "hosts".
  struct Host {
    HostPattern pattern;
    size_t set = kNoSet;  // an index into `sets`, or kNoSet for "none"
  };

  static constexpr size_t kNoSet = static_cast<size_t>(-1);

  absl::Time updated;
  std::vector<PinSet> sets;  // in file order
  std::vector<Host> hosts;   // in file order; no pattern twice
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
