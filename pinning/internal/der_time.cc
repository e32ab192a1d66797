#include "pinning/internal/der_time.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"
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

bool IsLeapYear(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// DaysOf returns the number of days of `month`, 1 to 12.
int DaysOf(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

// DaysBefore returns the days from 1970-01-01 to a date from year 0 on.
int64_t DaysBefore(int year, int month, int day) {
  constexpr int kDaysTo1970 = 719528;  // from January 1st of year 0
  constexpr int kDaysBefore[] = {0,   31,  59,  90,  120, 151,
                                 181, 212, 243, 273, 304, 334};
  const int leaps = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
  return int64_t{365} * year + leaps + kDaysBefore[month - 1] +
         (month > 2 && IsLeapYear(year) ? 1 : 0) + day - 1 - kDaysTo1970;
}

}  // namespace

DerResult<DerTime> ReadTime(DerReader& reader, absl::string_view what) {
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
  if (month < 1 || month > 12 || day < 1 || day > DaysOf(year, month) ||
      hour > 23 || minute > 59 || second > 59) {
    return reader.Error(what, "no such date or time of day");
  }
  reader = ahead;
  const int64_t hours = DaysBefore(year, month, day) * 24 + hour;
  return DerTime{absl::FromUnixSeconds((hours * 60 + minute) * 60 + second),
                 is_utc || year >= 2050};
}

}  // namespace internal
}  // namespace pinning
