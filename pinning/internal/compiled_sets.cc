// What CompiledReader reads beyond a look-up: sets, the whole, and what is
// damaged.

#include <openssl/bytestring.h>
#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/compiled_bytes.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/internal/compiled_reader.h"
#include "pinning/internal/status_macros.h"
#include "pinning/pin.h"

namespace pinning::internal {

using namespace compiled;  // NOLINT: the constants of this form, here only

namespace {

// A Template is what sets have in common: all but the name and the digests.
struct Template {
  uint8_t flags = 0;
  absl::Time expires;
  uint16_t counts[3] = {};  // pins, backup pins, blocked pins
  CBS names;                // role and name of each
};

bool ReadTemplate(absl::Span<const uint8_t> record, Template* result) {
  CBS cbs = Cursor(record.subspan(kRecordHeader));
  uint64_t seconds = 0;
  uint32_t nanoseconds = 0;
  if (!CBS_get_u64le(&cbs, &seconds) || !CBS_get_u32le(&cbs, &nanoseconds)) {
    return false;
  }
  for (uint16_t& count : result->counts) {
    if (!CBS_get_u16le(&cbs, &count)) {
      return false;
    }
  }
  result->flags = record[kFlagsAt];
  result->expires = TimeOf(seconds, nanoseconds);
  result->names = cbs;
  return true;
}

bool ReadPin(CBS* names, CBS* digests, NamedPin* result) {
  uint8_t role = 0;
  uint16_t length = 0;
  CBS name, digest;
  if (!CBS_get_u8(names, &role) || role > 3 || !CBS_get_u16le(names, &length) ||
      !CBS_get_bytes(names, &name, length) ||
      !CBS_get_bytes(digests, &digest, Pin::kSize)) {
    return false;
  }
  std::array<uint8_t, Pin::kSize> bytes;
  std::copy_n(CBS_data(&digest), bytes.size(), bytes.begin());
  *result = {Pin(bytes), std::string(Text(name)), static_cast<PinRole>(role)};
  return true;
}

// BuildSet returns the set of a name, a template, and the digests that `cbs`
// is at.
absl::StatusOr<PinSet> BuildSet(std::string name, Template shape, CBS cbs) {
  PinSet::Builder builder(std::move(name));
  PinSet::Builder& (PinSet::Builder::*const kAdd[])(NamedPin) = {
      &PinSet::Builder::AddPin, &PinSet::Builder::AddBackupPin,
      &PinSet::Builder::AddBlockedPin};
  for (int list = 0; list < 3; ++list) {
    for (int i = 0; i < shape.counts[list]; ++i) {
      NamedPin pin{Pin(std::array<uint8_t, Pin::kSize>{}), ""};
      if (!ReadPin(&shape.names, &cbs, &pin)) {
        return absl::DataLossError("it ends within a pin");
      }
      (builder.*kAdd[list])(std::move(pin));
    }
  }
  builder.SetMode((shape.flags & kReportOnly) != 0 ? PinSet::Mode::kReportOnly
                                                   : PinSet::Mode::kEnforce);
  builder.SetExpiry(shape.expires, (shape.flags & kRejectOnExpiry) != 0
                                       ? PinSet::OnExpiry::kReject
                                       : PinSet::OnExpiry::kStopEnforcing);
  return builder.Build();
}

}  // namespace

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

absl::Status CompiledReader::DamagedLine(const uint8_t* line) const {
  const auto offset = static_cast<uint64_t>(line - file_.data());
  return Damaged(offset, offset < buckets_
                             ? "the checksum of a filter block is wrong"
                             : "the checksum of a bucket is wrong");
}

absl::Status CompiledReader::CheckOther(uint64_t slot,
                                        const Pattern& pattern) const {
  const uint64_t offset = (slot >> 32) * kUnit;
  PINNING_ASSIGN_OR_RETURN(const Host other, HostAt(offset));
  if (other.pattern == absl::StrCat(PrefixOf(pattern.kind), pattern.base)) {
    return Damaged(offset, "a host is not what its bucket says");
  }
  return absl::OkStatus();
}

absl::StatusOr<PinSet> CompiledReader::SetOf(const Host& host) const {
  PINNING_ASSIGN_OR_RETURN(absl::Span<const uint8_t> record,
                           RecordAt(host.offset));
  const size_t pattern = kRecordHeader + host.pattern.size();
  if (pattern > record.size()) {
    return Damaged(host.offset, "the length of a pattern is wrong");
  }
  CBS cbs = Cursor(record.subspan(pattern));
  uint8_t flags = record[kFlagsAt];
  uint32_t place = 0;
  if ((flags & kInlineSet) == 0) {
    if (!CBS_get_u32le(&cbs, &place)) {
      return Damaged(host.offset, "it ends within a host");
    }
    PINNING_ASSIGN_OR_RETURN(record, RecordAt(uint64_t{place} * kUnit));
    flags = record[kFlagsAt];
    cbs = Cursor(record.subspan(kRecordHeader));
    CBS_skip(&cbs, 4);  // the first host
  }
  uint16_t length = 0;
  CBS name = Cursor({});
  if (!CBS_get_u32le(&cbs, &place) ||
      ((flags & kNamedAsHost) == 0 && (!CBS_get_u16le(&cbs, &length) ||
                                       !CBS_get_bytes(&cbs, &name, length)))) {
    return Damaged(host.offset, "it ends within a set");
  }
  PINNING_ASSIGN_OR_RETURN(const absl::Span<const uint8_t> shape_record,
                           RecordAt(uint64_t{place} * kUnit));
  Template shape;
  if (!ReadTemplate(shape_record, &shape)) {
    return Damaged(uint64_t{place} * kUnit, "it ends within a template");
  }
  absl::StatusOr<PinSet> set = BuildSet(
      std::string((flags & kNamedAsHost) != 0 ? host.pattern : Text(name)),
      shape, cbs);
  return set.ok() ? std::move(set)
                  : Damaged(host.offset, set.status().message());
}

absl::StatusOr<std::vector<std::string>> CompiledReader::PatternsOf(
    const Host& host) const {
  PINNING_ASSIGN_OR_RETURN(absl::Span<const uint8_t> record,
                           RecordAt(host.offset));
  std::vector<std::string> patterns;
  if ((record[kFlagsAt] & kInlineSet) != 0) {
    patterns.emplace_back(host.pattern);
    return patterns;
  }
  // From the set to its first host, and on from host to host.
  const size_t pattern = kRecordHeader + host.pattern.size();
  if (pattern > record.size()) {
    return Damaged(host.offset, "the length of a pattern is wrong");
  }
  CBS cbs = Cursor(record.subspan(pattern));
  uint32_t place = 0;
  if (!CBS_get_u32le(&cbs, &place)) {
    return Damaged(host.offset, "it ends within a host");
  }
  PINNING_ASSIGN_OR_RETURN(record, RecordAt(uint64_t{place} * kUnit));
  cbs = Cursor(record.subspan(kRecordHeader));
  while (CBS_get_u32le(&cbs, &place) && place != 0) {
    if (patterns.size() == host_count_) {
      return Damaged(uint64_t{place} * kUnit, "the hosts of a set go round");
    }
    PINNING_ASSIGN_OR_RETURN(const Host next, HostAt(uint64_t{place} * kUnit));
    patterns.emplace_back(next.pattern);
    PINNING_ASSIGN_OR_RETURN(record, RecordAt(next.offset));
    cbs = Cursor(record.subspan(kRecordHeader + next.pattern.size()));
    CBS_skip(&cbs, 4);  // the set
  }
  return patterns;
}

absl::Status CompiledReader::ForEachHost(
    absl::FunctionRef<void(const Host&)> visit) const {
  uint64_t offset = hosts_;
  for (size_t i = 0; i < host_count_; ++i) {
    PINNING_ASSIGN_OR_RETURN(const Host host, HostAt(offset));
    visit(host);
    offset += size_t{Load16(&file_[offset + kRecordLengthAt])} * kUnit;
  }
  if (offset != file_.size()) {
    return Damaged(offset, "there is more than the hosts");
  }
  return absl::OkStatus();
}

absl::Status CompiledReader::CheckAll() const {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest;
  const absl::Span<const uint8_t> body = file_.subspan(kHeaderSize);
  SHA256(body.data(), body.size(), digest.data());
  if (!std::equal(digest.begin(), digest.end(), &file_[kBodyDigestAt])) {
    return Damaged(kHeaderSize, "the SHA-256 of the body is wrong");
  }
  absl::Status status;
  const absl::Status walked =
      ForEachHost([&](const Host& host) { status.Update(CheckHost(host)); });
  status.Update(walked);
  return status;
}

}  // namespace pinning::internal
