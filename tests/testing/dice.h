#ifndef TESTS_TESTING_DICE_H_
#define TESTS_TESTING_DICE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace pinning {
namespace testing {

// A Dice gives the same numbers on every platform, as the distributions of the
// standard library do not.
class Dice {
 public:
  explicit Dice(uint32_t seed) : engine_(seed) {}
  size_t Below(size_t n) { return engine_() % n; }
  bool OneIn(size_t n) { return Below(n) == 0; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

 private:
  std::mt19937 engine_;
};

}  // namespace testing
}  // namespace pinning

#endif  // TESTS_TESTING_DICE_H_
