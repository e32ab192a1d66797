#ifndef PINNING_INTERNAL_WORDS_H_
#define PINNING_INTERNAL_WORDS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/base/casts.h"
#include "absl/base/config.h"
#include "absl/numeric/int128.h"

// Little-endian integers in bytes, on every machine and at any alignment.
namespace pinning::internal {

template <typename T>
T Load(const uint8_t* p) {
#ifdef ABSL_IS_LITTLE_ENDIAN
  // One load; compilers do not always see that in what follows.
  std::array<uint8_t, sizeof(T)> octets;
  std::copy_n(p, sizeof(T), octets.begin());
  return absl::bit_cast<T>(octets);
#else
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | T{p[i]} << (8 * i));
  }
  return value;
#endif
}
inline uint16_t Load16(const uint8_t* p) { return Load<uint16_t>(p); }
inline uint32_t Load32(const uint8_t* p) { return Load<uint32_t>(p); }
inline uint64_t Load64(const uint8_t* p) { return Load<uint64_t>(p); }

template <typename T>
void Store(uint8_t* p, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    p[i] = static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i));
  }
}

// Mix folds the product of two words into one.
inline uint64_t Mix(uint64_t a, uint64_t b) {
  const absl::uint128 product = absl::uint128(a) * b;
  return absl::Uint128High64(product) ^ absl::Uint128Low64(product);
}

// ScaleTo returns a number below `count`, evenly.
inline uint64_t ScaleTo(uint64_t hash, uint64_t count) {
  return absl::Uint128High64(absl::uint128(hash) * count);
}

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_WORDS_H_
