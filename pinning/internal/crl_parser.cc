#include "pinning/internal/crl_parser.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/certificate_parser.h"
#include "pinning/internal/der_time.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/raw_extension.h"
#include "pinning/internal/status_macros.h"

namespace pinning {
namespace internal {
namespace {

constexpr unsigned kContext = CBS_ASN1_CONTEXT_SPECIFIC;
constexpr unsigned kContextConstructed =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED;
constexpr size_t kMaxNumberSize = 20;  // RFC 5280, 5.2.3

bool Less(Bytes a, Bytes b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

// NoteUnusable keeps the first reason.
void NoteUnusable(absl::string_view why, ParsedCrl* crl) {
  if (crl->unusable.empty()) {
    crl->unusable = std::string(why);
  }
}

// ReadNames reads the content of a DistributionPointName: the names of a
// fullName, or nothing for a name relative to the issuer's.
absl::StatusOr<std::optional<std::vector<Bytes>>> ReadNames(
    DerReader name, absl::string_view what) {
  std::optional<std::vector<Bytes>> result;
  if (name.NextIs(kContextConstructed | 0)) {
    PINNING_ASSIGN_OR_RETURN(DerReader names,
                             name.ReadInside(kContextConstructed | 0, what));
    result.emplace();
    while (!names.empty()) {
      PINNING_ASSIGN_OR_RETURN(const DerElement one, names.ReadAny(what));
      result->push_back(one.whole);
    }
  } else {
    PINNING_RETURN_IF_ERROR(name.Read(kContextConstructed | 1, what).status());
  }
  PINNING_RETURN_IF_ERROR(name.ExpectEnd(what));
  return result;
}

// ReadFlag reads a BOOLEAN of an IssuingDistributionPoint, false by default.
absl::StatusOr<bool> ReadFlag(DerReader& fields, unsigned number,
                              absl::string_view what) {
  if (!fields.NextIs(kContext | number)) {
    return false;
  }
  return fields.ReadBoolean(what, kContext | number);
}

absl::Status ReadIssuingDistributionPoint(DerReader value, ParsedCrl* crl) {
  constexpr absl::string_view kWhat = "issuingDistributionPoint";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           value.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (fields.NextIs(kContextConstructed | 0)) {
    PINNING_ASSIGN_OR_RETURN(const DerReader name,
                             fields.ReadInside(kContextConstructed | 0, kWhat));
    PINNING_ASSIGN_OR_RETURN(crl->distribution_point, ReadNames(name, kWhat));
    if (!crl->distribution_point.has_value()) {
      NoteUnusable("its distribution point is named by its issuer", crl);
    }
  }
  PINNING_ASSIGN_OR_RETURN(crl->only_users, ReadFlag(fields, 1, kWhat));
  PINNING_ASSIGN_OR_RETURN(crl->only_authorities, ReadFlag(fields, 2, kWhat));
  if (fields.NextIs(kContext | 3)) {
    PINNING_RETURN_IF_ERROR(fields.ReadBitString(kWhat, kContext | 3).status());
    NoteUnusable("it is for some reasons only", crl);
  }
  PINNING_ASSIGN_OR_RETURN(const bool indirect, ReadFlag(fields, 4, kWhat));
  if (indirect) {
    NoteUnusable("it is indirect", crl);
  }
  PINNING_ASSIGN_OR_RETURN(const bool attributes, ReadFlag(fields, 5, kWhat));
  if (attributes) {
    NoteUnusable("it is about attribute certificates", crl);
  }
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  return value.ExpectEnd(kWhat);
}

absl::Status ReadCrlNumber(DerReader value, bool critical, ParsedCrl* crl) {
  constexpr absl::string_view kWhat = "cRLNumber";
  PINNING_ASSIGN_OR_RETURN(const Bytes number, value.ReadInteger(kWhat));
  if (critical) {
    NoteUnusable("its number is critical (5.2.3)", crl);
  }
  if (number[0] >= 0x80 || number.size() > kMaxNumberSize) {
    NoteUnusable("its number is negative or too long (5.2.3)", crl);
  }
  return value.ExpectEnd(kWhat);
}

// ReadCrlExtensions reads crlExtensions. What is critical and not read here
// makes the CRL unusable (5.2), and so does what is not as it has to be.
absl::Status ReadCrlExtensions(DerReader& tbs, ParsedCrl* crl) {
  constexpr absl::string_view kWhat = "crlExtensions";
  PINNING_ASSIGN_OR_RETURN(DerReader extensions,
                           tbs.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  if (extensions.empty()) {
    return extensions.Error(kWhat, "no extension");
  }
  bool numbered = false;
  absl::flat_hash_set<std::string> seen;
  while (!extensions.empty()) {
    const DerReader before = extensions;
    PINNING_ASSIGN_OR_RETURN(const RawExtension extension,
                             ReadExtension(extensions));
    const std::string oid = OidToString(extension.oid);
    const DerReader value = extensions.Inside(extension.value);
    if (oid == "2.5.29.20") {
      numbered = true;
      PINNING_RETURN_IF_ERROR(ReadCrlNumber(value, extension.critical, crl));
    } else if (oid == "2.5.29.27") {
      NoteUnusable("it is a delta CRL", crl);
    } else if (oid == "2.5.29.28") {
      PINNING_RETURN_IF_ERROR(ReadIssuingDistributionPoint(value, crl));
    } else if (extension.critical && oid != "2.5.29.35") {
      NoteUnusable(
          absl::StrCat("a critical extension of it is not known: ", oid), crl);
    }
    if (!seen.insert(oid).second) {
      return before.Error(kWhat, "an extension that is there already");
    }
  }
  if (!numbered) {
    NoteUnusable("it has no number (5.2.3)", crl);
  }
  return absl::OkStatus();
}

// ReadEntryExtensions reads crlEntryExtensions. A reason, or when the key was
// compromised, changes nothing; that the entry is of another issuer would.
absl::Status ReadEntryExtensions(DerReader& entry, ParsedCrl* crl) {
  constexpr absl::string_view kWhat = "crlEntryExtensions";
  PINNING_ASSIGN_OR_RETURN(DerReader extensions,
                           entry.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  while (!extensions.empty()) {
    PINNING_ASSIGN_OR_RETURN(const RawExtension extension,
                             ReadExtension(extensions));
    if (!extension.critical) {
      continue;
    }
    const std::string oid = OidToString(extension.oid);
    if (oid != "2.5.29.21" && oid != "2.5.29.24") {
      NoteUnusable(absl::StrCat("a critical extension of an entry is not "
                                "known: ",
                                oid),
                   crl);
    }
  }
  return absl::OkStatus();
}

absl::Status ReadEntries(DerReader& tbs, size_t max_entries, ParsedCrl* crl) {
  constexpr absl::string_view kWhat = "revokedCertificates";
  PINNING_ASSIGN_OR_RETURN(DerReader entries,
                           tbs.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  while (!entries.empty()) {
    if (crl->serials.size() == max_entries) {
      return entries.Error(kWhat,
                           absl::StrCat("more than ", max_entries, " entries"));
    }
    PINNING_ASSIGN_OR_RETURN(DerReader entry,
                             entries.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
    PINNING_ASSIGN_OR_RETURN(const Bytes serial, entry.ReadInteger(kWhat));
    PINNING_RETURN_IF_ERROR(ReadTime(entry, kWhat).status());
    if (!entry.empty()) {
      PINNING_RETURN_IF_ERROR(ReadEntryExtensions(entry, crl));
    }
    PINNING_RETURN_IF_ERROR(entry.ExpectEnd(kWhat));
    crl->serials.push_back(serial);
  }
  std::sort(crl->serials.begin(), crl->serials.end(), Less);
  return absl::OkStatus();
}

// ReadCrlVersion reads the version, absent in a CRL of version 1.
absl::Status ReadCrlVersion(DerReader& tbs, ParsedCrl* crl) {
  constexpr absl::string_view kWhat = "version";
  if (!tbs.NextIs(CBS_ASN1_INTEGER)) {
    NoteUnusable("it is of version 1", crl);
    return absl::OkStatus();
  }
  const DerReader before = tbs;
  PINNING_ASSIGN_OR_RETURN(const Bytes version, tbs.ReadInteger(kWhat));
  return version.size() == 1 && version[0] == 1
             ? absl::OkStatus()
             : before.Error(kWhat, "not 1 (v2)");
}

absl::Status ReadTbsCertList(DerReader tbs, size_t max_entries,
                             ParsedCrl* crl) {
  PINNING_RETURN_IF_ERROR(ReadCrlVersion(tbs, crl));
  PINNING_ASSIGN_OR_RETURN(crl->signed_data.tbs_signature_algorithm,
                           ReadAlgorithm(tbs, "signature"));
  PINNING_ASSIGN_OR_RETURN(crl->issuer, ReadName(tbs, "issuer"));
  PINNING_ASSIGN_OR_RETURN(const DerTime this_update,
                           ReadTime(tbs, "thisUpdate"));
  crl->this_update = this_update.time;
  if (tbs.empty() || tbs.NextIs(CBS_ASN1_SEQUENCE) ||
      tbs.NextIs(kContextConstructed | 0)) {
    NoteUnusable("it does not say when the next one is due (5.1.2.5)", crl);
  } else {
    PINNING_ASSIGN_OR_RETURN(const DerTime next_update,
                             ReadTime(tbs, "nextUpdate"));
    crl->next_update = next_update.time;
  }
  if (tbs.NextIs(CBS_ASN1_SEQUENCE)) {
    PINNING_RETURN_IF_ERROR(ReadEntries(tbs, max_entries, crl));
  }
  if (tbs.NextIs(kContextConstructed | 0)) {
    PINNING_ASSIGN_OR_RETURN(
        DerReader field,
        tbs.ReadInside(kContextConstructed | 0, "crlExtensions"));
    PINNING_RETURN_IF_ERROR(ReadCrlExtensions(field, crl));
    PINNING_RETURN_IF_ERROR(field.ExpectEnd("crlExtensions"));
  } else {
    NoteUnusable("it has no number (5.2.3)", crl);
  }
  return tbs.ExpectEnd("tbsCertList");
}

// ReadPoint returns the names of one DistributionPoint (4.2.1.13), none if it
// is for some reasons only or points to another issuer's CRL.
absl::StatusOr<std::vector<Bytes>> ReadPoint(DerReader& points) {
  constexpr absl::string_view kWhat = "cRLDistributionPoints";
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           points.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  std::optional<std::vector<Bytes>> names;
  if (fields.NextIs(kContextConstructed | 0)) {
    PINNING_ASSIGN_OR_RETURN(const DerReader name,
                             fields.ReadInside(kContextConstructed | 0, kWhat));
    PINNING_ASSIGN_OR_RETURN(names, ReadNames(name, kWhat));
  }
  if (!names.has_value() || !fields.empty()) {
    return std::vector<Bytes>();
  }
  return *std::move(names);
}

// PointsTo returns whether a distribution point of the certificate has one of
// `names`. What is not well-formed points nowhere.
bool PointsTo(const ParsedCertificate& certificate,
              const std::vector<Bytes>& names) {
  for (const RawExtension& extension : certificate.extensions) {
    if (OidToString(extension.oid) != "2.5.29.31") {
      continue;
    }
    DerReader value(extension.value);
    absl::StatusOr<DerReader> points =
        value.ReadInside(CBS_ASN1_SEQUENCE, "cRLDistributionPoints");
    while (points.ok() && !points->empty()) {
      const absl::StatusOr<std::vector<Bytes>> point = ReadPoint(*points);
      if (!point.ok()) {
        return false;
      }
      if (std::find_first_of(point->begin(), point->end(), names.begin(),
                             names.end()) != point->end()) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

bool ParsedCrl::Lists(Bytes serial) const {
  return std::binary_search(serials.begin(), serials.end(), serial, Less);
}

bool ParsedCrl::Covers(const ParsedCertificate& certificate) const {
  const bool authority = certificate.basic_constraints.has_value() &&
                         certificate.basic_constraints->is_ca;
  if (authority ? only_users : only_authorities) {
    return false;
  }
  return !distribution_point.has_value() ||
         PointsTo(certificate, *distribution_point);
}

absl::StatusOr<std::shared_ptr<const ParsedCrl>> ParseCrl(
    absl::Span<const uint8_t> der, size_t max_entries) {
  auto crl = std::make_shared<ParsedCrl>();
  crl->der.assign(der.begin(), der.end());
  DerReader whole(crl->der);
  PINNING_ASSIGN_OR_RETURN(
      DerReader fields, whole.ReadInside(CBS_ASN1_SEQUENCE, "certificateList"));
  PINNING_RETURN_IF_ERROR(whole.ExpectEnd("certificateList"));
  PINNING_ASSIGN_OR_RETURN(const DerElement tbs,
                           fields.Read(CBS_ASN1_SEQUENCE, "tbsCertList"));
  crl->signed_data.tbs = tbs.whole;
  PINNING_RETURN_IF_ERROR(
      ReadTbsCertList(fields.Inside(tbs.content), max_entries, crl.get()));
  PINNING_ASSIGN_OR_RETURN(crl->signed_data.signature_algorithm,
                           ReadAlgorithm(fields, "signatureAlgorithm"));
  PINNING_ASSIGN_OR_RETURN(const DerBitString signature,
                           fields.ReadBitString("signatureValue"));
  if (signature.unused_bits == 0) {
    crl->signed_data.signature = signature.octets;
  }
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd("certificateList"));
  return crl;
}

}  // namespace internal
}  // namespace pinning
