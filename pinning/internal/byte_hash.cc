#include "pinning/internal/byte_hash.h"

#include <openssl/rand.h>

#include <algorithm>

#include "absl/numeric/int128.h"

namespace pinning {
namespace internal {
namespace {

constexpr uint64_t kPrime = (uint64_t{1} << 61) - 1;
constexpr size_t kWord = 8;  // octets

// Load returns eight octets; compilers know this form as one load.
inline uint64_t Load(const uint8_t* octets) {
  return uint64_t{octets[0]} | uint64_t{octets[1]} << 8 |
         uint64_t{octets[2]} << 16 | uint64_t{octets[3]} << 24 |
         uint64_t{octets[4]} << 32 | uint64_t{octets[5]} << 40 |
         uint64_t{octets[6]} << 48 | uint64_t{octets[7]} << 56;
}

// A Sum is of products, modulo 2^128. Two words, as compilers keep those in
// registers, which they do not keep an absl::uint128.
struct Sum {
  void Add(const uint8_t* octets, const uint64_t* keys) {
    const absl::uint128 product = absl::uint128(Load(octets) + keys[0]) *
                                  absl::uint128(Load(octets + kWord) + keys[1]);
    low += absl::Uint128Low64(product);
    high += absl::Uint128High64(product) + (low < absl::Uint128Low64(product));
  }

  uint64_t low = 0, high = 0;
};

}  // namespace

ByteHash::ByteHash(uint64_t mask) : mask_(mask) {
  std::array<uint8_t, kWord*(kBlockWords + 1)> random;
  RAND_bytes(random.data(), random.size());
  for (size_t i = 0; i < kBlockWords; ++i) {
    keys_[i] = Load(&random[kWord * i]);
  }
  multiplier_ = (Load(&random[kWord * kBlockWords]) & kPrime) % kPrime;
}

inline uint64_t ByteHash::Step(uint64_t state, uint64_t word) const {
  const absl::uint128 sum = absl::uint128(state) * multiplier_ + word;
  const uint64_t folded =
      (absl::Uint128Low64(sum) & kPrime) + absl::Uint128Low64(sum >> 61);
  return (folded & kPrime) + (folded >> 61);
}

uint64_t ByteHash::Extend(uint64_t state,
                          absl::Span<const uint8_t> bytes) const {
  constexpr size_t kPair = 2 * kWord;
  const uint8_t* at = bytes.data();
  size_t left = bytes.size();
  do {
    const size_t whole = std::min(left, kBlockWords * kWord) / kPair;
    Sum sum;
    for (size_t i = 0; i < whole; ++i) {
      sum.Add(at + kPair * i, &keys_[2 * i]);
    }
    at += kPair * whole;
    left -= kPair * whole;
    if (left > 0 && left < kPair && 2 * whole < kBlockWords) {
      uint8_t last[kPair] = {};
      std::copy(at, at + left, last);
      sum.Add(last, &keys_[2 * whole]);
      left = 0;
    }
    state = Step(state, sum.low);
    state = Step(state, sum.high);
  } while (left > 0);
  return Step(state, bytes.size() + 1);
}

}  // namespace internal
}  // namespace pinning
