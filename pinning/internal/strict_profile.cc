#include "pinning/internal/strict_profile.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/general_names.h"

namespace pinning {
namespace internal {
namespace {

// 4.1.2.2: a positive integer. That it is not too long is everyone's rule.
CheckResult CheckSerialIsPositive(const ParsedCertificate& certificate) {
  const Bytes serial = certificate.serial;
  if (std::all_of(serial.begin(), serial.end(),
                  [](uint8_t octet) { return octet == 0; })) {
    return InvalidProfile("serial number is zero (4.1.2.2)");
  }
  if ((serial[0] & 0x80) != 0) {
    return InvalidProfile("serial number is negative (4.1.2.2)");
  }
  return CheckResult::Pass();
}

// 4.1.2.4, 4.1.2.5, 4.1.2.8.
CheckResult CheckFields(const ParsedCertificate& certificate) {
  if (certificate.issuer.has_empty_rdn || certificate.subject.has_empty_rdn) {
    return InvalidProfile("a name holds an empty RDN (4.1.2.4)");
  }
  if (!certificate.time_types_fit) {
    return InvalidProfile("a date is of the wrong ASN.1 type (4.1.2.5)");
  }
  if (certificate.has_unique_id) {
    return InvalidProfile("a unique identifier is present (4.1.2.8)");
  }
  return CheckResult::Pass();
}

// 4.2.1.1 exempts what is self-signed. Only an anchor can be on a path and be
// that: another certificate would lead to itself.
CheckResult CheckAuthorityKeyId(const ParsedCertificate& certificate,
                                Role role) {
  const bool self_signed =
      role.is_anchor && NamesMatch(certificate.issuer, certificate.subject);
  const auto& id = certificate.authority_key_id;
  if (!self_signed && (!id.has_value() || !id->key_id.has_value())) {
    return InvalidProfile("no authority key identifier (4.2.1.1)");
  }
  return CheckResult::Pass();
}

// 4.2.1.2.
CheckResult CheckSubjectKeyId(const ParsedCertificate& certificate, Role role) {
  if ((role.is_issuer || IsCa(certificate)) &&
      !certificate.subject_key_id.has_value()) {
    return InvalidProfile("an authority without key identifier (4.2.1.2)");
  }
  return CheckResult::Pass();
}

// 4.2.1.9 to 4.2.1.11 and 4.2.1.14: what bounds an authority is critical.
CheckResult CheckCriticality(const ParsedCertificate& certificate, Role role,
                             bool web_pki) {
  if (role.is_issuer &&
      IsThereAndNotCritical(certificate, kBasicConstraintsArc)) {
    return InvalidProfile("basic constraints are not critical (4.2.1.9)");
  }
  if (!web_pki && IsThereAndNotCritical(certificate, kNameConstraintsArc)) {
    return InvalidProfile("name constraints are not critical (4.2.1.10)");
  }
  if (IsThereAndNotCritical(certificate, kPolicyConstraintsArc)) {
    return InvalidProfile("policy constraints are not critical (4.2.1.11)");
  }
  if (IsThereAndNotCritical(certificate, kInhibitAnyPolicyArc)) {
    return InvalidProfile("inhibitAnyPolicy is not critical (4.2.1.14)");
  }
  return CheckResult::Pass();
}

// 4.2.1.9: a path length only where there is an authority to bound.
CheckResult CheckPathLengthPlace(const ParsedCertificate& certificate) {
  const auto& constraints = certificate.basic_constraints;
  if (constraints.has_value() && constraints->path_length.has_value() &&
      !constraints->is_ca) {
    return InvalidProfile("path length of what is no authority (4.2.1.9)");
  }
  return CheckResult::Pass();
}

// IsPreferredLabel returns whether `label` is one of RFC 1123, 2.1, which lets
// the labels of RFC 1034, 3.5 start with a digit.
bool IsPreferredLabel(absl::string_view label) {
  constexpr size_t kMaxLabelSize = 63;
  if (label.empty() || label.size() > kMaxLabelSize || label.front() == '-' ||
      label.back() == '-') {
    return false;
  }
  for (const char c : label) {
    if (!absl::ascii_isalnum(c) && c != '-') {
      return false;
    }
  }
  return true;
}

bool IsPreferredName(absl::string_view name) {
  constexpr size_t kMaxNameSize = 253;
  absl::ConsumePrefix(&name, "*.");  // RFC 9525, 6.3
  if (name.size() > kMaxNameSize) {
    return false;
  }
  for (const absl::string_view label : absl::StrSplit(name, '.')) {
    if (!IsPreferredLabel(label)) {
      return false;
    }
  }
  return true;
}

// 4.2.1.6.
CheckResult CheckDnsNames(const ParsedCertificate& certificate) {
  for (const absl::string_view name :
       NamesOf(certificate.subject_alt_names, GeneralNameKind::kDnsName)) {
    if (!IsPreferredName(name)) {
      return InvalidProfile("a DNS name not in preferred syntax (4.2.1.6)");
    }
  }
  return CheckResult::Pass();
}

bool HasLeadingPeriod(const GeneralNames& names) {
  for (const absl::string_view name :
       NamesOf(names, GeneralNameKind::kDnsName)) {
    if (absl::StartsWith(name, ".")) {
      return true;
    }
  }
  return false;
}

// 4.2.1.10: the leading period is for URIs and mailboxes.
CheckResult CheckDnsConstraints(const ParsedCertificate& certificate) {
  const auto& constraints = certificate.name_constraints;
  if (constraints.has_value() && (HasLeadingPeriod(constraints->permitted) ||
                                  HasLeadingPeriod(constraints->excluded))) {
    return InvalidProfile("a DNS constraint with a leading period (4.2.1.10)");
  }
  return CheckResult::Pass();
}

}  // namespace

CheckResult CheckStrictProfile(const ParsedCertificate& certificate, Role role,
                               bool web_pki) {
  const CheckResult results[] = {
      CheckSerialIsPositive(certificate),
      CheckFields(certificate),
      CheckAuthorityKeyId(certificate, role),
      CheckSubjectKeyId(certificate, role),
      CheckCriticality(certificate, role, web_pki),
      CheckPathLengthPlace(certificate),
      CheckDnsNames(certificate),
      CheckDnsConstraints(certificate),
  };
  for (const CheckResult& result : results) {
    if (!result.passed()) {
      return result;
    }
  }
  return CheckResult::Pass();
}

}  // namespace internal
}  // namespace pinning
