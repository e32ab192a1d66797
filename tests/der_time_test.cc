#include "pinning/internal/der_time.h"

#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/internal/der_reader.h"
#include "tests/testing/der.h"

namespace pinning {
namespace internal {
namespace {

constexpr uint8_t kUtc = 0x17;
constexpr uint8_t kGeneralized = 0x18;

TEST(DerTimeTest, ReadsEveryYear) {
  const struct {
    std::string name;
    uint8_t tag;
    std::string text;
    absl::CivilSecond expected;
    bool type_fits;
  } kRows[] = {
      {"2049 is the last of UTCTime", kUtc, "491231235959Z",
       absl::CivilSecond(2049, 12, 31, 23, 59, 59), true},
      {"50 is 1950", kUtc, "500101000000Z", absl::CivilSecond(1950), true},
      {"leap day", kUtc, "240229120000Z",
       absl::CivilSecond(2024, 2, 29, 12, 0, 0), true},
      {"2050", kGeneralized, "20500101000000Z", absl::CivilSecond(2050), true},
      {"no expiry (4.1.2.5)", kGeneralized, "99991231235959Z",
       absl::CivilSecond(9999, 12, 31, 23, 59, 59), true},
      {"2049 asks for UTCTime", kGeneralized, "20491231235959Z",
       absl::CivilSecond(2049, 12, 31, 23, 59, 59), false},
      {"year 0", kGeneralized, "00000101000000Z", absl::CivilSecond(0), false},
      {"2000 is a leap year", kGeneralized, "20000229000000Z",
       absl::CivilSecond(2000, 2, 29), false},
  };
  for (const auto& row : kRows) {
    const auto der = testing_der::Tlv(row.tag, {testing_der::Text(row.text)});
    DerReader reader(der);
    const auto time = ReadTime(reader, "notAfter");
    ASSERT_TRUE(time.ok()) << row.name << ": " << time.status();
    EXPECT_EQ(time->time, absl::FromCivil(row.expected, absl::UTCTimeZone()))
        << row.name;
    EXPECT_EQ(time->type_fits, row.type_fits) << row.name;
    EXPECT_TRUE(reader.empty());
  }
}

TEST(DerTimeTest, HasEveryDayThatTheCalendarHas) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  for (int year : {0, 1, 4, 99, 100, 400, 1582, 1900, 1969, 1970, 2000, 2023,
                   2024, 2100, 9999}) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 31; ++day) {
        const absl::CivilDay civil(year, month, day);
        const auto der = testing_der::Tlv(
            kGeneralized, {testing_der::Text(absl::StrFormat(
                              "%04d%02d%02d010203Z", year, month, day))});
        DerReader reader(der);
        const auto time = ReadTime(reader, "notAfter");
        const bool exists = civil.month() == month;
        ASSERT_EQ(time.ok(), exists) << year << " " << month << " " << day;
        if (exists) {
          EXPECT_EQ(time->time, absl::FromCivil(civil, utc) + absl::Hours(1) +
                                    absl::Minutes(2) + absl::Seconds(3));
        }
      }
    }
  }
}

TEST(DerTimeTest, RefusesOtherForms) {
  const struct {
    std::string name;
    uint8_t tag;
    std::string text;
  } kRows[] = {
      {"empty", kUtc, ""},
      {"no seconds", kUtc, "2601010000Z"},
      {"no Z", kUtc, "260101000000"},
      {"small z", kUtc, "260101000000z"},
      {"offset", kUtc, "260101000000+0100"},
      {"offset of the right length", kUtc, "2601010000+01"},
      {"fraction", kGeneralized, "20600101000000.5Z"},
      {"no seconds, generalized", kGeneralized, "206001010000Z"},
      {"offset, generalized", kGeneralized, "20600101000000+0000"},
      {"UTCTime with four digits of year", kUtc, "20600101000000Z"},
      {"GeneralizedTime with two", kGeneralized, "260101000000Z"},
      {"month 0", kUtc, "260001000000Z"},
      {"month 13", kUtc, "261301000000Z"},
      {"day 0", kUtc, "260100000000Z"},
      {"February 30th", kUtc, "260230000000Z"},
      {"no leap day in 2026", kUtc, "260229000000Z"},
      {"no leap day in 2100", kGeneralized, "21000229000000Z"},
      {"hour 24", kUtc, "260101240000Z"},
      {"minute 60", kUtc, "260101006000Z"},
      {"leap second", kUtc, "161231235960Z"},
      {"sign", kUtc, "-10101000000Z"},
      {"space", kUtc, " 60101000000Z"},
      {"another type", 0x0c, "260101000000Z"},
  };
  for (const auto& row : kRows) {
    const auto der = testing_der::Tlv(row.tag, {testing_der::Text(row.text)});
    DerReader reader(der);
    const auto time = ReadTime(reader, "notAfter");
    ASSERT_FALSE(time.ok()) << row.name;
    EXPECT_TRUE(absl::StartsWith(time.status().message(), "offset 0: "))
        << row.name << ": " << time.status();
    EXPECT_EQ(reader.offset(), 0u) << row.name;
  }
}

}  // namespace
}  // namespace internal
}  // namespace pinning
