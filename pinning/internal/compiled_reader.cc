#include "pinning/internal/compiled_reader.h"

#include <algorithm>
#include <utility>

#include "absl/numeric/bits.h"
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

// What is done with each word of a line is written out by the compiler: which
// of them a look-up needs cannot be foreseen, so it takes all.
template <size_t... i>
inline bool HasBits(const uint8_t* block, uint64_t bits,
                    std::index_sequence<i...>) {
  return ((Load64(block + 8 * i) >> FilterBit(bits, i) & 1) & ...) != 0;
}

// SlotsOf returns a bit for each slot of a bucket that has `key`.
template <size_t... i>
inline uint32_t SlotsOf(const uint8_t* bucket, uint32_t key,
                        std::index_sequence<i...>) {
  return ((uint32_t{HasKey(Load32(bucket + 8 * i), key)} << i) | ...);
}

inline uint32_t SlotsOf(const uint8_t* bucket, uint32_t key) {
  return SlotsOf(bucket, key, std::make_index_sequence<kSlots>());
}

inline Address AddressOf(const HostProbes::Probe& probe) {
  return Address(probe.hash, probe.kind);
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

inline bool CompiledReader::MayHave(const Address& address) const {
  return HasBits(BlockOf(address), address.bits,
                 std::make_index_sequence<kFilterWords>());
}

inline bool CompiledReader::IsIntact(const uint8_t* line) const {
  return Load32(line + kLineChecksumAt) ==
         Checksum(static_cast<uint64_t>(line - file_.data()),
                  {line, kLineChecksumAt});
}

inline uint64_t CompiledReader::LikelySlot(const Address& address) const {
  const uint8_t* line = BucketOf(address);
  const uint32_t slots = SlotsOf(line, address.key);
  return slots == 0 ? 0 : Load64(line + 8 * absl::countr_zero(slots));
}

inline bool CompiledReader::IsHost(uint64_t slot, const Pattern& pattern,
                                   Host* host) const {
  const uint64_t offset = (slot >> 32) * kUnit;
  const absl::string_view prefix = PrefixOf(pattern.kind);
  const size_t length = prefix.size() + pattern.base.size();
  if (offset < hosts_ || file_.size() < kRecordHeader + length ||
      offset > file_.size() - kRecordHeader - length) {
    return false;
  }
  const uint8_t* record = file_.data() + offset;
  const absl::string_view text(
      reinterpret_cast<const char*>(record + kRecordHeader), length);
  const bool pinned = (slot & kSlotPinned) != 0;
  const int flags = static_cast<int>(pattern.kind) | (pinned ? kPinned : 0);
  if ((record[kFlagsAt] & (kKindMask | kPinned)) != flags ||
      record[kBaseLengthAt] != pattern.base.size() ||
      text.substr(prefix.size()) != pattern.base ||
      text.substr(0, prefix.size()) != prefix) {
    return false;
  }
  *host = {text, pinned, offset};
  return true;
}

absl::Status CompiledReader::FindInBuckets(const Address& address,
                                           const Pattern& pattern,
                                           Host* host) const {
  const uint8_t* line = BucketOf(address);
  for (uint64_t i = 0; i < bucket_count_; ++i) {
    for (uint32_t slots = SlotsOf(line, address.key); slots != 0;
         slots &= slots - 1) {
      const uint64_t slot = Load64(line + 8 * absl::countr_zero(slots));
      if (IsHost(slot, pattern, host)) {
        return absl::OkStatus();
      }
      PINNING_RETURN_IF_ERROR(CheckOther(slot, pattern));
    }
    if (!IsIntact(line)) {
      return DamagedLine(line);
    }
    if (line[kOverflowAt] == 0) {
      break;
    }
    line += kLine;
    if (line == file_.data() + records_) {
      line = file_.data() + buckets_;
    }
  }
  return absl::OkStatus();
}

inline const uint8_t* CompiledReader::Filter(
    const HostProbes& probes, const HostProbes::Probe** probe) const {
  for (; *probe != probes.end(); ++*probe) {
    const Address address = AddressOf(**probe);
    if (MayHave(address)) {
      break;
    }
    // Only "no" has to be right: a "yes" is looked up.
    if (!IsIntact(BlockOf(address))) {
      return BlockOf(address);
    }
  }
  return nullptr;
}

absl::Status CompiledReader::FindFrom(const HostProbes& probes,
                                      const HostProbes::Probe* probe,
                                      const uint8_t* damaged,
                                      Host* host) const {
  while (damaged == nullptr && probe != probes.end()) {
    absl::Status status = FindInBuckets(
        AddressOf(*probe), {probe->kind, probes.BaseOf(*probe)}, host);
    if (host->offset != 0 || !status.ok()) {
      return status;
    }
    damaged = Filter(probes, &++probe);
  }
  return damaged == nullptr ? absl::OkStatus() : DamagedLine(damaged);
}

absl::Status CompiledReader::Find(const ServerName& name, Host* host) const {
  const HostProbes probes(name, seed_, depths_);
  const HostProbes::Probe* probe = probes.begin();
  const uint8_t* damaged = Filter(probes, &probe);
  return FindFrom(probes, probe, damaged, host);
}

void CompiledReader::FindSome(
    absl::Span<const ServerName> names,
    absl::FunctionRef<void(absl::Status, const Host&)> visit) const {
  std::array<HostProbes, kAtOnce> probes;
  std::array<const HostProbes::Probe*, kAtOnce> probe;
  std::array<const uint8_t*, kAtOnce> damaged;
  std::array<uint64_t, kAtOnce> slot{};
  for (size_t i = 0; i < names.size(); ++i) {
    probes[i].Set(names[i], seed_, depths_);
    for (const HostProbes::Probe& each : probes[i]) {
      Prefetch(BlockOf(AddressOf(each)));
    }
    probe[i] = probes[i].begin();
    if (probe[i] != probes[i].end()) {
      Prefetch(BucketOf(AddressOf(*probe[i])));  // the likeliest
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    damaged[i] = Filter(probes[i], &probe[i]);
    if (probe[i] != probes[i].begin() && probe[i] != probes[i].end()) {
      Prefetch(BucketOf(AddressOf(*probe[i])));
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (damaged[i] == nullptr && probe[i] != probes[i].end()) {
      slot[i] = LikelySlot(AddressOf(*probe[i]));
      const uint64_t record = (slot[i] >> 32) * kUnit;
      // The pattern may reach into the next line.
      const uint64_t end =
          record + kRecordHeader + probes[i].BaseOf(*probe[i]).size();
      Prefetch(file_.data() + std::min<uint64_t>(record, file_.size()));
      Prefetch(file_.data() + std::min<uint64_t>(end, file_.size()));
    }
  }
  for (size_t i = 0; i < names.size(); ++i) {
    Host host;
    absl::Status status;
    if (slot[i] == 0 ||
        !IsHost(slot[i], {probe[i]->kind, probes[i].BaseOf(*probe[i])},
                &host)) {
      status = FindFrom(probes[i], probe[i], damaged[i], &host);
    }
    visit(std::move(status), host);
  }
}

absl::Status CompiledReader::CheckHost(const Host& host) const {
  const auto kind =
      static_cast<HostPattern::Kind>(file_[host.offset + kFlagsAt] & kKindMask);
  const absl::string_view base = host.pattern.substr(PrefixOf(kind).size());
  const Address address(HashHost(seed_, kind, base), kind);
  Host found;
  PINNING_RETURN_IF_ERROR(FindInBuckets(address, {kind, base}, &found));
  if (!MayHave(address) || found.offset != host.offset) {
    return Damaged(host.offset, "a host is not found");
  }
  return host.pinned ? SetOf(host).status() : absl::OkStatus();
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
