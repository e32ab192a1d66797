#include "pinning/internal/certificate_pool.h"

#include <memory>

#include "pinning/internal/certificate_parser.h"

namespace pinning {
namespace internal {

std::optional<Certificate> CertificatePool::Find(
    absl::Span<const uint8_t> der) const {
  if (certificates_.is_off()) {
    return std::nullopt;
  }
  const std::shared_ptr<const Certificate> found =
      certificates_.Find(HashOf(der));
  if (found == nullptr || !SameBytes(found->der(), der)) {
    return std::nullopt;
  }
  return *found;
}

void CertificatePool::Keep(const Certificate& certificate) {
  if (certificates_.is_off() || Find(certificate.der()).has_value()) {
    return;
  }
  certificates_.Put(HashOf(certificate.der()),
                    std::make_shared<const Certificate>(certificate),
                    sizeof(certificate) + HeapBytes(certificate.parsed()));
}

}  // namespace internal
}  // namespace pinning
