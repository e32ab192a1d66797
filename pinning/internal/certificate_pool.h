#ifndef PINNING_INTERNAL_CERTIFICATE_POOL_H_
#define PINNING_INTERNAL_CERTIFICATE_POOL_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/internal/byte_hash.h"
#include "pinning/internal/sharded_cache.h"

namespace pinning {
namespace internal {

// A CertificatePool keeps intermediates in their parsed form, with the keys
// that were made of them, so that one which many servers send is parsed once.
// What is in it says nothing about trust. It is bounded in bytes, and may be
// used from several threads at once.
class CertificatePool {
 public:
  // With `max_bytes` of zero nothing is kept. For `hash_mask`, see ByteHash.
  CertificatePool(size_t max_bytes, uint64_t hash_mask)
      : hash_(hash_mask), certificates_(max_bytes) {}

  // Find returns the certificate that `der` is, octet by octet, if it is kept.
  std::optional<Certificate> Find(absl::Span<const uint8_t> der) const;

  // Keep keeps `certificate`, unless it is there.
  void Keep(const Certificate& certificate);

 private:
  // HashOf hashes the end of `der`, which is of the signature: of what an
  // authority signed, no two have the same.
  uint64_t HashOf(absl::Span<const uint8_t> der) const {
    constexpr size_t kHashed = 64;
    return hash_.Finish(hash_.Extend(ByteHash::kStart,
                                     der.last(std::min(kHashed, der.size()))));
  }

  const ByteHash hash_;
  ShardedCache<Certificate> certificates_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CERTIFICATE_POOL_H_
