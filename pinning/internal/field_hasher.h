#ifndef PINNING_INTERNAL_FIELD_HASHER_H_
#define PINNING_INTERNAL_FIELD_HASHER_H_

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning::internal {

using Digest = std::array<uint8_t, SHA256_DIGEST_LENGTH>;

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
    // Digests differ in their first words, as a rule.
    std::sort(
        digests.begin(), digests.end(), [](const Digest& a, const Digest& b) {
          const uint64_t first_of_a = FirstWord(a);
          const uint64_t first_of_b = FirstWord(b);
          return first_of_a == first_of_b ? a < b : first_of_a < first_of_b;
        });
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
  static uint64_t FirstWord(const Digest& digest) {
    uint64_t word = 0;
    for (int i = 0; i < 8; ++i) {
      word = word << 8 | digest[i];
    }
    return word;
  }

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
