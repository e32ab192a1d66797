#ifndef PINNING_INTERNAL_REVOCATION_CHECKS_H_
#define PINNING_INTERNAL_REVOCATION_CHECKS_H_

#include <map>
#include <utility>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/crl_parser.h"
#include "pinning/internal/path_checks.h"
#include "pinning/pin.h"
#include "pinning/revocation.h"

// Revocation by CRLs at hand (RFC 5280, 6.1.3(a)(3) and 6.3).
//
// Decided here:
//
//   - A CRL is used only if the issuer of the certificate signed it itself: the
//     same name, and its key on the path, or a key above that has the name too.
//     So the CRLs of an authority that certified its next key serve both (4.2).
//     The path of the signer, which 6.3.3(f) asks for, is then part of this
//     one.
//   - Every CRL that is usable counts. So one that lists a certificate is not
//     outweighed by another that does not, be it younger.
//   - Whether the anchor is revoked is not asked: the trust store says whom to
//     trust.
namespace pinning {
namespace internal {

// A RevocationChecker verifies each CRL once for each key, however many paths
// share it. It is used by one thread.
class RevocationChecker {
 public:
  // `data` may be null: then every path passes. It must outlive the checker.
  RevocationChecker(const RevocationData* data, absl::Time now)
      : data_(data), now_(now) {}

  // CheckPath checks `path`, a whole path whose signatures are verified, leaf
  // first. A refusal (kRevoked, kRevocationUnknown) is at the first certificate
  // from the top that is refused. Signatures are counted in `checked`; with
  // more than `max_signatures` of them it returns kBudgetExhausted.
  CheckResult CheckPath(absl::Span<const Position> path, int max_signatures,
                        int* checked);

 private:
  // CheckFirst is of the first certificate of `path`, CheckUsable of whether
  // `crl` may tell its status, CheckSigner of whether `signer` signed that.
  CheckResult CheckFirst(absl::Span<const Position> path, int max_signatures,
                         int* checked);
  CheckResult CheckUsable(const ParsedCrl& crl, absl::Span<const Position> path,
                          int max_signatures, int* checked);
  CheckResult CheckSigner(const ParsedCrl& crl, const Position& signer,
                          int max_signatures, int* checked);

  const RevocationData* data_;
  const absl::Time now_;
  std::map<std::pair<const ParsedCrl*, Pin>, CheckResult> signatures_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_REVOCATION_CHECKS_H_
