// Certificate::FromDer on any bytes: it does not crash, what it accepts can be
// asked everything, and says the same when it is parsed again.
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/profile.h"
#include "pinning/internal/signature.h"
#include "pinning/pin.h"
#include "pinning/server_name.h"
#include "pinning/spki.h"
#include "tests/fuzz/fuzz.h"

namespace {

using fuzz::Require;
using pinning::Certificate;
using Bytes = absl::Span<const uint8_t>;

bool IsWithin(Bytes part, Bytes whole) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) !=
         whole.end();
}

void CheckAccessors(const Certificate& certificate, Bytes der) {
  Require(certificate.der() == der, "a certificate is the bytes it came from");
  Require(IsWithin(certificate.spki_der(), der), "the SPKI is in the DER");
  const absl::StatusOr<Bytes> found = pinning::FindSpki(der);
  Require(found.ok() && *found == certificate.spki_der(),
          "the SPKI is found without the rest");
  Require(IsWithin(certificate.serial(), der), "the serial is in the DER");
  Require(!certificate.serial().empty(), "a serial has an octet");
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256(certificate.spki_der().data(), certificate.spki_der().size(),
         digest.data());
  Require(certificate.pin() == pinning::Pin(digest),
          "the pin is the SHA-256 of the SPKI");
  for (const absl::string_view address : certificate.ip_addresses()) {
    Require(address.size() == 4 || address.size() == 16,
            "an address has 4 or 16 octets");
  }
  for (const auto& attribute :
       pinning::internal::AttributesOf(certificate.parsed().subject)) {
    const std::vector<std::string> values =
        certificate.SubjectAttribute(attribute.oid);
    const bool found = std::find(values.begin(), values.end(),
                                 attribute.value) != values.end();
    Require(attribute.is_text ? found : attribute.value.front() == '#',
            "text is found by its OID, and what is no text is shown in hex");
  }
  for (const auto& attribute :
       pinning::internal::AttributesOf(certificate.parsed().issuer)) {
    Require(!attribute.is_text ||
                !certificate.IssuerAttribute(attribute.oid).empty(),
            "text in the issuer is found by its OID");
  }
}

void CheckNames(const Certificate& certificate) {
  for (const absl::string_view dns : certificate.dns_names()) {
    const absl::StatusOr<pinning::ServerName> name =
        pinning::ServerName::FromString(dns);
    if (name.ok() && name->kind() == pinning::ServerName::Kind::kDns &&
        dns.back() != '.') {
      Require(name->Matches(certificate), "a host name matches itself");
    }
  }
}

// What a path does with a certificate that parses.
void CheckUses(const Certificate& certificate) {
  namespace internal = pinning::internal;
  const auto& parsed = certificate.parsed();
  const bool usable = internal::CheckPublicKey(certificate.spki_der()).passed();
  Require(!internal::CheckProfile(parsed, /*is_issuer=*/true).passed() ||
              internal::CheckProfile(parsed, /*is_issuer=*/false).passed(),
          "an issuer is held to more than a leaf");
  const auto verified =
      internal::VerifySignature(parsed, certificate.spki_der());
  Require(usable || !verified.passed(), "a refused key verifies nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes der(data, size);
  const absl::StatusOr<Certificate> certificate = Certificate::FromDer(der);
  if (const absl::StatusOr<Bytes> spki = pinning::FindSpki(der); spki.ok()) {
    Require(IsWithin(*spki, der) && spki->front() == 0x30,
            "an SPKI that is found is a SEQUENCE in the DER");
  }
  if (!certificate.ok()) {
    Require(certificate.status().code() == absl::StatusCode::kInvalidArgument,
            "a refusal is INVALID_ARGUMENT");
    return 0;
  }
  CheckAccessors(*certificate, der);
  CheckNames(*certificate);
  CheckUses(*certificate);
  const absl::StatusOr<Certificate> again =
      Certificate::FromDer(certificate->der());
  Require(again.ok() && *again == *certificate, "it parses again");
  Require(again->subject() == certificate->subject() &&
              again->issuer() == certificate->issuer() &&
              again->not_before() == certificate->not_before() &&
              again->not_after() == certificate->not_after() &&
              again->dns_names() == certificate->dns_names() &&
              again->IsSelfIssued() == certificate->IsSelfIssued(),
          "it says the same when it is parsed again");
  return 0;
}
