#ifndef PINNING_INTERNAL_FIELD_HASHER_H_
#define PINNING_INTERNAL_FIELD_HASHER_H_

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning::internal {

using Digest = std::array<uint8_t, SHA256_DIGEST_LENGTH>;

// SortDigests puts digests, which are spread evenly, into buckets by their
// first two octets, and sorts these.
inline void SortDigests(std::vector<Digest>& digests) {
  constexpr size_t kBuckets = size_t{1} << 16;
  if (digests.size() < kBuckets) {
    std::sort(digests.begin(), digests.end());
    return;
  }
  const auto bucket_of = [](const Digest& digest) {
    return size_t{digest[0]} << 8 | digest[1];
  };
  std::vector<size_t> ends(kBuckets + 1);
  for (const Digest& digest : digests) {
    ++ends[bucket_of(digest) + 1];
  }
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  // The begins of the buckets become their ends, as they are filled.
  std::vector<Digest> sorted(digests.size());
  for (const Digest& digest : digests) {
    sorted[ends[bucket_of(digest)]++] = digest;
  }
  size_t begin = 0;
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    std::sort(sorted.begin() + begin, sorted.begin() + ends[bucket]);
    begin = ends[bucket];
  }
  digests = std::move(sorted);
}

// A FieldHasher hashes fields with SHA-256, each with its length in eight
// octets before it, so that no two lists of fields are the same bytes.
class FieldHasher {
 public:
  explicit FieldHasher(absl::string_view domain) {
    SHA256_Init(&context_);
    Add(domain);
  }

  void Add(absl::Span<const uint8_t> field) {
    std::array<uint8_t, 8> length;
    for (int i = 0; i < 8; ++i) {
      length[i] = static_cast<uint8_t>(uint64_t{field.size()} >> (56 - 8 * i));
    }
    Update(length);
    Update(field);
  }

  void Add(absl::string_view field) {
    Add(absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(field.data()),
                            field.size()));
  }

  void AddNumber(int64_t number) { Add(absl::StrCat(number)); }

  // AddList sorts `digests` first: a list is hashed as a set.
  void AddList(std::vector<Digest> digests) {
    SortDigests(digests);
    AddNumber(static_cast<int64_t>(digests.size()));
    for (const Digest& digest : digests) {
      Add(digest);
    }
  }

  Digest Finish() {
    Flush();
    Digest digest;
    SHA256_Final(digest.data(), &context_);
    return digest;
  }

 private:
  // Fields are short, and cheaper to hash together.
  void Update(absl::Span<const uint8_t> bytes) {
    if (bytes.size() > buffer_.size() - size_) {
      Flush();
    }
    if (bytes.size() > buffer_.size()) {
      SHA256_Update(&context_, bytes.data(), bytes.size());
      return;
    }
    std::copy(bytes.begin(), bytes.end(), buffer_.begin() + size_);
    size_ += bytes.size();
  }

  void Flush() {
    SHA256_Update(&context_, buffer_.data(), size_);
    size_ = 0;
  }

  SHA256_CTX context_;
  std::array<uint8_t, 512> buffer_;
  size_t size_ = 0;  // of what is in `buffer_`
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_FIELD_HASHER_H_
