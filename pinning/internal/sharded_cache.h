#ifndef PINNING_INTERNAL_SHARDED_CACHE_H_
#define PINNING_INTERNAL_SHARDED_CACHE_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace pinning {
namespace internal {

// A ShardedCache remembers values by a hash of what they answer, one value for
// each hash: the caller compares what was asked. It is bounded in bytes, as its
// callers count them, and may be used from several threads at once.
//
// A value is a handle, such as a shared_ptr, as it is copied whenever it is
// found. Each shard has a lock, which readers share, and hold for one look-up
// in a table and that copy. What has not been found since the hand of the clock
// last passed it leaves first; who finds something writes only if it is the
// first to since then, so that readers of one value do not take its cache line
// from each other for that.
template <typename Value>
class ShardedCache {
 public:
  // With `max_bytes` of zero, nothing is remembered.
  explicit ShardedCache(size_t max_bytes)
      : shards_(std::clamp<size_t>(max_bytes / kBytesOfShard, 1, kMaxShards)),
        max_bytes_of_shard_(max_bytes / shards_.size()) {}

  bool is_off() const { return max_bytes_of_shard_ == 0; }

  // Find returns the value under `hash`, if there is one.
  std::optional<Value> Find(uint64_t hash) const {
    std::optional<Value> value;
    if (is_off()) {
      return value;
    }
    const Shard& shard = ShardOf(hash);
    absl::ReaderMutexLock lock(&shard.mutex);
    const auto found = shard.places.find(hash);
    if (found != shard.places.end()) {
      const Slot& slot = *shard.slots[found->second];
      if (!slot.used.load(std::memory_order_relaxed)) {
        slot.used.store(true, std::memory_order_relaxed);
      }
      value = slot.value;
    }
    return value;
  }

  // Put remembers `value`, which takes up `bytes`, in place of what is under
  // `hash`. What is larger than a shard is not kept.
  void Put(uint64_t hash, Value value, size_t bytes) {
    bytes += sizeof(Slot) + kBytesOfPlace;
    if (bytes > max_bytes_of_shard_) {
      return;
    }
    // What leaves is destroyed after the lock.
    std::vector<std::unique_ptr<Slot>> leaving;
    auto slot = std::make_unique<Slot>(hash, std::move(value), bytes);
    Shard& shard = ShardOf(hash);
    absl::MutexLock lock(&shard.mutex);
    const auto found = shard.places.find(hash);
    if (found != shard.places.end()) {
      leaving.push_back(shard.Take(found->second));
    }
    while (shard.bytes + bytes > max_bytes_of_shard_) {
      leaving.push_back(shard.Take(shard.NextToLeave()));
    }
    shard.places[hash] = shard.slots.size();
    shard.slots.push_back(std::move(slot));
    shard.bytes += bytes;
  }

  // size and bytes return how much is remembered. They are for people and
  // tests: what they say of one shard may be over before they say it of
  // another.
  size_t size() const {
    size_t size = 0;
    for (const Shard& shard : shards_) {
      absl::ReaderMutexLock lock(&shard.mutex);
      size += shard.slots.size();
    }
    return size;
  }
  size_t bytes() const {
    size_t bytes = 0;
    for (const Shard& shard : shards_) {
      absl::ReaderMutexLock lock(&shard.mutex);
      bytes += shard.bytes;
    }
    return bytes;
  }

 private:
  static constexpr size_t kMaxShards = 16;
  static constexpr size_t kBytesOfShard = 256 * 1024;  // at least, if several
  // What the tables take for one value, with room to grow.
  static constexpr size_t kBytesOfPlace = 64;

  struct Slot {
    Slot(uint64_t hash, Value value, size_t bytes)
        : hash(hash), value(std::move(value)), bytes(bytes) {}

    const uint64_t hash;
    const Value value;
    const size_t bytes;
    mutable std::atomic<bool> used{false};
  };

  struct alignas(64) Shard {
    // NextToLeave moves the hand to a slot not used since it was last there.
    // There is one.
    size_t NextToLeave() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      for (;; ++hand) {
        hand = hand < slots.size() ? hand : 0;
        if (!slots[hand]->used.exchange(false, std::memory_order_relaxed)) {
          return hand;
        }
      }
    }

    // Take removes the slot at `place`, into which the last one moves.
    std::unique_ptr<Slot> Take(size_t place)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      std::swap(slots[place], slots.back());
      places[slots[place]->hash] = place;
      std::unique_ptr<Slot> taken = std::move(slots.back());
      slots.pop_back();
      places.erase(taken->hash);
      bytes -= taken->bytes;
      return taken;
    }

    mutable absl::Mutex mutex;
    absl::flat_hash_map<uint64_t, size_t> places ABSL_GUARDED_BY(mutex);
    std::vector<std::unique_ptr<Slot>> slots ABSL_GUARDED_BY(mutex);
    size_t hand ABSL_GUARDED_BY(mutex) = 0;
    size_t bytes ABSL_GUARDED_BY(mutex) = 0;
  };

  Shard& ShardOf(uint64_t hash) { return shards_[hash % shards_.size()]; }
  const Shard& ShardOf(uint64_t hash) const {
    return shards_[hash % shards_.size()];
  }

  std::vector<Shard> shards_;
  const size_t max_bytes_of_shard_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_SHARDED_CACHE_H_
