#ifndef PINNING_INTERNAL_HASH_INDEX_H_
#define PINNING_INTERNAL_HASH_INDEX_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace pinning::internal {

// A HashIndex finds numbers by the hash of what they stand for, which it does
// not know: it keeps eight octets for each. `same` says whether that of a
// number is what is looked for.
class HashIndex {
 public:
  static constexpr uint32_t kNone = 0xffffffff;

  // Find returns the number of what has `hash`, or kNone.
  template <typename Same>
  uint32_t Find(uint64_t hash, Same same) const {
    return slots_.empty() ? kNone : slots_[Probe(hash, same)].number;
  }

  // Add keeps `number` and returns kNone, or returns the number that stands for
  // the same.
  template <typename Same>
  uint32_t Add(uint64_t hash, uint32_t number, Same same) {
    Reserve(size_ + 1);
    Slot& slot = slots_[Probe(hash, same)];
    if (slot.number != kNone) {
      return slot.number;
    }
    slot = {static_cast<uint32_t>(hash), number};
    ++size_;
    return kNone;
  }

  // AddAll is Add for all of `numbers`, and faster: it waits for memory for
  // many at once. `same` compares two numbers. It calls `on_repeat` with each
  // number that stands for the same as one before it.
  template <typename HashOf, typename Same, typename OnRepeat>
  void AddAll(absl::Span<const uint32_t> numbers, HashOf hash_of, Same same,
              OnRepeat on_repeat) {
    constexpr size_t kAtOnce = 16;
    std::array<uint64_t, kAtOnce> hashes;
    Reserve(size_ + numbers.size());
    while (!numbers.empty()) {
      const size_t count = std::min(kAtOnce, numbers.size());
      for (size_t i = 0; i < count; ++i) {
        hashes[i] = hash_of(numbers[i]);
        Prefetch(hashes[i]);
      }
      for (size_t i = 0; i < count; ++i) {
        const uint32_t number = numbers[i];
        if (Add(hashes[i], number,
                [&](uint32_t other) { return same(other, number); }) != kNone) {
          on_repeat(number);
        }
      }
      numbers.remove_prefix(count);
    }
  }

 private:
  struct Slot {
    uint32_t hash = 0;  // the lower half
    uint32_t number = kNone;
  };

  void Prefetch(uint64_t hash) const {
#if defined(__GNUC__)
    __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
#else
    (void)hash;
#endif
  }

  // Probe returns the slot of what has `hash`, or the one where it would be. At
  // least half of the slots are free.
  template <typename Same>
  size_t Probe(uint64_t hash, Same same) const {
    size_t at = hash & (slots_.size() - 1);
    while (slots_[at].number != kNone &&
           (slots_[at].hash != static_cast<uint32_t>(hash) ||
            !same(slots_[at].number))) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  // Reserve makes room for so many in all.
  void Reserve(size_t count) {
    size_t size = std::max<size_t>(slots_.size(), 8);
    while (size < count * 2) {
      size *= 2;
    }
    if (size == slots_.size()) {
      return;
    }
    std::vector<Slot> old(size);
    std::swap(slots_, old);
    for (const Slot& slot : old) {
      if (slot.number != kNone) {
        slots_[Probe(slot.hash, [](uint32_t) { return false; })] = slot;
      }
    }
  }

  std::vector<Slot> slots_;  // a power of two of them
  size_t size_ = 0;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_HASH_INDEX_H_
