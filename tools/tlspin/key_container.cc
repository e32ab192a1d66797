#include "tools/tlspin/key_container.h"

#include <openssl/bio.h>
#include <openssl/bytestring.h>
#include <openssl/cipher.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/pkcs8.h>
#include <openssl/pool.h>
#include <openssl/stack.h>
#include <openssl/x509.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace tlspin {
namespace {

using Bytes = absl::Span<const uint8_t>;
using Items = std::vector<KeyItem>;

CBS CbsOf(Bytes bytes) {
  CBS cbs;
  CBS_init(&cbs, bytes.data(), bytes.size());
  return cbs;
}

// BeginsWith returns whether `der` is a SEQUENCE, its length definite or not,
// whose first element is `element`.
bool BeginsWith(Bytes der, Bytes element) {
  CBS cbs = CbsOf(der), sequence;
  CBS_ASN1_TAG tag = 0;
  size_t header = 0;
  int ber_found = 0, indefinite = 0;
  if (!CBS_get_any_ber_asn1_element(&cbs, &sequence, &tag, &header, &ber_found,
                                    &indefinite) ||
      tag != CBS_ASN1_SEQUENCE) {
    return false;
  }
  der.remove_prefix(header);
  return der.size() >= element.size() && der.first(element.size()) == element;
}

// What BoringSSL does not read, in words; null for other errors.
const char* UnsupportedText(uint32_t error) {
  if (ERR_GET_LIB(error) != ERR_LIB_PKCS8) {
    return nullptr;
  }
  switch (ERR_GET_REASON(error)) {
    case PKCS8_R_UNKNOWN_ALGORITHM:
    case PKCS8_R_UNSUPPORTED_CIPHER:
    case PKCS8_R_UNKNOWN_CIPHER:
    case PKCS8_R_UNKNOWN_CIPHER_ALGORITHM:
      return "encrypted with a cipher that is not known here";
    case PKCS8_R_UNSUPPORTED_KEYLENGTH:
      return "encrypted with a key length that is not known here";
    case PKCS8_R_UNSUPPORTED_KEY_DERIVATION_FUNCTION:
      return "its key is derived with another function than PBKDF2";
    case PKCS8_R_UNSUPPORTED_PRF:
      return "its key is derived with another hash than SHA-1 and SHA-256";
    case PKCS8_R_UNSUPPORTED_SALT_TYPE:
      return "its key is derived with a salt of a kind that is not known here";
    case PKCS8_R_UNKNOWN_HASH:
    case PKCS8_R_UNKNOWN_DIGEST:
      return "its integrity rests on a hash that is not known here";
    case PKCS8_R_MISSING_MAC:
      return "it has no integrity check (MAC)";
    case PKCS8_R_PKCS12_PUBLIC_KEY_INTEGRITY_NOT_SUPPORTED:
      return "it is signed with a key instead of a password";
    case PKCS8_R_MULTIPLE_PRIVATE_KEYS_IN_PKCS12:
      return "it holds several private keys";
    default:
      return nullptr;
  }
}

// ErrorOf returns the status for what BoringSSL says went wrong with `what`.
// The deepest error is the first.
absl::Status ErrorOf(absl::string_view what, absl::string_view otherwise) {
  const uint32_t error = ERR_get_error();
  ERR_clear_error();
  if (const char* unsupported = UnsupportedText(error)) {
    return absl::UnimplementedError(absl::StrCat(what, ": ", unsupported));
  }
  if (ERR_GET_LIB(error) == ERR_LIB_PEM &&
      ERR_GET_REASON(error) == PEM_R_UNSUPPORTED_ENCRYPTION) {
    return absl::UnimplementedError(
        absl::StrCat(what, ": encrypted with a cipher that is not known here"));
  }
  if (ERR_GET_LIB(error) == ERR_LIB_DIGEST) {
    return absl::UnimplementedError(absl::StrCat(
        what, ": its integrity rests on a hash that is not known here"));
  }
  if (ERR_GET_LIB(error) == ERR_LIB_PKCS8 &&
      ERR_GET_REASON(error) == PKCS8_R_INCORRECT_PASSWORD) {
    return absl::UnauthenticatedError(
        absl::StrCat(what, ": the password is wrong"));
  }
  if (ERR_GET_LIB(error) == ERR_LIB_PKCS8 &&
      ERR_GET_REASON(error) == PKCS8_R_INVALID_CHARACTERS) {
    return absl::UnauthenticatedError(
        absl::StrCat(what, ": the password is not UTF-8"));
  }
  if (otherwise.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": damaged, or not whole"));
  }
  return absl::UnauthenticatedError(absl::StrCat(what, ": ", otherwise));
}

// What a wrong password looks like where nothing checks it.
constexpr char kWrongOrDamaged[] = "the password is wrong, or it is damaged";

absl::Status AddCertificate(Bytes der, Items& items) {
  absl::StatusOr<KeyItem> item = CertificateItem(der);
  if (!item.ok()) {
    return item.status();
  }
  items.push_back(*std::move(item));
  return absl::OkStatus();
}

absl::StatusOr<Items> OpenPkcs12(Bytes der, const std::string& password) {
  ERR_clear_error();
  CBS cbs = CbsOf(der);
  EVP_PKEY* raw_key = nullptr;
  const bssl::UniquePtr<STACK_OF(X509)> certificates(sk_X509_new_null());
  if (!PKCS12_get_key_and_certs(&raw_key, certificates.get(), &cbs,
                                password.c_str())) {
    return ErrorOf("PKCS #12", "");
  }
  const bssl::UniquePtr<EVP_PKEY> key(raw_key);
  Items items;
  if (key != nullptr) {
    absl::StatusOr<KeyItem> item = ItemOf("private key", key.get());
    if (!item.ok()) {
      return item.status();
    }
    items.push_back(*std::move(item));
  }
  for (size_t i = 0; i < sk_X509_num(certificates.get()); ++i) {
    uint8_t* encoded = nullptr;
    const int size = i2d_X509(sk_X509_value(certificates.get(), i), &encoded);
    const bssl::UniquePtr<uint8_t> owned(encoded);
    if (size <= 0) {
      return absl::InternalError("a certificate cannot be encoded");
    }
    const absl::Status added =
        AddCertificate({encoded, static_cast<size_t>(size)}, items);
    if (!added.ok()) {
      return added;
    }
  }
  if (items.empty()) {
    return absl::NotFoundError("PKCS #12: no certificate and no key");
  }
  return items;
}

// GivePassword is a pem_password_cb whose `data` is a std::string.
int GivePassword(char* buffer, int size, int /*encrypting*/, void* data) {
  const std::string& password = *static_cast<const std::string*>(data);
  if (size < 0 || password.size() > static_cast<size_t>(size)) {
    return -1;
  }
  password.copy(buffer, password.size());
  return static_cast<int>(password.size());
}

}  // namespace

bool IsPkcs12(Bytes der) {
  static constexpr uint8_t kVersion3[] = {0x02, 0x01, 0x03};
  return BeginsWith(der, kVersion3);
}

bool IsPkcs7(Bytes der) {
  static constexpr uint8_t kSignedData[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                            0xf7, 0x0d, 0x01, 0x07, 0x02};
  return BeginsWith(der, kSignedData);
}

bool IsEncryptedPkcs8(Bytes der) {
  CBS cbs = CbsOf(der), info, algorithm, oid, data;
  return CBS_get_asn1(&cbs, &info, CBS_ASN1_SEQUENCE) && CBS_len(&cbs) == 0 &&
         CBS_get_asn1(&info, &algorithm, CBS_ASN1_SEQUENCE) &&
         CBS_get_asn1(&algorithm, &oid, CBS_ASN1_OBJECT) &&
         CBS_get_asn1(&info, &data, CBS_ASN1_OCTETSTRING) &&
         CBS_len(&info) == 0;
}

absl::StatusOr<Items> ParsePkcs12(Bytes der, const Passwords& passwords) {
  Items items;
  const absl::Status status =
      TryPasswords(passwords, [&](const std::string& password) {
        absl::StatusOr<Items> opened = OpenPkcs12(der, password);
        if (opened.ok()) {
          items = *std::move(opened);
        }
        return opened.status();
      });
  if (!status.ok()) {
    return status;
  }
  return items;
}

absl::StatusOr<Items> ParsePkcs7(Bytes der) {
  ERR_clear_error();
  CBS cbs = CbsOf(der);
  const bssl::UniquePtr<STACK_OF(CRYPTO_BUFFER)> buffers(
      sk_CRYPTO_BUFFER_new_null());
  if (!PKCS7_get_raw_certificates(buffers.get(), &cbs, nullptr) ||
      CBS_len(&cbs) != 0) {
    return ErrorOf("PKCS #7", "");
  }
  Items items;
  for (size_t i = 0; i < sk_CRYPTO_BUFFER_num(buffers.get()); ++i) {
    const CRYPTO_BUFFER* buffer = sk_CRYPTO_BUFFER_value(buffers.get(), i);
    const absl::Status added = AddCertificate(
        {CRYPTO_BUFFER_data(buffer), CRYPTO_BUFFER_len(buffer)}, items);
    if (!added.ok()) {
      return added;
    }
  }
  if (items.empty()) {
    return absl::NotFoundError("PKCS #7: no certificate");
  }
  return items;
}

absl::StatusOr<KeyItem> ParseEncryptedPkcs8(Bytes der,
                                            const Passwords& passwords) {
  bssl::UniquePtr<EVP_PKEY> key;
  const absl::Status status =
      TryPasswords(passwords, [&](const std::string& password) {
        ERR_clear_error();
        CBS cbs = CbsOf(der);
        key.reset(PKCS8_parse_encrypted_private_key(&cbs, password.data(),
                                                    password.size()));
        return key != nullptr && CBS_len(&cbs) == 0
                   ? absl::OkStatus()
                   : ErrorOf("encrypted private key", kWrongOrDamaged);
      });
  if (!status.ok()) {
    return status;
  }
  return ItemOf("private key", key.get());
}

absl::StatusOr<KeyItem> ParseEncryptedPem(absl::string_view pem,
                                          const Passwords& passwords) {
  const size_t begin = pem.find("-----BEGIN ");
  if (begin != pem.rfind("-----BEGIN ")) {
    return absl::UnimplementedError(
        "encrypted private key: in this form (Proc-Type) it has to be alone in "
        "its file");
  }
  bssl::UniquePtr<EVP_PKEY> key;
  const absl::Status status =
      TryPasswords(passwords, [&](const std::string& password) {
        ERR_clear_error();
        const bssl::UniquePtr<BIO> bio(
            BIO_new_mem_buf(pem.data(), static_cast<ossl_ssize_t>(pem.size())));
        key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, GivePassword,
                                          const_cast<std::string*>(&password)));
        return key != nullptr
                   ? absl::OkStatus()
                   : ErrorOf("encrypted private key", kWrongOrDamaged);
      });
  if (!status.ok()) {
    return status;
  }
  return ItemOf("private key", key.get());
}

}  // namespace tlspin
