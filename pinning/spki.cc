#include "pinning/spki.h"

#include "pinning/internal/der_reader.h"
#include "pinning/internal/status_macros.h"

namespace pinning {

absl::StatusOr<absl::Span<const uint8_t>> FindSpki(
    absl::Span<const uint8_t> certificate_der) {
  using internal::DerElement;
  using internal::DerReader;
  constexpr unsigned kVersion =
      CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 0;
  DerReader whole(certificate_der);
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           whole.ReadInside(CBS_ASN1_SEQUENCE, "certificate"));
  PINNING_RETURN_IF_ERROR(whole.ExpectEnd("certificate"));
  PINNING_ASSIGN_OR_RETURN(
      DerReader tbs, fields.ReadInside(CBS_ASN1_SEQUENCE, "tbsCertificate"));
  if (tbs.NextIs(kVersion)) {
    PINNING_RETURN_IF_ERROR(tbs.Read(kVersion, "version").status());
  }
  PINNING_RETURN_IF_ERROR(tbs.Read(CBS_ASN1_INTEGER, "serialNumber").status());
  for (const char* field : {"signature", "issuer", "validity", "subject"}) {
    PINNING_RETURN_IF_ERROR(tbs.Read(CBS_ASN1_SEQUENCE, field).status());
  }
  PINNING_ASSIGN_OR_RETURN(const DerElement spki,
                           tbs.Read(CBS_ASN1_SEQUENCE, "subjectPublicKeyInfo"));
  return spki.whole;
}

}  // namespace pinning
