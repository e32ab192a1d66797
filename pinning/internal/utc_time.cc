#include "pinning/internal/utc_time.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace pinning::internal {
namespace {

// FitsShape returns whether `text` has a digit where `shape` has "0" and
// otherwise the same characters.
bool FitsShape(absl::string_view text, absl::string_view shape) {
  if (text.size() != shape.size()) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (shape[i] == '0' ? !absl::ascii_isdigit(text[i]) : text[i] != shape[i]) {
      return false;
    }
  }
  return true;
}

int Number(absl::string_view digits) {
  int number = 0;
  for (char c : digits) {
    number = number * 10 + (c - '0');
  }
  return number;
}

// ConsumeFraction takes ".", one to nine digits, off the front of `text`.
absl::Duration ConsumeFraction(absl::string_view& text) {
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, ".")) {
    return absl::ZeroDuration();
  }
  int64_t nanoseconds = 0;
  int64_t unit = 1'000'000'000;
  while (!rest.empty() && absl::ascii_isdigit(rest[0]) && unit > 1) {
    unit /= 10;
    nanoseconds += unit * (rest[0] - '0');
    rest.remove_prefix(1);
  }
  if (unit < 1'000'000'000) {
    text = rest;
  }
  return absl::Nanoseconds(nanoseconds);
}

// HasOffset returns whether `zone` is an offset such as "+02:00", or nothing:
// a local time either way.
bool IsLocal(absl::string_view zone) {
  return zone.empty() || FitsShape(zone, "+00:00") || FitsShape(zone, "-00:00");
}

}  // namespace

absl::StatusOr<absl::Time> ParseUtcTime(absl::string_view text) {
  constexpr size_t kDateSize = 10;
  constexpr size_t kTimeSize = 19;
  absl::string_view date = text.substr(0, kDateSize);
  absl::string_view time = text.substr(0, kTimeSize);
  bool is_date = FitsShape(text, "0000-00-00");
  if (!is_date && !FitsShape(time, "0000-00-00T00:00:00")) {
    return absl::InvalidArgumentError(
        "not a date: write \"2027-01-31\" or \"2027-01-31T12:00:00Z\"");
  }
  int hour = 0, minute = 0, second = 0;
  absl::Duration fraction;
  if (!is_date) {
    absl::string_view zone = text.substr(kTimeSize);
    fraction = ConsumeFraction(zone);
    if (zone != "Z") {
      return absl::InvalidArgumentError(
          IsLocal(zone)
              ? "a local time: convert it to UTC and end it with \"Z\""
              : "not a date: write \"2027-01-31\" or \"2027-01-31T12:00:00Z\"");
    }
    hour = Number(time.substr(11, 2));
    minute = Number(time.substr(14, 2));
    second = Number(time.substr(17, 2));
  }
  int year = Number(date.substr(0, 4));
  int month = Number(date.substr(5, 2));
  int day = Number(date.substr(8, 2));
  absl::CivilSecond civil(year, month, day, hour, minute, second);
  // CivilSecond carries 31 April over to 1 May.
  if (civil.year() != year || civil.month() != month || civil.day() != day) {
    return absl::InvalidArgumentError("no such day in the calendar");
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return absl::InvalidArgumentError(
        "no such time of day: hours to 23, minutes and seconds to 59");
  }
  return absl::FromCivil(civil, absl::UTCTimeZone()) + fraction;
}

std::string FormatUtcTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace pinning::internal
