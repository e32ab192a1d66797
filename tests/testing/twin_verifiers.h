#ifndef TESTS_TESTING_TWIN_VERIFIERS_H_
#define TESTS_TESTING_TWIN_VERIFIERS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/connection_facts.h"
#include "pinning/pin.h"
#include "pinning/revocation.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// What tests of the caches have in common.
namespace testing_support {

inline constexpr char kHost[] = "idbroker.webex.com";

// Good returns the infrastructure of a leaf that is good for kHost.
const Pki& Good();

PinPolicy PinnedTo(std::vector<pinning::Pin> pins);

// OptionsOf returns those of a Verifier that pins kHost by `policy`.
pinning::Verifier::Options OptionsOf(const PinPolicy& policy,
                                     std::vector<mint::Minted> anchors = {
                                         Good().root});

// Pinned returns those by which kHost is pinned to the root of Good().
pinning::Verifier::Options Pinned();

// An Inquiry is everything that a Verifier is asked with. The spans of `facts`
// have to outlive it.
struct Inquiry {
  std::vector<std::vector<uint8_t>> served;
  std::string host;
  absl::Time now = Now();
  pinning::Revocation revocation = {};
  pinning::ConnectionFacts facts = {};
};

// Honest presents the chain of Good() for kHost.
Inquiry Honest();

// Twins are two Verifiers of one configuration, of which one remembers and the
// other does not.
class Twins {
 public:
  explicit Twins(const pinning::Verifier::Options& options);

  // Ask asks both, expects that they say the same, down to each piece of
  // evidence, and returns what the one that remembers says.
  pinning::Verdict Ask(const Inquiry& inquiry) const;

  const pinning::Verifier& remembering() const { return *remembering_; }
  const pinning::Verifier& forgetful() const { return *forgetful_; }

 private:
  std::shared_ptr<const pinning::Verifier> remembering_;
  std::shared_ptr<const pinning::Verifier> forgetful_;
};

// AskOne asks `verifier`.
pinning::Verdict AskOne(const pinning::Verifier& verifier,
                        const Inquiry& inquiry);

// Everything returns all that `verdict` says, as text.
std::string Everything(const pinning::Verdict& verdict);

// Forgetful returns `options` with everything off that remembers.
pinning::Verifier::Options Forgetful(pinning::Verifier::Options options);

}  // namespace testing_support

#endif  // TESTS_TESTING_TWIN_VERIFIERS_H_
