#include "pinning/internal/certificate_parser.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/der_time.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

constexpr unsigned kContext = CBS_ASN1_CONTEXT_SPECIFIC;
constexpr unsigned kContextConstructed =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED;

// ReadVersion reads the version, 1 if it is absent.
absl::StatusOr<int> ReadVersion(DerReader& tbs, Tolerance tolerance) {
  constexpr absl::string_view kWhat = "version";
  if (!tbs.NextIs(kContextConstructed | 0)) {
    return 1;
  }
  PINNING_ASSIGN_OR_RETURN(DerReader field,
                           tbs.ReadInside(kContextConstructed | 0, kWhat));
  const DerReader before = field;
  PINNING_ASSIGN_OR_RETURN(const Bytes version, field.ReadInteger(kWhat));
  PINNING_RETURN_IF_ERROR(field.ExpectEnd(kWhat));
  if (tolerance == Tolerance::kDamaged) {
    return 3;  // so that what it has is read
  }
  if (version.size() != 1 || version[0] > 2) {
    return before.Error(kWhat, "not 1 (v2) or 2 (v3)");
  }
  if (version[0] == 0) {
    return before.Error(kWhat, "v1 is the default, so not encoded");
  }
  return version[0] + 1;
}

absl::Status ReadValidity(DerReader& tbs, Tolerance tolerance,
                          ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "validity";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           tbs.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  const absl::StatusOr<DerTime> not_before = ReadTime(fields, "notBefore");
  const absl::StatusOr<DerTime> not_after =
      not_before.ok() ? ReadTime(fields, "notAfter") : not_before;
  if (!not_after.ok() && tolerance == Tolerance::kDamaged) {
    certificate->not_before = absl::InfinitePast();
    certificate->not_after = absl::InfiniteFuture();
    return absl::OkStatus();
  }
  PINNING_RETURN_IF_ERROR(not_after.status());
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  certificate->not_before = not_before->time;
  certificate->not_after = not_after->time;
  certificate->time_types_fit = not_before->type_fits && not_after->type_fits;
  return absl::OkStatus();
}

absl::Status ReadSpki(DerReader& tbs, ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "subjectPublicKeyInfo";
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           tbs.Read(CBS_ASN1_SEQUENCE, kWhat));
  DerReader fields = tbs.Inside(element.content);
  PINNING_RETURN_IF_ERROR(ReadAlgorithm(fields, kWhat).status());
  PINNING_RETURN_IF_ERROR(fields.ReadBitString(kWhat).status());
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  certificate->spki = element.whole;
  return absl::OkStatus();
}

absl::Status ReadUniqueIds(DerReader& tbs, ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "uniqueIdentifier";
  for (const unsigned tag : {kContext | 1, kContext | 2}) {
    if (!tbs.NextIs(tag)) {
      continue;
    }
    if (certificate->version < 2) {
      return tbs.Error(kWhat, "not in a v1 certificate");
    }
    PINNING_RETURN_IF_ERROR(tbs.ReadBitString(kWhat, tag).status());
    certificate->has_unique_id = true;
  }
  return absl::OkStatus();
}

absl::Status ReadOptionalExtensions(DerReader& tbs, Tolerance tolerance,
                                    ParsedCertificate* certificate) {
  constexpr absl::string_view kWhat = "extensions";
  if (!tbs.NextIs(kContextConstructed | 3)) {
    return absl::OkStatus();
  }
  if (certificate->version < 3) {
    return tbs.Error(kWhat, "only in a v3 certificate");
  }
  PINNING_ASSIGN_OR_RETURN(DerReader field,
                           tbs.ReadInside(kContextConstructed | 3, kWhat));
  PINNING_RETURN_IF_ERROR(ReadExtensions(field, tolerance, certificate));
  return field.ExpectEnd(kWhat);
}

absl::Status ReadTbs(DerReader tbs, Tolerance tolerance,
                     ParsedCertificate* certificate) {
  PINNING_ASSIGN_OR_RETURN(certificate->version, ReadVersion(tbs, tolerance));
  PINNING_ASSIGN_OR_RETURN(certificate->serial,
                           tbs.ReadInteger("serialNumber"));
  PINNING_ASSIGN_OR_RETURN(certificate->tbs_signature_algorithm,
                           ReadAlgorithm(tbs, "signature"));
  PINNING_ASSIGN_OR_RETURN(certificate->issuer, ReadName(tbs, "issuer"));
  PINNING_RETURN_IF_ERROR(ReadValidity(tbs, tolerance, certificate));
  PINNING_ASSIGN_OR_RETURN(certificate->subject, ReadName(tbs, "subject"));
  PINNING_RETURN_IF_ERROR(ReadSpki(tbs, certificate));
  PINNING_RETURN_IF_ERROR(ReadUniqueIds(tbs, certificate));
  PINNING_RETURN_IF_ERROR(ReadOptionalExtensions(tbs, tolerance, certificate));
  return tbs.ExpectEnd("tbsCertificate");
}

absl::StatusOr<std::shared_ptr<const ParsedCertificate>> ReadCertificate(
    absl::Span<const uint8_t> der, Tolerance tolerance) {
  auto certificate = std::make_shared<ParsedCertificate>();
  certificate->der.assign(der.begin(), der.end());
  DerReader whole(certificate->der);
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           whole.ReadInside(CBS_ASN1_SEQUENCE, "certificate"));
  PINNING_RETURN_IF_ERROR(whole.ExpectEnd("certificate"));

  PINNING_ASSIGN_OR_RETURN(const DerElement tbs,
                           fields.Read(CBS_ASN1_SEQUENCE, "tbsCertificate"));
  certificate->tbs = tbs.whole;
  PINNING_RETURN_IF_ERROR(
      ReadTbs(fields.Inside(tbs.content), tolerance, certificate.get()));
  PINNING_ASSIGN_OR_RETURN(certificate->signature_algorithm,
                           ReadAlgorithm(fields, "signatureAlgorithm"));
  PINNING_ASSIGN_OR_RETURN(const DerBitString signature,
                           fields.ReadBitString("signatureValue"));
  if (signature.unused_bits == 0) {
    certificate->signature = signature.octets;
  }
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd("certificate"));
  return certificate;
}

// The least that the heap adds to what is asked of it.
constexpr size_t kHeapOverhead = 16;

size_t HeapBytesOf(const std::string& text) {
  return sizeof(text) + (text.capacity() < sizeof(text) / 2
                             ? 0
                             : text.capacity() + kHeapOverhead);
}

size_t HeapBytesOf(const std::vector<std::string>& texts) {
  size_t bytes = kHeapOverhead;
  for (const std::string& text : texts) {
    bytes += HeapBytesOf(text);
  }
  return bytes + (texts.capacity() - texts.size()) * sizeof(std::string);
}

size_t HeapBytesOf(const GeneralNames& names) {
  return HeapBytesOf(names.dns) + HeapBytesOf(names.ip) +
         HeapBytesOf(names.email) + HeapBytesOf(names.uri) +
         HeapBytesOf(names.directory);
}

// HeapBytesOf counts the attributes too, which may yet be asked for: each takes
// nine octets of DER at least.
size_t HeapBytesOf(const Name& name) {
  constexpr size_t kLeastSize = 9;
  return HeapBytesOf(name.normalized) + name.der.size() +
         name.der.size() / kLeastSize * sizeof(NameAttribute);
}

}  // namespace

size_t HeapBytes(const ParsedCertificate& certificate) {
  constexpr size_t kKey = 2048;  // which may yet be asked for
  size_t bytes = sizeof(certificate) + 2 * kHeapOverhead + kKey +
                 certificate.der.capacity() + HeapBytesOf(certificate.issuer) +
                 HeapBytesOf(certificate.subject) +
                 certificate.extensions.capacity() * sizeof(RawExtension);
  if (certificate.policies.has_value()) {
    bytes += HeapBytesOf(*certificate.policies);
  }
  if (certificate.subject_alt_names.has_value()) {
    bytes += HeapBytesOf(*certificate.subject_alt_names);
  }
  if (certificate.name_constraints.has_value()) {
    bytes += HeapBytesOf(certificate.name_constraints->permitted) +
             HeapBytesOf(certificate.name_constraints->excluded);
  }
  for (const PolicyMapping& mapping : certificate.policy_mappings) {
    bytes += HeapBytesOf(mapping.from) + HeapBytesOf(mapping.to);
  }
  return bytes;
}

absl::StatusOr<Bytes> ReadAlgorithm(DerReader& reader, absl::string_view what) {
  PINNING_ASSIGN_OR_RETURN(const DerElement element,
                           reader.Read(CBS_ASN1_SEQUENCE, what));
  DerReader fields = reader.Inside(element.content);
  PINNING_RETURN_IF_ERROR(fields.ReadOid(what).status());
  if (!fields.empty()) {
    PINNING_RETURN_IF_ERROR(fields.ReadAny(what).status());
  }
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(what));
  return element.whole;
}

absl::StatusOr<std::shared_ptr<const ParsedCertificate>> ParseCertificate(
    absl::Span<const uint8_t> der) {
  return ReadCertificate(der, Tolerance::kNone);
}

absl::StatusOr<std::shared_ptr<const ParsedCertificate>> ReadDamagedCertificate(
    absl::Span<const uint8_t> der) {
  return ReadCertificate(der, Tolerance::kDamaged);
}

}  // namespace internal
}  // namespace pinning
