#ifndef PINNING_INTERNAL_CHECK_RESULT_H_
#define PINNING_INTERNAL_CHECK_RESULT_H_

#include <memory>
#include <string>
#include <utility>

#include "pinning/error.h"

namespace pinning {
namespace internal {

// A CheckResult is the outcome of checking one clause. It cannot be made by
// default, and a pass has to be spelled, so that a forgotten result is never
// one. A pass is as cheap as a null pointer: nearly all are.
class [[nodiscard]] CheckResult {
 public:
  static CheckResult Pass() { return CheckResult(nullptr); }

  // Refuse returns a refusal. `depth` stays -1 where the check does not know
  // the certificate's place on the path; AtDepth fills it in.
  static CheckResult Refuse(ErrorCode code, std::string detail,
                            int depth = -1) {
    return CheckResult(std::make_shared<const PathError>(
        PathError{code, depth, std::move(detail)}));
  }

  bool passed() const { return error_ == nullptr; }

  // error returns why; kUnspecified if passed().
  PathError error() const { return passed() ? PathError() : *error_; }

  // IsOf returns whether it is a refusal with `code`.
  bool IsOf(ErrorCode code) const { return !passed() && error_->code == code; }

  // AtDepth returns this result, placed at `depth` if it has no place yet.
  CheckResult AtDepth(int depth) const {
    return passed() || error_->depth >= 0
               ? *this
               : Refuse(error_->code, error_->detail, depth);
  }

 private:
  explicit CheckResult(std::shared_ptr<const PathError> error)
      : error_(std::move(error)) {}

  std::shared_ptr<const PathError> error_;  // null: passed
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CHECK_RESULT_H_
