#include "pinning/interception.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/language.h"
#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::ChainOf;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;

constexpr absl::string_view kHost = "idbroker.webex.com";
constexpr auto kNone = DiagnosisKind::kNone;
constexpr auto kMitm = DiagnosisKind::kInterception;
constexpr auto kServer = DiagnosisKind::kServer;
constexpr auto kPortal = DiagnosisKind::kCaptivePortal;
constexpr auto kClock = DiagnosisKind::kClock;

std::vector<std::string> CodesOf(const Diagnosis& diagnosis) {
  std::vector<std::string> codes;
  for (const Evidence& evidence : diagnosis.evidence) {
    codes.push_back(evidence.code);
  }
  return codes;
}

// A Question is one verification, with what most of them share filled in.
struct Question {
  std::vector<mint::Minted> served;
  std::vector<mint::Minted> bundled;
  std::vector<mint::Minted> local;
  std::string host = std::string(kHost);
  std::vector<Pin> pins;  // empty: the host is not pinned
  absl::Time now = Now();
  absl::Time updated = Now() - absl::Hours(24);
  absl::Time expires = Now() + absl::Hours(24 * 90);
};

Verdict Ask(const Question& question) {
  TrustStore::Builder trust;
  if (!question.bundled.empty()) {
    EXPECT_TRUE(trust
                    .AddPem(mint::PemOf(question.bundled),
                            TrustAnchor::Origin::kBundled)
                    .ok());
  }
  if (!question.local.empty()) {
    EXPECT_TRUE(
        trust.AddPem(mint::PemOf(question.local), TrustAnchor::Origin::kLocal)
            .ok());
  }
  PinStore::Builder pins;
  pins.SetUpdated(question.updated);
  PinPolicy policy;
  policy.pins = question.pins;
  policy.expires = question.expires;
  if (!question.pins.empty()) {
    EXPECT_TRUE(pins.AddPinSet(testing_support::PinSetOf(policy)).ok());
    EXPECT_TRUE(pins.MapHost("*.wbx2.com", policy.name).ok());
    if (question.host != "a.wbx2.com") {
      EXPECT_TRUE(pins.MapHost(question.host, policy.name).ok());
    }
    EXPECT_TRUE(pins.MapHost("identity.webex.com", policy.name).ok());
  }
  Verifier::Options options;
  options.trust_store = trust.Build();
  options.pin_store = *pins.Build();
  const auto verifier = Verifier::Create(options);
  EXPECT_TRUE(verifier.ok()) << verifier.status();
  return (*verifier)->Verify(ChainOf(question.served), NameOf(question.host),
                             question.now);
}

// Bare returns the leaf that a proxy or a private authority makes: none of the
// extensions that a public authority sets.
mint::Spec Bare(std::vector<std::string> names) {
  mint::Spec spec = mint::Leaf(std::move(names));
  spec.extra.clear();
  return spec;
}

mint::Minted Root(absl::string_view name, absl::string_view key) {
  return mint::SelfSigned(mint::Ca(name), mint::Key::Shared(key));
}

mint::Key LeafKey() { return mint::Key::Shared("p256-interception-leaf"); }

// What the world is made of: a public authority, whose root is bundled and
// whose intermediate is pinned, and somebody else's.
const Pki& Public() {
  static const Pki* const pki = new Pki(MakePki("genuine", kHost));
  return *pki;
}

mint::Minted Corp() { return Root("Example Corp Root", "p256-corp"); }

struct Row {
  std::string name;
  Question question;
  DiagnosisKind kind;
  std::vector<std::string> evidence;  // each is among the codes
};

void Check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Verdict verdict = Ask(row.question);
    EXPECT_FALSE(verdict.accepted()) << verdict.ToString();
    EXPECT_EQ(DiagnosisKindName(verdict.diagnosis().kind),
              DiagnosisKindName(row.kind))
        << verdict.ToString() << "\n"
        << ::testing::PrintToString(CodesOf(verdict.diagnosis()));
    EXPECT_EQ(verdict.is_mitm(), row.kind == kMitm);
    for (const std::string& code : row.evidence) {
      EXPECT_THAT(CodesOf(verdict.diagnosis()), Contains(code));
    }
    EXPECT_EQ(verdict.diagnosis().advice.empty(), row.kind == kNone);
  }
}

Question Base() {
  Question question;
  question.bundled = {Public().root};
  question.pins = {PinOf(Public().intermediate)};
  return question;
}

Question Served(std::vector<mint::Minted> served) {
  Question question = Base();
  question.served = std::move(served);
  return question;
}

Question Unpinned(Question question) {
  question.pins.clear();
  return question;
}

Question WithLocal(Question question, mint::Minted anchor) {
  question.local = {std::move(anchor)};
  return question;
}

Question At(Question question, absl::Time now) {
  question.now = now;
  return question;
}

TEST(Interception, IsSeen) {
  const mint::Minted corp = Corp();
  const mint::Minted forged =
      mint::Issue(Bare({std::string(kHost)}), LeafKey(), corp);
  const mint::Minted own_key =
      mint::Issue(Bare({std::string(kHost)}), corp.key, corp);
  const mint::Minted named = Root("Acme TLS Inspection CA", "p256-acme");
  const mint::Minted by_named =
      mint::Issue(Bare({std::string(kHost)}), LeafKey(), named);
  const mint::Minted proxy = Root("mitmproxy", "p256-mitmproxy");
  const mint::Minted by_proxy =
      mint::Issue(Bare({std::string(kHost)}), LeafKey(), proxy);
  const mint::Minted imitation = Root("genuine Root", "p256-imitated-root");
  const mint::Minted by_imitation =
      mint::Issue(Bare({std::string(kHost)}), LeafKey(), imitation);
  mint::Spec young_spec = mint::Ca("Young Root");
  young_spec.not_before = Now() - absl::Hours(1);
  const mint::Minted young =
      mint::SelfSigned(young_spec, mint::Key::Shared("p256-young"));
  mint::Spec old_leaf = Bare({std::string(kHost)});
  const mint::Minted by_young = mint::Issue(old_leaf, LeafKey(), young);
  mint::Spec fresh_spec = Bare({std::string(kHost)});
  fresh_spec.not_before = Now() - absl::Minutes(4);
  const mint::Minted fresh = mint::Issue(fresh_spec, LeafKey(), corp);
  mint::Spec adapted_spec = Bare({"bumped.example"});
  const mint::Minted adapted = mint::SelfSigned(adapted_spec, corp.key);
  mint::Spec late_spec = Bare({std::string(kHost)});
  late_spec.not_after = Now() - absl::Hours(1);
  const mint::Minted late = mint::Issue(late_spec, LeafKey(), corp);
  const mint::Minted impostor =
      mint::Issue(mint::Leaf({std::string(kHost)}), LeafKey(),
                  {Public().intermediate.der, corp.key});

  Check({
      {"local anchor, pins unmet",
       WithLocal(Served({forged, corp}), corp),
       kMitm,
       {"local-anchor", "pinned-keys-absent"}},
      {"local anchor, leaf made to look public",
       WithLocal(Served({mint::Issue(mint::Leaf({std::string(kHost)}),
                                     LeafKey(), corp),
                         corp}),
                 corp),
       kMitm,
       {"local-anchor"}},
      {"local anchor, forged leaf expired",
       WithLocal(Served({late, corp}), corp),
       kMitm,
       {"local-anchor"}},
      {"no path, unknown authority, pinned",
       Served({forged, corp}),
       kMitm,
       {"pinned-keys-absent", "no-public-ca-marks", "served-root-issued-leaf"}},
      {"no path, minted minutes ago",
       Served({fresh, corp}),
       kMitm,
       {"minted-recently"}},
      {"no path, known product", Served({by_proxy}), kMitm, {"known-product"}},
      {"known product, not pinned",
       Unpinned(Served({by_proxy})),
       kMitm,
       {"known-product"}},
      {"leaf key is issuer key, not pinned",
       Unpinned(Served({own_key, corp})),
       kMitm,
       {"leaf-key-is-issuer-key"}},
      {"authority names inspection, not pinned",
       Unpinned(Served({by_named, named})),
       kMitm,
       {"inspection-name"}},
      {"imitated root, not pinned",
       Unpinned(Served({by_imitation, imitation})),
       kMitm,
       {"imitated-issuer"}},
      {"imitated intermediate",
       Served({impostor, Public().intermediate}),
       kMitm,
       {"imitated-issuer"}},
      {"leaf older than its issuer",
       Served({by_young, young}),
       kMitm,
       {"leaf-older-than-issuer"}},
      {"genuine chain appended",
       Served({forged, Public().leaf, Public().intermediate}),
       kMitm,
       {"genuine-appended"}},
      {"self-signed with the proxy's key and another name",
       WithLocal(Served({adapted}), corp),
       kMitm,
       {"leaf-key-is-issuer-key"}},
      {"self-signed with another name, pinned",
       Served({adapted}),
       kMitm,
       {"pinned-keys-absent"}},
      {"inspection root in the bundle by mistake",
       [&] {
         Question question = Served(
             {mint::Issue(Bare({std::string(kHost)}), named.key, named)});
         question.bundled.push_back(named);
         return question;
       }(),
       kMitm,
       {"inspection-name", "leaf-key-is-issuer-key"}},
  });
}

TEST(Interception, HonestFailuresAreNotCalledInterception) {
  const Pki& pki = Public();
  const mint::Minted corp = Corp();
  mint::Spec expired_spec = mint::Leaf({std::string(kHost)});
  expired_spec.not_after = Now() - absl::Hours(24);
  const mint::Minted expired =
      mint::Issue(expired_spec, LeafKey(), pki.intermediate);
  const auto leaf_for = [&](std::string host) {
    return mint::Issue(mint::Leaf({std::move(host)}), LeafKey(),
                       pki.intermediate);
  };
  const mint::Minted plain_server =
      mint::SelfSigned(Bare({"nas.corp.internal"}), LeafKey());
  const mint::Minted untrusted_public_name =
      mint::Issue(Bare({std::string(kHost)}), LeafKey(), corp);
  mint::Spec fresh_spec = Bare({"git.example-corp.com"});
  fresh_spec.not_before = Now() - absl::Minutes(1);
  const mint::Minted fresh_private = mint::Issue(fresh_spec, LeafKey(), corp);
  mint::Spec expired_private_spec = Bare({"git.example-corp.com"});
  expired_private_spec.not_after = Now() - absl::Hours(1);
  const mint::Minted expired_private =
      mint::Issue(expired_private_spec, LeafKey(), corp);
  const auto host = [](Question question, std::string name) {
    question.host = std::move(name);
    return question;
  };
  Question private_pinned =
      host(Served({untrusted_public_name, corp}), std::string(kHost));
  private_pinned.pins = {PinOf(corp)};

  Check({
      {"expired genuine",
       Served({expired, pki.intermediate}),
       kServer,
       {"expired", "pinned-key-on-path"}},
      {"expired genuine, not pinned",
       Unpinned(Served({expired, pki.intermediate})),
       kServer,
       {"expired"}},
      {"missing intermediate", Served({pki.leaf}), kServer, {"missing-issuer"}},
      {"missing intermediate, not pinned",
       Unpinned(Served({pki.leaf})),
       kServer,
       {"missing-issuer"}},
      {"wrong name, pinned key on the path",
       Served({leaf_for("www.example.com"), pki.intermediate}),
       kServer,
       {"name-mismatch", "pinned-key-on-path"}},
      {"wrong name of the same domain, not pinned",
       Unpinned(Served({leaf_for("www.webex.com"), pki.intermediate})),
       kServer,
       {"name-mismatch"}},
      {"self-signed server on a private network",
       host(Unpinned(Served({plain_server})), "nas.corp.internal"),
       kNone,
       {}},
      {"self-signed server on a private network, pinned",
       host(Served({plain_server}), "nas.corp.internal"),
       kNone,
       {}},
      {"private authority not installed, root served",
       Unpinned(Served({untrusted_public_name, corp})),
       kNone,
       {}},
      {"private authority, leaf minted a minute ago",
       host(Unpinned(Served({fresh_private, corp})), "git.example-corp.com"),
       kNone,
       {}},
      {"private authority, pinned, not installed",
       private_pinned,
       kServer,
       {"pinned-key-on-path"}},
      {"private authority installed, leaf expired",
       host(Unpinned(WithLocal(Served({expired_private}), corp)),
            "git.example-corp.com"),
       kServer,
       {"expired"}},
      {"private authority installed, other name",
       host(Unpinned(WithLocal(Served({fresh_private}), corp)),
            "wiki.other-corp.com"),
       kServer,
       {"name-mismatch"}},
  });
}

TEST(Interception, PortalsAndClocks) {
  const Pki& pki = Public();
  mint::Spec router = Bare({"router.local"});
  router.ip_addresses = {"192.168.1.1"};
  mint::Spec portal = Bare({"portal.hotel.example"});
  const auto leaf_for = [&](std::string host) {
    return mint::Issue(mint::Leaf({std::move(host)}), LeafKey(),
                       pki.intermediate);
  };
  mint::Spec short_ca = mint::Ca("Short Intermediate");
  mint::Spec short_leaf = mint::Leaf({std::string(kHost)});
  const mint::Minted issuer =
      mint::Issue(short_ca, mint::Key::Shared("p256-short"), pki.root);
  const mint::Minted leaf = mint::Issue(short_leaf, LeafKey(), issuer);
  Question other_portal = Unpinned(
      Served({leaf_for("login.hotel-wifi.example"), pki.intermediate}));

  Check({
      {"self-signed router",
       Served({mint::SelfSigned(router, LeafKey())}),
       kPortal,
       {"portal-name", "private-address", "self-signed-leaf"}},
      {"self-signed portal, not pinned",
       Unpinned(Served({mint::SelfSigned(portal, LeafKey())})),
       kPortal,
       {"portal-name"}},
      {"lone self-signed certificate for another name, not pinned",
       Unpinned(Served({mint::SelfSigned(Bare({"x.example"}), LeafKey())})),
       kPortal,
       {"self-signed-leaf"}},
      {"public certificate of a login page",
       other_portal,
       kPortal,
       {"portal-name", "name-mismatch"}},
      {"public certificate for some other name, not pinned",
       Unpinned(Served({leaf_for("www.example.net"), pki.intermediate})),
       kPortal,
       {"name-mismatch"}},
      {"clock years behind",
       At(Served({leaf, issuer}), absl::FromUnixSeconds(1600000000)),
       kClock,
       {"not-yet-valid", "clock-behind-pin-list"}},
      {"clock years ahead",
       At(Unpinned(Served({leaf, issuer})), absl::FromUnixSeconds(1900000000)),
       kClock,
       {"expired"}},
  });
}

TEST(Interception, ValidPathsToPublicAnchors) {
  const Pki& pki = Public();
  const Pki second = MakePki("second", kHost);
  Question unexpected = Served(second.Presented());
  unexpected.bundled = {pki.root, second.root};
  Question expired = unexpected;
  expired.expires = Now() - absl::Hours(1);
  Question old = unexpected;
  old.updated = Now() - absl::Hours(24 * 71);
  Question served = unexpected;
  served.served.push_back(pki.intermediate);
  const auto kUnexpected = DiagnosisKind::kUnexpectedIssuer;
  const auto kStale = DiagnosisKind::kStalePins;
  Check({
      {"another public authority", unexpected, kUnexpected, {"public-anchor"}},
      {"pin set expired", expired, kStale, {"pin-set-expired"}},
      {"pin list over seventy days old", old, kStale, {"pin-list-old"}},
      {"pinned key served but not used", served, kStale, {"pinned-key-served"}},
  });
}

TEST(Interception, NamesTheProductTheConfidenceAndWhatToExempt) {
  const mint::Minted proxy = Root("mitmproxy", "p256-mitmproxy");
  const mint::Minted forged =
      mint::Issue(Bare({std::string(kHost)}), LeafKey(), proxy);
  const Diagnosis known = Ask(Served({forged})).diagnosis();
  EXPECT_EQ(known.product, "mitmproxy");
  EXPECT_EQ(known.vendor_kind, VendorKind::kDeveloperProxy);
  EXPECT_EQ(known.confidence, Confidence::kHigh);
  EXPECT_EQ(known.evidence.front().code, "known-product");
  EXPECT_EQ(known.advice,
            "stop mitmproxy and remove its certificate authority from this "
            "machine, or let *.wbx2.com, idbroker.webex.com and "
            "identity.webex.com pass through it untouched");
  EXPECT_EQ(DiagnosisAdvice(known, Language::kSpanish),
            "detenga mitmproxy y quite de este equipo su autoridad de "
            "certificación, o excluya *.wbx2.com, idbroker.webex.com e "
            "identity.webex.com de su inspección");
  EXPECT_EQ(Ask(Unpinned(Served({forged}))).diagnosis().exempt,
            std::vector<std::string>{"idbroker.webex.com"});

  const mint::Minted hostile = Root("Evil \x1b[2J\xe2\x80\xae CA", "p256-evil");
  const Verdict verdict = Ask(WithLocal(
      Served({mint::Issue(Bare({std::string(kHost)}), LeafKey(), hostile),
              hostile}),
      hostile));
  EXPECT_EQ(verdict.diagnosis().product, "Evil \\u{1b}[2J\\u{202e} CA");
  EXPECT_THAT(verdict.ToString(), HasSubstr("MITM"));
  for (const Evidence& evidence : verdict.diagnosis().evidence) {
    EXPECT_THAT(evidence.sentence, Not(HasSubstr("\x1b")));
    EXPECT_THAT(evidence.sentence, Not(HasSubstr("\xe2\x80\xae")));
  }
}

TEST(Interception, EvidenceHasAKnownCodeAndASentence) {
  const auto all = AllEvidenceCodes();
  const std::set<absl::string_view> codes(all.begin(), all.end());
  EXPECT_EQ(codes.size(), all.size());
  const mint::Minted corp = Corp();
  const Verdict verdict = Ask(WithLocal(
      Served({mint::Issue(Bare({std::string(kHost)}), corp.key, corp), corp}),
      corp));
  ASSERT_GE(verdict.diagnosis().evidence.size(), 3u);
  for (const Evidence& evidence : verdict.diagnosis().evidence) {
    EXPECT_EQ(codes.count(evidence.code), 1u) << evidence.code;
    EXPECT_FALSE(evidence.sentence.empty());
  }
}

}  // namespace
}  // namespace pinning
