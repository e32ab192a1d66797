#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/pin_places.h"

namespace {

using ::tlspin::FilePlace;
using ::tlspin::PinPlaces;
using List = PinPlaces::List;

constexpr char kFile[] = R"({
  "schema": "pinning.pins/1",
  "updated": "2026-01-31",
  "sets": {
    "añ": {"mode": "enforce", "expires": "2026-07-31", "on-expiry": "reject",
      "pins": [
        {"name": "A", "pin": "sha256/dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0="}],
      "backup-pins": [
        {"name": "é", "pin": "sha256/P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM="}, {"name": "C", "pin": "sha256/i1udsME9skJWyCmqNkqpDG0uujGLkjKkq5MTuVTTVV8="}]}
  },
  "hosts": {
    "A.example.com.": "añ", "none.example.com": "none",
    "*.example.com": "añ"
  }
}
)";

std::string Text(const FilePlace& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column) + "," +
         std::to_string(place.character);
}

TEST(PinPlaces, KnowsWhereThePartsStand) {
  ASSERT_TRUE(pinning::PinStore::FromJson(kFile).ok());
  const PinPlaces places = PinPlaces::Of(kFile);
  EXPECT_EQ(Text(places.File()), "1:1,1");
  EXPECT_EQ(Text(places.Updated()), "3:14,14");
  EXPECT_EQ(Text(places.Byte(4)), "2:3,3");
  EXPECT_EQ(Text(places.Set("añ")), "5:5,5");
  // A column counts bytes, a character does not.
  EXPECT_EQ(Text(places.Member("añ", "expires")), "5:43,42");
  EXPECT_EQ(Text(places.Pin("añ", List::kPins, 0)), "7:9,9");
  EXPECT_EQ(Text(places.Pin("añ", List::kBackupPins, 0)), "9:9,9");
  EXPECT_EQ(Text(places.Pin("añ", List::kBackupPins, 1)), "9:87,86");
  // Counted as the store does, whatever the spelling.
  const absl::StatusOr<std::shared_ptr<const pinning::PinStore>> store =
      pinning::PinStore::FromJson(kFile);
  EXPECT_EQ((*(*store)->entries())[0].pattern(), "a.example.com");
  EXPECT_EQ((*(*store)->entries())[2].pattern(), "*.example.com");
  EXPECT_EQ(Text(places.Host(0)), "12:5,5");
  EXPECT_EQ(Text(places.Host(2)), "13:5,5");
}

TEST(PinPlaces, WhatIsNotThereHasNoPlace) {
  const PinPlaces places = PinPlaces::Of(kFile);
  EXPECT_EQ(places.Set("b").line, 0);
  EXPECT_EQ(places.Member("añ", "comment").line, 0);
  EXPECT_EQ(places.Pin("añ", List::kPins, 1).line, 0);
  EXPECT_EQ(places.Pin("añ", List::kBlockedPins, 0).line, 0);
  EXPECT_EQ(places.Host(3).line, 0);

  const PinPlaces none = PinPlaces::Of("no JSON");
  EXPECT_EQ(none.File().line, 0);
  EXPECT_EQ(none.Byte(0).line, 0);
  EXPECT_EQ(none.Updated().line, 0);
  EXPECT_EQ(none.Set("b").line, 0);
  EXPECT_EQ(none.Host(0).line, 0);
}

}  // namespace
