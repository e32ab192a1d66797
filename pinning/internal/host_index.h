#ifndef PINNING_INTERNAL_HOST_INDEX_H_
#define PINNING_INTERNAL_HOST_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/host_probes.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"

namespace pinning::internal {

// A HostIndex maps host patterns to pin sets, which it does not own. Once
// filled, it may be used from several threads at once.
class HostIndex {
 public:
  HostIndex() = default;
  HostIndex(const HostIndex&) = delete;  // the table points to the rows
  HostIndex& operator=(const HostIndex&) = delete;

  struct Row {
    HostPattern pattern;
    std::string text;             // of the pattern
    const PinSet* set = nullptr;  // null: carved out
  };

  // Add returns whether `pattern` was not here.
  bool Add(const HostPattern& pattern, const PinSet* set);

  // Find is PinStore::Find; null if nothing covers `name`.
  const Row* Find(const ServerName& name) const;

  // rows returns all, in the order that they were added in.
  absl::Span<const Row> rows() const { return rows_; }

 private:
  // A Place is the place in `rows_` of the pattern of a hash.
  struct Place {
    uint64_t hash;  // HashHost
    size_t row;
  };
  struct Wanted {
    uint64_t hash;
    HostPattern::Kind kind;
    absl::string_view base;
  };
  struct HashOf {
    using is_transparent = void;
    size_t operator()(const Place& place) const { return place.hash; }
    size_t operator()(const Wanted& wanted) const { return wanted.hash; }
  };
  struct Same {
    using is_transparent = void;
    bool operator()(const Place& a, const Place& b) const {
      return a.row == b.row;
    }
    bool operator()(const Place& place, const Wanted& wanted) const;

    const std::vector<Row>* rows;
  };

  static constexpr uint64_t kSeed = 0x452821e638d01377;

  std::vector<Row> rows_;
  HostDepths depths_;
  absl::flat_hash_set<Place, HashOf, Same> places_{0, HashOf(), Same{&rows_}};
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_HOST_INDEX_H_
