#include "pinning/internal/extensions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/general_names.h"
#include "pinning/internal/oid_set.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

// The arcs of id-ce, 2.5.29, under which are the extensions of RFC 5280.
constexpr uint8_t kIdCe[] = {0x55, 0x1d};
constexpr uint8_t kPoliciesArc = 32;
// id-qt (4.2.1.4): 1 is id-qt-cps, 2 id-qt-unotice.
constexpr uint8_t kIdQt[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02};

// ArcUnder returns the one octet, below 128, that `oid`, which is well-formed,
// has after `arcs`; 0, which is none of the arcs asked for here, if it is
// another OBJECT IDENTIFIER.
uint8_t ArcUnder(absl::Span<const uint8_t> arcs, Bytes oid) {
  return oid.size() == arcs.size() + 1 &&
                 std::equal(arcs.begin(), arcs.end(), oid.begin())
             ? oid.back()
             : 0;
}

absl::string_view AsText(Bytes octets) {
  return absl::string_view(reinterpret_cast<const char*>(octets.data()),
                           octets.size());
}

constexpr unsigned kContext = CBS_ASN1_CONTEXT_SPECIFIC;
constexpr unsigned kContextConstructed =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED;

// ReadCount reads an INTEGER (0..MAX), saturated at 255.
DerResult<uint8_t> ReadCount(DerReader& reader, absl::string_view what,
                             absl::string_view if_negative,
                             unsigned tag = CBS_ASN1_INTEGER) {
  const DerReader before = reader;
  PINNING_ASSIGN_OR_RETURN(const Bytes octets, reader.ReadInteger(what, tag));
  if (octets[0] & 0x80) {
    return before.Error(what, if_negative);
  }
  return octets.size() > 1 ? uint8_t{255} : octets[0];
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
  // The specification numbers bits from the first, which is the highest; those
  // that it does not name are dropped.
  unsigned usage = bits.octets.empty() ? 0 : bits.octets[0];
  usage = (usage & 0x0f) << 4 | usage >> 4;
  usage = (usage & 0x33) << 2 | (usage >> 2 & 0x33);
  usage = (usage & 0x55) << 1 | (usage >> 1 & 0x55);
  if (bits.octets.size() > 1 && (bits.octets[1] & 0x80) != 0) {
    usage |= kDecipherOnly;
  }
  certificate->key_usage = static_cast<uint16_t>(usage);
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
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           value.Read(CBS_ASN1_SEQUENCE, kWhat));
  DerReader names = value.Inside(element.content);
  if (names.empty()) {
    return names.Error(kWhat, "no name");
  }
  GeneralNames parsed;
  parsed.content = element.content;
  while (!names.empty()) {
    PINNING_RETURN_IF_ERROR(
        ReadGeneralName(names, GeneralNameUse::kName, kWhat, &parsed.kinds));
  }
  certificate->subject_alt_names = parsed;
  return value.ExpectEnd(kWhat);
}

absl::Status ReadSubtrees(DerReader& sides, unsigned tag,
                          absl::string_view what, GeneralNames* names) {
  PINNING_ASSIGN_OR_RETURN(const DerElement element, sides.Read(tag, what));
  names->content = element.content;
  names->are_subtrees = true;
  DerReader subtrees = sides.Inside(element.content);
  if (subtrees.empty()) {
    return subtrees.Error(what, "no subtree");
  }
  while (!subtrees.empty()) {
    PINNING_ASSIGN_OR_RETURN(DerReader subtree,
                             subtrees.ReadInside(CBS_ASN1_SEQUENCE, what));
    PINNING_RETURN_IF_ERROR(ReadGeneralName(
        subtree, GeneralNameUse::kConstraint, what, &names->kinds));
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
    PINNING_RETURN_IF_ERROR(ReadSubtrees(sides, kContextConstructed | 0, kWhat,
                                         &constraints.permitted));
  }
  if (sides.NextIs(kContextConstructed | 1)) {
    PINNING_RETURN_IF_ERROR(ReadSubtrees(sides, kContextConstructed | 1, kWhat,
                                         &constraints.excluded));
  }
  PINNING_RETURN_IF_ERROR(sides.ExpectEnd(kWhat));
  certificate->name_constraints = constraints;
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
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           value.Read(CBS_ASN1_SEQUENCE, kWhat));
  DerReader policies = value.Inside(element.content);
  if (policies.empty()) {
    return policies.Error(kWhat, "no policy");
  }
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
    if (!seen.Insert(oid)) {
      certificate->policy_fault = "a policy is listed twice (4.2.1.4)";
    }
  }
  certificate->policies = element.content;
  return value.ExpectEnd(kWhat);
}

absl::Status ReadPolicyMappings(DerReader value,
                                ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "policyMappings";
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           value.Read(CBS_ASN1_SEQUENCE, kWhat));
  DerReader mappings = value.Inside(element.content);
  if (mappings.empty()) {
    return mappings.Error(kWhat, "no mapping");
  }
  while (!mappings.empty()) {
    PINNING_ASSIGN_OR_RETURN(DerReader mapping,
                             mappings.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
    PINNING_ASSIGN_OR_RETURN(const Bytes from, mapping.ReadOid(kWhat));
    PINNING_ASSIGN_OR_RETURN(const Bytes to, mapping.ReadOid(kWhat));
    PINNING_RETURN_IF_ERROR(mapping.ExpectEnd(kWhat));
    if (AsText(from) == kAnyPolicyOctets || AsText(to) == kAnyPolicyOctets) {
      certificate->policy_fault = "anyPolicy is mapped (4.2.1.5)";
    }
  }
  certificate->policy_mappings = element.content;
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
    uint16_t ignored = 0;
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

using ReadValue = absl::Status (*)(DerReader value,
                                   ParsedCertificate* certificate);

// ReaderOf returns what reads the extension 2.5.29.`arc`, which counts as
// processed when critical, or null.
ReadValue ReaderOf(uint8_t arc) {
  switch (arc) {
    case 14:
      return ReadSubjectKeyId;
    case 15:
      return ReadKeyUsage;
    case 17:
      return ReadSubjectAltName;
    case 19:
      return ReadBasicConstraints;
    case 30:
      return ReadNameConstraints;
    case kPoliciesArc:
      return ReadCertificatePolicies;
    case 33:
      return ReadPolicyMappings;
    case 35:
      return ReadAuthorityKeyId;
    case 36:
      return ReadPolicyConstraints;
    case 37:
      return ReadExtendedKeyUsage;
    case 54:
      return ReadInhibitAnyPolicy;
    default:
      return nullptr;
  }
}

}  // namespace

absl::Status ReadExtensions(DerReader& reader, Tolerance tolerance,
                            ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "extensions";
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           reader.Read(CBS_ASN1_SEQUENCE, kWhat));
  DerReader extensions = reader.Inside(element.content);
  if (extensions.empty() && tolerance == Tolerance::kNone) {
    return extensions.Error(kWhat, "no extension");
  }
  OidSet others;
  while (!extensions.empty()) {
    const DerReader before = extensions;
    PINNING_ASSIGN_OR_RETURN(const RawExtension extension,
                             ReadExtension(extensions));
    const uint8_t arc = ArcUnder(kIdCe, extension.oid);
    const ReadValue parse = ReaderOf(arc);
    if (parse != nullptr) {
      const absl::Status status =
          parse(extensions.Inside(extension.value), certificate);
      if (tolerance == Tolerance::kNone) {
        PINNING_RETURN_IF_ERROR(status);
      }
    }
    // 4.2.1.4: who cannot interpret a qualifier must not take critical policies
    // as processed.
    const bool handled =
        parse != nullptr &&
        (arc != kPoliciesArc || !certificate->has_unknown_policy_qualifier);
    if (extension.critical && !handled &&
        certificate->unhandled_critical.empty()) {
      certificate->unhandled_critical = extension.oid;
    }
    if (extension.critical && arc != 0) {
      certificate->critical_extensions.Insert(arc);
    }
    const bool is_new = arc != 0 ? certificate->standard_extensions.Insert(arc)
                                 : others.Insert(extension.oid);
    if (!is_new && tolerance == Tolerance::kNone) {
      return before.Error(kWhat, "an extension that is there already");
    }
  }
  certificate->extensions = ExtensionList(element.content);
  return absl::OkStatus();
}

std::vector<absl::string_view> PoliciesOf(
    const ParsedCertificate& certificate) {
  std::vector<absl::string_view> oids;
  DerReader policies(certificate.policies.value_or(Bytes()));
  while (!policies.empty()) {
    DerResult<DerReader> policy = policies.ReadInside(CBS_ASN1_SEQUENCE, "");
    const DerResult<Bytes> oid = policy->ReadOid("");
    if (!oid.ok()) {
      break;
    }
    oids.push_back(AsText(*oid));
  }
  return oids;
}

std::vector<PolicyMapping> PolicyMappingsOf(
    const ParsedCertificate& certificate) {
  std::vector<PolicyMapping> found;
  DerReader mappings(certificate.policy_mappings);
  while (!mappings.empty()) {
    DerResult<DerReader> mapping = mappings.ReadInside(CBS_ASN1_SEQUENCE, "");
    const DerResult<Bytes> from = mapping->ReadOid("");
    const DerResult<Bytes> to = mapping->ReadOid("");
    if (!to.ok()) {
      break;
    }
    found.push_back({AsText(*from), AsText(*to)});
  }
  return found;
}

}  // namespace internal
}  // namespace pinning
