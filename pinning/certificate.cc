#include "pinning/certificate.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/certificate_parser.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/general_names.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/pem.h"
#include "pinning/internal/status_macros.h"

namespace pinning {

Certificate::Certificate(std::shared_ptr<const internal::ParsedCertificate> p)
    : parsed_(std::move(p)) {}

absl::StatusOr<Certificate> Certificate::FromDer(
    absl::Span<const uint8_t> der) {
  if (der.size() > kMaxDerSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("offset ", kMaxDerSize, ": certificate: larger than ",
                     kMaxDerSize, " octets"));
  }
  PINNING_ASSIGN_OR_RETURN(
      std::shared_ptr<const internal::ParsedCertificate> p,
      internal::ParseCertificate(der, internal::Tolerance::kNone));
  return Certificate(std::move(p));
}

absl::StatusOr<Certificate> Certificate::FromDamagedDer(
    absl::Span<const uint8_t> der) {
  if (der.size() > kMaxDerSize) {
    return absl::InvalidArgumentError("larger than a certificate may be");
  }
  PINNING_ASSIGN_OR_RETURN(
      std::shared_ptr<const internal::ParsedCertificate> p,
      internal::ParseCertificate(der, internal::Tolerance::kDamaged));
  return Certificate(std::move(p));
}

absl::StatusOr<std::vector<Certificate>> Certificate::ListFromPem(
    absl::string_view pem) {
  PINNING_ASSIGN_OR_RETURN(const std::vector<internal::PemBlock> blocks,
                           internal::ParsePem(pem));
  std::vector<Certificate> certificates;
  for (const internal::PemBlock& block : blocks) {
    if (block.label != "CERTIFICATE") {
      continue;
    }
    absl::StatusOr<Certificate> certificate = FromDer(block.der);
    if (!certificate.ok()) {
      return absl::Status(certificate.status().code(),
                          absl::StrCat("line ", block.line, ": ",
                                       certificate.status().message()));
    }
    certificates.push_back(*std::move(certificate));
  }
  if (certificates.empty()) {
    return absl::NotFoundError("no CERTIFICATE block");
  }
  return certificates;
}

absl::Span<const uint8_t> Certificate::der() const { return parsed_->der; }

absl::Span<const uint8_t> Certificate::spki_der() const {
  return parsed_->spki;
}

absl::Span<const uint8_t> Certificate::serial() const {
  return parsed_->serial;
}

absl::Time Certificate::not_before() const { return parsed_->not_before; }

absl::Time Certificate::not_after() const { return parsed_->not_after; }

std::string Certificate::subject() const {
  return internal::NameToString(parsed_->subject);
}

std::string Certificate::issuer() const {
  return internal::NameToString(parsed_->issuer);
}

std::vector<std::string> Certificate::SubjectAttribute(
    absl::string_view oid) const {
  return internal::AttributeValues(parsed_->subject, oid);
}

std::vector<std::string> Certificate::IssuerAttribute(
    absl::string_view oid) const {
  return internal::AttributeValues(parsed_->issuer, oid);
}

std::vector<absl::string_view> Certificate::dns_names() const {
  const auto names = internal::NamesOf(parsed_->subject_alt_names,
                                       internal::GeneralNameKind::kDnsName);
  return {names.begin(), names.end()};
}

std::vector<absl::string_view> Certificate::ip_addresses() const {
  const auto addresses = internal::NamesOf(
      parsed_->subject_alt_names, internal::GeneralNameKind::kIpAddress);
  return {addresses.begin(), addresses.end()};
}

bool Certificate::IsSelfIssued() const {
  return internal::NamesMatch(parsed_->subject, parsed_->issuer);
}

const Pin& Certificate::pin() const {
  return parsed_->pin.Get([this] { return Pin::OfSpki(parsed_->spki); });
}

}  // namespace pinning
