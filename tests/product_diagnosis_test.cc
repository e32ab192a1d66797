#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/diagnosis.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/language.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// Which product a diagnosis names, and how sure of it its words are.
namespace pinning {
namespace {

using testing_support::ChainOf;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::TrustStoreOf;

constexpr absl::string_view kHost = "idbroker.webex.com";

mint::Key LeafKey() { return mint::Key::Shared("p256-product-leaf"); }

// The company's own authority, as an owner of squid would make it.
mint::Minted Corporate() {
  return mint::SelfSigned(mint::Ca("Example Corp Network CA"),
                          mint::Key::Shared("p256-product-corp"));
}

// What squid writes for a server that it peeked at: the extensions of the
// genuine certificate are gone but for these, in this order.
mint::Spec AsSquid() {
  mint::Spec spec;
  spec.common_name = std::string(kHost);
  spec.subject_key_id = false;
  spec.authority_key_id = false;
  std::vector<uint8_t> name(kHost.begin(), kHost.end());
  spec.extra = {
      {"2.5.29.17", false, mint::DerWrap(0x30, mint::DerWrap(0x82, name))},
      {"2.5.29.15", true, {3, 2, 5, 0xa0}},
      {"2.5.29.37", false, {0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 1}},
      {"2.5.29.19", true, {0x30, 0}},
      {"2.5.29.35", false, {0x30, 3, 0x80, 1, 7}},
  };
  return spec;
}

Diagnosis Ask(const std::vector<mint::Minted>& served,
              std::shared_ptr<const InterceptorCatalogue> own = nullptr) {
  static const Pki& pki = *new Pki(MakePki("genuine", kHost));
  PinPolicy policy;
  policy.pins = {testing_support::PinOf(pki.intermediate)};
  Verifier::Options options;
  options.trust_store = TrustStoreOf({pki.root});
  options.pin_store = PinStoreOf(policy, {std::string(kHost)});
  options.interceptors = std::move(own);
  const Verdict verdict = (*Verifier::Create(std::move(options)))
                              ->Verify(ChainOf(served), NameOf(kHost), Now());
  EXPECT_FALSE(verdict.accepted());
  return verdict.diagnosis();
}

const Evidence* Find(const Diagnosis& diagnosis, absl::string_view code) {
  for (const Evidence& evidence : diagnosis.evidence) {
    if (evidence.code == code) {
      return &evidence;
    }
  }
  return nullptr;
}

TEST(ProductDiagnosis, AResemblanceIsSaidAsOneAndKeepsTheOwnersName) {
  const mint::Minted corporate = Corporate();
  const mint::Minted leaf = mint::Issue(AsSquid(), corporate.key, corporate);
  const Diagnosis diagnosis = Ask({leaf, corporate});
  EXPECT_EQ(diagnosis.kind, DiagnosisKind::kInterception);
  EXPECT_EQ(diagnosis.product, "Example Corp Network CA");
  EXPECT_EQ(diagnosis.vendor_kind, VendorKind::kUnknown);
  const Evidence* evidence = Find(diagnosis, "resembles-product");
  ASSERT_NE(evidence, nullptr);
  EXPECT_EQ(evidence->weight, EvidenceWeight::kWeak);
  EXPECT_EQ(evidence->sentence, "the leaf looks like one that squid made");
  EXPECT_EQ(EvidenceSentence(*evidence, Language::kSpanish),
            "el certificado del servidor se parece a los que hace squid");
  EXPECT_EQ(Find(diagnosis, "known-product"), nullptr);
}

TEST(ProductDiagnosis, AResemblanceAddsNoConfidence) {
  const mint::Minted corporate = Corporate();
  const mint::Minted leaf = mint::Issue(AsSquid(), corporate.key, corporate);
  // A catalogue that knows nothing of structure.
  const auto other = InterceptorCatalogue::FromJson(
      R"({"schema": "pinning.interceptors/1", "products": [)"
      R"({"name": "x", "kind": "unknown", "source": "https://x.example/",)"
      R"( "issuer": []}]})");
  const Diagnosis without = Ask({leaf, corporate}, *other);
  const Diagnosis with = Ask({leaf, corporate});
  EXPECT_EQ(Find(without, "resembles-product"), nullptr);
  EXPECT_EQ(without.kind, with.kind);
  EXPECT_EQ(without.confidence, with.confidence);
}

// Its key is not the authority's: another program may write that.
TEST(ProductDiagnosis, ALeafOfItsOwnKeyDoesNotResembleSquid) {
  const mint::Minted corporate = Corporate();
  const mint::Minted leaf = mint::Issue(AsSquid(), LeafKey(), corporate);
  EXPECT_EQ(Find(Ask({leaf, corporate}), "resembles-product"), nullptr);
}

TEST(ProductDiagnosis, ALeafThatSaysWhoForgedItIsBelieved) {
  mint::Spec spec = mint::Leaf({std::string(kHost)});
  spec.subject = {{"2.5.4.10", "GoProxy untrusted MITM proxy Inc"},
                  {"2.5.4.3", std::string(kHost)}};
  const mint::Minted corporate = Corporate();
  const Diagnosis diagnosis =
      Ask({mint::Issue(spec, LeafKey(), corporate), corporate});
  EXPECT_EQ(diagnosis.kind, DiagnosisKind::kInterception);
  EXPECT_EQ(diagnosis.product, "goproxy");
  const Evidence* evidence = Find(diagnosis, "known-product");
  ASSERT_NE(evidence, nullptr);
  EXPECT_EQ(evidence->depth, 0);
  EXPECT_EQ(evidence->field, "subject");
  EXPECT_EQ(evidence->sentence,
            absl::StrCat("\"CN=", kHost,
                         ",O=GoProxy untrusted MITM proxy Inc\", the name in "
                         "the leaf, is what goproxy writes there"));
}

TEST(ProductDiagnosis, OwnRowsAreAskedFirst) {
  const auto own = InterceptorCatalogue::FromJson(
      R"({"schema": "pinning.interceptors/1", "products": [)"
      R"({"name": "Our proxy", "kind": "firewall",)"
      R"( "source": "https://x.example/",)"
      R"( "issuer": [{"cn": {"exact": "mitmproxy"}}]}]})");
  ASSERT_TRUE(own.ok()) << own.status();
  const mint::Minted authority = mint::SelfSigned(
      mint::Ca("mitmproxy"), mint::Key::Shared("p256-product-mitm"));
  const mint::Minted leaf =
      mint::Issue(mint::Leaf({std::string(kHost)}), LeafKey(), authority);
  EXPECT_EQ(Ask({leaf}).product, "mitmproxy");
  const Diagnosis diagnosis =
      Ask({leaf},
          InterceptorCatalogue::Merge(**own, *InterceptorCatalogue::BuiltIn()));
  EXPECT_EQ(diagnosis.product, "Our proxy");
  EXPECT_EQ(diagnosis.vendor_kind, VendorKind::kFirewall);
}

}  // namespace
}  // namespace pinning
