#ifndef PINNING_INTERNAL_COMPILED_LAYOUT_H_
#define PINNING_INTERNAL_COMPILED_LAYOUT_H_

#include <cstddef>
#include <cstdint>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/words.h"

// Where everything is in a compiled pin store (docs/compiled-pins.md). All
// integers are little-endian (words.h), and none is aligned.
namespace pinning::internal::compiled {

constexpr char kMagic[] = "PINSTORE";
constexpr uint32_t kVersion = 2;

// The header.
constexpr size_t kHeaderSize = 192;
constexpr size_t kVersionAt = 8;
constexpr size_t kHeaderSizeAt = 12;
constexpr size_t kFileSizeAt = 16;
constexpr size_t kHostCountAt = 24;
constexpr size_t kSetCountAt = 32;
constexpr size_t kUpdatedAt = 40;      // seconds, then nanoseconds in 4 octets
constexpr size_t kDepthsAt = 52;       // HostDepths, 4 octets for each kind
constexpr size_t kFilterAt = 64;       // offset, then the number of blocks
constexpr size_t kBucketsAt = 80;      // offset, then the number of buckets
constexpr size_t kRecordsAt = 96;      // offset; they go on to the end
constexpr size_t kHostsAt = 104;       // offset of the first host; so do they
constexpr size_t kSeedAt = 112;        // of HashHost
constexpr size_t kDigestAt = 120;      // PinStore::Digest
constexpr size_t kBodyDigestAt = 152;  // SHA-256 of what follows the header
constexpr size_t kHeaderChecksumAt = 184;  // of all before it

// Filter blocks and buckets are a cache line each, and the last four octets of
// one are its checksum. A filter block is words of 64 bits, in each of which a
// host sets one. A bucket is slots of 64 bits, and whether it runs over.
constexpr size_t kLine = 64;
constexpr size_t kLineChecksumAt = 60;
constexpr size_t kFilterWords = 7;
constexpr size_t kFilterHostsPerBlock = 44;
constexpr size_t kSlots = 7;
constexpr size_t kOverflowAt = 56;  // 1: the next bucket has more

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

// Hash is no cryptographic hash: it finds damage, not an attacker who can write
// the file. It is a sum of products of pairs of words, each with keys of its
// own, that do not wait for each other.
inline uint64_t Hash(uint64_t seed, const uint8_t* data, size_t size) {
  constexpr uint64_t kKey1 = 0x9e3779b97f4a7c15, kKey2 = 0xd1b54a32d192ed03;
  uint64_t sum = seed, key = kKey2;
  const uint8_t* const end = data + size;
  for (; end - data > 16; data += 16) {
    sum ^= Mix(Load64(data) ^ key, Load64(data + 8) ^ (key + kKey2));
    key += kKey1;
  }
  uint64_t a = 0, b = 0;
  if (size >= 16) {  // what is left, and some octets for the second time
    a = Load64(end - 16);
    b = Load64(end - 8);
  } else if (size >= 8) {
    a = Load64(data);
    b = Load64(end - 8);
  } else {
    while (data != end) {
      a = a << 8 | *data++;
    }
  }
  return Mix(sum ^ Mix(a ^ key, b ^ (key + kKey2)), size ^ kKey1);
}

// Checksum is of the bytes at `offset`, so that a block in another's place is
// damage too.
inline uint32_t Checksum(uint64_t offset, absl::Span<const uint8_t> bytes) {
  return static_cast<uint32_t>(Hash(offset, bytes.data(), bytes.size()) >> 32);
}

// An Address is where the host of a hash is looked for.
struct Address {
  Address(uint64_t hash, HostPattern::Kind kind)
      : block(hash), bits(Mix(hash, 0xa0761d6478bd642f)) {
    // Never that of an empty slot.
    key = static_cast<uint32_t>(hash) << 3 | (static_cast<uint32_t>(kind) + 1)
                                                 << 1;
  }

  uint64_t block;  // scaled to the number of filter blocks
  uint64_t bits;   // six for each filter word; scaled to that of buckets
  uint32_t key;    // the lower half of the slot, but for kSlotPinned
};

// The lower half of a slot is its key, the upper one its place.
constexpr uint32_t kSlotPinned = 1;

inline bool HasKey(uint32_t lower_half, uint32_t key) {
  return (lower_half ^ key) <= kSlotPinned;
}

// FilterBit returns which bit of the filter word `i` a host sets.
inline int FilterBit(uint64_t bits, size_t i) {
  return static_cast<int>(bits >> (6 * i) & 63);
}

// Prefetch asks the processor for the line at `p`, where there is a way to. A
// function that does nothing else returns nothing to its caller, and GCC leaves
// its calls out.
inline void Prefetch(const uint8_t* p) {
#if defined(__GNUC__)
  __builtin_prefetch(p);
#else
  (void)p;
#endif
}

}  // namespace pinning::internal::compiled

#endif  // PINNING_INTERNAL_COMPILED_LAYOUT_H_
