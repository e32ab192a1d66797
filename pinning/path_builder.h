#ifndef PINNING_PATH_BUILDER_H_
#define PINNING_PATH_BUILDER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "pinning/chain.h"
#include "pinning/error.h"
#include "pinning/path.h"
#include "pinning/trust_store.h"

namespace pinning {

// Limits bounds the work that one verification may do on a hostile chain. The
// source of each number is in docs/defaults.md.
struct Limits {
  int max_depth = 8;           // certificates on a path, anchor included
  int max_signatures = 100;    // signatures verified
  int max_build_calls = 2000;  // candidate certificates considered
  int max_name_comparisons = 250'000;  // name against name constraint
};

// KeyPurpose is the extended key usage that the leaf must allow.
enum class KeyPurpose : uint8_t { kServerAuth, kClientAuth };

// A PathBuilder enumerates the valid certification paths from a leaf to the
// anchors of one trust store. It is immutable; Search may run concurrently.
//
// A leaf that is in the trust store, as that very certificate, is a path of
// one: private networks trust self-signed servers so. It is checked like any
// other leaf, its validity period included.
class PathBuilder {
 public:
  // Visit is what the visitor wants next.
  enum class Visit { kStop, kContinue };

  // ValidityPeriod says whether notBefore and notAfter count. kIgnore is
  // reached from danger.h only.
  enum class ValidityPeriod { kEnforce, kIgnore };

  // Result says how a search ended. `best_error` is meaningful only if no path
  // was visited: it is kBudgetExhausted, at depth -1, if that is because the
  // limits cut the search off; kNoPath is at the depth of the certificate whose
  // issuer is missing.
  struct Result {
    int paths_visited = 0;
    int signatures_checked = 0;
    bool exhausted_budget = false;
    PathError best_error;
    // The candidates that were refused, in the order tried; at most
    // kMaxFailedPaths are kept.
    std::vector<FailedPath> failed_paths;
  };

  static constexpr int kMaxFailedPaths = 16;

  PathBuilder(std::shared_ptr<const TrustStore> trust_store, Limits limits,
              ValidityPeriod validity = ValidityPeriod::kEnforce);

  // Search calls `visit` with each path from `chain.leaf()` that is valid for
  // `purpose` at `now` (RFC 5280, 6.1), until the visitor stops it, the paths
  // run out, or the limits do. Signatures are verified before `visit` sees a
  // path. The same path is not visited twice.
  Result Search(const Chain& chain, KeyPurpose purpose, absl::Time now,
                absl::FunctionRef<Visit(const VerifiedPath&)> visit) const;

 private:
  class SearchRun;

  std::shared_ptr<const TrustStore> trust_store_;
  Limits limits_;
  ValidityPeriod validity_;
};

}  // namespace pinning

#endif  // PINNING_PATH_BUILDER_H_
