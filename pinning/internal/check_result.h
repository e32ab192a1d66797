#ifndef PINNING_INTERNAL_CHECK_RESULT_H_
#define PINNING_INTERNAL_CHECK_RESULT_H_

#include <string>
#include <utility>

#include "pinning/error.h"

namespace pinning {
namespace internal {

// A CheckResult is the outcome of checking one clause. It cannot be made by
// default, and a pass has to be spelled, so that a forgotten result is never
// one.
class [[nodiscard]] CheckResult {
 public:
  static CheckResult Pass() { return CheckResult(true, PathError()); }

  // Refuse returns a refusal. `depth` stays -1 where the check does not know
  // the certificate's place on the path; AtDepth fills it in.
  static CheckResult Refuse(ErrorCode code, std::string detail,
                            int depth = -1) {
    PathError error;
    error.code = code;
    error.depth = depth;
    error.detail = std::move(detail);
    return CheckResult(false, std::move(error));
  }

  bool passed() const { return passed_; }

  // error returns why; meaningful only if not passed().
  const PathError& error() const { return error_; }

  // AtDepth returns this result, placed at `depth` if it has no place yet.
  CheckResult AtDepth(int depth) const {
    CheckResult placed = *this;
    if (placed.error_.depth < 0) {
      placed.error_.depth = depth;
    }
    return placed;
  }

 private:
  CheckResult(bool passed, PathError error)
      : passed_(passed), error_(std::move(error)) {}

  bool passed_;
  PathError error_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CHECK_RESULT_H_
