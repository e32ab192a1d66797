#ifndef PINNING_INTERNAL_PATH_JUDGE_H_
#define PINNING_INTERNAL_PATH_JUDGE_H_

#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/path.h"
#include "pinning/path_builder.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"

namespace pinning {
namespace internal {

// A JudgedPath is a valid path and what the pins say to it.
struct JudgedPath {
  VerifiedPath path;
  PinStatus status = PinStatus::kNotEvaluated;
  const NamedPin* pin = nullptr;  // that matched or blocked; the set's
  int depth = -1;                 // where `pin` was found
};

// A PathJudge is the visitor of one search: it holds each valid path against
// the name and the pins, and stops at the first that satisfies both. It
// applies neither the mode of the set nor its expiry rule; Verifier does.
class PathJudge {
 public:
  // `name` and `set`, which may be null, must outlive the judge. With
  // `bypass_local`, a mismatch on a path to a local anchor is satisfied; a
  // blocked pin is not.
  PathJudge(const ServerName& name, const PinSet* set, absl::Time now,
            bool bypass_local);

  PathBuilder::Visit Visit(const VerifiedPath& path);

  // first returns the first path visited; nothing if no path was valid.
  const std::optional<JudgedPath>& first() const {
    return first_.has_value() ? first_ : satisfied_;
  }
  // satisfied returns the path that ended the search with a yes.
  const std::optional<JudgedPath>& satisfied() const { return satisfied_; }
  // blocked returns the first path that held a blocked key.
  const std::optional<JudgedPath>& blocked() const { return blocked_; }
  bool name_mismatch() const { return name_mismatch_; }
  // valid_paths returns the paths visited, at most kMaxPathsKept of them.
  absl::Span<const VerifiedPath> valid_paths() const { return valid_paths_; }

  static constexpr size_t kMaxPathsKept = 16;

 private:
  JudgedPath Judge(const VerifiedPath& path) const;

  const ServerName& name_;
  const PinSet* set_;
  bool set_expired_;
  bool bypass_local_;
  bool name_mismatch_ = false;
  // `first_` is unset if that one satisfied.
  std::optional<JudgedPath> first_, satisfied_, blocked_;
  absl::InlinedVector<VerifiedPath, 2> valid_paths_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PATH_JUDGE_H_
