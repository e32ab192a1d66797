#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/error.h"
#include "pinning/internal/verification_cache.h"
#include "pinning/key_observer.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/report.h"
#include "pinning/revocation.h"
#include "pinning/signature_memo.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tests/testing/twin_verifiers.h"
#include "tools/mint/mint.h"
#include "tools/mint/sct.h"

// Refusals that are remembered, and who is told of what is.
namespace pinning {
namespace {

using testing_support::AskOne;
using testing_support::Good;
using testing_support::Honest;
using testing_support::Inquiry;
using testing_support::kHost;
using testing_support::Now;
using testing_support::OptionsOf;
using testing_support::Pinned;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Twins;

class CountingSink : public ReportSink {
 public:
  void Submit(const Report& report) override {
    times.push_back(report.date_time);
  }
  std::vector<absl::Time> times;
};

TEST(CachedRefusals, ReportsEachRefusal) {
  for (const PinSet::Mode mode :
       {PinSet::Mode::kEnforce, PinSet::Mode::kReportOnly}) {
    PinPolicy policy;
    policy.mode = mode;
    Verifier::Options options = OptionsOf(policy);
    const auto sink = std::make_shared<CountingSink>();
    options.report_sink = sink;
    const auto verifier = *Verifier::Create(options);
    Inquiry inquiry = Honest();
    EXPECT_FALSE(AskOne(*verifier, inquiry).work().from_cache);
    inquiry.now += absl::Seconds(3);
    const Verdict again = AskOne(*verifier, inquiry);
    EXPECT_TRUE(again.work().from_cache);
    EXPECT_EQ(again.pin_status(), PinStatus::kMismatch);
    EXPECT_EQ(sink->times,
              std::vector<absl::Time>({Now(), Now() + absl::Seconds(3)}));
  }
}

TEST(CachedRefusals, KeepsARefusalForAShortTime) {
  const Twins twins(OptionsOf(PinPolicy()));
  Inquiry inquiry = Honest();
  EXPECT_FALSE(twins.Ask(inquiry).accepted());
  inquiry.now = Now() + absl::Seconds(10) - absl::Nanoseconds(1);
  EXPECT_TRUE(AskOne(twins.remembering(), inquiry).work().from_cache);
  inquiry.now = Now() + absl::Seconds(10);
  EXPECT_FALSE(twins.Ask(inquiry).work().from_cache);
  inquiry.now = Now() - absl::Seconds(1);
  EXPECT_FALSE(twins.Ask(inquiry).work().from_cache);
}

TEST(CachedRefusals, ARefusalEndsWithItsReason) {
  mint::Spec spec = mint::Leaf({kHost});
  spec.not_before = Now() + absl::Seconds(2);
  const auto early = mint::Issue(spec, Good().leaf.key, Good().intermediate);
  const Twins twins(Pinned());
  Inquiry inquiry{{early.der, Good().intermediate.der}, kHost};
  EXPECT_EQ(twins.Ask(inquiry).error().code, ErrorCode::kNotYetValid);
  inquiry.now += absl::Seconds(1);
  EXPECT_TRUE(AskOne(twins.remembering(), inquiry).work().from_cache);
  inquiry.now += absl::Seconds(1);
  EXPECT_TRUE(twins.Ask(inquiry).accepted());
}

struct FactsRow {
  std::string name;
  std::function<void(ConnectionFacts&)> change;
};

TEST(CachedRefusals, ARefusalIsOfTheFactsItWasDiagnosedWith) {
  static const std::vector<uint8_t> kBytes = {1, 2, 3};
  static const std::vector<uint8_t> kOthers = {1, 2, 4};
  const FactsRow kRows[] = {
      {"tls_version", [](auto& facts) { facts.tls_version = 0x0303; }},
      {"offered_alpn", [](auto& facts) { facts.offered_alpn = true; }},
      {"alpn", [](auto& facts) { facts.alpn = "h2"; }},
      {"no staple", [](auto& facts) { facts.ocsp_response.emplace(); }},
      {"staple", [](auto& facts) { facts.ocsp_response = kBytes; }},
      {"another staple", [](auto& facts) { facts.ocsp_response = kOthers; }},
      {"SCTs", [](auto& facts) { facts.sct_list = kBytes; }},
      {"resumed", [](auto& facts) { facts.resumed = true; }},
  };
  const Twins twins(OptionsOf(PinPolicy()));
  const Twins accepting(Pinned());
  EXPECT_TRUE(accepting.Ask(Honest()).accepted());
  for (const FactsRow& row : kRows) {
    SCOPED_TRACE(row.name);
    Inquiry inquiry = Honest();
    EXPECT_FALSE(twins.Ask(inquiry).accepted());
    row.change(inquiry.facts);
    EXPECT_FALSE(twins.Ask(inquiry).work().from_cache);
    EXPECT_TRUE(twins.Ask(inquiry).work().from_cache);
    // They have no part in accepting.
    EXPECT_TRUE(accepting.Ask(inquiry).work().from_cache);
  }
}

// SCTs show in an accepted verdict too, if there is a list of logs.
TEST(CachedRefusals, ShowsTheSctsOfEachConnection) {
  const mint::Key log = mint::Key::Shared("p256-cached-log");
  Verifier::Options options = Pinned();
  options.ct_logs =
      *CtLogList::FromJson(mint::LogListJson({{log, "Log"}}), "logs.json");
  const Twins twins(options);
  EXPECT_TRUE(twins.Ask(Honest()).accepted());
  mint::SctSpec spec{log};
  spec.timestamp = Now() + absl::Hours(1);
  const std::vector<uint8_t> list =
      mint::SctList({mint::X509Sct(spec, Good().leaf)});
  Inquiry inquiry = Honest();
  inquiry.facts.sct_list = list;
  const auto valid = [&] {
    return twins.Ask(inquiry).scts()->CountOf(SctStatus::kValid);
  };
  EXPECT_EQ(valid(), 0u);
  EXPECT_TRUE(twins.Ask(inquiry).work().from_cache);
  inquiry.now = spec.timestamp;
  EXPECT_EQ(valid(), 1u);
  inquiry.facts.sct_list.reset();
  EXPECT_EQ(valid(), 0u);
  inquiry.facts.sct_list = list;
  inquiry.facts.ocsp_response = list;  // which is none
  EXPECT_FALSE(twins.Ask(inquiry).work().from_cache);
}

TEST(CachedRefusals, LetsTheObserverSeeEachConnection) {
  Verifier::Options options = Pinned();
  options.observer = std::make_shared<KeyObserver>();
  const auto verifier = *Verifier::Create(options);
  Inquiry inquiry = Honest();
  EXPECT_FALSE(AskOne(*verifier, inquiry).seen_elsewhere()->any());
  for (int i = 1; i < 4; ++i) {
    inquiry.now = Now() + absl::Minutes(i);
    const Verdict verdict = AskOne(*verifier, inquiry);
    EXPECT_TRUE(verdict.work().from_cache);
    ASSERT_NE(verdict.seen_elsewhere(), nullptr);
    ASSERT_TRUE(verdict.seen_elsewhere()->last_seen.has_value());
    EXPECT_EQ(verdict.seen_elsewhere()->last_seen->when,
              Now() + absl::Minutes(i - 1));
  }
  // What it knows is part of a diagnosis.
  options.pin_store = PinStoreOf(PinPolicy(), {kHost});
  const auto refusing = *Verifier::Create(options);
  EXPECT_FALSE(AskOne(*refusing, inquiry).work().from_cache);
  EXPECT_FALSE(AskOne(*refusing, inquiry).work().from_cache);
}

}  // namespace
}  // namespace pinning
