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
// one, nor is one that was moved from. A pass allocates nothing: nearly all
// are.
class [[nodiscard]] CheckResult {
 public:
  static CheckResult Pass() { return CheckResult(true, nullptr); }

  // Refuse returns a refusal. `depth` stays -1 where the check does not know
  // the certificate's place on the path; AtDepth fills it in.
  static CheckResult Refuse(ErrorCode code, std::string detail,
                            int depth = -1) {
    return CheckResult(false, std::make_shared<const PathError>(
                                  PathError{code, depth, std::move(detail)}));
  }

  bool passed() const { return passed_; }

  // error returns why; kUnspecified if passed().
  PathError error() const { return error_ == nullptr ? PathError() : *error_; }

  // IsOf returns whether it is a refusal with `code`.
  bool IsOf(ErrorCode code) const {
    return error_ != nullptr && error_->code == code;
  }

  // AtDepth returns this result, placed at `depth` if it has no place yet.
  CheckResult AtDepth(int depth) const {
    return error_ == nullptr || error_->depth >= 0
               ? *this
               : Refuse(error_->code, error_->detail, depth);
  }

 private:
  CheckResult(bool passed, std::shared_ptr<const PathError> error)
      : passed_(passed), error_(std::move(error)) {}

  bool passed_;
  std::shared_ptr<const PathError> error_;  // null if passed, or moved from
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CHECK_RESULT_H_
