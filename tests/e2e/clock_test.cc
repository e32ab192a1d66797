// tlspin on a machine whose clock is wrong.

#include "absl/time/clock.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/network.h"
#include "tests/e2e/office.h"
#include "tests/testing/process.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;

class ClockTest : public NetworkTest {
 protected:
  ClockTest() : NetworkTest({"nginx"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    office_ = std::make_unique<Office>();
    ASSERT_TRUE(office_->ok());
  }

  // InspectAtOffset inspects with a clock that is wrong by `offset`.
  Inspection InspectAtOffset(absl::Duration offset) const {
    return office_->Inspect(
        kRsaHost, {},
        {absl::StrCat("LD_PRELOAD=", std::filesystem::canonical(
                                         testing_support::FromRunfiles(
                                             "tests/e2e/libwrong_clock.so"))
                                         .string()),
         absl::StrCat("E2E_CLOCK_OFFSET=", absl::ToInt64Seconds(offset)),
         // A sanitizer's library wants to be the first, and need not be.
         "ASAN_OPTIONS=verify_asan_link_order=0"});
  }

  std::unique_ptr<Office> office_;
};

// The genuine leaf is 30 days old and lasts for 170 more; the intermediate is
// 1000 days old.
TEST_F(ClockTest, BehindByMonths) {
  const Inspection seen = InspectAtOffset(-absl::Hours(24 * 90));
  Note("clock 90 days behind", seen);
  EXPECT_EQ(seen.result.exit_code, 1);
  EXPECT_EQ(seen.kind, "clock") << Show(seen.result);
  EXPECT_FALSE(seen.mitm);
}

TEST_F(ClockTest, AtTheEpoch) {
  const Inspection seen =
      InspectAtOffset(absl::FromUnixSeconds(86400) - absl::Now());
  Note("clock at 1970", seen);
  EXPECT_EQ(seen.kind, "clock") << Show(seen.result);
  EXPECT_EQ(seen.confidence, "high");
}

TEST_F(ClockTest, AheadByYears) {
  const Inspection seen = InspectAtOffset(absl::Hours(24 * 1500));
  Note("clock 1500 days ahead", seen);
  EXPECT_EQ(seen.result.exit_code, 1);
  EXPECT_EQ(seen.kind, "clock") << Show(seen.result);
  EXPECT_FALSE(seen.mitm);
}

TEST_F(ClockTest, AsToldByAFlag) {
  const std::string date = absl::FormatTime(
      "%Y-%m-%d", absl::Now() - absl::Hours(24 * 90), absl::UTCTimeZone());
  const Inspection seen = office_->Inspect(kRsaHost, {"--at", date});
  Note("--at 90 days ago", seen);
  EXPECT_EQ(seen.kind, "clock") << Show(seen.result);
  EXPECT_THAT(seen.result.standard_output, HasSubstr(date));
}

TEST_F(ClockTest, OffByMinutesDoesNoHarm) {
  ExpectGenuine(InspectAtOffset(absl::Minutes(10)));
  ExpectGenuine(InspectAtOffset(-absl::Minutes(10)));
}

}  // namespace
}  // namespace e2e
