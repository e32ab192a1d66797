#include "pinning/internal/der_time.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

bool IsDigit(uint8_t octet) { return octet >= '0' && octet <= '9'; }

// Number returns the value of `length` digits of `text` from `*at`, and moves
// `*at` past them.
int Number(absl::Span<const uint8_t> text, size_t* at, size_t length) {
  int number = 0;
  for (const size_t end = *at + length; *at < end; ++*at) {
    number = 10 * number + (text[*at] - '0');
  }
  return number;
}

}  // namespace

absl::StatusOr<DerTime> ReadTime(DerReader& reader, absl::string_view what) {
  DerReader ahead = reader;
  PINNING_ASSIGN_OR_RETURN(const DerElement element, ahead.ReadAny(what));
  const bool is_utc = element.tag == CBS_ASN1_UTCTIME;
  if (!is_utc && element.tag != CBS_ASN1_GENERALIZEDTIME) {
    return reader.Error(what, "expected UTCTime or GeneralizedTime");
  }
  const absl::Span<const uint8_t> text = element.content;
  if (text.size() != (is_utc ? 13 : 15) || text.back() != 'Z' ||
      !std::all_of(text.begin(), text.end() - 1, IsDigit)) {
    return reader.Error(what, is_utc ? "not of the form YYMMDDHHMMSSZ"
                                     : "not of the form YYYYMMDDHHMMSSZ");
  }
  size_t at = 0;
  int year = Number(text, &at, is_utc ? 2 : 4);
  if (is_utc) {
    year += year < 50 ? 2000 : 1900;
  }
  const int month = Number(text, &at, 2);
  const int day = Number(text, &at, 2);
  const int hour = Number(text, &at, 2);
  const int minute = Number(text, &at, 2);
  const int second = Number(text, &at, 2);
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  // CivilSecond normalizes: February 30th comes out as March.
  if (civil.year() != year || civil.month() != month || civil.day() != day ||
      civil.hour() != hour || civil.minute() != minute ||
      civil.second() != second) {
    return reader.Error(what, "no such date or time of day");
  }
  reader = ahead;
  return DerTime{absl::FromCivil(civil, absl::UTCTimeZone()),
                 is_utc || year >= 2050};
}

}  // namespace internal
}  // namespace pinning
