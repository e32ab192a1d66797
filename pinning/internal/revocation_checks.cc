#include "pinning/internal/revocation_checks.h"

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/signature.h"

namespace pinning {
namespace internal {
namespace {

CheckResult Unknown(absl::string_view why) {
  return CheckResult::Refuse(
      ErrorCode::kRevocationUnknown,
      absl::StrCat("the CRL of its issuer is of no use: ", why));
}

}  // namespace

CheckResult RevocationChecker::CheckPath(absl::Span<const Position> path,
                                         int max_signatures, int* checked) {
  if (data_ == nullptr) {
    return CheckResult::Pass();
  }
  // From the top: the CRLs of an authority that is revoked say nothing.
  for (size_t depth = path.size() - 1; depth-- > 0;) {
    const CheckResult result =
        CheckFirst(path.subspan(depth), max_signatures, checked);
    if (!result.passed()) {
      return result.IsOf(ErrorCode::kBudgetExhausted)
                 ? result
                 : result.AtDepth(static_cast<int>(depth));
    }
  }
  return CheckResult::Pass();
}

CheckResult RevocationChecker::CheckFirst(absl::Span<const Position> path,
                                          int max_signatures, int* checked) {
  const ParsedCertificate& certificate = path.front().certificate->parsed();
  CheckResult status = CheckResult::Refuse(ErrorCode::kRevocationUnknown,
                                           "there is no CRL of its issuer");
  bool covered = false;
  for (const std::shared_ptr<const ParsedCrl>& crl :
       data_->CrlsOf(NormalizedOf(certificate.issuer))) {
    const CheckResult usable = CheckUsable(*crl, path, max_signatures, checked);
    if (usable.IsOf(ErrorCode::kBudgetExhausted)) {
      return usable;
    }
    if (!usable.passed()) {
      status = usable;
    } else if (crl->Lists(certificate.serial)) {
      return CheckResult::Refuse(ErrorCode::kRevoked,
                                 "a CRL of its issuer lists it");
    } else {
      covered = true;
    }
  }
  return covered ? CheckResult::Pass() : status;
}

CheckResult RevocationChecker::CheckUsable(const ParsedCrl& crl,
                                           absl::Span<const Position> path,
                                           int max_signatures, int* checked) {
  if (!crl.unusable.empty()) {
    return Unknown(crl.unusable);
  }
  if (now_ < crl.this_update) {
    return Unknown("it is of the future");
  }
  // nextUpdate names a whole second, as notAfter does.
  if (now_ >= crl.next_update + absl::Seconds(1)) {
    return Unknown("the next one is overdue");
  }
  if (!crl.Covers(path.front().certificate->parsed())) {
    return Unknown("it is about other certificates");
  }
  CheckResult result = CheckSigner(crl, path[1], max_signatures, checked);
  for (size_t i = 2; i < path.size() && !result.passed(); ++i) {
    if (result.IsOf(ErrorCode::kBudgetExhausted) ||
        !NamesMatch(path[i].certificate->parsed().subject, crl.issuer)) {
      break;
    }
    result = CheckSigner(crl, path[i], max_signatures, checked);
  }
  return result;
}

CheckResult RevocationChecker::CheckSigner(const ParsedCrl& crl,
                                           const Position& signer,
                                           int max_signatures, int* checked) {
  const auto& key_usage = signer.certificate->parsed().key_usage;
  if (SpeaksForItself(signer) && key_usage.has_value() &&
      (*key_usage & kCrlSign) == 0) {
    return Unknown("the key usage of its issuer does not allow cRLSign");
  }
  const std::pair<const ParsedCrl*, Pin> key(&crl, signer.certificate->pin());
  const auto known = signatures_.find(key);
  if (known != signatures_.end()) {
    return known->second;
  }
  if (*checked >= max_signatures) {
    return CheckResult::Refuse(ErrorCode::kBudgetExhausted,
                               "no more signatures may be verified");
  }
  ++*checked;
  CheckResult result =
      VerifySignature(crl.signed_data, signer.certificate->spki_der());
  if (!result.passed()) {
    result = Unknown(result.error().detail);
  }
  signatures_.emplace(key, result);
  return result;
}

}  // namespace internal
}  // namespace pinning
