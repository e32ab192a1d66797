#include "pinning/internal/compiled_writer.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/internal/host_index.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/host_probes.h"
#include "pinning/internal/status_macros.h"
#include "pinning/internal/text_escape.h"
#include "pinning/internal/words.h"

namespace pinning::internal {

using namespace compiled;  // NOLINT: the constants of this form, here only

namespace {

template <typename T>
void Append(std::string& out, T value) {
  std::array<uint8_t, sizeof(T)> octets;
  Store(octets.data(), value);
  out.append(octets.begin(), octets.end());
}

void Append(std::string& out, absl::string_view text) {
  out.append(text.data(), text.size());
}

absl::Span<const NamedPin> ListOf(const PinSet& set, int list) {
  return list == 0   ? set.pins()
         : list == 1 ? set.backup_pins()
                     : set.blocked_pins();
}

absl::Status TooLarge(absl::string_view what, absl::string_view name) {
  return absl::InvalidArgumentError(absl::StrCat(
      what, " \"", EscapeText(name), "\" is too large for a compiled store"));
}

// A Compiler writes one file. Records are written first, so that all places
// are known; then the index over them.
class Compiler {
 public:
  explicit Compiler(const CompilerInput& input)
      : input_(input),
        filter_blocks_(input.hosts.rows().size() / kFilterHostsPerBlock + 1),
        // Three quarters full, so that few buckets run over.
        bucket_count_(input.hosts.rows().size() * 4 / (3 * kSlots) + 1),
        filter_(kHeaderSize),
        buckets_(filter_ + filter_blocks_ * kLine),
        records_(buckets_ + bucket_count_ * kLine) {}

  absl::StatusOr<std::string> Run() {
    CountHosts();
    file_.reserve(records_ + SizeOfRecords());
    file_.resize(records_);
    PINNING_RETURN_IF_ERROR(WriteTemplates());
    PINNING_RETURN_IF_ERROR(WriteSets());
    hosts_ = file_.size();
    places_.reserve(input_.hosts.rows().size());
    for (const HostIndex::Row& host : input_.hosts.rows()) {
      PINNING_RETURN_IF_ERROR(WriteHost(host));
    }
    if (file_.size() / kUnit > std::numeric_limits<uint32_t>::max()) {
      return absl::InvalidArgumentError("the pins are more than 16 GiB");
    }
    SealRecords();
    IndexHosts();
    SealLines();
    WriteHeader();
    return std::move(file_);
  }

 private:
  void CountHosts() {
    users_.assign(input_.sets.size(), 0);
    for (const HostIndex::Row& host : input_.hosts.rows()) {
      if (host.set != HostIndex::kNoSet) {
        ++users_[host.set];
      }
    }
  }

  // SizeOfRecords returns about how many octets the records of hosts and sets
  // take, and not less.
  size_t SizeOfRecords() const {
    constexpr size_t kFields = 32;
    size_t size = 0;
    for (const HostIndex::Row& host : input_.hosts.rows()) {
      size += kFields + host.size;
    }
    for (const PinSet& set : input_.sets) {
      size += kFields + set.name().size();
      for (int list = 0; list < 3; ++list) {
        size += ListOf(set, list).size() * Pin::kSize;
      }
    }
    return size;
  }

  uint8_t* At(size_t offset) {
    return reinterpret_cast<uint8_t*>(&file_[offset]);
  }

  // A record is begun, its fields are appended, and it is ended.
  size_t Begin(uint8_t flags, size_t base_length = 0) {
    const size_t offset = file_.size();
    file_.resize(offset + kRecordHeader);
    *At(offset + kFlagsAt) = flags;
    *At(offset + kBaseLengthAt) = static_cast<uint8_t>(base_length);
    return offset;
  }

  // End returns whether the record is not too long. Its checksum comes last,
  // in SealRecords.
  bool End(size_t offset) {
    file_.resize((file_.size() + kUnit - 1) / kUnit * kUnit);
    const size_t length = file_.size() - offset;
    Store(At(offset + kRecordLengthAt), static_cast<uint16_t>(length / kUnit));
    return length <= kMaxRecord;
  }

  // WriteTemplates writes what sets have in common, once for all that have it.
  absl::Status WriteTemplates() {
    absl::flat_hash_map<std::string, uint32_t> known;
    std::string fields;
    templates_.reserve(input_.sets.size());
    for (const PinSet& set : input_.sets) {
      fields.clear();
      if (!DescribeSet(set, fields)) {
        return TooLarge("the pin set", set.name());
      }
      const auto [it, inserted] =
          known.try_emplace(fields, Place(file_.size()));
      templates_.push_back(it->second);
      if (!inserted) {
        continue;
      }
      const bool report_only = set.mode() == PinSet::Mode::kReportOnly;
      const bool reject = set.on_expiry() == PinSet::OnExpiry::kReject;
      const size_t record = Begin(static_cast<uint8_t>(
          (report_only ? kReportOnly : 0) | (reject ? kRejectOnExpiry : 0)));
      Append(file_, absl::string_view(fields).substr(1));
      if (!End(record)) {
        return TooLarge("the pin set", set.name());
      }
    }
    return absl::OkStatus();
  }

  // DescribeSet writes the flags and the fields of the template of `set`. It
  // returns false if a count or a name is too large.
  static bool DescribeSet(const PinSet& set, std::string& out) {
    constexpr size_t kMax = std::numeric_limits<uint16_t>::max();
    Append(out, static_cast<uint8_t>(
                    (set.mode() == PinSet::Mode::kReportOnly ? 1 : 0) |
                    (set.on_expiry() == PinSet::OnExpiry::kReject ? 2 : 0)));
    AppendTime(out, set.expires());
    for (int list = 0; list < 3; ++list) {
      const size_t count = ListOf(set, list).size();
      if (count > kMax) {
        return false;
      }
      Append(out, static_cast<uint16_t>(count));
    }
    for (int list = 0; list < 3; ++list) {
      for (const NamedPin& pin : ListOf(set, list)) {
        if (pin.name.size() > kMax) {
          return false;
        }
        Append(out, static_cast<uint8_t>(pin.role));
        Append(out, static_cast<uint16_t>(pin.name.size()));
        Append(out, absl::string_view(pin.name));
      }
    }
    return true;
  }

  static void AppendTime(std::string& out, absl::Time time) {
    const int64_t seconds = absl::ToUnixSeconds(time);  // rounded down
    const absl::Duration rest = time - absl::FromUnixSeconds(seconds);
    Append(out, seconds);
    Append(out, static_cast<uint32_t>(
                    rest < absl::Seconds(1) ? rest / absl::Nanoseconds(1) : 0));
  }

  // WriteSets writes the sets that several hosts use. Their first host is not
  // known yet.
  absl::Status WriteSets() {
    set_places_.assign(input_.sets.size(), 0);
    last_hosts_.assign(input_.sets.size(), 0);
    for (size_t i = 0; i < input_.sets.size(); ++i) {
      if (users_[i] < 2) {
        continue;
      }
      const PinSet& set = input_.sets[i];
      const size_t record = Begin(0);
      set_places_[i] = Place(record);
      Append(file_, uint32_t{0});
      if (!AppendSet(i, /*named=*/true) || !End(record)) {
        return TooLarge("the pin set", set.name());
      }
    }
    return absl::OkStatus();
  }

  bool AppendSet(size_t index, bool named) {
    const PinSet& set = input_.sets[index];
    Append(file_, templates_[index]);
    if (named) {
      if (set.name().size() > std::numeric_limits<uint16_t>::max()) {
        return false;
      }
      Append(file_, static_cast<uint16_t>(set.name().size()));
      Append(file_, absl::string_view(set.name()));
    }
    for (int list = 0; list < 3; ++list) {
      for (const NamedPin& pin : ListOf(set, list)) {
        const absl::Span<const uint8_t> digest = pin.pin.digest();
        file_.append(digest.begin(), digest.end());
      }
    }
    return true;
  }

  absl::Status WriteHost(const HostIndex::Row& host) {
    const absl::string_view text = input_.hosts.TextOf(host);
    const absl::string_view base = input_.hosts.BaseOf(host);
    if (base.size() > std::numeric_limits<uint8_t>::max()) {
      return TooLarge("the host", text);
    }
    const bool pinned = host.set != HostIndex::kNoSet;
    const bool is_inline = pinned && users_[host.set] == 1;
    const bool same_name = is_inline && input_.sets[host.set].name() == text;
    const size_t record = Begin(
        static_cast<uint8_t>(
            static_cast<int>(host.kind) | (pinned ? kPinned : 0) |
            (is_inline ? kInlineSet : 0) | (same_name ? kNamedAsHost : 0)),
        base.size());
    Append(file_, text);
    places_.push_back(Place(record));
    bool fits = true;
    if (is_inline) {
      fits = AppendSet(host.set, !same_name);
    } else if (pinned) {
      LinkHost(host.set, record);
    }
    return End(record) && fits ? absl::OkStatus() : TooLarge("the host", text);
  }

  // LinkHost makes the host that is being written the last of its set.
  void LinkHost(size_t set, size_t record) {
    Append(file_, set_places_[set]);
    const size_t before = last_hosts_[set];
    Store(At(before == 0 ? size_t{set_places_[set]} * kUnit + kRecordHeader
                         : before),
          Place(record));
    last_hosts_[set] = file_.size();  // where the place of the next one goes
    Append(file_, uint32_t{0});
  }

  void SealRecords() {
    for (size_t offset = records_; offset < file_.size();) {
      const size_t length =
          size_t{Load16(At(offset + kRecordLengthAt))} * kUnit;
      Store(At(offset),
            Checksum(offset, absl::MakeConstSpan(At(offset + kRecordLengthAt),
                                                 length - kRecordLengthAt)));
      offset += length;
    }
  }

  // IndexHosts waits for memory for many hosts at once.
  void IndexHosts() {
    constexpr size_t kAtOnce = 16;
    std::vector<Address> addresses;
    absl::Span<const HostIndex::Row> hosts = input_.hosts.rows();
    for (size_t first = 0; first < hosts.size(); first += kAtOnce) {
      const absl::Span<const HostIndex::Row> some =
          hosts.subspan(first, kAtOnce);
      addresses.clear();
      for (const HostIndex::Row& host : some) {
        const absl::string_view base = input_.hosts.BaseOf(host);
        depths_.Add(host.kind, base);
        addresses.emplace_back(HashHost(kSeed, host.kind, base), host.kind);
        Prefetch(At(BlockOf(addresses.back())));
        Prefetch(At(buckets_ + BucketOf(addresses.back()) * kLine));
      }
      for (size_t i = 0; i < some.size(); ++i) {
        IndexHost(addresses[i], some[i].set != HostIndex::kNoSet,
                  places_[first + i]);
      }
    }
  }

  size_t BlockOf(const Address& address) const {
    return filter_ + ScaleTo(address.block, filter_blocks_) * kLine;
  }

  uint64_t BucketOf(const Address& address) const {
    return ScaleTo(address.bits, bucket_count_);
  }

  void IndexHost(const Address& address, bool pinned, uint32_t place) {
    for (size_t i = 0; i < kFilterWords; ++i) {
      uint8_t* word = At(BlockOf(address) + 8 * i);
      Store(word, Load64(word) | uint64_t{1} << FilterBit(address.bits, i));
    }
    const uint32_t key = address.key | (pinned ? kSlotPinned : 0);
    const uint64_t slot = uint64_t{place} << 32 | key;
    uint64_t bucket = BucketOf(address);
    while (!AddToBucket(buckets_ + bucket * kLine, slot)) {
      bucket = bucket + 1 == bucket_count_ ? 0 : bucket + 1;
    }
  }

  bool AddToBucket(size_t line, uint64_t slot) {
    for (size_t i = 0; i < kSlots; ++i) {
      if (Load64(At(line + 8 * i)) == 0) {
        Store(At(line + 8 * i), slot);
        return true;
      }
    }
    *At(line + kOverflowAt) = 1;
    return false;
  }

  void SealLines() {
    for (size_t line = filter_; line < records_; line += kLine) {
      Store(At(line + kLineChecksumAt),
            Checksum(line, absl::MakeConstSpan(At(line), kLineChecksumAt)));
    }
  }

  void WriteHeader() {
    const absl::string_view magic(kMagic);
    std::copy(magic.begin(), magic.end(), file_.begin());
    Store(At(kVersionAt), kVersion);
    Store(At(kHeaderSizeAt), static_cast<uint32_t>(kHeaderSize));
    Store(At(kFileSizeAt), uint64_t{file_.size()});
    Store(At(kHostCountAt), uint64_t{input_.hosts.rows().size()});
    Store(At(kSetCountAt), uint64_t{input_.sets.size()});
    std::string updated;
    AppendTime(updated, input_.updated);
    std::copy(updated.begin(), updated.end(), &file_[kUpdatedAt]);
    for (size_t kind = 0; kind < depths_.of_kind.size(); ++kind) {
      Store(At(kDepthsAt + 4 * kind), depths_.of_kind[kind]);
    }
    Store(At(kFilterAt), uint64_t{filter_});
    Store(At(kFilterAt + 8), uint64_t{filter_blocks_});
    Store(At(kBucketsAt), uint64_t{buckets_});
    Store(At(kBucketsAt + 8), uint64_t{bucket_count_});
    Store(At(kRecordsAt), uint64_t{records_});
    Store(At(kHostsAt), uint64_t{hosts_});
    Store(At(kSeedAt), kSeed);
    std::copy(input_.digest.begin(), input_.digest.end(), At(kDigestAt));
    SHA256(At(kHeaderSize), file_.size() - kHeaderSize, At(kBodyDigestAt));
    Store(At(kHeaderChecksumAt), Hash(kVersion, At(0), kHeaderChecksumAt));
  }

  static uint32_t Place(size_t offset) {
    return static_cast<uint32_t>(offset / kUnit);
  }

  // In the file, so that a later writer may choose another.
  static constexpr uint64_t kSeed = 0x243f6a8885a308d3;

  const CompilerInput& input_;
  const size_t filter_blocks_, bucket_count_;
  const size_t filter_, buckets_, records_;  // offsets
  size_t hosts_ = 0;
  HostDepths depths_;
  std::string file_;
  std::vector<size_t> users_;         // of each set: how many hosts
  std::vector<uint32_t> templates_;   // of each set: a place
  std::vector<uint32_t> places_;      // of each host
  std::vector<uint32_t> set_places_;  // of those of several hosts
  std::vector<size_t> last_hosts_;    // of those: where the next place goes
};

}  // namespace

absl::StatusOr<std::string> WriteCompiled(const CompilerInput& input) {
  return Compiler(input).Run();
}

}  // namespace pinning::internal
