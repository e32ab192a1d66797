#ifndef PINNING_INTERNAL_COMPILED_READER_H_
#define PINNING_INTERNAL_COMPILED_READER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"

namespace pinning::internal {

// A CompiledReader looks up hosts in a compiled pin store, in place: it keeps
// nothing but the span. It never reads outside of it, whatever is there.
//
// What is checked when: Open checks the header and that all sections lie within
// the file. A look-up checks what it touches: the filter block that says that a
// host is not there, each bucket and the record of the host. Reading a set
// checks its records. CheckAll checks the whole. Damage is DATA_LOSS; it is
// never "not there".
//
// It is immutable and may be used from several threads at once.
class CompiledReader {
 public:
  // Open returns DATA_LOSS, saying what is wrong and at which offset, if `file`
  // is no compiled pin store or its header is damaged, and UNIMPLEMENTED if it
  // is of another version.
  static absl::StatusOr<CompiledReader> Open(absl::Span<const uint8_t> file);

  // A Host is a record that a look-up has checked.
  struct Host {
    absl::string_view pattern;  // points into the file
    bool pinned = false;        // false: carved out
    size_t offset = 0;          // of the record
  };

  // Find is PinStore::Find.
  absl::StatusOr<std::optional<Host>> Find(const ServerName& name) const;

  // Prefetch asks the processor for what Find will touch. The first call with a
  // name asks for the buckets and the second for the record.
  void PrefetchBuckets(const ServerName& name) const;
  void PrefetchRecords(const ServerName& name) const;

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
  // A Probe is one place where a name may stand: its hash and its kind.
  struct Probe {
    HostPattern::Kind kind;
    absl::string_view base;
    uint64_t hash;
  };

  explicit CompiledReader(absl::Span<const uint8_t> file) : file_(file) {}

  absl::Status ReadHeader();
  absl::Status ReadSections();
  Probe ProbeOf(HostPattern::Kind kind, absl::string_view base) const;
  bool HasKind(HostPattern::Kind kind) const {
    return (kinds_ >> static_cast<int>(kind) & 1) != 0;
  }

  // ForEachProbe calls `visit` with the places of `name`, most specific first,
  // until it returns false.
  void ForEachProbe(const ServerName& name,
                    absl::FunctionRef<bool(const Probe&)> visit) const;

  // MayHave returns whether the filter lets `probe` through.
  absl::StatusOr<bool> MayHave(const Probe& probe) const;
  absl::StatusOr<std::optional<Host>> FindInBuckets(const Probe& probe) const;
  // FindInBucket returns whether the search ends here.
  absl::StatusOr<bool> FindInBucket(uint64_t bucket, const Probe& probe,
                                    std::optional<Host>& found) const;

  // RecordAt returns the record at `offset`, checked.
  absl::StatusOr<absl::Span<const uint8_t>> RecordAt(uint64_t offset) const;
  absl::StatusOr<Host> HostAt(uint64_t offset) const;

  absl::Span<const uint8_t> file_;
  size_t host_count_ = 0, set_count_ = 0;
  uint32_t kinds_ = 0;
  uint64_t seed_ = 0;
  uint64_t filter_ = 0, filter_blocks_ = 0;
  uint64_t buckets_ = 0, bucket_count_ = 0;
  uint64_t records_ = 0, hosts_ = 0;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_COMPILED_READER_H_
