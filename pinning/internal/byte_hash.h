#ifndef PINNING_INTERNAL_BYTE_HASH_H_
#define PINNING_INTERNAL_BYTE_HASH_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace pinning {
namespace internal {

// SameBytes returns whether `a` and `b` are equal, at the speed of memory,
// which the == of absl::Span is not.
inline bool SameBytes(absl::Span<const uint8_t> a,
                      absl::Span<const uint8_t> b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

// A ByteHash is a fast keyed hash, to find the place of bytes in a table and
// nothing else: whoever finds something there compares the bytes themselves.
//
// It is a polynomial, over the field of 2^61-1, of sums of products of words
// and secret words (NH, RFC 4418, 5.2, with words of 64 bits). Who does not
// know the key can do no better than chance to make two inputs collide: the
// probability is below 2^-50 for the sizes of chains. It is immutable and may
// be used from several threads at once.
class ByteHash {
 public:
  // Makes a random key. A `mask` tells which bits of a hash are kept: fewer
  // make collisions, for tests.
  explicit ByteHash(uint64_t mask = ~uint64_t{0});

  // The state before any bytes.
  static constexpr uint64_t kStart = 0;

  // Extend returns the state after `bytes`. The length counts too, so that no
  // two lists of byte strings are the same input.
  uint64_t Extend(uint64_t state, absl::Span<const uint8_t> bytes) const;

  // Finish returns the hash of what led to `state`.
  uint64_t Finish(uint64_t state) const { return state & mask_; }

 private:
  static constexpr size_t kBlockWords = 32;

  uint64_t Step(uint64_t state, uint64_t word) const;

  uint64_t mask_;
  uint64_t multiplier_;
  std::array<uint64_t, kBlockWords> keys_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_BYTE_HASH_H_
