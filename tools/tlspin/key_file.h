#ifndef TOOLS_TLSPIN_KEY_FILE_H_
#define TOOLS_TLSPIN_KEY_FILE_H_

#include <openssl/base.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/pin.h"
#include "tools/tlspin/password.h"

namespace tlspin {

// A KeyItem is one thing in a file that has a public key, and its pin.
struct KeyItem {
  std::string kind;     // "certificate", "private key", "public key", "request"
  std::string key;      // "RSA 2048", "EC P-256", "Ed25519"; "" if not known
  std::string subject;  // escaped; "" if there is none
  pinning::Pin pin;
};

// ParseKeys returns every certificate, private key (PKCS #8, PKCS #1, SEC 1),
// public key (SubjectPublicKeyInfo, PKCS #1) and certificate request (PKCS #10)
// in `content`, which is PEM or DER, or a JWK or JWK set (RFC 7517), or PKCS
// #12, or a bundle of certificates (PKCS #7). What is encrypted is opened with
// `passwords`. No signature is checked. It returns INVALID_ARGUMENT if any part
// is none of these, NOT_FOUND if there is nothing, UNAUTHENTICATED if the
// password is wrong or missing, and UNIMPLEMENTED if something is encrypted in
// a way that is not known; never part of the file, and never a word of a
// private key.
absl::StatusOr<std::vector<KeyItem>> ParseKeys(absl::string_view content,
                                               const Passwords& passwords = {});

// ParseJwk is ParseKeys for a JWK or a JWK set.
absl::StatusOr<std::vector<KeyItem>> ParseJwk(absl::string_view content);

// CertificateItem returns the item of a certificate in DER.
absl::StatusOr<KeyItem> CertificateItem(absl::Span<const uint8_t> der);

// ItemOf returns the item of `kind` whose key is `key`.
absl::StatusOr<KeyItem> ItemOf(absl::string_view kind, const EVP_PKEY* key);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_KEY_FILE_H_
