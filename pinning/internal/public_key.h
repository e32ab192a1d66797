#ifndef PINNING_INTERNAL_PUBLIC_KEY_H_
#define PINNING_INTERNAL_PUBLIC_KEY_H_

#include <openssl/bytestring.h>
#include <openssl/evp.h>

#include "pinning/internal/check_result.h"
#include "pinning/internal/lazy.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/signature_algorithm.h"

namespace pinning {
namespace internal {

// A PublicKey is what an SPKI, which must outlive it, holds. Of RSA, which is
// checked as it stands, no key is made before one is used: that of most leaves
// is not. It may be used from several threads at once.
class PublicKey {
 public:
  explicit PublicKey(Bytes spki) : spki_(spki), check_(Read()) {}

  // check returns CheckPublicKey (signature.h) of it.
  const CheckResult& check() const { return check_; }

  // Made returns the key; null if none can be made, which check() refuses.
  EVP_PKEY* Made() const;

  // MayMake returns whether a signature by `algorithm` may be one of this key,
  // which can be made.
  bool MayMake(const Algorithm& algorithm) const;

 private:
  CheckResult Read();

  const Bytes spki_;
  CBS key_ = {};           // in `spki_`
  bool pss_only_ = false;  // id-RSASSA-PSS (RFC 4055, 1.2)
  // The digest that a PSS key is bound to; null: any.
  const EVP_MD* (*pss_digest_)() = nullptr;
  Lazy<bssl::UniquePtr<EVP_PKEY>> made_;
  const CheckResult check_;  // the last, as Read fills those above
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PUBLIC_KEY_H_
