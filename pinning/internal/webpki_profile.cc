#include "pinning/internal/webpki_profile.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/general_names.h"
#include "pinning/internal/ip_address.h"
#include "pinning/internal/public_suffix.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

constexpr int kVersion3 = 3;
constexpr char kCommonNameOid[] = "2.5.4.3";
constexpr char kAuthorityInfoAccessOid[] = "1.3.6.1.5.5.7.1.1";

// Purposes that a server certificate must not list (7.1.2.7.10).
constexpr absl::string_view kForbiddenPurposes[] = {
    "2.5.29.37.0",        // anyExtendedKeyUsage
    "1.3.6.1.5.5.7.3.3",  // codeSigning
    "1.3.6.1.5.5.7.3.4",  // emailProtection
    "1.3.6.1.5.5.7.3.8",  // timeStamping
    "1.3.6.1.5.5.7.3.9",  // OCSPSigning
};

CheckResult InvalidPurpose(absl::string_view why) {
  return CheckResult::Refuse(ErrorCode::kExtendedKeyUsage, std::string(why));
}

// 7.1.1.
CheckResult CheckVersion(const ParsedCertificate& certificate) {
  return certificate.version == kVersion3
             ? CheckResult::Pass()
             : InvalidProfile("not of version 3 (BR 7.1.1)");
}

// 7.1.2.7.8.
CheckResult CheckIsNoCa(const ParsedCertificate& leaf) {
  return IsCa(leaf) ? InvalidProfile("an authority as a server (BR 7.1.2.7.8)")
                    : CheckResult::Pass();
}

// 7.1.2.7.6 and 7.1.2.7.10. That the purpose asked for is listed is everyone's
// rule.
CheckResult CheckLeafPurposes(const ParsedCertificate& leaf) {
  if (!leaf.extended_key_usage.has_value()) {
    return InvalidPurpose("no extended key usage (BR 7.1.2.7.6)");
  }
  if (IsThereAndCritical(leaf, kExtendedKeyUsageArc)) {
    return InvalidPurpose("extended key usage is critical (BR 7.1.2.7.6)");
  }
  for (const std::string& purpose : leaf.extended_key_usage->ToStrings()) {
    if (std::find(std::begin(kForbiddenPurposes), std::end(kForbiddenPurposes),
                  purpose) != std::end(kForbiddenPurposes)) {
      return InvalidPurpose(absl::StrCat("extended key usage lists ", purpose,
                                         " (BR 7.1.2.7.10)"));
    }
  }
  return CheckResult::Pass();
}

// 7.1.2.7.12.
CheckResult CheckAltNameCriticality(const ParsedCertificate& leaf) {
  if (!leaf.subject.empty() && IsThereAndCritical(leaf, kSubjectAltNameArc)) {
    return InvalidProfile(
        "alternative names are critical beside a subject (BR 7.1.2.7.12)");
  }
  return CheckResult::Pass();
}

// 7.1.4.3: a common name is the text of an alternative name, to the letter.
CheckResult CheckCommonNames(const ParsedCertificate& leaf) {
  const auto names = NamesOf(leaf.subject_alt_names, GeneralNameKind::kDnsName);
  std::vector<std::string> allowed(names.begin(), names.end());
  for (const absl::string_view octets :
       NamesOf(leaf.subject_alt_names, GeneralNameKind::kIpAddress)) {
    allowed.push_back(IpAddressToString(octets));
  }
  for (const NameAttribute& attribute : AttributesOf(leaf.subject)) {
    if (attribute.oid == kCommonNameOid &&
        std::find(allowed.begin(), allowed.end(), attribute.value) ==
            allowed.end()) {
      return InvalidProfile(
          "the common name is no alternative name (BR 7.1.4.3)");
    }
  }
  return CheckResult::Pass();
}

// 3.2.2.6: no wildcard right below a public suffix. Whether the owner of all of
// the suffix asked for it, which would be an exception, cannot be seen here.
CheckResult CheckWildcards(const ParsedCertificate& leaf) {
  for (const absl::string_view presented :
       NamesOf(leaf.subject_alt_names, GeneralNameKind::kDnsName)) {
    const std::string lower = absl::AsciiStrToLower(presented);
    absl::string_view name = lower;
    if (absl::ConsumePrefix(&name, "*.") && IsPublicSuffix(name)) {
      return InvalidProfile("a wildcard over a public suffix (BR 3.2.2.6)");
    }
  }
  return CheckResult::Pass();
}

// 7.1.2.1.2: a root has no extended key usage.
CheckResult CheckRootPurposes(const ParsedCertificate& root) {
  return root.extended_key_usage.has_value()
             ? InvalidPurpose("a root with extended key usage (BR 7.1.2.1.2)")
             : CheckResult::Pass();
}

// 7.1.2.1.3 and 7.1.2.11.1: an authority key identifier is a key's, and that of
// a root its own.
CheckResult CheckAuthorityKeyId(const ParsedCertificate& certificate,
                                bool is_root) {
  const auto& id = certificate.authority_key_id;
  if (!id.has_value()) {
    return CheckResult::Pass();
  }
  if (id->has_issuer || id->has_serial) {
    return InvalidProfile(
        "authority key identifier by name or number (BR 7.1.2.11.1)");
  }
  if (!id->key_id.has_value()) {
    return InvalidProfile(
        "authority key identifier without a key's (BR 7.1.2.11.1)");
  }
  if (is_root && certificate.subject_key_id != id->key_id) {
    return InvalidProfile(
        "authority key identifier of a root is not its own (BR 7.1.2.1.3)");
  }
  return CheckResult::Pass();
}

// ReadAuthorityInfoAccess reads an AuthorityInfoAccessSyntax (RFC 5280,
// 4.2.2.1), to see that it is one.
absl::Status ReadAuthorityInfoAccess(DerReader value) {
  constexpr absl::string_view kWhat = "authorityInfoAccess";
  PINNING_ASSIGN_OR_RETURN(DerReader descriptions,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (descriptions.empty()) {
    return descriptions.Error(kWhat, "no access description");
  }
  uint16_t ignored = 0;
  while (!descriptions.empty()) {
    PINNING_ASSIGN_OR_RETURN(DerReader description,
                             descriptions.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
    PINNING_RETURN_IF_ERROR(description.ReadOid(kWhat).status());
    PINNING_RETURN_IF_ERROR(
        ReadGeneralName(description, GeneralNameUse::kName, kWhat, &ignored));
    PINNING_RETURN_IF_ERROR(description.ExpectEnd(kWhat));
  }
  return value.ExpectEnd(kWhat);
}

// 7.1.2.7.7 and 7.1.2.10.3.
CheckResult CheckAuthorityInfoAccess(const ParsedCertificate& certificate) {
  for (const RawExtension& extension : certificate.extensions) {
    if (OidToString(extension.oid) == kAuthorityInfoAccessOid &&
        !ReadAuthorityInfoAccess(DerReader(extension.value)).ok()) {
      return InvalidProfile(
          "authority information access is malformed (BR 7.1.2.7.7)");
    }
  }
  return CheckResult::Pass();
}

}  // namespace

CheckResult CheckWebPkiProfile(const ParsedCertificate& certificate,
                               Role role) {
  const bool is_root =
      role.is_anchor && NamesMatch(certificate.issuer, certificate.subject);
  std::vector<CheckResult> results = {
      CheckVersion(certificate),
      CheckAuthorityKeyId(certificate, is_root),
      CheckAuthorityInfoAccess(certificate),
  };
  if (is_root && role.is_issuer) {
    results.push_back(CheckRootPurposes(certificate));
  }
  if (!role.is_issuer) {
    results.push_back(CheckIsNoCa(certificate));
    results.push_back(CheckLeafPurposes(certificate));
    results.push_back(CheckAltNameCriticality(certificate));
    results.push_back(CheckWildcards(certificate));
    results.push_back(CheckCommonNames(certificate));
  }
  for (const CheckResult& result : results) {
    if (!result.passed()) {
      return result;
    }
  }
  return CheckResult::Pass();
}

}  // namespace internal
}  // namespace pinning
