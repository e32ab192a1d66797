#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/diagnosis.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/internal/messages.h"
#include "pinning/language.h"
#include "pinning/verdict.h"
#include "tests/testing/observe.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// A diagnosis says the same in every language, and only what is in the table.
namespace pinning {
namespace {

using testing_support::Ask;
using testing_support::At;
using testing_support::Bare;
using testing_support::CorpRoot;
using testing_support::ForgedKey;
using testing_support::kAskedHost;
using testing_support::MakePki;
using testing_support::Now;
using testing_support::Pki;
using testing_support::PublicPki;
using testing_support::Question;
using testing_support::RootOf;
using testing_support::Served;

// HasEnglish returns whether `text` has a word that English has and Spanish
// has not.
bool HasEnglish(absl::string_view text) {
  const std::string padded = absl::StrCat(" ", text, " ");
  for (absl::string_view word :
       {" the ", " is ", " of ", " was ", " and ", " its ", " for ", " not ",
        " this ", " ask ", " with ", " from ", " that "}) {
    if (absl::StrContains(padded, word)) {
      return true;
    }
  }
  return false;
}

// ExpectWellSaid holds one diagnosis to the table, in every language, and
// returns the messages that it is made of.
std::set<std::string> ExpectWellSaid(const Diagnosis& diagnosis) {
  std::set<std::string> messages;
  for (const Evidence& evidence : diagnosis.evidence) {
    SCOPED_TRACE(evidence.code);
    messages.insert(evidence.message);
    const internal::Message* message = internal::FindMessage(evidence.message);
    EXPECT_NE(message, nullptr) << evidence.message;
    if (message != nullptr) {
      EXPECT_EQ(message->arguments,
                static_cast<int>(evidence.arguments.size()));
    }
    EXPECT_EQ(EvidenceSentence(evidence, Language::kEnglish),
              evidence.sentence);
    const std::string spanish = EvidenceSentence(evidence, Language::kSpanish);
    EXPECT_FALSE(HasEnglish(spanish)) << spanish;
  }
  messages.insert(diagnosis.advice_message);
  EXPECT_NE(internal::FindMessage(diagnosis.advice_message), nullptr)
      << diagnosis.advice_message;
  EXPECT_EQ(DiagnosisAdvice(diagnosis, Language::kEnglish), diagnosis.advice);
  for (const std::string& spanish :
       {DiagnosisAdvice(diagnosis, Language::kSpanish),
        DiagnosisSummary(diagnosis, Language::kSpanish),
        ConfidenceText(diagnosis.confidence, Language::kSpanish)}) {
    EXPECT_FALSE(spanish.empty());
    EXPECT_FALSE(HasEnglish(spanish)) << spanish;
  }
  return messages;
}

// Superfish's root had an organization, and that is what it is known by.
Question BySuperfish() {
  mint::Spec spec = mint::Ca("Superfish, Inc.");
  spec.subject = {{"2.5.4.10", "Superfish, Inc."},
                  {"2.5.4.3", "Superfish, Inc."}};
  const mint::Minted root =
      mint::SelfSigned(spec, mint::Key::Shared("p256-superfish"));
  return Served(
      {mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), root), root});
}

Question By(absl::string_view authority, absl::string_view key) {
  const mint::Minted root = RootOf(authority, key);
  return Served(
      {mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), root), root});
}

TEST(DiagnosisLanguage, EveryAdviceIsInEveryLanguage) {
  const Pki& pki = PublicPki();
  const Pki second = MakePki("second", kAskedHost);
  const mint::Minted issuing =
      mint::Issue(mint::Ca("Example Issuing"),
                  mint::Key::Shared("p256-issuing"), CorpRoot());
  mint::Spec expired = mint::Leaf({std::string(kAskedHost)});
  expired.not_after = Now() - absl::Hours(24);
  Question unexpected = Served(second.Presented());
  unexpected.bundled = {pki.root, second.root};
  Question stale = unexpected;
  stale.expires = Now() - absl::Hours(1);
  const std::vector<Question> questions = {
      By("Example Corp Root", "p256-corp"),
      By("mitmproxy", "p256-mitmproxy"),
      By("avast! Web/Mail Shield Root", "p256-avira"),
      By("Qustodio CA", "p256-qustodio"),
      By("Qaznet Trust Network", "p256-qaznet"),
      BySuperfish(),
      Served(
          {mint::Issue(Bare({std::string(kAskedHost)}), ForgedKey(), issuing),
           issuing}),
      unexpected,
      stale,
      Served({mint::SelfSigned(Bare({"portal.hotel.example"}), ForgedKey())}),
      At(Served(pki.Presented()), absl::FromUnixSeconds(1600000000)),
      Served({mint::Issue(expired, ForgedKey(), pki.intermediate),
              pki.intermediate}),
      Served({pki.leaf}),
      Served({mint::Issue(mint::Leaf({absl::StrCat("www.", kAskedHost)}),
                          ForgedKey(), pki.intermediate),
              pki.intermediate}),
  };
  std::set<std::string> seen;
  for (const Question& question : questions) {
    const Verdict verdict = Ask(question);
    SCOPED_TRACE(verdict.ToString());
    ASSERT_NE(verdict.diagnosis().kind, DiagnosisKind::kNone);
    seen.merge(ExpectWellSaid(verdict.diagnosis()));
  }
  for (const internal::Message& message : internal::AllMessages()) {
    if (absl::StartsWith(message.id, "advice.")) {
      EXPECT_EQ(seen.count(std::string(message.id)), 1u) << message.id;
    }
  }
}

TEST(DiagnosisLanguage, MalwareIsToBeRemovedAndNotExempted) {
  const Diagnosis diagnosis = Ask(BySuperfish()).diagnosis();
  EXPECT_EQ(diagnosis.vendor_kind, VendorKind::kMalware);
  EXPECT_TRUE(diagnosis.exempt.empty());
  EXPECT_TRUE(absl::StrContains(diagnosis.advice, "compromised"));
  EXPECT_TRUE(absl::StrContains(DiagnosisAdvice(diagnosis, Language::kSpanish),
                                "comprometido"));
}

TEST(DiagnosisLanguage, EveryMessageIsOfAKnownSort) {
  std::set<std::string> known = {"summary.interception-by",
                                 "summary.interception-by.low",
                                 "summary.interception.low"};
  for (absl::string_view code : AllEvidenceCodes()) {
    known.insert(std::string(code));
  }
  for (DiagnosisKind kind : AllDiagnosisKinds()) {
    known.insert(absl::StrCat("summary.", DiagnosisKindName(kind)));
    known.insert(absl::StrCat("kind.", DiagnosisKindName(kind)));
  }
  for (VendorKind kind : AllVendorKinds()) {
    known.insert(absl::StrCat("vendor.", VendorKindName(kind)));
    EXPECT_NE(VendorKindText(kind, Language::kEnglish),
              VendorKindText(kind, Language::kSpanish));
  }
  for (EvidenceWeight weight : AllEvidenceWeights()) {
    known.insert(absl::StrCat("weight.", EvidenceWeightName(weight)));
    EXPECT_NE(EvidenceWeightText(weight, Language::kEnglish),
              EvidenceWeightText(weight, Language::kSpanish));
  }
  for (const char* name : {"low", "medium", "high"}) {
    known.insert(absl::StrCat("confidence.", name));
  }
  for (absl::string_view code : AllEvidenceCodes()) {
    EXPECT_NE(internal::FindMessage(code), nullptr) << code;
  }
  for (const internal::Message& message : internal::AllMessages()) {
    const absl::string_view id = message.id;
    // "imitated-issuer.anchor" is a sentence of "imitated-issuer".
    EXPECT_TRUE(absl::StartsWith(id, "advice.") ||
                known.count(std::string(id)) == 1 ||
                known.count(std::string(id.substr(0, id.find('.')))) == 1)
        << id;
    EXPECT_FALSE(HasEnglish(message.spanish)) << message.spanish;
  }
}

}  // namespace
}  // namespace pinning
