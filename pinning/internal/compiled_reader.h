#ifndef PINNING_INTERNAL_COMPILED_READER_H_
#define PINNING_INTERNAL_COMPILED_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/host_probes.h"
#include "pinning/internal/words.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"

namespace pinning::internal {

// A CompiledReader looks up hosts in a compiled pin store, in place: it keeps
// nothing but the span. It never reads outside of it, whatever is there.
//
// What is checked when: Open checks the header and that all sections lie within
// the file. A look-up checks what its answer rests on. "Not there" rests on a
// filter block or on buckets, whose checksums are right. That a host is there
// rests on its record, which has the pattern that was asked for and is pinned
// or not as the bucket says too. Reading a set checks its records. CheckAll
// checks the whole. Damage is DATA_LOSS; it is never "not there".
//
// It is immutable and may be used from several threads at once.
class CompiledReader {
 public:
  // Open returns DATA_LOSS, saying what is wrong and at which offset, if `file`
  // is no compiled pin store or its header is damaged, and UNIMPLEMENTED if it
  // is of another version.
  static absl::StatusOr<CompiledReader> Open(absl::Span<const uint8_t> file);

  // A Host is a host that was found.
  struct Host {
    absl::string_view pattern;  // points into the file
    bool pinned = false;        // false: carved out
    size_t offset = 0;          // of the record; 0: nothing was found
  };

  // Find is PinStore::Find. It fills in an empty `host`; if it is OK and does
  // not, nothing covers `name`.
  absl::Status Find(const ServerName& name, Host* host) const;

  // FindSome is Find for each of `names`, kAtOnce at most, in their order. It
  // waits for memory for all of them at once.
  static constexpr size_t kAtOnce = 16;
  void FindSome(absl::Span<const ServerName> names,
                absl::FunctionRef<void(absl::Status, const Host&)> visit) const;

  // SetOf returns the set of a host that is pinned.
  absl::StatusOr<PinSet> SetOf(const Host& host) const;

  // PatternsOf returns every pattern that uses the set of `host`.
  absl::StatusOr<std::vector<std::string>> PatternsOf(const Host& host) const;

  // ForEachHost calls `visit` for every host in the order that they were
  // compiled in.
  absl::Status ForEachHost(absl::FunctionRef<void(const Host&)> visit) const;

  // CheckAll reads every octet: the digest of the body, and that each host is
  // found and its set can be read.
  absl::Status CheckAll() const;

  // Copy returns the whole file.
  std::string Copy() const { return std::string(file_.begin(), file_.end()); }

  absl::Time updated() const;
  std::array<uint8_t, 32> digest() const;
  size_t host_count() const { return host_count_; }
  size_t set_count() const { return set_count_; }

 private:
  explicit CompiledReader(absl::Span<const uint8_t> file) : file_(file) {}

  absl::Status ReadHeader();
  absl::Status ReadSections();

  // The steps of a look-up. Filter moves `probe` to the first, from it on, that
  // the filter lets through, and returns null, or the filter block that is
  // damaged. FindFrom goes on from there.
  const uint8_t* Filter(const HostProbes& probes,
                        const HostProbes::Probe** probe) const;
  absl::Status FindFrom(const HostProbes& probes,
                        const HostProbes::Probe* probe, const uint8_t* damaged,
                        Host* host) const;

  // The lines that an address is looked for in: the filter block, and the first
  // of the buckets.
  const uint8_t* BlockOf(const compiled::Address& address) const {
    return &file_[filter_ +
                  ScaleTo(address.block, filter_blocks_) * compiled::kLine];
  }
  const uint8_t* BucketOf(const compiled::Address& address) const {
    return &file_[buckets_ +
                  ScaleTo(address.bits, bucket_count_) * compiled::kLine];
  }

  // MayHave returns whether the filter lets `address` through.
  bool MayHave(const compiled::Address& address) const;

  // IsIntact returns whether the checksum of a filter block or bucket is right.
  bool IsIntact(const uint8_t* line) const;
  absl::Status DamagedLine(const uint8_t* line) const;

  // A Pattern is what is looked for.
  struct Pattern {
    HostPattern::Kind kind;
    absl::string_view base;
  };

  absl::Status FindInBuckets(const compiled::Address& address,
                             const Pattern& pattern, Host* host) const;

  // IsHost returns whether the host of `slot` is that of `pattern`, with no
  // octet of it taken on trust. If not, CheckOther returns whether it is
  // another one, with the same key.
  bool IsHost(uint64_t slot, const Pattern& pattern, Host* host) const;
  absl::Status CheckOther(uint64_t slot, const Pattern& pattern) const;

  // CheckHost returns whether a host is found and its set can be read.
  absl::Status CheckHost(const Host& host) const;

  // LikelySlot returns the slot that the first bucket has, unchecked, or 0.
  uint64_t LikelySlot(const compiled::Address& address) const;

  // RecordAt returns the record at `offset`, checked.
  absl::StatusOr<absl::Span<const uint8_t>> RecordAt(uint64_t offset) const;
  absl::StatusOr<Host> HostAt(uint64_t offset) const;

  absl::Span<const uint8_t> file_;
  size_t host_count_ = 0, set_count_ = 0;
  HostDepths depths_;
  uint64_t seed_ = 0;
  uint64_t filter_ = 0, filter_blocks_ = 0;
  uint64_t buckets_ = 0, bucket_count_ = 0;
  uint64_t records_ = 0, hosts_ = 0;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_COMPILED_READER_H_
