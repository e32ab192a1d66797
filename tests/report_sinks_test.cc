#include "pinning/report_sinks.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "pinning/pin_set.h"
#include "pinning/report.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tests/testing/reports.h"

namespace pinning {
namespace {

using ::testing::IsEmpty;
using testing_support::ChainOf;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::Parse;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::Recorder;
using testing_support::ReportOf;
using testing_support::TrustStoreOf;

TEST(QueueSinkTest, KeepsWhatCameFirstAndCountsTheRest) {
  QueueSink queue({/*max_reports=*/2, /*max_bytes=*/1 << 20});
  for (const char* host : {"a.test", "b.test", "c.test", "d.test"}) {
    queue.Submit(ReportOf(host));
  }
  EXPECT_EQ(queue.dropped(), 2);
  const std::vector<Report> reports = queue.Drain();
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].host, "a.test");
  EXPECT_EQ(reports[1].host, "b.test");
  EXPECT_THAT(queue.Drain(), IsEmpty());
  queue.Submit(ReportOf("e.test"));
  EXPECT_EQ(queue.Drain().size(), 1u);
  EXPECT_EQ(queue.dropped(), 2);
}

TEST(QueueSinkTest, IsBoundedInBytesToo) {
  const Pki pki = MakePki("sinks", "a.test");
  Report report = ReportOf("a.test");
  report.served_chain = {Parse(pki.leaf)};
  QueueSink queue({/*max_reports=*/100, /*max_bytes=*/pki.leaf.der.size() * 2});
  for (int i = 0; i < 3; ++i) {
    queue.Submit(report);
  }
  EXPECT_EQ(queue.dropped(), 1);
  EXPECT_EQ(queue.Drain().size(), 2u);
  queue.Submit(report);
  EXPECT_EQ(queue.Drain().size(), 1u);
}

TEST(QueueSinkTest, IsDrainedByAnotherThreadUntilItIsClosed) {
  QueueSink queue;
  std::vector<std::string> hosts;
  std::thread owner([&queue, &hosts] {
    for (;;) {
      const std::vector<Report> reports = queue.WaitAndDrain();
      if (reports.empty()) {
        return;
      }
      for (const Report& report : reports) {
        hosts.push_back(report.host);
      }
    }
  });
  for (int i = 0; i < 20; ++i) {
    queue.Submit(ReportOf(absl::StrCat(i)));
  }
  queue.Close();
  owner.join();
  EXPECT_EQ(hosts.size(), 20u);
  queue.Submit(ReportOf("late.test"));
  EXPECT_EQ(queue.dropped(), 1);
  EXPECT_THAT(queue.WaitAndDrain(), IsEmpty());
}

TEST(LineSinkTest, WritesOneObjectInEachLine) {
  std::string written;
  LineSink sink([&written](absl::string_view line) {
    absl::StrAppend(&written, line);
    return absl::OkStatus();
  });
  const Pki pki = MakePki("sinks", "a.test");
  Report report = ReportOf("a.test");
  report.served_chain = {Parse(pki.leaf)};  // PEM, which has lines
  sink.Submit(report);
  report.host = "b\n.test";
  sink.Submit(report);
  const std::vector<std::string> lines = absl::StrSplit(written, '\n');
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(absl::StrContains(lines[0], "-----BEGIN CERTIFICATE-----\\n"));
  for (const size_t i : {0u, 1u}) {
    EXPECT_TRUE(absl::StartsWith(lines[i], "{\"date-time\":")) << lines[i];
    EXPECT_TRUE(nlohmann::json::accept(lines[i]));
  }
  EXPECT_EQ(lines[2], "");
  EXPECT_EQ(sink.written(), 2);
  EXPECT_TRUE(sink.last_error().ok());
}

TEST(LineSinkTest, AFailureIsCountedAndKept) {
  bool full = true;
  LineSink sink([&full](absl::string_view) {
    return full ? absl::ResourceExhaustedError("full") : absl::OkStatus();
  });
  sink.Submit(ReportOf("a.test"));
  full = false;
  sink.Submit(ReportOf("a.test"));
  EXPECT_EQ(sink.written(), 1);
  EXPECT_EQ(sink.failed(), 1);
  EXPECT_EQ(sink.last_error().code(), absl::StatusCode::kResourceExhausted);
}

// A verdict is the same whatever a sink does with the report.
class SinkAndVerdictTest : public ::testing::Test {
 protected:
  std::shared_ptr<const Verifier> Make(std::shared_ptr<ReportSink> sink,
                                       PinSet::Mode mode) const {
    PinPolicy policy;
    policy.mode = mode;
    Verifier::Options options;
    options.trust_store = TrustStoreOf({pki_.root});
    options.pin_store = PinStoreOf(policy, {"*.wbx2.com"});
    options.report_sink = std::move(sink);
    auto verifier = Verifier::Create(options);
    EXPECT_TRUE(verifier.ok()) << verifier.status();
    return *verifier;
  }

  Verdict Ask(const Verifier& verifier, absl::Time at = Now()) const {
    return verifier.Verify(ChainOf(pki_.Presented()), NameOf("a.wbx2.com"), at);
  }

  Pki pki_ = MakePki("sinks", "a.wbx2.com");
};

TEST_F(SinkAndVerdictTest, ASinkThatComesBackIsHeardOnce) {
  for (const PinSet::Mode mode :
       {PinSet::Mode::kEnforce, PinSet::Mode::kReportOnly}) {
    const std::string expected = Ask(*Make(nullptr, mode)).ToString();
    const auto recorder = std::make_shared<Recorder>();
    auto sink = LimitedSink::Create(recorder, {});
    ASSERT_TRUE(sink.ok());
    const auto verifier = Make(*sink, mode);
    std::string within;
    recorder->then = [&](const Report&) {
      // As if the report went over a connection that the same verifier judges.
      within = Ask(*verifier, Now() + absl::Hours(48)).ToString();
    };
    EXPECT_EQ(Ask(*verifier).ToString(), expected);
    EXPECT_EQ(within, expected);
    EXPECT_EQ(recorder->hosts.size(), 1u);
    EXPECT_EQ((*sink)->counts().reentered, 1);
    // It is over once the sink has returned.
    EXPECT_EQ(Ask(*verifier, Now() + absl::Hours(49)).ToString(), expected);
    EXPECT_EQ(recorder->hosts.size(), 2u);
  }
}

TEST_F(SinkAndVerdictTest, ASlowSinkKeepsNobodyElseWaiting) {
  // One thread is held up in the sink for as long as another verifies.
  const auto recorder = std::make_shared<Recorder>();
  std::atomic<bool> entered{false}, release{false};
  std::atomic<int> calls{0};
  class SlowSink : public ReportSink {
   public:
    SlowSink(std::atomic<bool>& entered, std::atomic<bool>& release,
             std::atomic<int>& calls)
        : entered_(entered), release_(release), calls_(calls) {}
    void Submit(const Report&) override {
      if (++calls_ > 1) {
        return;
      }
      entered_ = true;
      while (!release_) {
        std::this_thread::yield();
      }
    }

   private:
    std::atomic<bool>&entered_, &release_;
    std::atomic<int>& calls_;
  };
  auto sink = LimitedSink::Create(
      std::make_shared<SlowSink>(entered, release, calls), {});
  ASSERT_TRUE(sink.ok());
  const auto verifier = Make(*sink, PinSet::Mode::kEnforce);
  const std::string expected =
      Ask(*Make(nullptr, PinSet::Mode::kEnforce)).ToString();
  std::string held_up;
  std::thread slow([&] { held_up = Ask(*verifier).ToString(); });
  while (!entered) {
    std::this_thread::yield();
  }
  EXPECT_EQ(Ask(*verifier, Now() + absl::Hours(48)).ToString(), expected);
  EXPECT_EQ(calls, 2);
  release = true;
  slow.join();
  EXPECT_EQ(held_up, expected);
}

TEST_F(SinkAndVerdictTest, TheVerifierSaysWhichListItHad) {
  const auto queue = std::make_shared<QueueSink>();
  const auto verifier = Make(queue, PinSet::Mode::kEnforce);
  const Verdict verdict = Ask(*verifier);
  const std::vector<Report> reports = queue->Drain();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].config_digest, verifier->ConfigDigest());
  EXPECT_EQ(reports[0].pins_updated, verifier->pin_store().updated());
  EXPECT_EQ(reports[0].diagnosis.kind, verdict.diagnosis().kind);
}

}  // namespace
}  // namespace pinning
