#include "tools/tlspin/formats/pem_keys.h"

#include <openssl/base.h>
#include <openssl/bytestring.h>
#include <openssl/evp.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "pinning/certificate.h"
#include "pinning/internal/pem.h"

namespace tlspin {

using ::pinning::Certificate;
using ::pinning::Pin;
using ::pinning::internal::ParsePem;
using ::pinning::internal::PemBlock;

absl::StatusOr<Pin> PinOfPemBlock(absl::string_view block) {
  const absl::StatusOr<std::vector<PemBlock>> blocks = ParsePem(block);
  if (!blocks.ok()) {
    return blocks.status();
  }
  if (blocks->size() != 1) {
    return absl::InvalidArgumentError("expected one PEM block");
  }
  const PemBlock& one = blocks->front();
  if (one.label == "CERTIFICATE") {
    const absl::StatusOr<Certificate> certificate =
        Certificate::FromDer(one.der);
    if (!certificate.ok()) {
      return certificate.status();
    }
    return Pin::OfSpki(certificate->spki_der());
  }
  if (one.label == "PUBLIC KEY") {
    CBS bytes;
    CBS_init(&bytes, one.der.data(), one.der.size());
    CBS spki;
    if (!CBS_get_asn1(&bytes, &spki, CBS_ASN1_SEQUENCE) ||
        CBS_len(&bytes) != 0) {
      return absl::InvalidArgumentError("not a SubjectPublicKeyInfo");
    }
    return Pin::OfSpki(one.der);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("a block of ", one.label,
                   ": only certificates and public keys are read"));
}

size_t EndOfPemBlock(absl::string_view text, size_t begin) {
  const size_t end = text.find("-----END ", begin);
  if (end == text.npos) {
    return text.npos;
  }
  const size_t line = text.find('\n', end);
  return line == text.npos ? text.size() : line + 1;
}

}  // namespace tlspin
