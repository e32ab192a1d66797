#ifndef PINNING_INTERNAL_HOST_INDEX_H_
#define PINNING_INTERNAL_HOST_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/hash_index.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/host_probes.h"
#include "pinning/server_name.h"

namespace pinning::internal {

// A HostIndex maps host patterns to pin sets, by their numbers. Once filled, it
// may be used from several threads at once.
class HostIndex {
 public:
  static constexpr uint32_t kNoSet = 0xffffffff;

  struct Row {
    size_t offset = 0;  // of its text in that of all
    uint16_t size = 0;
    HostPattern::Kind kind = HostPattern::Kind::kExact;
    uint32_t set = kNoSet;  // kNoSet: carved out
  };

  // Reserve makes room for so many patterns.
  void Reserve(size_t patterns);

  // Add returns whether `pattern` was not here.
  bool Add(const HostPattern& pattern, uint32_t set);

  // Append and, after the last, IndexAll are Add for many patterns, and faster.
  // IndexAll returns the first row whose pattern is another's before it, or
  // nothing.
  void Append(const HostPattern& pattern, uint32_t set);
  std::optional<size_t> IndexAll();

  // Find is PinStore::Find; null if nothing covers `name`.
  const Row* Find(const ServerName& name) const;

  // rows returns all, in the order that they were added in.
  absl::Span<const Row> rows() const { return rows_; }

  // TextOf and BaseOf return the pattern of a row, and that without "*." or
  // "**."; until the next pattern is added.
  absl::string_view TextOf(const Row& row) const {
    return absl::string_view(texts_).substr(row.offset, row.size);
  }
  absl::string_view BaseOf(const Row& row) const {
    return TextOf(row).substr(PrefixOf(row.kind).size());
  }

 private:
  static constexpr uint64_t kSeed = 0x452821e638d01377;

  bool IsOf(const Row& row, HostPattern::Kind kind,
            absl::string_view base) const {
    return row.kind == kind && BaseOf(row) == base;
  }

  std::string texts_;
  std::vector<Row> rows_;
  HostDepths depths_;
  HashIndex index_;  // numbers of `rows_` by HashHost
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_HOST_INDEX_H_
