#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/internal/lru_map.h"
#include "pinning/internal/token_bucket.h"
#include "pinning/report.h"
#include "pinning/report_sinks.h"
#include "pinning/verdict.h"
#include "tests/testing/pki.h"
#include "tests/testing/reports.h"

namespace pinning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::Parse;
using testing_support::Pki;
using testing_support::Recorder;
using testing_support::ReportOf;

class LimitedSinkTest : public ::testing::Test {
 protected:
  LimitedSinkTest() {
    // So that a test meets only the limit that it is about.
    options_.burst = options_.host_burst = 1000;
  }

  std::shared_ptr<LimitedSink> Make() {
    auto sink = LimitedSink::Create(recorder_, options_);
    EXPECT_TRUE(sink.ok()) << sink.status();
    return *std::move(sink);
  }

  std::shared_ptr<Recorder> recorder_ = std::make_shared<Recorder>();
  LimitedSink::Options options_;
};

TEST_F(LimitedSinkTest, AFailureIsReportedOnceInItsTime) {
  const auto sink = Make();
  sink->Submit(ReportOf("a.test"));
  sink->Submit(ReportOf("a.test", Now() + absl::Hours(23)));
  EXPECT_EQ(recorder_->hosts.size(), 1u);
  sink->Submit(ReportOf("a.test", Now() + absl::Hours(24)));
  EXPECT_EQ(recorder_->hosts.size(), 2u);
  // The time runs from the report that was sent, not from those dropped.
  sink->Submit(ReportOf("a.test", Now() + absl::Hours(47)));
  sink->Submit(ReportOf("a.test", Now() + absl::Hours(48)));
  EXPECT_EQ(recorder_->hosts.size(), 3u);
  EXPECT_EQ(sink->counts().passed, 3);
  EXPECT_EQ(sink->counts().repeated, 2);
}

TEST_F(LimitedSinkTest, AClockThatWasAheadDoesNotMuteTheFailureUntilThen) {
  const auto sink = Make();
  const absl::Time wrong = Now() + absl::Hours(24 * 365 * 50);
  sink->Submit(ReportOf("a.test", wrong));
  sink->Submit(ReportOf("a.test", Now()));
  EXPECT_EQ(recorder_->hosts.size(), 1u);
  sink->Submit(ReportOf("a.test", Now() + absl::Hours(24)));
  EXPECT_EQ(recorder_->hosts.size(), 2u);
}

TEST_F(LimitedSinkTest, WhateverDiffersIsAnotherFailure) {
  const Pki pki = MakePki("sinks", "a.test");
  const Pki other = MakePki("sinks-other", "a.test");
  const struct {
    const char* what;
    std::function<void(Report&)> change;
  } kRows[] = {
      {"host", [](Report& r) { r.host = "b.test"; }},
      {"configuration", [](Report& r) { r.config_digest[31] = 1; }},
      {"error", [](Report& r) { r.error = ErrorCode::kBlockedPin; }},
      {"pin status", [](Report& r) { r.pin_status = PinStatus::kBlocked; }},
      {"mode", [](Report& r) { r.report_only = true; }},
      {"another leaf",
       [&](Report& r) {
         r.served_chain = {Parse(other.leaf), Parse(pki.intermediate)};
       }},
      {"one more key",
       [&](Report& r) { r.served_chain.push_back(Parse(pki.root)); }},
      {"no keys", [](Report& r) { r.served_chain.clear(); }},
  };
  const auto sink = Make();
  Report report = ReportOf("a.test");
  report.served_chain = {Parse(pki.leaf), Parse(pki.intermediate)};
  sink->Submit(report);
  size_t expected = 1;
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.what);
    Report changed = report;
    row.change(changed);
    sink->Submit(changed);
    EXPECT_EQ(recorder_->hosts.size(), ++expected);
    sink->Submit(changed);
    EXPECT_EQ(recorder_->hosts.size(), expected);
  }
  // What does not make another failure.
  report.validated_path = {Parse(pki.leaf)};
  report.port = 443;
  sink->Submit(report);
  EXPECT_EQ(recorder_->hosts.size(), expected);
}

// Of a memory that is cleared when full, one host more makes everything new.
TEST_F(LimitedSinkTest, ForgetsTheLeastRecentlyMetAndNoOther) {
  options_.max_remembered = 2;
  const auto sink = Make();
  for (const char* host : {"a.test", "b.test", "a.test", "c.test"}) {
    sink->Submit(ReportOf(host));
  }
  // "a" was met after "b", so "c" took the place of "b".
  recorder_->hosts.clear();
  sink->Submit(ReportOf("a.test"));
  sink->Submit(ReportOf("c.test"));
  EXPECT_THAT(recorder_->hosts, IsEmpty());
  sink->Submit(ReportOf("b.test"));
  EXPECT_THAT(recorder_->hosts, ElementsAre("b.test"));
}

TEST_F(LimitedSinkTest, OneHostDoesNotUseUpWhatIsForTheOthers) {
  options_.host_burst = 2;
  options_.host_interval = absl::Hours(1);
  const auto sink = Make();
  const auto submit = [&sink](const char* host, int n, absl::Time at) {
    Report report = ReportOf(host, at);
    report.config_digest[0] = static_cast<uint8_t>(n);
    sink->Submit(report);
  };
  for (int i = 0; i < 100; ++i) {
    submit("a.test", i, Now());
  }
  EXPECT_THAT(recorder_->hosts, ElementsAre("a.test", "a.test"));
  submit("b.test", 0, Now());
  EXPECT_EQ(recorder_->hosts.back(), "b.test");
  // What was dropped for its rate is not remembered as sent.
  submit("a.test", 50, Now() + absl::Hours(1));
  submit("a.test", 51, Now() + absl::Hours(1));
  EXPECT_EQ(recorder_->hosts.size(), 4u);
  EXPECT_EQ(sink->counts().rate_limited, 99);
  EXPECT_EQ(sink->counts().repeated, 0);
}

TEST_F(LimitedSinkTest, AllHostsTogetherAreLimited) {
  options_.burst = 3;
  options_.interval = absl::Minutes(10);
  const auto sink = Make();
  for (int i = 0; i < 10; ++i) {
    sink->Submit(ReportOf(absl::StrCat("h", i, ".test")));
  }
  EXPECT_THAT(recorder_->hosts, ElementsAre("h0.test", "h1.test", "h2.test"));
  sink->Submit(ReportOf("h5.test", Now() + absl::Minutes(9)));
  EXPECT_EQ(recorder_->hosts.size(), 3u);
  sink->Submit(ReportOf("h6.test", Now() + absl::Minutes(10)));
  sink->Submit(ReportOf("h7.test", Now() + absl::Minutes(10)));
  EXPECT_EQ(recorder_->hosts.size(), 4u);
}

TEST_F(LimitedSinkTest, NothingIsReportedAboutWhereReportsGo) {
  options_.reporting_hosts = {"Reports.Example.com.", "*.one.example.com",
                              "**.any.example.com",   "192.0.2.1",
                              "[2001:DB8:0::1]",      "localhost"};
  const struct {
    const char* host;
    bool own;
  } kRows[] = {
      {"reports.example.com", true},   {"a.reports.example.com", false},
      {"xreports.example.com", false}, {"example.com", false},
      {"a.one.example.com", true},     {"one.example.com", false},
      {"a.b.one.example.com", false},  {"aone.example.com", false},
      {"any.example.com", true},       {"a.b.any.example.com", true},
      {"many.example.com", false},     {"192.0.2.1", true},
      {"192.0.2.10", false},           {"2001:db8::1", true},
      {"2001:db8::2", false},          {"localhost", true},
  };
  const auto sink = Make();
  int64_t own = 0;
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.host);
    // As the verifier writes it: canonical.
    const std::string host = NameOf(row.host).ToString();
    recorder_->hosts.clear();
    sink->Submit(ReportOf(host));
    EXPECT_EQ(recorder_->hosts.empty(), row.own);
    own += row.own;
  }
  EXPECT_EQ(sink->counts().own_host, own);
}

TEST_F(LimitedSinkTest, RefusesOptionsThatAreNotGood) {
  EXPECT_EQ(LimitedSink::Create(nullptr, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  const std::function<void(LimitedSink::Options&)> kChanges[] = {
      [](auto& o) { o.max_remembered = 0; },
      [](auto& o) { o.burst = 0; },
      [](auto& o) { o.host_burst = -1; },
      [](auto& o) { o.repeat_after = absl::ZeroDuration(); },
      [](auto& o) { o.interval = absl::ZeroDuration(); },
      [](auto& o) { o.host_interval = -absl::Seconds(1); },
      [](auto& o) { o.reporting_hosts = {"https://reports.example.com"}; },
      [](auto& o) { o.reporting_hosts = {""}; },
      [](auto& o) { o.reporting_hosts = {"a.*.example.com"}; },
  };
  for (const auto& change : kChanges) {
    LimitedSink::Options options;
    change(options);
    EXPECT_EQ(LimitedSink::Create(recorder_, options).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(LimitedSinkTest, ThreadsShareIt) {
  const auto queue = std::make_shared<QueueSink>(
      QueueSink::Options{/*max_reports=*/1000, /*max_bytes=*/1 << 20});
  auto sink = LimitedSink::Create(queue, options_);
  ASSERT_TRUE(sink.ok());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&sink] {
      for (int i = 0; i < 100; ++i) {
        (*sink)->Submit(ReportOf(absl::StrCat("h", i, ".test")));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(queue->Drain().size(), 100u);
  EXPECT_EQ((*sink)->counts().passed, 100);
  EXPECT_EQ((*sink)->counts().repeated, 300);
}

TEST(TokenBucketTest, EarnsWithTimeAndNotWithoutIt) {
  internal::TokenBucket bucket(2, absl::Minutes(1));
  EXPECT_TRUE(bucket.Take(Now()));
  EXPECT_TRUE(bucket.Take(Now()));
  EXPECT_FALSE(bucket.Take(Now()));
  EXPECT_FALSE(bucket.Take(Now() + absl::Seconds(59)));
  EXPECT_TRUE(bucket.Take(Now() + absl::Seconds(61)));
  EXPECT_FALSE(bucket.Take(Now() + absl::Seconds(119)));
  EXPECT_TRUE(bucket.Take(Now() + absl::Seconds(120)));
  // No more than it holds, however long it waits.
  const absl::Time later = Now() + absl::Hours(24 * 365);
  EXPECT_TRUE(bucket.Take(later));
  EXPECT_TRUE(bucket.Take(later));
  EXPECT_FALSE(bucket.Take(later));
}

TEST(TokenBucketTest, ATimeThatGoesBackGivesNothingAndClosesNothing) {
  internal::TokenBucket bucket(1, absl::Minutes(1));
  const absl::Time wrong = Now() + absl::Hours(24 * 365);
  EXPECT_TRUE(bucket.Take(wrong));
  EXPECT_FALSE(bucket.Take(Now()));
  EXPECT_FALSE(bucket.Take(Now() + absl::Seconds(59)));
  EXPECT_TRUE(bucket.Take(Now() + absl::Seconds(60)));
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(bucket.Take(absl::InfiniteFuture()));
    EXPECT_FALSE(bucket.Take(absl::InfinitePast()));
  }
}

TEST(LruMapTest, ReplacesAValueWithoutPushingAnotherOut) {
  internal::LruMap<int, int> map(2);
  map.Insert(1, 10);
  map.Insert(2, 20);
  map.Insert(1, 11);
  EXPECT_EQ(map.size(), 2u);
  EXPECT_EQ(*map.Find(1), 11);
  EXPECT_EQ(*map.Find(2), 20);
  map.Insert(3, 30);
  EXPECT_EQ(map.Find(1), nullptr);
  EXPECT_EQ(map.size(), 2u);
}

}  // namespace
}  // namespace pinning
