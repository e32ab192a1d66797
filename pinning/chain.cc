#include "pinning/chain.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace pinning {
namespace {

absl::Status CheckLength(size_t length) {
  if (length == 0) {
    return absl::FailedPreconditionError("a chain of no certificates");
  }
  if (length > Chain::kMaxLength) {
    return absl::ResourceExhaustedError(
        absl::StrCat("a chain of ", length, " certificates; at most ",
                     Chain::kMaxLength, " are read"));
  }
  return absl::OkStatus();
}

}  // namespace

Chain::Chain(std::vector<Certificate> certificates)
    : certificates_(std::move(certificates)) {}

absl::StatusOr<Chain> Chain::FromDer(
    absl::Span<const absl::Span<const uint8_t>> certificates) {
  // Before anything is parsed, since that costs.
  if (absl::Status status = CheckLength(certificates.size()); !status.ok()) {
    return status;
  }
  std::vector<Certificate> parsed;
  parsed.reserve(certificates.size());
  for (size_t i = 0; i < certificates.size(); ++i) {
    absl::StatusOr<Certificate> certificate =
        Certificate::FromDer(certificates[i]);
    if (!certificate.ok()) {
      return absl::Status(certificate.status().code(),
                          absl::StrCat("certificate ", i, ": ",
                                       certificate.status().message()));
    }
    parsed.push_back(*std::move(certificate));
  }
  return Chain(std::move(parsed));
}

absl::StatusOr<Chain> Chain::FromCertificates(
    std::vector<Certificate> certificates) {
  if (absl::Status status = CheckLength(certificates.size()); !status.ok()) {
    return status;
  }
  return Chain(std::move(certificates));
}

}  // namespace pinning
