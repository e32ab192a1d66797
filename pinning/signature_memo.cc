#include "pinning/signature_memo.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "pinning/internal/byte_hash.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/sharded_cache.h"
#include "pinning/internal/signature.h"

namespace pinning {

using internal::ByteHash;
using internal::Bytes;
using internal::SignedData;

namespace {

// A Proof is what was verified. The AlgorithmIdentifier that is signed is part
// of what is signed, and was found to be the same as the one kept.
class Proof {
 public:
  Proof(const SignedData& data, Bytes spki) {
    const std::array<Bytes, kParts> parts = PartsOf(data, spki);
    size_t size = 0;
    for (const Bytes part : parts) {
      size += part.size();
    }
    bytes_.reserve(size);
    for (size_t i = 0; i < kParts; ++i) {
      bytes_.insert(bytes_.end(), parts[i].begin(), parts[i].end());
      ends_[i] = bytes_.size();
    }
  }

  bool Is(const SignedData& data, Bytes spki) const {
    size_t begin = 0;
    const std::array<Bytes, kParts> parts = PartsOf(data, spki);
    for (size_t i = 0; i < kParts; ++i) {
      if (!internal::SameBytes(
              parts[i], Bytes(bytes_).subspan(begin, ends_[i] - begin))) {
        return false;
      }
      begin = ends_[i];
    }
    return true;
  }

  size_t size() const { return sizeof(*this) + bytes_.size(); }

  static constexpr size_t kParts = 4;
  static std::array<Bytes, kParts> PartsOf(const SignedData& data, Bytes spki) {
    return {data.signature, data.tbs, data.signature_algorithm, spki};
  }

 private:
  std::vector<uint8_t> bytes_;
  std::array<size_t, kParts> ends_;
};

}  // namespace

struct SignatureMemo::Rep {
  Rep(size_t max_bytes, uint64_t hash_mask)
      : hash(hash_mask), proofs(max_bytes) {}

  const ByteHash hash;
  internal::ShardedCache<std::shared_ptr<const Proof>> proofs;
};

SignatureMemo::SignatureMemo(size_t max_bytes, uint64_t hash_mask)
    : rep_(std::make_unique<Rep>(max_bytes, hash_mask)) {}

SignatureMemo::~SignatureMemo() = default;

size_t SignatureMemo::size() const { return rep_->proofs.size(); }

size_t SignatureMemo::bytes() const { return rep_->proofs.bytes(); }

uint64_t SignatureMemo::HashOf(const SignedData& data) const {
  if (rep_->proofs.is_off()) {
    return 0;
  }
  constexpr size_t kHashed = 64;  // of valid signatures, no two begin alike
  const size_t size = std::min(kHashed, data.signature.size());
  return rep_->hash.Finish(
      rep_->hash.Extend(ByteHash::kStart, data.signature.first(size)));
}

bool SignatureMemo::Knows(uint64_t hash, const SignedData& data,
                          Bytes spki) const {
  const auto proof = rep_->proofs.Find(hash);
  return proof.has_value() &&
         internal::SameBytes(data.signature_algorithm,
                             data.tbs_signature_algorithm) &&
         (*proof)->Is(data, spki);
}

void SignatureMemo::Remember(uint64_t hash, const SignedData& data,
                             Bytes spki) {
  if (rep_->proofs.is_off()) {
    return;
  }
  auto proof = std::make_shared<const Proof>(data, spki);
  const size_t size = proof->size();
  rep_->proofs.Put(hash, std::move(proof), size);
}

}  // namespace pinning
