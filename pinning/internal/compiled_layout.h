#ifndef PINNING_INTERNAL_COMPILED_LAYOUT_H_
#define PINNING_INTERNAL_COMPILED_LAYOUT_H_

#include <cstddef>
#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// Where everything is in a compiled pin store (docs/compiled-pins.md). All
// integers are little-endian and read octet by octet, so that a file is the
// same on every machine and no alignment is needed.
namespace pinning::internal::compiled {

constexpr char kMagic[] = "PINSTORE";
constexpr uint32_t kVersion = 1;

// The header.
constexpr size_t kHeaderSize = 192;
constexpr size_t kVersionAt = 8;
constexpr size_t kHeaderSizeAt = 12;
constexpr size_t kFileSizeAt = 16;
constexpr size_t kHostCountAt = 24;
constexpr size_t kSetCountAt = 32;
constexpr size_t kUpdatedAt = 40;  // seconds, then nanoseconds in 4 octets
constexpr size_t kKindsAt = 52;    // bit n: there is a pattern of kind n
constexpr size_t kFilterAt = 56;   // offset, then the number of blocks
constexpr size_t kBucketsAt = 72;  // offset, then the number of buckets
constexpr size_t kRecordsAt = 88;  // offset; they go on to the end
constexpr size_t kHostsAt = 96;    // offset of the first host; so do they
constexpr size_t kSeedAt = 104;
constexpr size_t kDigestAt = 112;          // PinStore::Digest
constexpr size_t kBodyDigestAt = 144;      // SHA-256 of what follows the header
constexpr size_t kHeaderChecksumAt = 184;  // of all before it

// Filter blocks and buckets are a cache line each. The last four octets of a
// filter block and of a bucket are its checksum.
constexpr size_t kLine = 64;
constexpr size_t kLineChecksumAt = 60;
constexpr size_t kFilterBits = 480;
constexpr int kFilterProbes = 6;
constexpr size_t kFilterHostsPerBlock = 44;
constexpr int kSlots = 7;
constexpr size_t kOverflowAt = 56;  // 1: the next bucket has more
constexpr int kTagBits = 28;        // of a slot; the rest is a place

// A place is an offset from the start of the file in units of four octets.
constexpr size_t kUnit = 4;

// What every record begins with: checksum, length in units, flags, and the
// length of the base of a host.
constexpr size_t kRecordLengthAt = 4;
constexpr size_t kFlagsAt = 6;
constexpr size_t kBaseLengthAt = 7;
constexpr size_t kRecordHeader = 8;
constexpr size_t kMaxRecord = 0xffff * kUnit;
// Flags of a host.
constexpr uint8_t kKindMask = 3;
constexpr uint8_t kPinned = 4;        // else it is carved out
constexpr uint8_t kInlineSet = 8;     // the set follows, and is of this host
constexpr uint8_t kNamedAsHost = 16;  // the set has the name of the pattern
// Flags of a template.
constexpr uint8_t kReportOnly = 1;
constexpr uint8_t kRejectOnExpiry = 2;
// The fields of a template after its header: expiry, three counts.
constexpr size_t kTemplateFields = 8 + 4 + 2 * 3;

inline uint16_t Load16(const uint8_t* p) {
  return static_cast<uint16_t>(p[0] | p[1] << 8);
}
inline uint32_t Load32(const uint8_t* p) {
  return uint32_t{p[0]} | uint32_t{p[1]} << 8 | uint32_t{p[2]} << 16 |
         uint32_t{p[3]} << 24;
}
inline uint64_t Load64(const uint8_t* p) {
  return uint64_t{Load32(p)} | uint64_t{Load32(p + 4)} << 32;
}
template <typename T>
void Store(uint8_t* p, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    p[i] = static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i));
  }
}

// Mix folds the product of two words into one.
inline uint64_t Mix(uint64_t a, uint64_t b) {
  const absl::uint128 product = absl::uint128(a) * b;
  return absl::Uint128High64(product) ^ absl::Uint128Low64(product);
}

// Hash is no cryptographic hash: a name that it finds is compared in full, and
// a checksum finds damage, not an attacker who can write the file.
inline uint64_t Hash(uint64_t seed, const uint8_t* data, size_t size) {
  constexpr uint64_t kOdd1 = 0x9e3779b97f4a7c15, kOdd2 = 0xd1b54a32d192ed03;
  uint64_t hash = Mix(seed ^ kOdd1, size ^ kOdd2);
  while (size >= 8) {
    hash = Mix(hash ^ Load64(data), kOdd2);
    data += 8;
    size -= 8;
  }
  uint64_t rest = 0;
  for (size_t i = 0; i < size; ++i) {
    rest |= uint64_t{data[i]} << (8 * i);
  }
  return Mix(hash ^ rest, kOdd1);
}

inline uint64_t HashName(uint64_t seed, int kind, absl::string_view base) {
  return Hash(seed + static_cast<uint64_t>(kind),
              reinterpret_cast<const uint8_t*>(base.data()), base.size());
}

// Checksum is of the bytes at `offset`, so that a block in another's place is
// damage too.
inline uint32_t Checksum(uint64_t offset, absl::Span<const uint8_t> bytes) {
  return static_cast<uint32_t>(Hash(offset, bytes.data(), bytes.size()) >> 32);
}

// BucketHash spreads names over the buckets otherwise than over the filter.
inline uint64_t BucketHash(uint64_t seed, uint64_t hash) {
  return Mix(hash, seed | 1);
}

// ScaleTo returns a number below `count`, evenly.
inline uint64_t ScaleTo(uint64_t hash, uint64_t count) {
  return absl::Uint128High64(absl::uint128(hash) * count);
}

// FilterBit returns the bit of a filter block that is the `i`th of `hash`.
inline size_t FilterBit(uint64_t hash, int i) {
  const uint64_t mixed = Mix(hash, 0xa0761d6478bd642f);
  return static_cast<size_t>(((mixed >> (10 * i)) & 0x3ff) * kFilterBits >> 10);
}

// Prefetch asks the processor for the line at `p`, where there is a way to.
inline void Prefetch(const uint8_t* p) {
#if defined(__GNUC__)
  __builtin_prefetch(p);
#else
  (void)p;
#endif
}

inline uint32_t Tag(uint64_t hash) {
  return static_cast<uint32_t>(hash & ((1u << kTagBits) - 1));
}

}  // namespace pinning::internal::compiled

#endif  // PINNING_INTERNAL_COMPILED_LAYOUT_H_
