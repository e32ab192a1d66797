#ifndef PINNING_INTERNAL_PATH_EXAMINER_H_
#define PINNING_INTERNAL_PATH_EXAMINER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/path_checks.h"
#include "pinning/internal/path_graph.h"
#include "pinning/internal/revocation_checks.h"
#include "pinning/path.h"

namespace pinning {
namespace internal {

// A PathExaminer decides the order in which the checks of a path are made, and
// makes each of them once in a search, however many paths share it. A path is
// a list of the graph's nodes, leaf first; a refusal carries its depth, except
// kBudgetExhausted, which ends the search. It is used by one thread.
class PathExaminer {
 public:
  // `graph` must outlive the examiner.
  PathExaminer(const PathGraph& graph, const Environment& environment,
               int max_signatures, int64_t max_name_comparisons,
               int64_t max_policy_nodes);

  // CheckLast makes every check but signatures that the last certificate of
  // `path` can fail, by itself or by what it says of those below it, which
  // have passed. The search cuts off a branch at the first one that fails.
  CheckResult CheckLast(absl::Span<const int> path);

  // CheckWhole makes the checks that are of a whole path: signatures, then
  // policies and revocation. So only certificates that an anchor has vouched
  // for can use up what those may cost.
  CheckResult CheckWhole(absl::Span<const int> path);

  // CheckSignatures verifies a whole path, from the anchor downward. So each
  // key that is used has been vouched for by an anchor, and a peer cannot make
  // this code compute with keys of its own choosing: certificates it made up
  // cost at most one signature for each genuine authority whose name they
  // take, whatever they sign among themselves.
  CheckResult CheckSignatures(absl::Span<const int> path);

  // Explain makes all checks of a whole path and returns the fault that tells
  // most. That a key is not to be used comes first; then who signed what,
  // without which nothing in a certificate is known to be true; then what it
  // says; and last the time, so that "expired" means that nothing else is
  // wrong.
  CheckResult Explain(absl::Span<const int> path);

  // signatures_checked returns how many signatures were verified, those of
  // CRLs included.
  int signatures_checked() const { return signatures_checked_; }
  // signatures_remembered returns how many of them the memo knew.
  int signatures_remembered() const { return signatures_remembered_; }

  // Unchanged returns the time over which no check of a certificate in the
  // graph, or of a CRL of one of their issuers, comes out otherwise.
  TimeWindow Unchanged() const;

 private:
  using Positions = absl::InlinedVector<Position, 8>;

  // What was found of a node: by itself, and of its signature by the issuer's
  // key, of which there are as many as candidates.
  struct Findings {
    std::optional<CheckResult> alone;
    absl::InlinedVector<std::pair<int, CheckResult>, 2> signatures;
  };

  Findings& FindingsOf(int node);
  const CheckResult* KnownSignature(int issued, int key);
  CheckResult CheckAlone(int node);
  CheckResult CheckConstraints(absl::Span<const int> path, size_t depth);
  CheckResult CheckPoliciesAndRevocation(absl::Span<const int> path);
  Positions PositionsOf(absl::Span<const int> path) const;
  CheckResult CheckEdge(int issued, int issuer);
  CheckResult VerifyOrRemember(const Certificate& issued,
                               const Certificate& issuer);

  const PathGraph& graph_;
  const Environment environment_;
  const int max_signatures_;
  int64_t comparisons_left_;
  int64_t policy_nodes_left_;
  int signatures_checked_ = 0;
  int signatures_remembered_ = 0;
  RevocationChecker revocation_;

  static constexpr int kUsualNodes = 4;
  absl::InlinedVector<Findings, kUsualNodes> findings_;  // by node
  // By issuer and subject, of issuers that constrain names.
  absl::flat_hash_map<std::pair<int, int>, CheckResult> names_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PATH_EXAMINER_H_
