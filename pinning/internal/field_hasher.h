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
    uint8_t length[8];
    for (int i = 0; i < 8; ++i) {
      length[i] = static_cast<uint8_t>(uint64_t{field.size()} >> (56 - 8 * i));
    }
    SHA256_Update(&context_, length, sizeof(length));
    SHA256_Update(&context_, field.data(), field.size());
  }

  void Add(absl::string_view field) {
    Add(absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(field.data()),
                            field.size()));
  }

  void AddNumber(int64_t number) { Add(absl::StrCat(number)); }

  // AddList sorts `digests` first: a list is hashed as a set.
  void AddList(std::vector<Digest> digests) {
    std::sort(digests.begin(), digests.end());
    AddNumber(static_cast<int64_t>(digests.size()));
    for (const Digest& digest : digests) {
      Add(digest);
    }
  }

  Digest Finish() {
    Digest digest;
    SHA256_Final(digest.data(), &context_);
    return digest;
  }

 private:
  SHA256_CTX context_;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_FIELD_HASHER_H_
