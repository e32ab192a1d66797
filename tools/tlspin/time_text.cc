#include "tools/tlspin/time_text.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace tlspin {

absl::StatusOr<absl::Time> ParseTime(absl::string_view text) {
  absl::Time time;
  std::string error;
  // absl also reads "infinite-future", blanks around, and "2026-8-1".
  const bool plain = !text.empty() && absl::ascii_isdigit(text.front()) &&
                     absl::ascii_isalnum(text.back());
  if (plain && ((absl::ParseTime("%Y-%m-%d", text, &time, &error) &&
                 DateText(time) == text) ||
                absl::ParseTime(absl::RFC3339_full, text, &time, &error))) {
    return time;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is no time: write 2026-08-01T12:00:00Z or 2026-08-01"));
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string DateText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

}  // namespace tlspin
