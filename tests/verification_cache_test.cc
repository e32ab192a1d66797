#include "pinning/internal/verification_cache.h"

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
#include "pinning/error.h"
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

// Tries to make an answer that is remembered outlive its truth. Each answer is
// compared with that of a Verifier which remembers nothing.
namespace pinning {
namespace {

using testing_support::AskOne;
using testing_support::Good;
using testing_support::Honest;
using testing_support::Inquiry;
using testing_support::kHost;
using testing_support::MakePki;
using testing_support::Now;
using testing_support::OptionsOf;
using testing_support::Pinned;
using testing_support::PinnedTo;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using testing_support::Twins;

constexpr char kOtherHost[] = "other.webex.com";

TEST(VerificationCache, GivesTheSameAnswerAgain) {
  const Twins twins(Pinned());
  const Verdict first = twins.Ask(Honest());
  EXPECT_TRUE(first.accepted()) << first.ToString();
  EXPECT_FALSE(first.work().from_cache);
  EXPECT_EQ(first.work().signatures, 2);
  const Verdict second = twins.Ask(Honest());
  EXPECT_TRUE(second.work().from_cache);
  EXPECT_EQ(second.work().signatures, 0);
  // The form that is parsed asks the same question.
  const Verdict parsed =
      twins.remembering().Verify(testing_support::ChainOf(Good().Presented()),
                                 testing_support::NameOf(kHost), Now());
  EXPECT_TRUE(parsed.work().from_cache);
}

TEST(VerificationCache, OutlivesTheVerifier) {
  std::optional<Verdict> verdict;
  {
    const Twins twins(Pinned());
    EXPECT_TRUE(twins.Ask(Honest()).accepted());
    verdict = twins.Ask(Honest());
  }
  EXPECT_TRUE(verdict->accepted());
  EXPECT_EQ(verdict->path()->certificates().size(), 3u);
}

// The dates of everything that counts, each of which ends an answer.
struct DatesRow {
  std::string name;
  std::function<void(mint::Spec&, mint::Spec&, mint::Spec&, PinPolicy&)> change;
  absl::Duration good;  // from Now(): inside
  absl::Duration bad;   // outside, by as little as can be
};

TEST(VerificationCache, EndsWithEachDate) {
  const absl::Duration tick = absl::Nanoseconds(0.25);
  const absl::Duration day = absl::Hours(24);
  const absl::Duration second = absl::Seconds(1);
  const DatesRow kRows[] = {
      {"the leaf ends",
       [&](auto& leaf, auto&, auto&, auto&) { leaf.not_after = Now() + day; },
       day + second - tick, day + second},
      {"the intermediate ends",
       [&](auto&, auto& ca, auto&, auto&) { ca.not_after = Now() + day; },
       day + second - tick, day + second},
      {"the anchor ends",
       [&](auto&, auto&, auto& root, auto&) { root.not_after = Now() + day; },
       day + second - tick, day + second},
      {"the leaf begins",
       [&](auto& leaf, auto&, auto&, auto&) { leaf.not_before = Now() - day; },
       -day, -day - tick},
      {"the intermediate begins",
       [&](auto&, auto& ca, auto&, auto&) { ca.not_before = Now() - day; },
       -day, -day - tick},
      {"the anchor begins",
       [&](auto&, auto&, auto& root, auto&) { root.not_before = Now() - day; },
       -day, -day - tick},
      {"the pins expire and refuse",
       [&](auto&, auto&, auto&, auto& policy) { policy.expires = Now() + day; },
       day, day + tick},
      {"the pins expire and are let go",
       [&](auto&, auto&, auto&, auto& policy) {
         policy.expires = Now() + day;
         policy.on_expiry = PinSet::OnExpiry::kStopEnforcing;
       },
       day, day + tick},
      {"the pins were let go, and the clock goes back",
       [&](auto&, auto&, auto&, auto& policy) {
         policy.expires = Now() - day;
         policy.on_expiry = PinSet::OnExpiry::kStopEnforcing;
       },
       -day + tick, -day},
  };
  for (const DatesRow& row : kRows) {
    SCOPED_TRACE(row.name);
    mint::Spec leaf_spec = mint::Leaf({kHost});
    mint::Spec ca_spec = mint::Ca("Dates CA");
    mint::Spec root_spec = mint::Ca("Dates Root");
    PinPolicy policy = PinnedTo({PinOf(mint::Key::Shared("p256-dates-root"))});
    row.change(leaf_spec, ca_spec, root_spec, policy);
    const auto root =
        mint::SelfSigned(root_spec, mint::Key::Shared("p256-dates-root"));
    const auto ca =
        mint::Issue(ca_spec, mint::Key::Shared("p256-dates-ca"), root);
    const auto leaf =
        mint::Issue(leaf_spec, mint::Key::Shared("p256-dates-leaf"), ca);
    Verifier::Options options = OptionsOf(policy);
    TrustStore::Builder anchors;
    anchors.AddAnchor({testing_support::Parse(root),
                       TrustAnchor::Origin::kBundled, /*enforce_expiry=*/true});
    options.trust_store = anchors.Build();
    const Twins twins(options);
    Inquiry inquiry{{leaf.der, ca.der}, kHost};
    const Verdict first = twins.Ask(inquiry);
    EXPECT_TRUE(first.accepted()) << first.ToString();
    inquiry.now = Now() + row.good;
    const Verdict still = twins.Ask(inquiry);
    EXPECT_TRUE(still.work().from_cache);
    EXPECT_EQ(still.time(), inquiry.now);
    inquiry.now = Now() + row.bad;
    const Verdict over = twins.Ask(inquiry);
    EXPECT_FALSE(over.work().from_cache);
    EXPECT_TRUE(!over.accepted() || over.pin_status() != still.pin_status());
    // And back: what was said out of its time is no answer for now.
    inquiry.now = Now();
    EXPECT_TRUE(twins.Ask(inquiry).accepted());
  }
}

// A date of a certificate that is not on the accepted path can still change
// what is said: of two paths the first would be another one.
TEST(VerificationCache, EndsWithDatesOfOtherPaths) {
  const Pki other = MakePki("cache-other", "other.example.com");
  mint::Spec spec = mint::Ca("cache Intermediate");
  spec.not_before = Now() + absl::Hours(24);
  const auto later = mint::Issue(spec, Good().intermediate.key, other.root);
  Verifier::Options options =
      OptionsOf(PinnedTo({PinOf(Good().leaf)}), {other.root, Good().root});
  const Twins twins(options);
  Inquiry inquiry = {{Good().leaf.der, later.der, Good().intermediate.der},
                     kHost};
  EXPECT_TRUE(twins.Ask(inquiry).accepted());
  EXPECT_TRUE(twins.Ask(inquiry).work().from_cache);
  inquiry.now = Now() + absl::Hours(24);
  EXPECT_FALSE(twins.Ask(inquiry).work().from_cache);
}

// Each change of a question makes it another, whatever was asked before.
struct ChangeRow {
  std::string name;
  std::function<void(Inquiry&)> change;
  bool accepted;
};

std::vector<ChangeRow> Changes() {
  const auto flip = [](size_t certificate, size_t from_end) {
    return [=](Inquiry& inquiry) {
      std::vector<uint8_t>& der = inquiry.served[certificate];
      der[der.size() - from_end] ^= 1;
    };
  };
  return {
      {"another host that the certificate is for",
       [](Inquiry& inquiry) { inquiry.host = kOtherHost; }, true},
      {"a host that it is not for",
       [](Inquiry& inquiry) { inquiry.host = "example.com"; }, false},
      {"a bit of the leaf's signature", flip(0, 1), false},
      {"a bit of the intermediate's signature", flip(1, 1), false},
      {"a bit of the leaf's key", flip(0, 400), false},
      {"the chain the other way round",
       [](Inquiry& inquiry) {
         std::swap(inquiry.served[0], inquiry.served[1]);
       },
       false},
      {"without the intermediate",
       [](Inquiry& inquiry) { inquiry.served.pop_back(); }, false},
      {"with the root",
       [](Inquiry& inquiry) { inquiry.served.push_back(Good().root.der); },
       true},
      {"with one certificate twice",
       [](Inquiry& inquiry) {
         inquiry.served.push_back(inquiry.served.back());
       },
       true},
      {"with an octet more at the end of the leaf",
       [](Inquiry& inquiry) { inquiry.served[0].push_back(0); }, false},
      {"the boundary between the certificates moved",
       [](Inquiry& inquiry) {
         inquiry.served[0].push_back(inquiry.served[1].front());
         inquiry.served[1].erase(inquiry.served[1].begin());
       },
       false},
      {"nothing", [](Inquiry& inquiry) { inquiry.served.clear(); }, false},
  };
}

void ExpectChangesAreSeen(const Verifier::Options& options) {
  for (const ChangeRow& row : Changes()) {
    SCOPED_TRACE(row.name);
    const Twins twins(options);
    EXPECT_TRUE(twins.Ask(Honest()).accepted());
    Inquiry changed = Honest();
    row.change(changed);
    const Verdict verdict = twins.Ask(changed);
    EXPECT_FALSE(verdict.work().from_cache);
    EXPECT_EQ(verdict.accepted(), row.accepted) << verdict.ToString();
    // The refusal of the one is not the other's either.
    EXPECT_TRUE(twins.Ask(Honest()).accepted());
    EXPECT_EQ(twins.Ask(changed).accepted(), row.accepted);
  }
}

TEST(VerificationCache, TellsQuestionsApart) { ExpectChangesAreSeen(Pinned()); }

TEST(VerificationCache, TellsQuestionsApartWhoseHashesAreEqual) {
  Verifier::Options options = Pinned();
  options.cache.hash_mask = 0;
  options.signature_memo =
      std::make_shared<SignatureMemo>(SignatureMemo::kDefaultMaxBytes, 0);
  ExpectChangesAreSeen(options);
}

// A Verifier of another configuration answers for itself, though it shares what
// can be shared.
struct ConfigurationRow {
  std::string name;
  std::function<void(Verifier::Options&)> change;
  bool accepted = false;
};

TEST(VerificationCache, EndsWithTheConfiguration) {
  const ConfigurationRow kRows[] = {
      {"other pins",
       [](auto& options) {
         options.pin_store = PinStoreOf(PinPolicy(), {kHost});
       }},
      {"a pin blocked",
       [](auto& options) {
         PinPolicy policy = PinnedTo({PinOf(Good().root)});
         policy.blocked = {PinOf(Good().leaf)};
         options.pin_store = PinStoreOf(policy, {kHost});
       }},
      {"the anchor removed",
       [](auto& options) {
         options.trust_store =
             TrustStoreOf({MakePki("cache-other", "x.example").root});
       }},
      {"the key distrusted",
       [](auto& options) {
         TrustStore::Builder builder;
         builder.AddAnchor({testing_support::Parse(Good().root)});
         builder.AddDistrusted(PinOf(Good().intermediate));
         options.trust_store = builder.Build();
       }},
      {"another purpose",
       [](auto& options) { options.purpose = KeyPurpose::kClientAuth; }},
      {"another profile",
       [](auto& options) { options.profile = Profile::kWebPki; }, true},
      {"fewer signatures",
       [](auto& options) { options.limits.max_signatures = 1; }},
      {"shorter paths", [](auto& options) { options.limits.max_depth = 2; }},
      {"a policy required",
       [](auto& options) {
         options.policies.require_explicit_policy = true;
         options.policies.acceptable = {"1.2.3"};
       }},
  };
  for (const ConfigurationRow& row : kRows) {
    SCOPED_TRACE(row.name);
    Verifier::Options options = Pinned();
    options.signature_memo = std::make_shared<SignatureMemo>();
    const Twins before(options);
    EXPECT_TRUE(before.Ask(Honest()).accepted());
    EXPECT_TRUE(before.Ask(Honest()).accepted());
    row.change(options);
    const Twins after(options);
    EXPECT_NE(after.remembering().ConfigDigest(),
              before.remembering().ConfigDigest());
    const Verdict verdict = after.Ask(Honest());
    EXPECT_FALSE(verdict.work().from_cache);
    EXPECT_EQ(verdict.accepted(), row.accepted) << verdict.ToString();
    EXPECT_TRUE(before.Ask(Honest()).accepted());
  }
}

std::shared_ptr<const RevocationData> CrlsOf(
    const std::vector<std::vector<uint8_t>>& crls) {
  const std::vector<absl::Span<const uint8_t>> spans(crls.begin(), crls.end());
  return *RevocationData::FromCrls(spans);
}

TEST(VerificationCache, AsksWithTheRevocationDataAtHand) {
  const Twins twins(Pinned());
  EXPECT_TRUE(twins.Ask(Honest()).accepted());
  const auto root_crl = mint::MintCrl(mint::CrlSpec(), Good().root);
  mint::CrlSpec spec;
  spec.next_update = Now() + absl::Hours(1);
  const auto clean =
      CrlsOf({root_crl, mint::MintCrl(spec, Good().intermediate)});
  spec.serials = {mint::SerialOf(Good().leaf)};
  const auto listing =
      CrlsOf({root_crl, mint::MintCrl(spec, Good().intermediate)});

  Inquiry inquiry = Honest();
  inquiry.revocation.crls = listing;
  EXPECT_EQ(twins.Ask(inquiry).error().code, ErrorCode::kRevoked);
  EXPECT_TRUE(twins.Ask(Honest()).accepted());
  inquiry.revocation.crls = clean;
  EXPECT_TRUE(twins.Ask(inquiry).accepted());
  EXPECT_TRUE(twins.Ask(inquiry).work().from_cache);
  inquiry.revocation.crls = listing;
  EXPECT_EQ(twins.Ask(inquiry).error().code, ErrorCode::kRevoked);
  // The answer ends with what is known of revocation.
  inquiry.revocation.crls = clean;
  inquiry.now = Now() + absl::Hours(1) + absl::Seconds(1);
  EXPECT_EQ(twins.Ask(inquiry).error().code, ErrorCode::kRevocationUnknown);
}

// Data that is gone may have left its address to other data.
TEST(VerificationCache, DoesNotTakeOtherRevocationDataForThatWhichIsGone) {
  const Twins twins(Pinned());
  const auto root_crl = mint::MintCrl(mint::CrlSpec(), Good().root);
  mint::CrlSpec spec;
  const auto clean = mint::MintCrl(spec, Good().intermediate);
  spec.serials = {mint::SerialOf(Good().leaf)};
  const auto listing = mint::MintCrl(spec, Good().intermediate);
  for (int i = 0; i < 20; ++i) {
    Inquiry inquiry = Honest();
    inquiry.revocation.crls = CrlsOf({root_crl, i % 2 == 0 ? clean : listing});
    EXPECT_EQ(twins.Ask(inquiry).accepted(), i % 2 == 0);
  }
}

// A pointer without an owner, and two of one owner, as aliasing makes them.
TEST(VerificationCache, TellsRevocationDataApartWhoeverOwnsIt) {
  const auto root_crl = mint::MintCrl(mint::CrlSpec(), Good().root);
  mint::CrlSpec spec;
  const auto clean =
      CrlsOf({root_crl, mint::MintCrl(spec, Good().intermediate)});
  spec.serials = {mint::SerialOf(Good().leaf)};
  const auto listing =
      CrlsOf({root_crl, mint::MintCrl(spec, Good().intermediate)});
  const std::shared_ptr<void> nobody, owner = std::make_shared<int>(0);
  for (const std::shared_ptr<void>& of : {nobody, owner}) {
    const Twins twins(Pinned());
    EXPECT_TRUE(twins.Ask(Honest()).accepted());
    Inquiry inquiry = Honest();
    inquiry.revocation.crls = {of, clean.get()};
    EXPECT_TRUE(twins.Ask(inquiry).accepted());
    inquiry.revocation.crls = {of, listing.get()};
    EXPECT_EQ(twins.Ask(inquiry).error().code, ErrorCode::kRevoked);
    EXPECT_TRUE(twins.Ask(Honest()).accepted());
  }
}

TEST(VerificationCache, CanBeSwitchedOff) {
  Verifier::Options options = Pinned();
  options.cache.max_bytes = 0;
  const auto no_accepted = *Verifier::Create(options);
  EXPECT_TRUE(AskOne(*no_accepted, Honest()).accepted());
  EXPECT_FALSE(AskOne(*no_accepted, Honest()).work().from_cache);
  EXPECT_EQ(AskOne(*no_accepted, Honest()).work().signatures_remembered, 2);

  options = OptionsOf(PinPolicy());
  options.cache.refusals_for = absl::ZeroDuration();
  const auto no_refused = *Verifier::Create(options);
  EXPECT_FALSE(AskOne(*no_refused, Honest()).accepted());
  EXPECT_FALSE(AskOne(*no_refused, Honest()).work().from_cache);
}

}  // namespace
}  // namespace pinning
