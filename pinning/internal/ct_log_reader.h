#ifndef PINNING_INTERNAL_CT_LOG_READER_H_
#define PINNING_INTERNAL_CT_LOG_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

// Reads the public format of lists of certificate transparency logs.
namespace pinning::internal {

// The keys of `state`, and their order: the numbers of pinning::CtLogState,
// less one.
constexpr absl::string_view kCtLogStateNames[] = {
    "pending", "qualified", "usable", "readonly", "retired", "rejected",
};

// A CtLogEntry is one log of the list.
struct CtLogEntry {
  std::string description;
  std::string operator_name;
  std::string url;
  std::array<uint8_t, 32> log_id = {};
  std::vector<uint8_t> key;     // SubjectPublicKeyInfo
  std::optional<size_t> state;  // index in kCtLogStateNames
  std::optional<absl::Time> state_since;
  std::optional<absl::Time> interval_start;
  std::optional<absl::Time> interval_end;
  bool tiled = false;
};

struct CtLogFile {
  std::optional<absl::Time> timestamp;
  std::vector<CtLogEntry> logs;
};

// ParseCtLogFile fails as CtLogList::FromJson says (pinning/ct_log_list.h),
// with the error that comes first in the file. The caller bounds `text`.
absl::StatusOr<CtLogFile> ParseCtLogFile(absl::string_view text,
                                         absl::string_view file_name,
                                         size_t max_logs);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_CT_LOG_READER_H_
