#ifndef PINNING_INTERNAL_HOST_INDEX_H_
#define PINNING_INTERNAL_HOST_INDEX_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"

namespace pinning::internal {

// A HostIndex maps host patterns to pin sets, which it does not own. Once
// filled, it may be used from several threads at once.
class HostIndex {
 public:
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
  // A map from the base of a pattern to its place in `rows_`. There is one for
  // each kind of pattern, so that a lookup never compares parts of names.
  using Places = absl::flat_hash_map<std::string, size_t>;

  const Row* FindIn(const Places& places, absl::string_view base) const;

  std::vector<Row> rows_;
  Places exact_, one_label_, any_labels_;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_HOST_INDEX_H_
