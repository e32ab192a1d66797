#ifndef PINNING_INTERNAL_WORDS_H_
#define PINNING_INTERNAL_WORDS_H_

#include <cstddef>
#include <cstdint>

#include "absl/numeric/int128.h"

// Little-endian integers in bytes, on every machine and at any alignment. A
// compiler makes one load of each.
namespace pinning::internal {

inline uint16_t Load16(const uint8_t* p) {
  return static_cast<uint16_t>(p[0] | p[1] << 8);
}
inline uint32_t Load32(const uint8_t* p) {
  return uint32_t{p[0]} | uint32_t{p[1]} << 8 | uint32_t{p[2]} << 16 |
         uint32_t{p[3]} << 24;
}
inline uint64_t Load64(const uint8_t* p) {
  return uint64_t{p[0]} | uint64_t{p[1]} << 8 | uint64_t{p[2]} << 16 |
         uint64_t{p[3]} << 24 | uint64_t{p[4]} << 32 | uint64_t{p[5]} << 40 |
         uint64_t{p[6]} << 48 | uint64_t{p[7]} << 56;
}
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
