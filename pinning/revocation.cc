#include "pinning/revocation.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/crl_parser.h"
#include "pinning/internal/distinguished_name.h"

namespace pinning {

absl::StatusOr<std::shared_ptr<const RevocationData>> RevocationData::FromCrls(
    absl::Span<const absl::Span<const uint8_t>> crls_der) {
  if (crls_der.empty() || crls_der.size() > kMaxCrls) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected 1 to ", kMaxCrls, " CRLs, found ", crls_der.size()));
  }
  std::shared_ptr<RevocationData> data(new RevocationData());
  for (size_t i = 0; i < crls_der.size(); ++i) {
    if (crls_der[i].size() > kMaxCrlSize) {
      return absl::InvalidArgumentError(
          absl::StrCat("CRL ", i, ": ", crls_der[i].size(),
                       " bytes, more than ", kMaxCrlSize));
    }
    absl::StatusOr<std::shared_ptr<const internal::ParsedCrl>> crl =
        internal::ParseCrl(crls_der[i], kMaxCrlEntries);
    if (!crl.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("CRL ", i, ": ", crl.status().message()));
    }
    data->by_issuer_[internal::NormalizedOf((*crl)->issuer)].push_back(
        *std::move(crl));
  }
  return data;
}

absl::Span<const std::shared_ptr<const internal::ParsedCrl>>
RevocationData::CrlsOf(absl::string_view normalized) const {
  const auto found = by_issuer_.find(normalized);
  if (found == by_issuer_.end()) {
    return {};
  }
  return found->second;
}

}  // namespace pinning
