#ifndef TOOLS_TLSPIN_TIME_TEXT_H_
#define TOOLS_TLSPIN_TIME_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tlspin {

// ParseTime parses an RFC 3339 time ("2026-08-01T12:00:00Z") or a date
// ("2026-08-01": its first second, UTC). It returns INVALID_ARGUMENT otherwise.
absl::StatusOr<absl::Time> ParseTime(absl::string_view text);

// TimeText returns `time` to the second in RFC 3339, UTC.
std::string TimeText(absl::Time time);

// DateText returns the day of `time`, UTC: "2026-08-01".
std::string DateText(absl::Time time);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_TIME_TEXT_H_
