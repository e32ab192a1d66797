#include "tests/testing/observe.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/diagnosis.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace testing_support {

using pinning::DiagnosisKind;
using pinning::PinStore;
using pinning::TrustAnchor;
using pinning::TrustStore;
using pinning::Verdict;
using pinning::Verifier;
using ::testing::Contains;

std::vector<std::string> CodesOf(const pinning::Diagnosis& diagnosis) {
  std::vector<std::string> codes;
  for (const pinning::Evidence& evidence : diagnosis.evidence) {
    codes.push_back(evidence.code);
  }
  return codes;
}

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
    EXPECT_TRUE(pins.AddPinSet(PinSetOf(policy)).ok());
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
                             question.now, {}, question.facts);
}

mint::Spec Bare(std::vector<std::string> names) {
  mint::Spec spec = mint::Leaf(std::move(names));
  spec.extra.clear();
  return spec;
}

mint::Minted RootOf(absl::string_view name, absl::string_view key) {
  return mint::SelfSigned(mint::Ca(name), mint::Key::Shared(key));
}

mint::Minted CorpRoot() { return RootOf("Example Corp Root", "p256-corp"); }

mint::Key ForgedKey() { return mint::Key::Shared("p256-interception-leaf"); }

const Pki& PublicPki() {
  static const Pki* const pki = new Pki(MakePki("genuine", kAskedHost));
  return *pki;
}

Question Served(std::vector<mint::Minted> served) {
  Question question;
  question.bundled = {PublicPki().root};
  question.pins = {PinOf(PublicPki().intermediate)};
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

Question WithHost(Question question, absl::string_view host) {
  question.host = std::string(host);
  return question;
}

void ExpectDiagnoses(const std::vector<DiagnosisRow>& rows) {
  for (const DiagnosisRow& row : rows) {
    SCOPED_TRACE(row.name);
    const Verdict verdict = Ask(row.question);
    EXPECT_FALSE(verdict.accepted()) << verdict.ToString();
    EXPECT_EQ(DiagnosisKindName(verdict.diagnosis().kind),
              DiagnosisKindName(row.kind))
        << verdict.ToString() << "\n"
        << ::testing::PrintToString(CodesOf(verdict.diagnosis()));
    EXPECT_EQ(verdict.is_mitm(), row.kind == DiagnosisKind::kInterception);
    for (const std::string& code : row.evidence) {
      EXPECT_THAT(CodesOf(verdict.diagnosis()), Contains(code));
    }
    EXPECT_EQ(verdict.diagnosis().advice.empty(),
              row.kind == DiagnosisKind::kNone);
  }
}

}  // namespace testing_support
