#ifndef TESTS_CONFUSION_CASES_H_
#define TESTS_CONFUSION_CASES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/diagnosis.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/verdict.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// What is put to the diagnosis, with what is true of it.
namespace confusion {

// A Question is one verification.
struct Question {
  std::vector<mint::Minted> served;
  std::vector<mint::Minted> bundled;
  std::vector<mint::Minted> local;
  std::string host = "identity.webex.com";
  std::vector<pinning::Pin> pins;       // empty: the host is not pinned
  std::vector<pinning::PinRole> roles;  // of `pins`; too short: any
  absl::Time now = testing_support::Now();
  absl::Time updated = testing_support::Now() - absl::Hours(24);
  absl::Time expires = testing_support::Now() + absl::Hours(24 * 90);
};

// Ask puts it to a Verifier, as bytes from a peer.
pinning::Verdict Ask(const Question& question);

// A Case is a question and what is true. A case that is true of `kNone` is one
// of which the chain does not tell what is wrong.
struct Case {
  std::string name;
  pinning::DiagnosisKind truth = pinning::DiagnosisKind::kNone;
  Question question;
  // Whether the chain cannot tell it from an interceptor's, nor is expected to.
  bool alike = false;
};

// World is the genuine public authority and its certificate for the host, of
// the shape of what webex.com serves.
const testing_support::Pki& World();

// FakeRoot returns an interceptor's root. Equal names have equal keys.
mint::Minted FakeRoot(absl::string_view name,
                      absl::Duration age = absl::Hours(24 * 1800));

// Pinned returns a question in which root and intermediate of World are pinned
// and its root is bundled.
Question Pinned(std::vector<mint::Minted> served);

// An Interceptor is what some program serves in place of World's leaf.
struct Interceptor {
  std::string name;
  std::vector<mint::Minted> served;
  mint::Minted root;  // what a machine would have installed
};

// Programs that were run, each imitated field by field; and what a careful one
// could serve. `bland`: under an authority whose name says nothing, where the
// program's own would.
std::vector<Interceptor> RealInterceptors(bool bland = false);
std::vector<Interceptor> CarefulInterceptors();

// Failures without an interceptor.
std::vector<Case> ServerFailures();
std::vector<Case> PrivateAuthorities();
std::vector<Case> ClocksAndPortals();
std::vector<Case> Rotations();

}  // namespace confusion

#endif  // TESTS_CONFUSION_CASES_H_
