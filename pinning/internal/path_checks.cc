#include "pinning/internal/path_checks.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/name_constraints.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/profile.h"
#include "pinning/internal/signature.h"
#include "pinning/internal/strict_profile.h"
#include "pinning/internal/utc_time.h"
#include "pinning/internal/webpki_profile.h"

namespace pinning {
namespace internal {
namespace {

// Content octets of OBJECT IDENTIFIERs (RFC 5280, 4.2.1.12).
constexpr uint8_t kServerAuth[] = {0x2b, 6, 1, 5, 5, 7, 3, 1};
constexpr uint8_t kClientAuth[] = {0x2b, 6, 1, 5, 5, 7, 3, 2};
constexpr uint8_t kAnyPurpose[] = {0x55, 0x1d, 37, 0};

constexpr int kVersion3 = 3;

const ParsedCertificate& Parsed(const Position& position) {
  return position.certificate->parsed();
}

// CheckAuthority is RFC 5280, 6.1.4(k) and (n).
CheckResult CheckAuthority(const Position& position) {
  const ParsedCertificate& certificate = Parsed(position);
  if (certificate.version < kVersion3 && position.anchor != nullptr) {
    return CheckResult::Pass();
  }
  if (certificate.version < kVersion3) {
    return CheckResult::Refuse(
        ErrorCode::kNotACa, "an intermediate must be a version 3 certificate");
  }
  if (!certificate.basic_constraints.has_value() ||
      !certificate.basic_constraints->is_ca) {
    return CheckResult::Refuse(ErrorCode::kNotACa,
                               "issues certificates and is no authority");
  }
  if (certificate.key_usage.has_value() &&
      (*certificate.key_usage & kKeyCertSign) == 0) {
    return CheckResult::Refuse(ErrorCode::kKeyUsage,
                               "key usage does not allow keyCertSign");
  }
  return certificate.name_constraints.has_value()
             ? CheckConstraintSyntax(*certificate.name_constraints)
             : CheckResult::Pass();
}

CheckResult CheckLeafKeyUsage(const ParsedCertificate& leaf, bool client_auth) {
  const uint16_t sufficient =
      kDigitalSignature | kKeyAgreement | (client_auth ? 0 : kKeyEncipherment);
  if (leaf.key_usage.has_value() && (*leaf.key_usage & sufficient) == 0) {
    return CheckResult::Refuse(ErrorCode::kKeyUsage,
                               "key usage allows no TLS handshake");
  }
  return CheckResult::Pass();
}

CheckResult CheckPurpose(const Position& position, bool client_auth) {
  const auto& purposes = Parsed(position).extended_key_usage;
  if (!purposes.has_value()) {
    return CheckResult::Pass();
  }
  if (purposes->Contains(client_auth ? kClientAuth : kServerAuth) ||
      (!position.is_leaf && purposes->Contains(kAnyPurpose))) {
    return CheckResult::Pass();
  }
  return CheckResult::Refuse(
      ErrorCode::kExtendedKeyUsage,
      absl::StrCat("extended key usage does not list ",
                   client_auth ? "clientAuth" : "serverAuth"));
}

// CheckForm holds the certificate to the profile. What someone put in the trust
// store with their own hands is not measured by rules for the certificates that
// authorities sign, unless the caller asks for them.
CheckResult CheckForm(const Position& position,
                      const Environment& environment) {
  const ParsedCertificate& certificate = Parsed(position);
  CheckResult result = CheckKeyIdentifiers(certificate);
  if (result.passed()) {
    result = CheckPolicyExtensions(certificate);
  }
  if (result.passed() && (position.anchor == nullptr || environment.strict)) {
    result = CheckProfile(certificate, !position.is_leaf);
  }
  const Role role{!position.is_leaf, position.anchor != nullptr};
  if (result.passed() && environment.strict) {
    result = CheckStrictProfile(certificate, role, environment.web_pki);
  }
  if (result.passed() && environment.web_pki) {
    result = CheckWebPkiProfile(certificate, role);
  }
  return result;
}

// FirstTooMany returns the depth of the first authority of `below`, from the
// top, that is one more than `left`; 0 if there is none.
int FirstTooMany(int left, absl::Span<const Position> below) {
  for (int depth = static_cast<int>(below.size()) - 1; depth > 0; --depth) {
    if (below[depth].certificate->IsSelfIssued()) {
      continue;
    }
    if (left == 0) {
      return depth;
    }
    --left;
  }
  return 0;
}

}  // namespace

bool SpeaksForItself(const Position& position) {
  return position.is_leaf || position.anchor == nullptr ||
         position.anchor->enforce_constraints;
}

CheckResult CheckKey(const Position& position, const Environment& environment) {
  if (environment.trust_store->IsDistrusted(*position.certificate)) {
    return CheckResult::Refuse(
        ErrorCode::kDistrustedAnchor,
        absl::StrCat("key is distrusted: ",
                     position.certificate->pin().ToString()));
  }
  return CheckPublicKey(Parsed(position));
}

CheckResult CheckExtensions(const Position& position,
                            const Environment& environment) {
  if (!SpeaksForItself(position)) {
    return CheckResult::Pass();
  }
  const ParsedCertificate& certificate = Parsed(position);
  if (!certificate.unhandled_critical.empty()) {
    return CheckResult::Refuse(
        ErrorCode::kUnhandledCriticalExtension,
        absl::StrCat("critical extension ",
                     OidToString(certificate.unhandled_critical)));
  }
  CheckResult result =
      position.is_leaf ? CheckLeafKeyUsage(certificate, environment.client_auth)
                       : CheckAuthority(position);
  if (result.passed()) {
    result = CheckPurpose(position, environment.client_auth);
  }
  return result.passed() ? CheckForm(position, environment) : result;
}

CheckResult CheckValidity(const Position& position,
                          const Environment& environment) {
  const bool counts = position.is_leaf || position.anchor == nullptr ||
                      position.anchor->enforce_expiry;
  if (!environment.enforce_validity || !counts) {
    return CheckResult::Pass();
  }
  const Certificate& certificate = *position.certificate;
  if (environment.now < certificate.not_before()) {
    return CheckResult::Refuse(
        ErrorCode::kNotYetValid,
        absl::StrCat("not valid before ",
                     FormatUtcTime(certificate.not_before())));
  }
  // notAfter names a whole second (RFC 5280, 4.1.2.5): all of it is valid.
  if (environment.now >= certificate.not_after() + absl::Seconds(1)) {
    return CheckResult::Refuse(
        ErrorCode::kExpired,
        absl::StrCat("not valid after ",
                     FormatUtcTime(certificate.not_after())));
  }
  return CheckResult::Pass();
}

bool ConstrainsNames(const Position& issuer) {
  return SpeaksForItself(issuer) && Parsed(issuer).name_constraints.has_value();
}

CheckResult CheckPathLength(const Position& issuer,
                            absl::Span<const Position> below) {
  const auto& constraints = Parsed(issuer).basic_constraints;
  if (!SpeaksForItself(issuer) || !constraints.has_value() ||
      !constraints->path_length.has_value()) {
    return CheckResult::Pass();
  }
  const int depth = FirstTooMany(*constraints->path_length, below);
  return depth == 0 ? CheckResult::Pass()
                    : CheckResult::Refuse(
                          ErrorCode::kPathLengthExceeded,
                          absl::StrCat("the authority at depth ", below.size(),
                                       " allows only ",
                                       *constraints->path_length, " below it"),
                          depth);
}

CheckResult CheckIntermediates(const Environment& environment,
                               absl::Span<const Position> below) {
  if (!environment.max_path_length.has_value()) {
    return CheckResult::Pass();
  }
  const int depth = FirstTooMany(*environment.max_path_length, below);
  return depth == 0 ? CheckResult::Pass()
                    : CheckResult::Refuse(
                          ErrorCode::kPathLengthExceeded,
                          "more intermediates than the caller allows", depth);
}

CheckResult CheckNamesAgainst(const Position& issuer, const Position& subject,
                              int64_t* comparisons_left) {
  if (!ConstrainsNames(issuer) ||
      (!subject.is_leaf && subject.certificate->IsSelfIssued())) {
    return CheckResult::Pass();
  }
  return CheckNameConstraints(*Parsed(issuer).name_constraints, Parsed(subject),
                              comparisons_left);
}

}  // namespace internal
}  // namespace pinning
