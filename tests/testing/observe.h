#ifndef TESTS_TESTING_OBSERVE_H_
#define TESTS_TESTING_OBSERVE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/connection_facts.h"
#include "pinning/diagnosis.h"
#include "pinning/pin.h"
#include "pinning/verdict.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// What tests of the diagnosis have in common: a world with one public
// authority, and questions about it.
namespace testing_support {

constexpr absl::string_view kAskedHost = "idbroker.webex.com";

// A Question is one verification, with what most of them share filled in.
struct Question {
  std::vector<mint::Minted> served;
  std::vector<mint::Minted> bundled;
  std::vector<mint::Minted> local;
  std::string host = std::string(kAskedHost);
  std::vector<pinning::Pin> pins;  // empty: the host is not pinned
  absl::Time now = Now();
  absl::Time updated = Now() - absl::Hours(24);
  absl::Time expires = Now() + absl::Hours(24 * 90);
  pinning::ConnectionFacts facts;
};

pinning::Verdict Ask(const Question& question);

// PublicPki: its root is bundled and its intermediate is pinned, unless a test
// says otherwise.
const Pki& PublicPki();

// Served returns a question in that world.
Question Served(std::vector<mint::Minted> served);
Question Unpinned(Question question);
Question WithLocal(Question question, mint::Minted anchor);
Question At(Question question, absl::Time now);
Question WithHost(Question question, absl::string_view host);

// Bare returns the leaf that a proxy or a private authority makes: none of the
// extensions that a public authority sets.
mint::Spec Bare(std::vector<std::string> names);
mint::Minted RootOf(absl::string_view name, absl::string_view key);
// CorpRoot returns an authority with a name that says nothing.
mint::Minted CorpRoot();
mint::Key ForgedKey();

std::vector<std::string> CodesOf(const pinning::Diagnosis& diagnosis);

// A DiagnosisRow is a question, the kind of diagnosis it has, and codes that
// are among its evidence.
struct DiagnosisRow {
  std::string name;
  Question question;
  pinning::DiagnosisKind kind;
  std::vector<std::string> evidence;
};

void ExpectDiagnoses(const std::vector<DiagnosisRow>& rows);

}  // namespace testing_support

#endif  // TESTS_TESTING_OBSERVE_H_
