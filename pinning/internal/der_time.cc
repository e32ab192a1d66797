#include "pinning/internal/der_time.h"

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

// A DigitReader reads pairs of decimal digits, and notes if they are others.
class DigitReader {
 public:
  explicit DigitReader(const uint8_t* at) : at_(at) {}

  int Pair() {
    const unsigned tens = at_[0] - unsigned{'0'};
    const unsigned ones = at_[1] - unsigned{'0'};
    at_ += 2;
    const bool are_digits = tens <= 9 && ones <= 9;
    good_ &= are_digits;
    return are_digits ? static_cast<int>(10 * tens + ones) : 0;
  }
  bool good() const { return good_; }

 private:
  const uint8_t* at_;
  bool good_ = true;
};

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
  const absl::string_view form = is_utc ? "not of the form YYMMDDHHMMSSZ"
                                        : "not of the form YYYYMMDDHHMMSSZ";
  if (text.size() != (is_utc ? 13 : 15) || text.back() != 'Z') {
    return reader.Error(what, form);
  }
  DigitReader digits(text.data());
  int year = digits.Pair();
  year = is_utc ? year + (year < 50 ? 2000 : 1900) : 100 * year + digits.Pair();
  const int month = digits.Pair();
  const int day = digits.Pair();
  const int hour = digits.Pair();
  const int minute = digits.Pair();
  const int second = digits.Pair();
  if (!digits.good()) {
    return reader.Error(what, form);
  }
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
