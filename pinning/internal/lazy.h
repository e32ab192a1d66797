#ifndef PINNING_INTERNAL_LAZY_H_
#define PINNING_INTERNAL_LAZY_H_

#include <optional>

#include "absl/base/call_once.h"

namespace pinning {
namespace internal {

// A Lazy holds what is made of something immutable when it is first asked for,
// by whichever thread that is, once. A copy starts anew. It may be used from
// several threads at once.
template <typename T>
class Lazy {
 public:
  Lazy() = default;
  Lazy(const Lazy&) {}
  // For what has not been asked for: what it is made of is assigned as well.
  Lazy& operator=(const Lazy&) { return *this; }

  template <typename Make>
  const T& Get(Make make) const {
    absl::call_once(once_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  mutable absl::once_flag once_;
  mutable std::optional<T> value_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_LAZY_H_
