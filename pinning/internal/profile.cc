#include "pinning/internal/profile.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace pinning {
namespace internal {
namespace {

constexpr size_t kMaxSerialSize = 20;  // RFC 5280, 4.1.2.2

// The last octet of id-ce, 2.5.29.N.
enum CertificateExtension : uint8_t {
  kSubjectKeyId = 14,
  kSubjectAltName = 17,
  kAuthorityKeyId = 35,
};

// Criticality returns whether the extension is critical; nothing if it is not
// there.
std::optional<bool> Criticality(const ParsedCertificate& certificate,
                                CertificateExtension extension) {
  const uint8_t oid[] = {0x55, 0x1d, extension};
  for (const RawExtension& raw : certificate.extensions) {
    if (raw.oid == Bytes(oid)) {
      return raw.critical;
    }
  }
  return std::nullopt;
}

CheckResult Invalid(absl::string_view why) {
  return CheckResult::Refuse(ErrorCode::kInvalidProfile, std::string(why));
}

bool IsCa(const ParsedCertificate& certificate) {
  return certificate.basic_constraints.has_value() &&
         certificate.basic_constraints->is_ca;
}

CheckResult CheckSerial(const ParsedCertificate& certificate) {
  const Bytes serial = certificate.serial;
  if (serial.size() > kMaxSerialSize) {
    return Invalid("serial number of more than 20 octets (4.1.2.2)");
  }
  if (std::all_of(serial.begin(), serial.end(),
                  [](uint8_t octet) { return octet == 0; })) {
    return Invalid("serial number is zero (4.1.2.2)");
  }
  return CheckResult::Pass();
}

CheckResult CheckNames(const ParsedCertificate& certificate, bool is_issuer) {
  if (certificate.issuer.empty()) {
    return Invalid("issuer is empty (4.1.2.4)");
  }
  if (!certificate.subject.empty()) {
    return CheckResult::Pass();
  }
  if (is_issuer || IsCa(certificate)) {
    return Invalid("subject of an authority is empty (4.1.2.6)");
  }
  if (!Criticality(certificate, kSubjectAltName).value_or(false)) {
    return Invalid(
        "subject is empty and its alternative not critical (4.1.2.6)");
  }
  return CheckResult::Pass();
}

CheckResult CheckAuthorityExtensions(const ParsedCertificate& certificate) {
  if (IsCa(certificate)) {
    return CheckResult::Pass();
  }
  if ((certificate.key_usage.value_or(0) & kKeyCertSign) != 0) {
    return Invalid("keyCertSign of what is no authority (4.2.1.3)");
  }
  if (certificate.name_constraints.has_value()) {
    return Invalid("name constraints of what is no authority (4.2.1.10)");
  }
  return CheckResult::Pass();
}

}  // namespace

CheckResult CheckProfile(const ParsedCertificate& certificate, bool is_issuer) {
  CheckResult result = CheckSerial(certificate);
  if (result.passed()) {
    result = CheckNames(certificate, is_issuer);
  }
  return result.passed() ? CheckAuthorityExtensions(certificate) : result;
}

CheckResult CheckKeyIdentifiers(const ParsedCertificate& certificate) {
  for (const auto extension : {kAuthorityKeyId, kSubjectKeyId}) {
    if (Criticality(certificate, extension).value_or(false)) {
      return Invalid("a key identifier is critical (4.2.1.1, 4.2.1.2)");
    }
  }
  return CheckResult::Pass();
}

}  // namespace internal
}  // namespace pinning
