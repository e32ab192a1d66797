#include "pinning/internal/compiled_reader.h"

#include <algorithm>

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

bool IsLineIntact(absl::Span<const uint8_t> file, uint64_t offset) {
  const absl::Span<const uint8_t> line = file.subspan(offset, kLine);
  return Load32(&line[kLineChecksumAt]) ==
         Checksum(offset, line.first(kLineChecksumAt));
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
  kinds_ = Load32(header + kKindsAt);
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

CompiledReader::Probe CompiledReader::ProbeOf(HostPattern::Kind kind,
                                              absl::string_view base) const {
  return {kind, base, HashName(seed_, static_cast<int>(kind), base)};
}

void CompiledReader::ForEachProbe(
    const ServerName& name, absl::FunctionRef<bool(const Probe&)> visit) const {
  absl::string_view rest = name.ToString();
  if (HasKind(HostPattern::Kind::kExact) &&
      !visit(ProbeOf(HostPattern::Kind::kExact, rest))) {
    return;
  }
  if (name.kind() == ServerName::Kind::kIpAddress) {
    return;
  }
  size_t dot = rest.find('.');
  if (dot != rest.npos && HasKind(HostPattern::Kind::kOneLabel) &&
      !visit(ProbeOf(HostPattern::Kind::kOneLabel, rest.substr(dot + 1)))) {
    return;
  }
  // Longest first: the name itself, its parent, and so on.
  while (!rest.empty() && HasKind(HostPattern::Kind::kAnyLabels)) {
    if (!visit(ProbeOf(HostPattern::Kind::kAnyLabels, rest))) {
      return;
    }
    dot = rest.find('.');
    rest = dot == rest.npos ? absl::string_view() : rest.substr(dot + 1);
  }
}

absl::StatusOr<bool> CompiledReader::MayHave(const Probe& probe) const {
  const uint64_t offset = filter_ + ScaleTo(probe.hash, filter_blocks_) * kLine;
  for (int i = 0; i < kFilterProbes; ++i) {
    const size_t bit = FilterBit(probe.hash, i);
    if ((file_[offset + bit / 8] >> (bit % 8) & 1) == 0) {
      // Only "no" has to be right: a "yes" is looked up.
      if (!IsLineIntact(file_, offset)) {
        return Damaged(offset, "the checksum of a filter block is wrong");
      }
      return false;
    }
  }
  return true;
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

absl::StatusOr<bool> CompiledReader::FindInBucket(
    uint64_t bucket, const Probe& probe, std::optional<Host>& found) const {
  const uint64_t line = buckets_ + bucket * kLine;
  if (!IsLineIntact(file_, line)) {
    return Damaged(line, "the checksum of a bucket is wrong");
  }
  const size_t prefix = PrefixOf(probe.kind).size();
  for (int i = 0; i < kSlots; ++i) {
    const uint64_t slot = Load64(&file_[line + 8 * i]);
    if (slot == 0) {
      return true;
    }
    if ((slot & ((1u << kTagBits) - 1)) != Tag(probe.hash)) {
      continue;
    }
    PINNING_ASSIGN_OR_RETURN(const Host host,
                             HostAt((slot >> kTagBits) * kUnit));
    const uint8_t flags = file_[host.offset + kFlagsAt];
    if ((flags & kKindMask) == static_cast<int>(probe.kind) &&
        host.pattern.substr(prefix) == probe.base) {
      found = host;
      return true;
    }
  }
  return file_[line + kOverflowAt] == 0;
}

absl::StatusOr<std::optional<CompiledReader::Host>>
CompiledReader::FindInBuckets(const Probe& probe) const {
  std::optional<Host> found;
  uint64_t bucket = ScaleTo(BucketHash(seed_, probe.hash), bucket_count_);
  for (uint64_t i = 0; i < bucket_count_; ++i) {
    PINNING_ASSIGN_OR_RETURN(const bool ends,
                             FindInBucket(bucket, probe, found));
    if (ends) {
      return found;
    }
    bucket = bucket + 1 == bucket_count_ ? 0 : bucket + 1;
  }
  return found;
}

absl::StatusOr<std::optional<CompiledReader::Host>> CompiledReader::Find(
    const ServerName& name) const {
  absl::StatusOr<std::optional<Host>> result = std::optional<Host>();
  ForEachProbe(name, [&](const Probe& probe) {
    const absl::StatusOr<bool> may = MayHave(probe);
    if (!may.ok()) {
      result = may.status();
    } else if (*may) {
      result = FindInBuckets(probe);
    }
    return result.ok() && !result->has_value();
  });
  return result;
}

void CompiledReader::PrefetchBuckets(const ServerName& name) const {
  ForEachProbe(name, [&](const Probe& probe) {
    Prefetch(&file_[filter_ + ScaleTo(probe.hash, filter_blocks_) * kLine]);
    Prefetch(
        &file_[buckets_ +
               ScaleTo(BucketHash(seed_, probe.hash), bucket_count_) * kLine]);
    return true;
  });
}

void CompiledReader::PrefetchRecords(const ServerName& name) const {
  ForEachProbe(name, [&](const Probe& probe) {
    const uint64_t line =
        buckets_ +
        ScaleTo(BucketHash(seed_, probe.hash), bucket_count_) * kLine;
    for (int i = 0; i < kSlots; ++i) {
      const uint64_t slot = Load64(&file_[line + 8 * i]);
      const uint64_t place = (slot >> kTagBits) * kUnit;
      if ((slot & ((1u << kTagBits) - 1)) == Tag(probe.hash) &&
          place < file_.size()) {
        Prefetch(&file_[place]);
        Prefetch(&file_[std::min<uint64_t>(place + kLine, file_.size() - 1)]);
      }
    }
    return true;
  });
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
