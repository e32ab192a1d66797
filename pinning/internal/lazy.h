#ifndef PINNING_INTERNAL_LAZY_H_
#define PINNING_INTERNAL_LAZY_H_

#include <atomic>
#include <memory>

namespace pinning {
namespace internal {

// A Lazy holds what is made of something immutable when it is first asked for.
// Until then it is a pointer's size. A copy starts anew. It may be used from
// several threads at once; those that ask first at the same time may each make
// it, and one of theirs is kept.
template <typename T>
class Lazy {
 public:
  Lazy() = default;
  Lazy(const Lazy&) {}
  // For what has not been asked for: what it is made of is assigned as well.
  Lazy& operator=(const Lazy&) { return *this; }
  ~Lazy() { std::unique_ptr<const T>(made_.load(std::memory_order_relaxed)); }

  template <typename Make>
  const T& Get(Make make) const {
    const T* made = made_.load(std::memory_order_acquire);
    if (made != nullptr) {
      return *made;
    }
    auto mine = std::make_unique<const T>(make());
    if (made_.compare_exchange_strong(made, mine.get(),
                                      std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
      return *mine.release();
    }
    return *made;
  }

 private:
  mutable std::atomic<const T*> made_{nullptr};
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_LAZY_H_
