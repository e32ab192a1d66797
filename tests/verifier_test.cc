#include "pinning/verifier.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/report.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_support::ChainOf;
using testing_support::CrossSign;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using testing_support::VerifierOf;

constexpr absl::string_view kHost = "idbroker.webex.com";

class RecordingSink : public ReportSink {
 public:
  void Submit(const Report& report) override { reports.push_back(report); }
  std::vector<Report> reports;
};

// The leaf of `World::pki` is served with two issuers of the same name and key:
// one under pki.root, one under other.root, so that two paths are valid.
struct World {
  Pki pki = MakePki("verifier", kHost);
  Pki other = MakePki("verifier-other", "other.example.com");
  mint::Minted cross = CrossSign(pki.intermediate, other.root);

  std::vector<mint::Minted> TwoPaths() const {
    return {pki.leaf, pki.intermediate, cross};
  }
};

struct Case {
  std::string name;
  std::function<PinPolicy(const World&)> policy;
  bool accepted;
  PinStatus status;
  ErrorCode error;
  int depth;
  bool would_reject = false;
};

PinPolicy Policy(std::vector<Pin> pins, std::vector<Pin> backup = {},
                 std::vector<Pin> blocked = {}) {
  PinPolicy policy;
  policy.pins = std::move(pins);
  policy.backup = std::move(backup);
  policy.blocked = std::move(blocked);
  return policy;
}

PinPolicy Expired(PinSet::OnExpiry on_expiry,
                  PinSet::Mode mode = PinSet::Mode::kEnforce) {
  PinPolicy policy;
  policy.expires = Now() - absl::Hours(1);
  policy.on_expiry = on_expiry;
  policy.mode = mode;
  return policy;
}

TEST(Verifier, AppliesPinsToEveryValidPath) {
  const World world;
  const std::vector<Case> cases = {
      {"pin of the first path",
       [](const World& w) { return Policy({PinOf(w.pki.root)}); }, true,
       PinStatus::kMatched, ErrorCode::kUnspecified, -1},
      {"pin of the second path only",
       [](const World& w) { return Policy({PinOf(w.other.root)}); }, true,
       PinStatus::kMatched, ErrorCode::kUnspecified, -1},
      {"backup pin",
       [](const World& w) { return Policy({}, {PinOf(w.pki.leaf)}); }, true,
       PinStatus::kMatchedBackup, ErrorCode::kUnspecified, -1},
      {"no pin on any path", [](const World&) { return PinPolicy{}; }, false,
       PinStatus::kMismatch, ErrorCode::kPinMismatch, -1},
      {"first path blocked, second matches",
       [](const World& w) {
         return Policy({PinOf(w.pki.leaf)}, {}, {PinOf(w.pki.root)});
       },
       true, PinStatus::kMatched, ErrorCode::kUnspecified, -1},
      {"second path blocked, first matches",
       [](const World& w) {
         return Policy({PinOf(w.pki.leaf)}, {}, {PinOf(w.other.root)});
       },
       true, PinStatus::kMatched, ErrorCode::kUnspecified, -1},
      {"one path blocked, the other unpinned",
       [](const World& w) { return Policy({}, {}, {PinOf(w.other.root)}); },
       false, PinStatus::kBlocked, ErrorCode::kBlockedPin, 2},
      {"leaf blocked on every path",
       [](const World& w) {
         return Policy({PinOf(w.pki.root)}, {}, {PinOf(w.pki.leaf)});
       },
       false, PinStatus::kBlocked, ErrorCode::kBlockedPin, 0},
      {"expired, stop enforcing",
       [](const World&) { return Expired(PinSet::OnExpiry::kStopEnforcing); },
       true, PinStatus::kExpired, ErrorCode::kUnspecified, -1},
      {"expired, reject",
       [](const World&) { return Expired(PinSet::OnExpiry::kReject); }, false,
       PinStatus::kExpired, ErrorCode::kPinSetExpired, -1},
      {"expired, reject, report only",
       [](const World&) {
         return Expired(PinSet::OnExpiry::kReject, PinSet::Mode::kReportOnly);
       },
       true, PinStatus::kExpired, ErrorCode::kUnspecified, -1, true},
      {"report only, mismatch",
       [](const World&) {
         PinPolicy policy;
         policy.mode = PinSet::Mode::kReportOnly;
         return policy;
       },
       true, PinStatus::kMismatch, ErrorCode::kUnspecified, -1, true},
      {"report only, blocked",
       [](const World& w) {
         PinPolicy policy;
         policy.mode = PinSet::Mode::kReportOnly;
         policy.blocked = {PinOf(w.pki.leaf)};
         return policy;
       },
       true, PinStatus::kBlocked, ErrorCode::kUnspecified, -1, true},
      {"report only, second path matches",
       [](const World& w) {
         PinPolicy policy;
         policy.mode = PinSet::Mode::kReportOnly;
         policy.pins = {PinOf(w.other.root)};
         return policy;
       },
       true, PinStatus::kMatched, ErrorCode::kUnspecified, -1},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    auto sink = std::make_shared<RecordingSink>();
    Verifier::Options options;
    options.trust_store = TrustStoreOf({world.pki.root, world.other.root});
    options.pin_store = PinStoreOf(c.policy(world), {std::string(kHost)});
    options.report_sink = sink;
    const auto verifier = Verifier::Create(options);
    ASSERT_TRUE(verifier.ok()) << verifier.status();
    const Verdict verdict =
        (*verifier)->Verify(ChainOf(world.TwoPaths()), NameOf(kHost), Now());
    EXPECT_EQ(verdict.accepted(), c.accepted) << verdict.ToString();
    EXPECT_EQ(verdict.pin_status(), c.status) << verdict.ToString();
    EXPECT_EQ(verdict.error().code, c.error);
    EXPECT_EQ(verdict.error().depth, c.depth);
    EXPECT_EQ(verdict.would_reject(), c.would_reject);
    ASSERT_NE(verdict.path(), nullptr);
    ASSERT_NE(verdict.pins(), nullptr);
    const bool failed = !c.accepted || c.would_reject;
    EXPECT_EQ(sink->reports.size(), failed ? 1u : 0u);
    EXPECT_EQ(verdict.diagnosis().kind != DiagnosisKind::kNone, failed);
    const bool matched = verdict.pins()->matched.has_value();
    if (matched) {
      const NamedPin& pin = *verdict.pins()->matched;
      const auto path = verdict.path()->certificates();
      ASSERT_LT(static_cast<size_t>(verdict.pins()->matched_depth),
                path.size());
      EXPECT_EQ(path[verdict.pins()->matched_depth].pin(), pin.pin);
    }
    EXPECT_EQ(matched, c.status == PinStatus::kMatched ||
                           c.status == PinStatus::kMatchedBackup ||
                           c.status == PinStatus::kBlocked);
  }
}

TEST(Verifier, NeverMatchesPinsOnWhatIsOnlyPresented) {
  // CVE-2016-2402: the pinned authority's certificate is appended to a chain
  // that another, trusted, authority issued.
  const World world;
  const Pki evil = MakePki("verifier-evil", kHost);
  const auto verifier =
      VerifierOf(TrustStoreOf({world.pki.root, evil.root}),
                 PinStoreOf(Policy({PinOf(world.pki.intermediate)}),
                            {std::string(kHost)}));
  const Verdict verdict =
      verifier->Verify(ChainOf({evil.leaf, evil.intermediate, world.pki.leaf,
                                world.pki.intermediate}),
                       NameOf(kHost), Now());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.error().code, ErrorCode::kPinMismatch);
  EXPECT_EQ(verdict.pin_status(), PinStatus::kMismatch);
}

TEST(Verifier, PinsDoNotHideAWrongName) {
  // "Spinner" (ACSAC 2017): the authority is pinned and another customer of it
  // answers.
  const Pki pki = MakePki("verifier", "attacker.example.com");
  const auto verifier =
      VerifierOf(TrustStoreOf({pki.root}),
                 PinStoreOf(Policy({PinOf(pki.root)}), {std::string(kHost)}));
  const Verdict verdict =
      verifier->Verify(ChainOf(pki.Presented()), NameOf(kHost), Now());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.error().code, ErrorCode::kNameMismatch);
  EXPECT_EQ(verdict.error().depth, 0);
  EXPECT_EQ(verdict.pin_status(), PinStatus::kNotEvaluated);
  EXPECT_NE(verdict.path(), nullptr);
}

TEST(Verifier, UnpinnedNamesNeedOnlyAPathAndAName) {
  const World world;
  const auto verifier =
      VerifierOf(TrustStoreOf({world.pki.root}),
                 PinStoreOf(PinPolicy{}, {"pinned.example.com"}));
  const Verdict verdict =
      verifier->Verify(ChainOf(world.pki.Presented()), NameOf(kHost), Now());
  EXPECT_TRUE(verdict.accepted());
  EXPECT_EQ(verdict.pin_status(), PinStatus::kNotPinned);
  EXPECT_EQ(verdict.pins(), nullptr);
  EXPECT_EQ(verdict.diagnosis().kind, DiagnosisKind::kNone);
}

TEST(Verifier, EnforcesPinsForLocalAnchors) {
  const World world;
  const auto verifier =
      VerifierOf(TrustStoreOf({world.pki.root}, TrustAnchor::Origin::kLocal),
                 PinStoreOf(PinPolicy{}, {std::string(kHost)}));
  const Verdict verdict =
      verifier->Verify(ChainOf(world.pki.Presented()), NameOf(kHost), Now());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.error().code, ErrorCode::kPinMismatch);
  EXPECT_TRUE(verdict.is_mitm());
}

TEST(Verifier, PathErrorsComeBeforeNamesAndPins) {
  const World world;
  const auto verifier =
      VerifierOf(TrustStoreOf({world.other.root}),
                 PinStoreOf(PinPolicy{}, {std::string(kHost)}));
  const Verdict verdict = verifier->Verify(
      ChainOf(world.pki.Presented()), NameOf("unrelated.example.com"), Now());
  EXPECT_FALSE(verdict.accepted());
  EXPECT_EQ(verdict.error().code, ErrorCode::kNoPath);
  EXPECT_EQ(verdict.pin_status(), PinStatus::kNotEvaluated);
  EXPECT_EQ(verdict.path(), nullptr);
}

TEST(Verifier, CutOffSearchIsNotAPinMismatch) {
  const World world;
  const std::vector<mint::Minted> presented = world.TwoPaths();
  bool seen_cut_after_a_path = false;
  for (PinSet::Mode mode :
       {PinSet::Mode::kEnforce, PinSet::Mode::kReportOnly}) {
    for (int signatures = 1; signatures < 12; ++signatures) {
      SCOPED_TRACE(signatures);
      auto sink = std::make_shared<RecordingSink>();
      Verifier::Options options;
      options.trust_store = TrustStoreOf({world.pki.root, world.other.root});
      PinPolicy policy;
      policy.mode = mode;
      options.pin_store = PinStoreOf(policy, {std::string(kHost)});
      options.report_sink = sink;
      options.limits.max_signatures = signatures;
      const Verdict verdict =
          (*Verifier::Create(options))
              ->Verify(ChainOf(presented), NameOf(kHost), Now());
      const bool cut = verdict.pin_status() == PinStatus::kNotEvaluated;
      if (!cut) {
        EXPECT_EQ(verdict.pin_status(), PinStatus::kMismatch);
        continue;
      }
      if (verdict.path() == nullptr) {
        EXPECT_FALSE(verdict.accepted());
        EXPECT_EQ(verdict.error().code, ErrorCode::kBudgetExhausted);
        continue;
      }
      seen_cut_after_a_path = true;
      EXPECT_EQ(sink->reports.size(), 1u);
      EXPECT_EQ(sink->reports[0].error, ErrorCode::kBudgetExhausted);
      EXPECT_EQ(verdict.accepted(), mode == PinSet::Mode::kReportOnly);
      EXPECT_EQ(verdict.would_reject(), mode == PinSet::Mode::kReportOnly);
      EXPECT_EQ(verdict.error().code, mode == PinSet::Mode::kEnforce
                                          ? ErrorCode::kBudgetExhausted
                                          : ErrorCode::kUnspecified);
    }
  }
  EXPECT_TRUE(seen_cut_after_a_path);
}

TEST(Verifier, VerifyDerRefusesWhatIsNotAChain) {
  const World world;
  const auto verifier =
      VerifierOf(TrustStoreOf({world.pki.root}), PinStore::Empty());
  const absl::Span<const uint8_t> leaf = world.pki.leaf.der;
  const absl::Span<const uint8_t> issuer = world.pki.intermediate.der;
  const std::vector<absl::Span<const uint8_t>> too_many(33, leaf);
  const std::vector<absl::Span<const uint8_t>> malformed = {
      leaf, issuer, issuer.subspan(0, issuer.size() - 1)};
  const std::vector<absl::Span<const uint8_t>> good = {leaf, issuer};
  const struct {
    absl::Span<const absl::Span<const uint8_t>> certificates;
    ErrorCode code;
    int depth;
  } cases[] = {
      {{}, ErrorCode::kEmptyChain, -1},
      {too_many, ErrorCode::kChainTooLong, 32},
      {malformed, ErrorCode::kMalformedCertificate, 2},
      {good, ErrorCode::kUnspecified, -1},
  };
  for (const auto& c : cases) {
    const Verdict verdict =
        verifier->VerifyDer(c.certificates, NameOf(kHost), Now());
    EXPECT_EQ(verdict.accepted(), c.code == ErrorCode::kUnspecified);
    EXPECT_EQ(verdict.error().code, c.code);
    EXPECT_EQ(verdict.error().depth, c.depth);
    EXPECT_EQ(verdict.host(), kHost);
  }
}

TEST(Verifier, CreateNamesWhatIsMissing) {
  const World world;
  Verifier::Options good;
  good.trust_store = TrustStoreOf({world.pki.root});
  good.pin_store = PinStore::Empty();
  const struct {
    const char* word;
    std::function<void(Verifier::Options&)> spoil;
  } cases[] = {
      {"trust_store", [](Verifier::Options& o) { o.trust_store = nullptr; }},
      {"empty",
       [](Verifier::Options& o) {
         o.trust_store = TrustStore::Builder().Build();
       }},
      {"pin_store", [](Verifier::Options& o) { o.pin_store = nullptr; }},
      {"limit", [](Verifier::Options& o) { o.limits.max_depth = 0; }},
      {"limit", [](Verifier::Options& o) { o.limits.max_signatures = -1; }},
      {"limit", [](Verifier::Options& o) { o.limits.max_build_calls = 0; }},
      {"limit",
       [](Verifier::Options& o) { o.limits.max_name_comparisons = 0; }},
      {"limit", [](Verifier::Options& o) { o.limits.max_policy_nodes = 0; }},
      {"policies", [](Verifier::Options& o) { o.policies.acceptable.clear(); }},
      {"policies: not an OBJECT IDENTIFIER: 1.02",
       [](Verifier::Options& o) {
         o.policies.acceptable = {"2.23.140.1.2.1", "1.02"};
       }},
  };
  EXPECT_TRUE(Verifier::Create(good).ok());
  for (const auto& c : cases) {
    Verifier::Options options = good;
    c.spoil(options);
    const auto verifier = Verifier::Create(options);
    EXPECT_EQ(verifier.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StrContains(verifier.status().message(), c.word))
        << verifier.status();
  }
}

}  // namespace
}  // namespace pinning
