#ifndef PINNING_INTERNAL_UTC_TIME_H_
#define PINNING_INTERNAL_UTC_TIME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace pinning::internal {

// ParseUtcTime parses `text`, either a date "2027-01-31", which is its first
// instant, or an RFC 3339 date-time in UTC, "2027-01-31T12:00:00Z", with up to
// nine digits of a second. It returns INVALID_ARGUMENT, saying what to write
// instead, for any other zone, for dates that no calendar has, and for leap
// seconds.
absl::StatusOr<absl::Time> ParseUtcTime(absl::string_view text);

// FormatUtcTime returns `time` to the second, as "2027-01-31T12:00:00Z".
std::string FormatUtcTime(absl::Time time);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_UTC_TIME_H_
