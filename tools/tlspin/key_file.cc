#include "tools/tlspin/key_file.h"

#include <openssl/bio.h>
#include <openssl/bytestring.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/internal/pem.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/key_container.h"
#include "tools/tlspin/output.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Pin;
using Bytes = absl::Span<const uint8_t>;
using Items = std::vector<KeyItem>;

CBS CbsOf(Bytes bytes) {
  CBS cbs;
  CBS_init(&cbs, bytes.data(), bytes.size());
  return cbs;
}

Bytes BytesOf(const CBS& cbs) { return {CBS_data(&cbs), CBS_len(&cbs)}; }

// KeyText returns the type and size of `key`.
std::string KeyText(const EVP_PKEY* key) {
  switch (EVP_PKEY_id(key)) {
    case EVP_PKEY_RSA:
      return absl::StrCat("RSA ", EVP_PKEY_bits(key));
    case EVP_PKEY_EC: {
      const EC_GROUP* group =
          EC_KEY_get0_group(EVP_PKEY_get0_EC_KEY(const_cast<EVP_PKEY*>(key)));
      const char* name = EC_curve_nid2nist(EC_GROUP_get_curve_name(group));
      return absl::StrCat("EC ", name == nullptr ? "" : name);
    }
    case EVP_PKEY_ED25519:
      return "Ed25519";
    default:
      return "";
  }
}

// SpkiText returns the type and size of a key; any key has a pin, so one that
// BoringSSL does not know is no error.
std::string SpkiText(Bytes spki) {
  CBS cbs = CbsOf(spki);
  const bssl::UniquePtr<EVP_PKEY> key(EVP_parse_public_key(&cbs));
  return key == nullptr ? "" : KeyText(key.get());
}

// IsSpki returns whether `der` has the shape of a SubjectPublicKeyInfo
// (RFC 5280, 4.1).
bool IsSpki(Bytes der) {
  CBS cbs = CbsOf(der), spki, algorithm, oid, key;
  return CBS_get_asn1(&cbs, &spki, CBS_ASN1_SEQUENCE) && CBS_len(&cbs) == 0 &&
         CBS_get_asn1(&spki, &algorithm, CBS_ASN1_SEQUENCE) &&
         CBS_get_asn1(&algorithm, &oid, CBS_ASN1_OBJECT) &&
         CBS_get_asn1(&spki, &key, CBS_ASN1_BITSTRING) && CBS_len(&spki) == 0;
}

// ParsePrivate reads PKCS #8, PKCS #1 or SEC 1; null if `der` is none of them.
bssl::UniquePtr<EVP_PKEY> ParsePrivate(Bytes der) {
  CBS cbs = CbsOf(der);
  bssl::UniquePtr<EVP_PKEY> key(EVP_parse_private_key(&cbs));
  if (key != nullptr && CBS_len(&cbs) == 0) {
    return key;
  }
  key.reset(EVP_PKEY_new());
  cbs = CbsOf(der);
  const bssl::UniquePtr<RSA> rsa(RSA_parse_private_key(&cbs));
  if (rsa != nullptr && CBS_len(&cbs) == 0 &&
      EVP_PKEY_set1_RSA(key.get(), rsa.get())) {
    return key;
  }
  cbs = CbsOf(der);
  const bssl::UniquePtr<EC_KEY> ec(EC_KEY_parse_private_key(&cbs, nullptr));
  if (ec != nullptr && CBS_len(&cbs) == 0 &&
      EVP_PKEY_set1_EC_KEY(key.get(), ec.get())) {
    return key;
  }
  return nullptr;
}

// ParseRsaPublic reads PKCS #1's RSAPublicKey.
bssl::UniquePtr<EVP_PKEY> ParseRsaPublic(Bytes der) {
  CBS cbs = CbsOf(der);
  const bssl::UniquePtr<RSA> rsa(RSA_parse_public_key(&cbs));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  if (rsa == nullptr || CBS_len(&cbs) != 0 ||
      !EVP_PKEY_set1_RSA(key.get(), rsa.get())) {
    return nullptr;
  }
  return key;
}

// NameText returns an escaped one-line form of a DER Name.
std::string NameText(const CBS& der) {
  const uint8_t* data = CBS_data(&der);
  const bssl::UniquePtr<X509_NAME> name(
      d2i_X509_NAME(nullptr, &data, static_cast<long>(CBS_len(&der))));
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  const uint8_t* text = nullptr;
  size_t size = 0;
  if (name == nullptr ||
      X509_NAME_print_ex(bio.get(), name.get(), 0,
                         XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0 ||
      !BIO_mem_contents(bio.get(), &text, &size)) {
    return "";
  }
  return EscapeMessage({reinterpret_cast<const char*>(text), size});
}

// ParseRequest reads a CertificationRequest (RFC 2986, 4.2).
std::optional<KeyItem> ParseRequest(Bytes der) {
  CBS cbs = CbsOf(der), request, info, version, name, spki;
  if (!CBS_get_asn1(&cbs, &request, CBS_ASN1_SEQUENCE) || CBS_len(&cbs) != 0 ||
      !CBS_get_asn1(&request, &info, CBS_ASN1_SEQUENCE) ||
      !CBS_get_asn1(&request, nullptr, CBS_ASN1_SEQUENCE) ||
      !CBS_get_asn1(&request, nullptr, CBS_ASN1_BITSTRING) ||
      CBS_len(&request) != 0 ||
      !CBS_get_asn1(&info, &version, CBS_ASN1_INTEGER) ||
      !CBS_get_asn1_element(&info, &name, CBS_ASN1_SEQUENCE) ||
      !CBS_get_asn1_element(&info, &spki, CBS_ASN1_SEQUENCE) ||
      !IsSpki(BytesOf(spki))) {
    return std::nullopt;
  }
  return KeyItem{"request", SpkiText(BytesOf(spki)), NameText(name),
                 Pin::OfSpki(BytesOf(spki))};
}

absl::StatusOr<KeyItem> ParsePublic(Bytes der) {
  if (IsSpki(der)) {
    return KeyItem{"public key", SpkiText(der), "", Pin::OfSpki(der)};
  }
  const bssl::UniquePtr<EVP_PKEY> key = ParseRsaPublic(der);
  if (key == nullptr) {
    return absl::InvalidArgumentError("not a public key");
  }
  return ItemOf("public key", key.get());
}

// ParseOne reads what says of itself what it is only by its shape.
absl::StatusOr<KeyItem> ParseOne(Bytes der, const Passwords& passwords) {
  if (IsSpki(der)) {
    return ParsePublic(der);
  }
  if (IsEncryptedPkcs8(der)) {
    return ParseEncryptedPkcs8(der, passwords);
  }
  if (const bssl::UniquePtr<EVP_PKEY> key = ParsePrivate(der)) {
    return ItemOf("private key", key.get());
  }
  if (const bssl::UniquePtr<EVP_PKEY> key = ParseRsaPublic(der)) {
    return ItemOf("public key", key.get());
  }
  absl::StatusOr<KeyItem> certificate = CertificateItem(der);
  if (!certificate.ok()) {
    if (std::optional<KeyItem> request = ParseRequest(der)) {
      return *std::move(request);
    }
  }
  return certificate;
}

absl::StatusOr<KeyItem> ParseBlock(absl::string_view label, Bytes der,
                                   const Passwords& passwords) {
  if (label == "CERTIFICATE") {
    return CertificateItem(der);
  }
  if (label == "ENCRYPTED PRIVATE KEY") {
    return ParseEncryptedPkcs8(der, passwords);
  }
  if (absl::EndsWith(label, "PUBLIC KEY")) {
    return ParsePublic(der);
  }
  if (absl::EndsWith(label, "PRIVATE KEY")) {
    const bssl::UniquePtr<EVP_PKEY> key = ParsePrivate(der);
    if (key == nullptr) {
      return absl::InvalidArgumentError(
          "not a private key of a kind that is known");
    }
    return ItemOf("private key", key.get());
  }
  if (absl::EndsWith(label, "CERTIFICATE REQUEST")) {
    if (std::optional<KeyItem> request = ParseRequest(der)) {
      return *std::move(request);
    }
    return absl::InvalidArgumentError("not a certificate request");
  }
  return absl::InvalidArgumentError(
      absl::StrCat("a block of type \"", label, "\" has no pin"));
}

absl::StatusOr<Items> ItemsOf(absl::StatusOr<KeyItem> item) {
  if (!item.ok()) {
    return item.status();
  }
  return Items{*std::move(item)};
}

absl::StatusOr<Items> ParsePemKeys(absl::string_view content,
                                   const Passwords& passwords) {
  // The parser takes no headers at all; this is the one that people meet.
  if (absl::StrContains(content, "Proc-Type: 4,ENCRYPTED")) {
    return ItemsOf(ParseEncryptedPem(content, passwords));
  }
  const absl::StatusOr<std::vector<pinning::internal::PemBlock>> blocks =
      pinning::internal::ParsePem(content);
  if (!blocks.ok()) {
    return blocks.status();
  }
  Items items;
  for (const pinning::internal::PemBlock& block : *blocks) {
    if (block.label == "EC PARAMETERS") {
      continue;  // openssl-ecparam(1) writes it before the key
    }
    const bool is_bundle = block.label == "PKCS7" || block.label == "CMS";
    absl::StatusOr<Items> more =
        is_bundle ? ParsePkcs7(block.der)
                  : ItemsOf(ParseBlock(block.label, block.der, passwords));
    if (!more.ok()) {
      return absl::Status(more.status().code(),
                          absl::StrCat("the block at line ", block.line, ": ",
                                       more.status().message()));
    }
    std::move(more->begin(), more->end(), std::back_inserter(items));
  }
  return items;
}

}  // namespace

absl::StatusOr<KeyItem> CertificateItem(Bytes der) {
  const absl::StatusOr<Certificate> certificate = Certificate::FromDer(der);
  if (!certificate.ok()) {
    return certificate.status();
  }
  return KeyItem{"certificate", SpkiText(certificate->spki_der()),
                 EscapeMessage(certificate->subject()), certificate->pin()};
}

absl::StatusOr<KeyItem> ItemOf(absl::string_view kind, const EVP_PKEY* key) {
  bssl::ScopedCBB cbb;
  uint8_t* spki = nullptr;
  size_t size = 0;
  if (!CBB_init(cbb.get(), 0) || !EVP_marshal_public_key(cbb.get(), key) ||
      !CBB_finish(cbb.get(), &spki, &size)) {
    return absl::InvalidArgumentError("the key cannot be encoded");
  }
  const bssl::UniquePtr<uint8_t> owned(spki);
  return KeyItem{std::string(kind), KeyText(key), "",
                 Pin::OfSpki({spki, size})};
}

absl::StatusOr<Items> ParseKeys(absl::string_view content,
                                const Passwords& passwords) {
  const absl::string_view text = absl::StripLeadingAsciiWhitespace(content);
  if (text.empty()) {
    return absl::NotFoundError("empty, no certificate and no key");
  }
  // These may be BER, which is not split into elements.
  if (IsPkcs12(AsBytes(content))) {
    return ParsePkcs12(AsBytes(content), passwords);
  }
  if (IsPkcs7(AsBytes(content))) {
    return ParsePkcs7(AsBytes(content));
  }
  if (IsPem(content)) {
    return ParsePemKeys(content, passwords);
  }
  if (text.front() == '{') {
    return ParseJwk(text);
  }
  const absl::StatusOr<std::vector<absl::string_view>> elements =
      SplitDer(content);
  if (!elements.ok()) {
    return absl::InvalidArgumentError(
        "not PEM, DER, PKCS #12, PKCS #7 or JWK, or not whole");
  }
  Items items;
  for (const absl::string_view element : *elements) {
    absl::StatusOr<KeyItem> item = ParseOne(AsBytes(element), passwords);
    if (!item.ok()) {
      return item.status();
    }
    items.push_back(*std::move(item));
  }
  return items;
}

}  // namespace tlspin
