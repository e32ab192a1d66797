#include "pinning/internal/compiled_writer.h"

#include <openssl/sha.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/internal/host_probes.h"
#include "pinning/internal/status_macros.h"
#include "pinning/internal/text_escape.h"
#include "pinning/internal/words.h"

namespace pinning::internal {

using namespace compiled;  // NOLINT: the constants of this form, here only

namespace {

using Bytes = std::vector<uint8_t>;

template <typename T>
void Append(Bytes& out, T value) {
  out.resize(out.size() + sizeof(T));
  Store(&out[out.size() - sizeof(T)], value);
}

void Append(Bytes& out, absl::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
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
        filter_blocks_(input.hosts.size() / kFilterHostsPerBlock + 1),
        // Three quarters full, so that few buckets run over.
        bucket_count_(input.hosts.size() * 4 / (3 * kSlots) + 1),
        filter_(kHeaderSize),
        buckets_(filter_ + filter_blocks_ * kLine),
        records_(buckets_ + bucket_count_ * kLine) {}

  absl::StatusOr<std::string> Run() {
    CountHosts();
    file_.resize(records_);
    PINNING_RETURN_IF_ERROR(WriteTemplates());
    PINNING_RETURN_IF_ERROR(WriteSets());
    hosts_ = file_.size();
    for (const CompilerInput::Host& host : input_.hosts) {
      PINNING_RETURN_IF_ERROR(WriteHost(host));
    }
    if (file_.size() / kUnit > std::numeric_limits<uint32_t>::max()) {
      return absl::InvalidArgumentError("the pins are more than 16 GiB");
    }
    SealRecords();
    for (size_t i = 0; i < input_.hosts.size(); ++i) {
      Index(input_.hosts[i], host_places_[i]);
    }
    SealLines();
    WriteHeader();
    return std::string(file_.begin(), file_.end());
  }

 private:
  void CountHosts() {
    users_.assign(input_.sets.size(), 0);
    for (const CompilerInput::Host& host : input_.hosts) {
      if (host.set != CompilerInput::kNoSet) {
        ++users_[host.set];
      }
    }
  }

  // A record is begun, its fields are appended, and it is ended.
  size_t Begin(uint8_t flags, size_t base_length = 0) {
    const size_t offset = file_.size();
    file_.resize(offset + kRecordHeader);
    file_[offset + kFlagsAt] = flags;
    file_[offset + kBaseLengthAt] = static_cast<uint8_t>(base_length);
    return offset;
  }

  // End returns whether the record is not too long. Its checksum comes last,
  // in SealRecords.
  bool End(size_t offset) {
    while (file_.size() % kUnit != 0) {
      file_.push_back(0);
    }
    const size_t length = file_.size() - offset;
    Store(&file_[offset + kRecordLengthAt],
          static_cast<uint16_t>(length / kUnit));
    return length <= kMaxRecord;
  }

  // WriteTemplates writes what sets have in common, once for all that have it.
  absl::Status WriteTemplates() {
    absl::flat_hash_map<std::string, uint32_t> known;
    for (const PinSet* set : input_.sets) {
      Bytes fields;
      if (!DescribeSet(*set, fields)) {
        return TooLarge("the pin set", set->name());
      }
      const auto [it, inserted] = known.try_emplace(
          std::string(fields.begin(), fields.end()), Place(file_.size()));
      templates_.push_back(it->second);
      if (!inserted) {
        continue;
      }
      const bool report_only = set->mode() == PinSet::Mode::kReportOnly;
      const bool reject = set->on_expiry() == PinSet::OnExpiry::kReject;
      const size_t record = Begin(static_cast<uint8_t>(
          (report_only ? kReportOnly : 0) | (reject ? kRejectOnExpiry : 0)));
      file_.insert(file_.end(), fields.begin() + 1, fields.end());
      if (!End(record)) {
        return TooLarge("the pin set", set->name());
      }
    }
    return absl::OkStatus();
  }

  // DescribeSet writes the flags and the fields of the template of `set`. It
  // returns false if a count or a name is too large.
  static bool DescribeSet(const PinSet& set, Bytes& out) {
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

  static void AppendTime(Bytes& out, absl::Time time) {
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
      const PinSet& set = *input_.sets[i];
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
    const PinSet& set = *input_.sets[index];
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
        file_.insert(file_.end(), digest.begin(), digest.end());
      }
    }
    return true;
  }

  absl::Status WriteHost(const CompilerInput::Host& host) {
    const std::string text = host.pattern.ToString();
    if (host.pattern.base.size() > std::numeric_limits<uint8_t>::max()) {
      return TooLarge("the host", text);
    }
    const bool pinned = host.set != CompilerInput::kNoSet;
    const bool is_inline = pinned && users_[host.set] == 1;
    const bool same_name = is_inline && input_.sets[host.set]->name() == text;
    const size_t record = Begin(
        static_cast<uint8_t>(
            static_cast<int>(host.pattern.kind) | (pinned ? kPinned : 0) |
            (is_inline ? kInlineSet : 0) | (same_name ? kNamedAsHost : 0)),
        host.pattern.base.size());
    Append(file_, absl::string_view(text));
    host_places_.push_back(record);
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
    if (last_hosts_[set] == 0) {
      Store(&file_[size_t{set_places_[set]} * kUnit + kRecordHeader],
            Place(record));
    } else {
      Store(&file_[last_hosts_[set]], Place(record));
    }
    last_hosts_[set] = file_.size();  // where the place of the next one goes
    Append(file_, uint32_t{0});
  }

  void SealRecords() {
    for (size_t offset = records_; offset < file_.size();) {
      const size_t length =
          size_t{Load16(&file_[offset + kRecordLengthAt])} * kUnit;
      Store(&file_[offset], Checksum(offset, absl::MakeConstSpan(file_).subspan(
                                                 offset + kRecordLengthAt,
                                                 length - kRecordLengthAt)));
      offset += length;
    }
  }

  void Index(const CompilerInput::Host& host, size_t record) {
    const HostPattern& pattern = host.pattern;
    depths_.Add(pattern.kind, pattern.base);
    const Address address(HashHost(kSeed, pattern.kind, pattern.base),
                          pattern.kind);
    const size_t block =
        filter_ + ScaleTo(address.block, filter_blocks_) * kLine;
    for (size_t i = 0; i < kFilterWords; ++i) {
      uint8_t* word = &file_[block + 8 * i];
      Store(word, Load64(word) | uint64_t{1} << FilterBit(address.bits, i));
    }
    const uint32_t key =
        address.key | (host.set != CompilerInput::kNoSet ? kSlotPinned : 0);
    const uint64_t slot = uint64_t{Place(record)} << 32 | key;
    uint64_t bucket = ScaleTo(address.bits, bucket_count_);
    while (!AddToBucket(buckets_ + bucket * kLine, slot)) {
      bucket = bucket + 1 == bucket_count_ ? 0 : bucket + 1;
    }
  }

  bool AddToBucket(size_t line, uint64_t slot) {
    for (size_t i = 0; i < kSlots; ++i) {
      if (Load64(&file_[line + 8 * i]) == 0) {
        Store(&file_[line + 8 * i], slot);
        return true;
      }
    }
    file_[line + kOverflowAt] = 1;
    return false;
  }

  void SealLines() {
    for (size_t line = filter_; line < records_; line += kLine) {
      Store(&file_[line + kLineChecksumAt],
            Checksum(line, absl::MakeConstSpan(&file_[line], kLineChecksumAt)));
    }
  }

  void WriteHeader() {
    const absl::string_view magic(kMagic);
    std::copy(magic.begin(), magic.end(), file_.begin());
    Store(&file_[kVersionAt], kVersion);
    Store(&file_[kHeaderSizeAt], static_cast<uint32_t>(kHeaderSize));
    Store(&file_[kFileSizeAt], uint64_t{file_.size()});
    Store(&file_[kHostCountAt], uint64_t{input_.hosts.size()});
    Store(&file_[kSetCountAt], uint64_t{input_.sets.size()});
    Bytes updated;
    AppendTime(updated, input_.updated);
    std::copy(updated.begin(), updated.end(), &file_[kUpdatedAt]);
    for (size_t kind = 0; kind < depths_.of_kind.size(); ++kind) {
      Store(&file_[kDepthsAt + 4 * kind], depths_.of_kind[kind]);
    }
    Store(&file_[kFilterAt], uint64_t{filter_});
    Store(&file_[kFilterAt + 8], uint64_t{filter_blocks_});
    Store(&file_[kBucketsAt], uint64_t{buckets_});
    Store(&file_[kBucketsAt + 8], uint64_t{bucket_count_});
    Store(&file_[kRecordsAt], uint64_t{records_});
    Store(&file_[kHostsAt], uint64_t{hosts_});
    Store(&file_[kSeedAt], kSeed);
    std::copy(input_.digest.begin(), input_.digest.end(), &file_[kDigestAt]);
    SHA256(&file_[kHeaderSize], file_.size() - kHeaderSize,
           &file_[kBodyDigestAt]);
    Store(&file_[kHeaderChecksumAt],
          Hash(kVersion, file_.data(), kHeaderChecksumAt));
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
  Bytes file_;
  std::vector<size_t> users_;         // of each set: how many hosts
  std::vector<uint32_t> templates_;   // of each set: a place
  std::vector<uint32_t> set_places_;  // of those of several hosts
  std::vector<size_t> last_hosts_;    // of those: where the next place goes
  std::vector<size_t> host_places_;   // offsets
};

}  // namespace

absl::StatusOr<std::string> WriteCompiled(const CompilerInput& input) {
  return Compiler(input).Run();
}

}  // namespace pinning::internal
