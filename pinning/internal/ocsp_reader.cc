#include "pinning/internal/ocsp_reader.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/certificate_parser.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/der_time.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/raw_extension.h"
#include "pinning/internal/status_macros.h"

namespace pinning::internal {
namespace {

constexpr unsigned kContext = CBS_ASN1_CONTEXT_SPECIFIC;
constexpr unsigned kConstructed = kContext | CBS_ASN1_CONSTRUCTED;
constexpr absl::string_view kBasicResponse = "1.3.6.1.5.5.7.48.1.1";
constexpr absl::string_view kSctList = "1.3.6.1.4.1.11129.2.4.5";

// ReadGeneralizedTime reads the only form of time that OCSP has.
absl::Status ReadGeneralizedTime(DerReader& fields, absl::string_view what) {
  return fields.NextIs(CBS_ASN1_GENERALIZEDTIME)
             ? ReadTime(fields, what).status()
             : fields.Error(what, "not a GeneralizedTime");
}

// ReadTagged reads the Extensions in context tag [1], if it is there, and
// returns the content of the SCT extension, if that is.
absl::StatusOr<std::optional<Bytes>> ReadTagged(DerReader& fields,
                                                absl::string_view what) {
  std::optional<Bytes> sct_list;
  if (!fields.NextIs(kConstructed | 1)) {
    return sct_list;
  }
  PINNING_ASSIGN_OR_RETURN(DerReader tagged,
                           fields.ReadInside(kConstructed | 1, what));
  PINNING_ASSIGN_OR_RETURN(DerReader extensions,
                           tagged.ReadInside(CBS_ASN1_SEQUENCE, what));
  PINNING_RETURN_IF_ERROR(tagged.ExpectEnd(what));
  absl::flat_hash_set<std::string> seen;
  while (!extensions.empty()) {
    const DerReader before = extensions;
    PINNING_ASSIGN_OR_RETURN(const RawExtension extension,
                             ReadExtension(extensions));
    const std::string oid = OidToString(extension.oid);
    if (!seen.insert(oid).second) {
      return before.Error(what, "an extension that is there already");
    }
    if (oid == kSctList) {
      DerReader value = extensions.Inside(extension.value);
      PINNING_ASSIGN_OR_RETURN(const DerElement list,
                               value.Read(CBS_ASN1_OCTETSTRING, "SCT list"));
      PINNING_RETURN_IF_ERROR(value.ExpectEnd("SCT list"));
      sct_list = list.content;
    }
  }
  return sct_list;
}

// ReadCertId reads a CertID and returns the serial number in it.
absl::StatusOr<Bytes> ReadCertId(DerReader& answer) {
  constexpr absl::string_view kWhat = "certID";
  PINNING_ASSIGN_OR_RETURN(DerReader id,
                           answer.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  PINNING_RETURN_IF_ERROR(ReadAlgorithm(id, kWhat).status());
  PINNING_RETURN_IF_ERROR(id.Read(CBS_ASN1_OCTETSTRING, kWhat).status());
  PINNING_RETURN_IF_ERROR(id.Read(CBS_ASN1_OCTETSTRING, kWhat).status());
  PINNING_ASSIGN_OR_RETURN(const Bytes serial, id.ReadInteger(kWhat));
  PINNING_RETURN_IF_ERROR(id.ExpectEnd(kWhat));
  return serial;
}

// ReadCertStatus reads a CertStatus: [0] good or [2] unknown, both NULL, or
// [1] revoked.
absl::Status ReadCertStatus(DerReader& answer) {
  constexpr absl::string_view kWhat = "certStatus";
  if (answer.NextIs(kConstructed | 1)) {
    PINNING_ASSIGN_OR_RETURN(DerReader revoked,
                             answer.ReadInside(kConstructed | 1, kWhat));
    PINNING_RETURN_IF_ERROR(ReadGeneralizedTime(revoked, kWhat));
    if (revoked.NextIs(kConstructed | 0)) {  // revocationReason
      PINNING_ASSIGN_OR_RETURN(DerReader reason,
                               revoked.ReadInside(kConstructed | 0, kWhat));
      PINNING_RETURN_IF_ERROR(
          reason.ReadInteger(kWhat, CBS_ASN1_ENUMERATED).status());
      PINNING_RETURN_IF_ERROR(reason.ExpectEnd(kWhat));
    }
    return revoked.ExpectEnd(kWhat);
  }
  const unsigned tag = answer.NextIs(kContext | 2) ? kContext | 2 : kContext;
  PINNING_ASSIGN_OR_RETURN(const DerElement null, answer.Read(tag, kWhat));
  return null.content.empty() ? absl::OkStatus()
                              : answer.Error(kWhat, "not a NULL");
}

absl::StatusOr<OcspAnswer> ReadAnswer(DerReader& answers) {
  constexpr absl::string_view kWhat = "singleResponse";
  OcspAnswer result;
  PINNING_ASSIGN_OR_RETURN(DerReader answer,
                           answers.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  PINNING_ASSIGN_OR_RETURN(result.serial, ReadCertId(answer));
  PINNING_RETURN_IF_ERROR(ReadCertStatus(answer));
  PINNING_RETURN_IF_ERROR(ReadGeneralizedTime(answer, "thisUpdate"));
  if (answer.NextIs(kConstructed | 0)) {
    PINNING_ASSIGN_OR_RETURN(DerReader next,
                             answer.ReadInside(kConstructed | 0, "nextUpdate"));
    PINNING_RETURN_IF_ERROR(ReadGeneralizedTime(next, "nextUpdate"));
    PINNING_RETURN_IF_ERROR(next.ExpectEnd("nextUpdate"));
  }
  PINNING_ASSIGN_OR_RETURN(result.sct_list,
                           ReadTagged(answer, "singleExtensions"));
  PINNING_RETURN_IF_ERROR(answer.ExpectEnd(kWhat));
  return result;
}

// ReadResponderId reads a ResponderID: [1] byName or [2] byKey.
absl::Status ReadResponderId(DerReader& data) {
  const unsigned number = data.NextIs(kConstructed | 1) ? 1 : 2;
  return data.Read(kConstructed | number, "responderID").status();
}

// ReadResponseData reads tbsResponseData.
absl::StatusOr<std::vector<OcspAnswer>> ReadResponseData(DerReader& basic,
                                                         size_t max_answers) {
  constexpr absl::string_view kWhat = "tbsResponseData";
  PINNING_ASSIGN_OR_RETURN(DerReader data,
                           basic.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  // A version is there only if it is not v1, of which there is none (4.2.1).
  PINNING_RETURN_IF_ERROR(ReadResponderId(data));
  PINNING_RETURN_IF_ERROR(ReadGeneralizedTime(data, "producedAt"));
  PINNING_ASSIGN_OR_RETURN(DerReader answers,
                           data.ReadInside(CBS_ASN1_SEQUENCE, "responses"));
  std::vector<OcspAnswer> result;
  while (!answers.empty()) {
    if (result.size() == max_answers) {
      return answers.Error("responses",
                           absl::StrCat("more than ", max_answers));
    }
    PINNING_ASSIGN_OR_RETURN(OcspAnswer answer, ReadAnswer(answers));
    result.push_back(answer);
  }
  PINNING_RETURN_IF_ERROR(ReadTagged(data, "responseExtensions").status());
  PINNING_RETURN_IF_ERROR(data.ExpectEnd(kWhat));
  return result;
}

// ReadBasicResponse reads a BasicOCSPResponse.
absl::StatusOr<std::vector<OcspAnswer>> ReadBasicResponse(DerReader outer,
                                                          size_t max_answers) {
  constexpr absl::string_view kWhat = "BasicOCSPResponse";
  PINNING_ASSIGN_OR_RETURN(DerReader basic,
                           outer.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  PINNING_RETURN_IF_ERROR(outer.ExpectEnd(kWhat));
  PINNING_ASSIGN_OR_RETURN(std::vector<OcspAnswer> result,
                           ReadResponseData(basic, max_answers));
  PINNING_RETURN_IF_ERROR(ReadAlgorithm(basic, kWhat).status());
  PINNING_RETURN_IF_ERROR(basic.ReadBitString("signature").status());
  if (basic.NextIs(kConstructed | 0)) {
    PINNING_ASSIGN_OR_RETURN(DerReader tagged,
                             basic.ReadInside(kConstructed | 0, "certs"));
    PINNING_RETURN_IF_ERROR(tagged.Read(CBS_ASN1_SEQUENCE, "certs").status());
    PINNING_RETURN_IF_ERROR(tagged.ExpectEnd("certs"));
  }
  PINNING_RETURN_IF_ERROR(basic.ExpectEnd(kWhat));
  return result;
}

}  // namespace

absl::StatusOr<std::vector<OcspAnswer>> ReadOcspAnswers(
    absl::Span<const uint8_t> response, size_t max_answers) {
  constexpr absl::string_view kWhat = "OCSPResponse";
  DerReader outer(response);
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           outer.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  PINNING_RETURN_IF_ERROR(outer.ExpectEnd(kWhat));
  PINNING_ASSIGN_OR_RETURN(
      const Bytes status,
      fields.ReadInteger("responseStatus", CBS_ASN1_ENUMERATED));
  const bool successful = status.size() == 1 && status[0] == 0;
  if (successful == fields.empty()) {
    return fields.Error(kWhat, successful ? "successful, and no response"
                                          : "an error, and a response");
  }
  if (!successful) {
    return std::vector<OcspAnswer>();
  }
  PINNING_ASSIGN_OR_RETURN(DerReader tagged,
                           fields.ReadInside(kConstructed | 0, kWhat));
  PINNING_RETURN_IF_ERROR(fields.ExpectEnd(kWhat));
  PINNING_ASSIGN_OR_RETURN(DerReader bytes,
                           tagged.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  PINNING_RETURN_IF_ERROR(tagged.ExpectEnd(kWhat));
  const DerReader before = bytes;
  PINNING_ASSIGN_OR_RETURN(const Bytes type, bytes.ReadOid("responseType"));
  if (OidToString(type) != kBasicResponse) {
    return before.Error("responseType", "not a basic response");
  }
  PINNING_ASSIGN_OR_RETURN(const DerElement basic,
                           bytes.Read(CBS_ASN1_OCTETSTRING, "response"));
  PINNING_RETURN_IF_ERROR(bytes.ExpectEnd(kWhat));
  return ReadBasicResponse(bytes.Inside(basic.content), max_answers);
}

}  // namespace pinning::internal
