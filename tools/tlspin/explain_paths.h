#ifndef TOOLS_TLSPIN_EXPLAIN_PATHS_H_
#define TOOLS_TLSPIN_EXPLAIN_PATHS_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/language.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/output.h"

namespace tlspin {

// A TriedPath is a path that was tried, and what came of it.
struct TriedPath {
  // In the order of how far a path came.
  enum class Outcome {
    kRefused,    // by RFC 5280: `error`
    kName,       // valid; the leaf is not for the name
    kNotPinned,  // valid; no set for the name
    kMismatch,
    kBlocked,
    kMatched,
    kMatchedBackup,
  };

  std::vector<pinning::Certificate> certificates;      // leaf first
  std::optional<pinning::TrustAnchor::Origin> anchor;  // none: short of one
  Outcome outcome = Outcome::kRefused;
  pinning::PathError error;
  std::string pin;  // the name of the pin that matched or blocked
  int depth = -1;   // where it is
  // Pins of the set whose key is on the path, in a role that does not count:
  // name and depth.
  std::vector<std::pair<std::string, int>> misplaced;
};

// Exploration is every path there was to try.
struct Exploration {
  std::vector<TriedPath> paths;  // the valid ones first
  int not_listed = 0;            // valid paths beyond those kept
  bool complete = true;  // false: a limit cut the search off, or more paths
                         // were refused than are kept
};

// TriedOutcomeName returns "refused", "name-mismatch", "matched-backup" ...
absl::string_view TriedOutcomeName(TriedPath::Outcome outcome);

// ExplorePaths tries every path of the chain that `verdict` is about, where
// the verdict stopped at the first that would do. The valid ones of them are
// held against the pins that the verdict names.
Exploration ExplorePaths(const Judge& judge, const pinning::Verdict& verdict);

// ExplorationText returns each path with what came of it.
std::string ExplorationText(const Exploration& exploration,
                            const pinning::Verdict& verdict, bool full_pins,
                            pinning::Language language);

// ExplorationJson returns the value of the key "paths".
Json ExplorationJson(const Exploration& exploration);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_EXPLAIN_PATHS_H_
