#ifndef TOOLS_TLSPIN_GENERATE_CANDIDATES_H_
#define TOOLS_TLSPIN_GENERATE_CANDIDATES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "pinning/verdict.h"
#include "tools/tlspin/pin_file.h"

// The keys that could be pinned for a host, what speaks for each of them, and
// which of them to choose; no input or output here.
namespace tlspin {

// A Candidate is one certificate whose key could be pinned.
struct Candidate {
  pinning::Certificate certificate;
  // On the path that was accepted; null: it was served beside it, and nothing
  // about it was verified.
  std::optional<pinning::PinRole> role;
  std::optional<size_t> depth;  // on the path
  bool served = false;          // not by the trust store
  // Of a certificate beside the path: where on the path its key is, such as
  // that of a root which another root signed.
  std::optional<size_t> same_key;
};

// CandidatesOf returns the certificates on the path of `verdict`, leaf first,
// then those that were served beside it; none if there is no path.
std::vector<Candidate> CandidatesOf(const pinning::Verdict& verdict);

// RoleAt returns the role of the certificate at `depth` of a path. On a path of
// one certificate the leaf is the anchor too.
pinning::PinRole RoleAt(size_t depth, size_t length);

// KeyName returns what a reviewer calls the key of `certificate`, escaped.
std::string KeyName(const pinning::Certificate& certificate);

// Admits is what a pin of a key accepts beside the certificate at hand, as that
// certificate says. The same key may be in another that limits it less.
enum class Admits {
  kThisKey,        // a leaf: certificates for this key
  kItsOwn,         // path length 0: what it issues itself
  kSomeLevels,     // what it and some levels of authorities below it issue
  kAnythingBelow,  // no path length: any number of levels
};

// AdmitsName returns "this-key", "its-own", "some-levels" or "anything-below".
absl::string_view AdmitsName(Admits admits);

Admits AdmitsOf(const Candidate& candidate);

// PathLengthOf returns the path length constraint, if there is one.
std::optional<int> PathLengthOf(const pinning::Certificate& certificate);

// The DNS names that the certificate's name constraints permit and exclude.
struct ConstrainedNames {
  std::vector<std::string> permitted, excluded;
};
ConstrainedNames ConstrainedNamesOf(const pinning::Certificate& certificate);

// AdmitsText says the above in a line.
std::string AdmitsText(const Candidate& candidate);

// LastsText says when the certificate ends, which is a fact, and what may end
// the use of its key before, which is an estimate. `leaf` is the first of the
// path.
std::string LastsText(const Candidate& candidate,
                      const pinning::Certificate& leaf, absl::Time now);

// DaysLeft returns the whole days until `end`; negative once it has passed.
int DaysLeft(absl::Time end, absl::Time now);

// A Proposal is the key to pin and why.
struct Proposal {
  size_t depth = 0;  // on the path
  std::string reason;
};

// Propose returns the key of `path` that lets in least among those that should
// still be in service when the pins expire: the issuer if no renewal of the
// leaf is due before, else the anchor, else what ends last.
Proposal Propose(const pinning::VerifiedPath& path, absl::Time expires);

// WhyBackup says why the key of `backup` is a backup, or, if there is none, why
// none of the candidates is and where to get one.
std::string WhyBackup(const PinFilePin* backup);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_CANDIDATES_H_
