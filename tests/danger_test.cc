#include "pinning/danger.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/pin_store.h"
#include "pinning/report.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using testing_support::ChainOf;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::TrustStoreOf;

constexpr absl::string_view kHost = "idbroker.webex.com";

Verdict VerifyWith(const danger::Options& weaken, const Pki& pki,
                   TrustAnchor::Origin origin, const PinPolicy& policy,
                   absl::Time now) {
  Verifier::Options options;
  options.trust_store = TrustStoreOf({pki.root}, origin);
  options.pin_store = PinStoreOf(policy, {std::string(kHost)});
  const auto verifier = danger::CreateVerifier(options, weaken);
  EXPECT_TRUE(verifier.ok()) << verifier.status();
  return (*verifier)->Verify(ChainOf(pki.Presented()), NameOf(kHost), now);
}

TEST(Danger, BypassCoversMismatchesOnLocalAnchorsOnly) {
  const Pki pki = MakePki("danger", kHost);
  PinPolicy mismatch;
  PinPolicy matched;
  matched.pins = {PinOf(pki.leaf)};
  PinPolicy blocked;
  blocked.blocked = {PinOf(pki.intermediate)};
  constexpr auto kLocal = TrustAnchor::Origin::kLocal;
  constexpr auto kBundled = TrustAnchor::Origin::kBundled;
  const struct {
    const char* name;
    bool bypass;
    TrustAnchor::Origin origin;
    const PinPolicy& policy;
    bool accepted;
    PinStatus status;
  } cases[] = {
      {"off by default", false, kLocal, mismatch, false, PinStatus::kMismatch},
      {"local", true, kLocal, mismatch, true, PinStatus::kBypassed},
      {"bundled", true, kBundled, mismatch, false, PinStatus::kMismatch},
      {"a match says so", true, kLocal, matched, true, PinStatus::kMatched},
      {"a blocked key", true, kLocal, blocked, false, PinStatus::kBlocked},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    danger::Options weaken;
    weaken.BypassPinsForLocalAnchors(c.bypass);
    const Verdict verdict = VerifyWith(weaken, pki, c.origin, c.policy, Now());
    EXPECT_EQ(verdict.accepted(), c.accepted) << verdict.ToString();
    EXPECT_EQ(verdict.pin_status(), c.status);
    if (c.bypass) {
      EXPECT_THAT(verdict.weakenings(),
                  ::testing::ElementsAre("bypass-pins-for-local-anchors"));
      EXPECT_TRUE(absl::StrContains(verdict.ToString(),
                                    "bypass-pins-for-local-anchors"));
    } else {
      EXPECT_TRUE(verdict.weakenings().empty());
    }
  }
}

TEST(Danger, AcceptExpiredIsNamedInTheVerdictAndTheReport) {
  const Pki pki = MakePki("danger", kHost);
  PinPolicy policy;
  const absl::Time late = absl::FromUnixSeconds(1900000000);
  policy.expires = late + absl::Hours(1);
  danger::Options weaken;
  constexpr auto kBundled = TrustAnchor::Origin::kBundled;
  EXPECT_EQ(VerifyWith(weaken, pki, kBundled, policy, late).error().code,
            ErrorCode::kExpired);
  weaken.AcceptExpiredCertificates(true);
  const Verdict verdict = VerifyWith(weaken, pki, kBundled, policy, late);
  EXPECT_EQ(verdict.error().code, ErrorCode::kPinMismatch);
  EXPECT_THAT(verdict.weakenings(),
              ::testing::ElementsAre("accept-expired-certificates"));
  EXPECT_TRUE(absl::StrContains(Report::FromVerdict(verdict).ToJson(),
                                "accept-expired-certificates"));
  policy.pins = {PinOf(pki.root)};
  EXPECT_TRUE(VerifyWith(weaken, pki, kBundled, policy, late).accepted());
}

TEST(Danger, RefusesWhatCreateRefuses) {
  EXPECT_EQ(danger::CreateVerifier({}, danger::Options()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace pinning
