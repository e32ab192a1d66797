#include "pinning/internal/compiled_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/compiled_bytes.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/internal/status_macros.h"

namespace pinning::internal {

using namespace compiled;  // NOLINT: the constants of this form, here only

namespace {

absl::Status NotOne(absl::string_view why) {
  return absl::DataLossError(
      absl::StrCat("this is no compiled pin store: ", why));
}

}  // namespace

absl::StatusOr<CompiledReader> CompiledReader::Open(
    absl::Span<const uint8_t> file) {
  CompiledReader reader(file);
  PINNING_RETURN_IF_ERROR(reader.ReadHeader());
  PINNING_RETURN_IF_ERROR(reader.ReadSections());
  return reader;
}

absl::Status CompiledReader::ReadHeader() {
  const absl::string_view magic(kMagic);
  if (file_.size() < magic.size() ||
      !std::equal(magic.begin(), magic.end(), file_.begin())) {
    return NotOne(absl::StrCat("it does not begin with ", magic));
  }
  if (file_.size() < kHeaderSize) {
    return Damaged(file_.size(), "it ends within the header");
  }
  const uint8_t* header = file_.data();
  const uint32_t version = Load32(header + kVersionAt);
  if (version != kVersion) {
    return absl::UnimplementedError(
        absl::StrCat("the compiled pin store is of version ", version,
                     "; this program reads version ", kVersion,
                     ": compile it again, with this program's tool"));
  }
  if (Load64(header + kHeaderChecksumAt) !=
      Hash(kVersion, header, kHeaderChecksumAt)) {
    return Damaged(kHeaderChecksumAt, "the checksum of the header is wrong");
  }
  if (Load64(header + kFileSizeAt) != file_.size()) {
    return Damaged(kFileSizeAt, absl::StrCat("it is ", file_.size(),
                                             " octets long and should be ",
                                             Load64(header + kFileSizeAt)));
  }
  return absl::OkStatus();
}

absl::Status CompiledReader::ReadSections() {
  const uint8_t* header = file_.data();
  host_count_ = Load64(header + kHostCountAt);
  set_count_ = Load64(header + kSetCountAt);
  for (size_t kind = 0; kind < depths_.of_kind.size(); ++kind) {
    depths_.of_kind[kind] = Load32(header + kDepthsAt + 4 * kind);
  }
  seed_ = Load64(header + kSeedAt);
  filter_ = Load64(header + kFilterAt);
  filter_blocks_ = Load64(header + kFilterAt + 8);
  buckets_ = Load64(header + kBucketsAt);
  bucket_count_ = Load64(header + kBucketsAt + 8);
  records_ = Load64(header + kRecordsAt);
  hosts_ = Load64(header + kHostsAt);
  const uint64_t lines = file_.size() / kLine;  // so that nothing overflows
  if (filter_blocks_ == 0 || filter_blocks_ > lines || bucket_count_ == 0 ||
      bucket_count_ > lines || filter_ != kHeaderSize ||
      buckets_ != filter_ + filter_blocks_ * kLine ||
      records_ != buckets_ + bucket_count_ * kLine || records_ > hosts_ ||
      hosts_ > file_.size()) {
    return Damaged(kFilterAt, "the sections do not lie one after the other");
  }
  if (host_count_ > (file_.size() - hosts_) / kRecordHeader) {
    return Damaged(kHostCountAt, "there is no room for so many hosts");
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Span<const uint8_t>> CompiledReader::RecordAt(
    uint64_t offset) const {
  if (offset < records_ || offset % kUnit != 0 ||
      offset > file_.size() - kRecordHeader) {
    return Damaged(offset, "a place leads out of the records");
  }
  const size_t length =
      size_t{Load16(&file_[offset + kRecordLengthAt])} * kUnit;
  if (length < kRecordHeader || length > file_.size() - offset) {
    return Damaged(offset, "the length of a record is wrong");
  }
  const absl::Span<const uint8_t> record = file_.subspan(offset, length);
  if (Load32(record.data()) !=
      Checksum(offset, record.subspan(kRecordLengthAt))) {
    return Damaged(offset, "the checksum of a record is wrong");
  }
  return record;
}

absl::StatusOr<CompiledReader::Host> CompiledReader::HostAt(
    uint64_t offset) const {
  if (offset < hosts_) {
    return Damaged(offset, "a place leads out of the hosts");
  }
  PINNING_ASSIGN_OR_RETURN(const absl::Span<const uint8_t> record,
                           RecordAt(offset));
  const int kind = record[kFlagsAt] & kKindMask;
  if (kind > static_cast<int>(HostPattern::Kind::kAnyLabels)) {
    return Damaged(offset, "there is no such kind of pattern");
  }
  const absl::string_view prefix =
      PrefixOf(static_cast<HostPattern::Kind>(kind));
  const size_t length = prefix.size() + record[kBaseLengthAt];
  if (length > record.size() - kRecordHeader) {
    return Damaged(offset, "the length of a pattern is wrong");
  }
  Host host;
  host.pattern = Text(Cursor(record.subspan(kRecordHeader, length)));
  if (!absl::StartsWith(host.pattern, prefix)) {
    return Damaged(offset, "a pattern is not of its kind");
  }
  host.pinned = (record[kFlagsAt] & kPinned) != 0;
  host.offset = offset;
  return host;
}

bool CompiledReader::MayHave(const Address& address) const {
  const uint8_t* block = BlockOf(address);
  uint64_t lacking = 0;
  for (int i = 0; i < kFilterWords; ++i) {
    lacking |= ~Load64(block + 8 * i) & FilterBit(address.bits, i);
  }
  return lacking == 0;
}

absl::Status CompiledReader::CheckLine(const uint8_t* line) const {
  const auto offset = static_cast<uint64_t>(line - file_.data());
  if (Load32(line + kLineChecksumAt) !=
      Checksum(offset, absl::MakeConstSpan(line, kLineChecksumAt))) {
    return Damaged(offset, offset < buckets_
                               ? "the checksum of a filter block is wrong"
                               : "the checksum of a bucket is wrong");
  }
  return absl::OkStatus();
}

absl::Status CompiledReader::TakeHost(uint64_t slot, HostPattern::Kind kind,
                                      absl::string_view base,
                                      Host* host) const {
  const uint64_t offset = (slot >> 32) * kUnit;
  const absl::string_view prefix = PrefixOf(kind);
  const size_t length = prefix.size() + base.size();
  const bool pinned = (slot & kSlotPinned) != 0;
  if (offset >= hosts_ && offset < file_.size() &&
      file_.size() - offset >= kRecordHeader + length) {
    const uint8_t* record = &file_[offset];
    const absl::string_view pattern(
        reinterpret_cast<const char*>(record + kRecordHeader), length);
    const int flags = static_cast<int>(kind) | (pinned ? kPinned : 0);
    if ((record[kFlagsAt] & (kKindMask | kPinned)) == flags &&
        record[kBaseLengthAt] == base.size() &&
        pattern.substr(prefix.size()) == base &&
        absl::StartsWith(pattern, prefix)) {
      *host = {pattern, pinned, offset};
      return absl::OkStatus();
    }
  }
  // Another host with the same key, or this one and damaged.
  PINNING_ASSIGN_OR_RETURN(const Host other, HostAt(offset));
  if (other.pattern == absl::StrCat(prefix, base)) {
    return Damaged(offset, "a host is not what its bucket says");
  }
  return absl::OkStatus();
}

absl::Status CompiledReader::FindInBuckets(const Address& address,
                                           HostPattern::Kind kind,
                                           absl::string_view base,
                                           Host* host) const {
  const uint8_t* line = BucketOf(address);
  for (uint64_t i = 0; i < bucket_count_; ++i) {
    for (int j = 0; j < kSlots; ++j) {
      const uint64_t slot = Load64(line + 8 * j);
      if ((static_cast<uint32_t>(slot) & ~kSlotPinned) == address.key) {
        PINNING_RETURN_IF_ERROR(TakeHost(slot, kind, base, host));
        if (host->offset != 0) {
          return absl::OkStatus();
        }
      }
    }
    PINNING_RETURN_IF_ERROR(CheckLine(line));
    if (line[kOverflowAt] == 0) {
      return absl::OkStatus();
    }
    line = line + kLine == &file_[records_] ? &file_[buckets_] : line + kLine;
  }
  return absl::OkStatus();
}

absl::Status CompiledReader::FindAt(const HostProbes& probes,
                                    Host* host) const {
  for (const HostProbes::Probe& probe : probes) {
    const Address address(probe.hash, probe.kind);
    if (!MayHave(address)) {
      // Only "no" has to be right: a "yes" is looked up.
      PINNING_RETURN_IF_ERROR(CheckLine(BlockOf(address)));
      continue;
    }
    PINNING_RETURN_IF_ERROR(
        FindInBuckets(address, probe.kind, probes.BaseOf(probe), host));
    if (host->offset != 0) {
      break;
    }
  }
  return absl::OkStatus();
}

void CompiledReader::FindSome(
    absl::Span<const ServerName> names,
    absl::FunctionRef<void(absl::Status, const Host&)> visit) const {
  // What comes before FindAt asks for memory, and decides nothing.
  std::array<HostProbes, kAtOnce> searches;
  std::array<const HostProbes::Probe*, kAtOnce> likely;
  for (size_t i = 0; i < names.size(); ++i) {
    searches[i].Set(names[i], seed_, depths_);
    for (const HostProbes::Probe& probe : searches[i]) {
      Prefetch(BlockOf(Address(probe.hash, probe.kind)));
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    likely[i] = std::find_if(searches[i].begin(), searches[i].end(),
                             [this](const HostProbes::Probe& probe) {
                               return MayHave(Address(probe.hash, probe.kind));
                             });
    if (likely[i] != searches[i].end()) {
      Prefetch(BucketOf(Address(likely[i]->hash, likely[i]->kind)));
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (likely[i] != searches[i].end()) {
      PrefetchRecord(Address(likely[i]->hash, likely[i]->kind));
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    Host host;
    absl::Status status = FindAt(searches[i], &host);
    visit(std::move(status), host);
  }
}

void CompiledReader::PrefetchRecord(const Address& address) const {
  const uint8_t* line = BucketOf(address);
  for (int i = 0; i < kSlots; ++i) {
    const uint64_t slot = Load64(line + 8 * i);
    const uint64_t offset = (slot >> 32) * kUnit;
    if ((static_cast<uint32_t>(slot) & ~kSlotPinned) == address.key &&
        offset < file_.size()) {
      Prefetch(&file_[offset]);
    }
  }
}

absl::Time CompiledReader::updated() const {
  return TimeOf(Load64(&file_[kUpdatedAt]), Load32(&file_[kUpdatedAt + 8]));
}

std::array<uint8_t, 32> CompiledReader::digest() const {
  std::array<uint8_t, 32> digest;
  std::copy_n(&file_[kDigestAt], digest.size(), digest.begin());
  return digest;
}

}  // namespace pinning::internal
