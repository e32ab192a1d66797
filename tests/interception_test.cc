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
#include "pinning/language.h"
#include "pinning/verdict.h"
#include "tests/testing/observe.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::Ask;
using testing_support::Bare;
using testing_support::CorpRoot;
using testing_support::ExpectDiagnoses;
using testing_support::ForgedKey;
using testing_support::kAskedHost;
using testing_support::Now;
using testing_support::PublicPki;
using testing_support::Question;
using testing_support::RootOf;
using testing_support::Served;
using testing_support::Unpinned;
using testing_support::WithLocal;

constexpr auto kMitm = DiagnosisKind::kInterception;

TEST(Interception, IsSeen) {
  const mint::Minted corp = CorpRoot();
  const mint::Minted forged =
      mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), corp);
  const mint::Minted own_key =
      mint::Issue(Bare({std::string(kAskedHost)}), corp.key, corp);
  const mint::Minted named = RootOf("Acme TLS Inspection CA", "p256-acme");
  const mint::Minted by_named =
      mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), named);
  const mint::Minted proxy = RootOf("mitmproxy", "p256-mitmproxy");
  const mint::Minted by_proxy =
      mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), proxy);
  const mint::Minted imitation = RootOf("genuine Root", "p256-imitated-root");
  const mint::Minted by_imitation =
      mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), imitation);
  mint::Spec young_spec = mint::Ca("Young Root");
  young_spec.not_before = Now() - absl::Hours(1);
  const mint::Minted young =
      mint::SelfSigned(young_spec, mint::Key::Shared("p256-young"));
  mint::Spec old_leaf = Bare({std::string(kAskedHost)});
  const mint::Minted by_young = mint::Issue(old_leaf, ForgedKey(), young);
  mint::Spec fresh_spec = Bare({std::string(kAskedHost)});
  fresh_spec.not_before = Now() - absl::Minutes(4);
  const mint::Minted fresh = mint::Issue(fresh_spec, ForgedKey(), corp);
  mint::Spec adapted_spec = Bare({"bumped.example"});
  adapted_spec.subject = {{"2.5.4.10", "Cisco Systems"},
                          {"2.5.4.3", "bumped.example"}};
  const mint::Minted adapted = mint::SelfSigned(adapted_spec, corp.key);
  mint::Spec late_spec = Bare({std::string(kAskedHost)});
  late_spec.not_after = Now() - absl::Hours(1);
  const mint::Minted late = mint::Issue(late_spec, ForgedKey(), corp);
  const mint::Minted impostor =
      mint::Issue(mint::Leaf({std::string(kAskedHost)}), ForgedKey(),
                  {PublicPki().intermediate.der, corp.key});

  ExpectDiagnoses({
      {"local anchor, pins unmet",
       WithLocal(Served({forged, corp}), corp),
       kMitm,
       {"local-anchor", "pinned-keys-absent"}},
      {"local anchor, leaf made to look public",
       WithLocal(Served({mint::Issue(mint::Leaf({std::string(kAskedHost)}),
                                     ForgedKey(), corp),
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
       Served({impostor, PublicPki().intermediate}),
       kMitm,
       {"imitated-issuer"}},
      {"leaf older than its issuer",
       Served({by_young, young}),
       kMitm,
       {"leaf-older-than-issuer"}},
      {"genuine chain appended",
       Served({forged, PublicPki().leaf, PublicPki().intermediate}),
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
             {mint::Issue(Bare({std::string(kAskedHost)}), named.key, named)});
         question.bundled.push_back(named);
         return question;
       }(),
       kMitm,
       {"inspection-name", "leaf-key-is-issuer-key"}},
  });
}

TEST(Interception, NamesTheProductTheConfidenceAndWhatToExempt) {
  const mint::Minted proxy = RootOf("mitmproxy", "p256-mitmproxy");
  const mint::Minted forged =
      mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), proxy);
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

  const mint::Minted hostile =
      RootOf("Evil \x1b[2J\xe2\x80\xae CA", "p256-evil");
  const Verdict verdict =
      Ask(WithLocal(Served({mint::Issue(Bare({std::string(kAskedHost)}),
                                        ForgedKey(), hostile),
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
  const mint::Minted corp = CorpRoot();
  const Verdict verdict = Ask(WithLocal(
      Served(
          {mint::Issue(Bare({std::string(kAskedHost)}), corp.key, corp), corp}),
      corp));
  ASSERT_GE(verdict.diagnosis().evidence.size(), 3u);
  for (const Evidence& evidence : verdict.diagnosis().evidence) {
    EXPECT_EQ(codes.count(evidence.code), 1u) << evidence.code;
    EXPECT_FALSE(evidence.sentence.empty());
  }
}

}  // namespace
}  // namespace pinning
