#ifndef PINNING_INTERNAL_LRU_MAP_H_
#define PINNING_INTERNAL_LRU_MAP_H_

#include <cstddef>
#include <list>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace pinning::internal {

// An LruMap holds at most `capacity` entries, which is positive. An entry more
// takes the place of the one that was looked up or inserted the longest ago,
// and of no other: a map that is cleared when full forgets what it is for just
// when it is under attack. Used by one thread at a time.
template <typename Key, typename Value>
class LruMap {
 public:
  explicit LruMap(size_t capacity) : capacity_(capacity) {}

  // Find returns the value of `key` and makes it the last to go, or null. The
  // value lives until the next Insert.
  Value* Find(const Key& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) {
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->second;
  }

  // Insert makes `value` that of `key`, the last to go, and returns it.
  Value* Insert(const Key& key, Value value) {
    if (Value* existing = Find(key)) {
      *existing = std::move(value);
      return existing;
    }
    if (places_.size() >= capacity_) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, std::move(value));
    places_[key] = entries_.begin();
    return &entries_.front().second;
  }

  size_t size() const { return places_.size(); }

 private:
  using Entries = std::list<std::pair<Key, Value>>;

  size_t capacity_;
  Entries entries_;  // last used first
  absl::flat_hash_map<Key, typename Entries::iterator> places_;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_LRU_MAP_H_
