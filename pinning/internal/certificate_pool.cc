#include "pinning/internal/certificate_pool.h"

#include "pinning/internal/certificate_parser.h"

namespace pinning {
namespace internal {

std::optional<Certificate> CertificatePool::Find(
    absl::Span<const uint8_t> der) const {
  std::optional<Certificate> found;
  if (!certificates_.is_off()) {
    found = certificates_.Find(HashOf(der));
  }
  if (found.has_value() && !SameBytes(found->der(), der)) {
    found.reset();
  }
  return found;
}

void CertificatePool::Keep(const Certificate& certificate) {
  if (certificates_.is_off() || Find(certificate.der()).has_value()) {
    return;
  }
  certificates_.Put(HashOf(certificate.der()), certificate,
                    HeapBytes(certificate.parsed()));
}

}  // namespace internal
}  // namespace pinning
