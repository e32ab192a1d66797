#include "pinning/internal/extensions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/general_names.h"
#include "pinning/internal/oid_set.h"
#include "pinning/internal/status_macros.h"
#include "pinning/policy_options.h"

namespace pinning {
namespace internal {
namespace {

// The arcs of id-ce, 2.5.29, under which are the extensions of RFC 5280.
constexpr uint8_t kIdCe[] = {0x55, 0x1d};
constexpr uint8_t kPoliciesArc = 32;
// id-qt (4.2.1.4): 1 is id-qt-cps, 2 id-qt-unotice.
constexpr uint8_t kIdQt[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02};

// ArcUnder returns the one octet that `oid` has after `arcs`; 0, which is none
// of the arcs asked for here, if it is another OBJECT IDENTIFIER.
uint8_t ArcUnder(absl::Span<const uint8_t> arcs, Bytes oid) {
  return oid.size() == arcs.size() + 1 &&
                 std::equal(arcs.begin(), arcs.end(), oid.begin())
             ? oid.back()
             : 0;
}

constexpr unsigned kContext = CBS_ASN1_CONTEXT_SPECIFIC;
constexpr unsigned kContextConstructed =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED;

// ReadCount reads an INTEGER (0..MAX), saturated at 255.
absl::StatusOr<int> ReadCount(DerReader& reader, absl::string_view what,
                              absl::string_view if_negative,
                              unsigned tag = CBS_ASN1_INTEGER) {
  const DerReader before = reader;
  PINNING_ASSIGN_OR_RETURN(const Bytes octets, reader.ReadInteger(what, tag));
  if (octets[0] & 0x80) {
    return before.Error(what, if_negative);
  }
  return octets.size() > 1 ? 255 : static_cast<int>(octets[0]);
}

// Each Read function below reads one extnValue and nothing after it.

absl::Status ReadBasicConstraints(DerReader value,
                                  ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "basicConstraints";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  BasicConstraints constraints;
  if (fields.NextIs(CBS_ASN1_BOOLEAN)) {
    PINNING_ASSIGN_OR_RETURN(constraints.is_ca, fields.ReadBoolean(kWhat));
  }
  if (fields.NextIs(CBS_ASN1_INTEGER)) {
    PINNING_ASSIGN_OR_RETURN(
        constraints.path_length,
        ReadCount(fields, kWhat, "pathLenConstraint is negative"));
  }
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  certificate->basic_constraints = constraints;
  return value.ExpectEnd(kWhat);
}

absl::Status ReadKeyUsage(DerReader value, ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "keyUsage";
  PINNING_ASSIGN_OR_RETURN(const DerBitString bits, value.ReadBitString(kWhat));
  // Bits that the specification does not name are dropped.
  uint16_t usage = 0;
  for (int bit = 0; bit <= 8; ++bit) {
    const size_t octet = bit / 8;
    if (octet < bits.octets.size() &&
        (bits.octets[octet] & (0x80 >> (bit % 8)))) {
      usage |= 1 << bit;
    }
  }
  certificate->key_usage = usage;
  return value.ExpectEnd(kWhat);
}

absl::Status ReadExtendedKeyUsage(DerReader value,
                                  ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "extKeyUsage";
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           value.Read(CBS_ASN1_SEQUENCE, kWhat));
  DerReader purposes = value.Inside(element.content);
  if (purposes.empty()) {
    return purposes.Error(kWhat, "no purpose");
  }
  while (!purposes.empty()) {
    PINNING_RETURN_IF_ERROR(purposes.ReadOid(kWhat).status());
  }
  certificate->extended_key_usage.emplace(element.content);
  return value.ExpectEnd(kWhat);
}

absl::Status ReadSubjectAltName(DerReader value,
                                ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "subjectAltName";
  PINNING_ASSIGN_OR_RETURN(DerReader names,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (names.empty()) {
    return names.Error(kWhat, "no name");
  }
  GeneralNames parsed;
  constexpr size_t kUsual = 4;
  parsed.dns.reserve(kUsual);
  while (!names.empty()) {
    PINNING_RETURN_IF_ERROR(
        ReadGeneralName(names, GeneralNameUse::kName, kWhat, &parsed));
  }
  certificate->subject_alt_names = std::move(parsed);
  return value.ExpectEnd(kWhat);
}

absl::Status ReadSubtrees(DerReader subtrees, absl::string_view what,
                          GeneralNames* names) {
  if (subtrees.empty()) {
    return subtrees.Error(what, "no subtree");
  }
  while (!subtrees.empty()) {
    PINNING_ASSIGN_OR_RETURN(DerReader subtree,
                             subtrees.ReadInside(CBS_ASN1_SEQUENCE, what));
    PINNING_RETURN_IF_ERROR(
        ReadGeneralName(subtree, GeneralNameUse::kConstraint, what, names));
    // minimum is 0, which is the default, and maximum is absent (4.2.1.10).
    PINNING_RETURN_IF_ERROR(subtree.ExpectEnd(what));
  }
  return absl::OkStatus();
}

absl::Status ReadNameConstraints(DerReader value,
                                 ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "nameConstraints";
  PINNING_ASSIGN_OR_RETURN(DerReader sides,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (sides.empty()) {
    return sides.Error(kWhat, "neither permitted nor excluded subtrees");
  }
  NameConstraints constraints;
  if (sides.NextIs(kContextConstructed | 0)) {
    PINNING_ASSIGN_OR_RETURN(const DerReader permitted,
                             sides.ReadInside(kContextConstructed | 0, kWhat));
    PINNING_RETURN_IF_ERROR(
        ReadSubtrees(permitted, kWhat, &constraints.permitted));
  }
  if (sides.NextIs(kContextConstructed | 1)) {
    PINNING_ASSIGN_OR_RETURN(const DerReader excluded,
                             sides.ReadInside(kContextConstructed | 1, kWhat));
    PINNING_RETURN_IF_ERROR(
        ReadSubtrees(excluded, kWhat, &constraints.excluded));
  }
  PINNING_RETURN_IF_ERROR(sides.ExpectEnd(kWhat));
  certificate->name_constraints = std::move(constraints);
  return value.ExpectEnd(kWhat);
}

// ReadPolicyQualifiers notes in `certificate` a qualifier that is not known.
// That there is one at least is not asked for: they decide nothing.
absl::Status ReadPolicyQualifiers(DerReader qualifiers, absl::string_view what,
                                  ParsedCertificate* certificate) {
  while (!qualifiers.empty()) {
    PINNING_ASSIGN_OR_RETURN(DerReader qualifier,
                             qualifiers.ReadInside(CBS_ASN1_SEQUENCE, what));
    PINNING_ASSIGN_OR_RETURN(const Bytes oid, qualifier.ReadOid(what));
    const uint8_t arc = ArcUnder(kIdQt, oid);
    certificate->has_unknown_policy_qualifier |= arc != 1 && arc != 2;
    PINNING_RETURN_IF_ERROR(qualifier.ReadAny(what).status());
    PINNING_RETURN_IF_ERROR(qualifier.ExpectEnd(what));
  }
  return absl::OkStatus();
}

absl::Status ReadCertificatePolicies(DerReader value,
                                     ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "certificatePolicies";
  PINNING_ASSIGN_OR_RETURN(DerReader policies,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (policies.empty()) {
    return policies.Error(kWhat, "no policy");
  }
  std::vector<std::string> oids;
  OidSet seen;
  while (!policies.empty()) {
    PINNING_ASSIGN_OR_RETURN(DerReader policy,
                             policies.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
    PINNING_ASSIGN_OR_RETURN(const Bytes oid, policy.ReadOid(kWhat));
    if (policy.NextIs(CBS_ASN1_SEQUENCE)) {
      PINNING_ASSIGN_OR_RETURN(const DerReader qualifiers,
                               policy.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
      PINNING_RETURN_IF_ERROR(
          ReadPolicyQualifiers(qualifiers, kWhat, certificate));
    }
    PINNING_RETURN_IF_ERROR(policy.ExpectEnd(kWhat));
    oids.push_back(OidToString(oid));
    if (!seen.Insert(oid)) {
      certificate->policy_fault = "a policy is listed twice (4.2.1.4)";
    }
  }
  certificate->policies = std::move(oids);
  return value.ExpectEnd(kWhat);
}

absl::Status ReadPolicyMappings(DerReader value,
                                ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "policyMappings";
  PINNING_ASSIGN_OR_RETURN(DerReader mappings,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (mappings.empty()) {
    return mappings.Error(kWhat, "no mapping");
  }
  while (!mappings.empty()) {
    PINNING_ASSIGN_OR_RETURN(DerReader mapping,
                             mappings.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
    PINNING_ASSIGN_OR_RETURN(const Bytes from, mapping.ReadOid(kWhat));
    PINNING_ASSIGN_OR_RETURN(const Bytes to, mapping.ReadOid(kWhat));
    PINNING_RETURN_IF_ERROR(mapping.ExpectEnd(kWhat));
    PolicyMapping parsed{OidToString(from), OidToString(to)};
    if (parsed.from == kAnyPolicyOid || parsed.to == kAnyPolicyOid) {
      certificate->policy_fault = "anyPolicy is mapped (4.2.1.5)";
    }
    certificate->policy_mappings.push_back(std::move(parsed));
  }
  return value.ExpectEnd(kWhat);
}

absl::Status ReadPolicyConstraints(DerReader value,
                                   ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "policyConstraints";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (fields.empty()) {
    return fields.Error(kWhat, "no constraint");
  }
  if (fields.NextIs(kContext | 0)) {
    PINNING_ASSIGN_OR_RETURN(
        certificate->require_explicit_policy,
        ReadCount(fields, kWhat, "requireExplicitPolicy is negative",
                  kContext | 0));
  }
  if (fields.NextIs(kContext | 1)) {
    PINNING_ASSIGN_OR_RETURN(
        certificate->inhibit_policy_mapping,
        ReadCount(fields, kWhat, "inhibitPolicyMapping is negative",
                  kContext | 1));
  }
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  return value.ExpectEnd(kWhat);
}

absl::Status ReadInhibitAnyPolicy(DerReader value,
                                  ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "inhibitAnyPolicy";
  PINNING_ASSIGN_OR_RETURN(certificate->inhibit_any_policy,
                           ReadCount(value, kWhat, "it is negative"));
  return value.ExpectEnd(kWhat);
}

absl::Status ReadAuthorityKeyId(DerReader value,
                                ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "authorityKeyIdentifier";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  AuthorityKeyId id;
  if (fields.NextIs(kContext | 0)) {
    PINNING_ASSIGN_OR_RETURN(const DerElement key_id,
                             fields.Read(kContext | 0, kWhat));
    id.key_id = key_id.content;
  }
  if (fields.NextIs(kContextConstructed | 1)) {
    PINNING_ASSIGN_OR_RETURN(DerReader names,
                             fields.ReadInside(kContextConstructed | 1, kWhat));
    GeneralNames ignored;
    while (!names.empty()) {
      PINNING_RETURN_IF_ERROR(
          ReadGeneralName(names, GeneralNameUse::kName, kWhat, &ignored));
    }
    id.has_issuer = true;
  }
  if (fields.NextIs(kContext | 2)) {
    PINNING_RETURN_IF_ERROR(fields.ReadInteger(kWhat, kContext | 2).status());
    id.has_serial = true;
  }
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  certificate->authority_key_id = id;
  return value.ExpectEnd(kWhat);
}

absl::Status ReadSubjectKeyId(DerReader value, ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "subjectKeyIdentifier";
  PINNING_ASSIGN_OR_RETURN(const DerElement id,
                           value.Read(CBS_ASN1_OCTETSTRING, kWhat));
  certificate->subject_key_id = id.content;
  return value.ExpectEnd(kWhat);
}

struct KnownExtension {
  uint8_t arc;  // under id-ce
  absl::Status (*read)(DerReader value, ParsedCertificate* certificate);
};

// What counts as processed when critical.
constexpr KnownExtension kKnownExtensions[] = {
    {14, ReadSubjectKeyId},      {15, ReadKeyUsage},
    {17, ReadSubjectAltName},    {19, ReadBasicConstraints},
    {30, ReadNameConstraints},   {kPoliciesArc, ReadCertificatePolicies},
    {33, ReadPolicyMappings},    {35, ReadAuthorityKeyId},
    {36, ReadPolicyConstraints}, {37, ReadExtendedKeyUsage},
    {54, ReadInhibitAnyPolicy},
};

const KnownExtension* FindKnown(Bytes oid) {
  const uint8_t arc = ArcUnder(kIdCe, oid);
  for (const KnownExtension& known : kKnownExtensions) {
    if (known.arc == arc) {
      return &known;
    }
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<RawExtension> ReadExtension(DerReader& extensions) {
  constexpr absl::string_view kWhat = "extension";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           extensions.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  RawExtension extension;
  PINNING_ASSIGN_OR_RETURN(extension.oid, fields.ReadOid(kWhat));
  if (fields.NextIs(CBS_ASN1_BOOLEAN)) {
    const DerReader before = fields;
    PINNING_ASSIGN_OR_RETURN(extension.critical, fields.ReadBoolean(kWhat));
    if (!extension.critical) {
      return before.Error(kWhat,
                          "critical is FALSE by default, so not encoded");
    }
  }
  PINNING_ASSIGN_OR_RETURN(const DerElement value,
                           fields.Read(CBS_ASN1_OCTETSTRING, kWhat));
  extension.value = value.content;
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  return extension;
}

absl::Status ReadExtensions(DerReader& reader, Tolerance tolerance,
                            ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "extensions";
  PINNING_ASSIGN_OR_RETURN(DerReader extensions,
                           reader.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (extensions.empty() && tolerance == Tolerance::kNone) {
    return extensions.Error(kWhat, "no extension");
  }
  constexpr size_t kUsual = 10;
  certificate->extensions.reserve(kUsual);
  OidSet seen;
  while (!extensions.empty()) {
    const DerReader before = extensions;
    PINNING_ASSIGN_OR_RETURN(const RawExtension extension,
                             ReadExtension(extensions));
    certificate->extensions.push_back(extension);
    const KnownExtension* known = FindKnown(extension.oid);
    if (known != nullptr) {
      const absl::Status read =
          known->read(extensions.Inside(extension.value), certificate);
      if (tolerance == Tolerance::kNone) {
        PINNING_RETURN_IF_ERROR(read);
      }
    }
    // 4.2.1.4: who cannot interpret a qualifier must not take critical policies
    // as processed.
    const bool handled =
        known != nullptr && (known->arc != kPoliciesArc ||
                             !certificate->has_unknown_policy_qualifier);
    if (extension.critical && !handled &&
        certificate->unhandled_critical.empty()) {
      certificate->unhandled_critical = OidToString(extension.oid);
    }
    if (!seen.Insert(extension.oid) && tolerance == Tolerance::kNone) {
      return before.Error(kWhat, "an extension that is there already");
    }
  }
  return absl::OkStatus();
}

}  // namespace internal
}  // namespace pinning
