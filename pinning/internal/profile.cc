#include "pinning/internal/profile.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace pinning {
namespace internal {
namespace {

constexpr size_t kMaxSerialSize = 20;  // RFC 5280, 4.1.2.2

CheckResult CheckSerial(const ParsedCertificate& certificate) {
  if (certificate.serial.size() > kMaxSerialSize) {
    return InvalidProfile("serial number of more than 20 octets (4.1.2.2)");
  }
  return CheckResult::Pass();
}

CheckResult CheckNames(const ParsedCertificate& certificate, bool is_issuer) {
  if (certificate.issuer.empty()) {
    return InvalidProfile("issuer is empty (4.1.2.4)");
  }
  if (!certificate.subject.empty()) {
    return CheckResult::Pass();
  }
  if (is_issuer || IsCa(certificate)) {
    return InvalidProfile("subject of an authority is empty (4.1.2.6)");
  }
  if (!IsThereAndCritical(certificate, kSubjectAltNameArc)) {
    return InvalidProfile(
        "subject is empty and its alternative not critical (4.1.2.6)");
  }
  return CheckResult::Pass();
}

CheckResult CheckAuthorityExtensions(const ParsedCertificate& certificate) {
  if (IsCa(certificate)) {
    return CheckResult::Pass();
  }
  if ((certificate.key_usage.value_or(0) & kKeyCertSign) != 0) {
    return InvalidProfile("keyCertSign of what is no authority (4.2.1.3)");
  }
  if (certificate.name_constraints.has_value()) {
    return InvalidProfile(
        "name constraints of what is no authority (4.2.1.10)");
  }
  return CheckResult::Pass();
}

}  // namespace

bool IsThereAndCritical(const ParsedCertificate& certificate,
                        StandardExtension extension) {
  return certificate.critical_extensions.Contains(extension);
}

bool IsThereAndNotCritical(const ParsedCertificate& certificate,
                           StandardExtension extension) {
  return certificate.standard_extensions.Contains(extension) &&
         !certificate.critical_extensions.Contains(extension);
}

bool IsCa(const ParsedCertificate& certificate) {
  return certificate.basic_constraints.has_value() &&
         certificate.basic_constraints->is_ca;
}

CheckResult InvalidProfile(absl::string_view why) {
  return CheckResult::Refuse(ErrorCode::kInvalidProfile, std::string(why));
}

CheckResult CheckProfile(const ParsedCertificate& certificate, bool is_issuer) {
  CheckResult result = CheckSerial(certificate);
  if (result.passed()) {
    result = CheckNames(certificate, is_issuer);
  }
  return result.passed() ? CheckAuthorityExtensions(certificate) : result;
}

CheckResult CheckPolicyExtensions(const ParsedCertificate& certificate) {
  return certificate.policy_fault == nullptr
             ? CheckResult::Pass()
             : InvalidProfile(certificate.policy_fault);
}

CheckResult CheckKeyIdentifiers(const ParsedCertificate& certificate) {
  for (const auto extension : {kAuthorityKeyIdArc, kSubjectKeyIdArc}) {
    if (IsThereAndCritical(certificate, extension)) {
      return InvalidProfile("a key identifier is critical (4.2.1.1, 4.2.1.2)");
    }
  }
  return CheckResult::Pass();
}

}  // namespace internal
}  // namespace pinning
