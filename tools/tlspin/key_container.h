#ifndef TOOLS_TLSPIN_KEY_CONTAINER_H_
#define TOOLS_TLSPIN_KEY_CONTAINER_H_

#include <openssl/base.h>

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/tlspin/key_file.h"
#include "tools/tlspin/password.h"

// What holds keys and certificates under a wrapping: PKCS #12, PKCS #7 and
// private keys that are encrypted.
//
// Errors: INVALID_ARGUMENT if it cannot be read, UNAUTHENTICATED if the
// password is wrong or missing, UNIMPLEMENTED if it is encrypted or signed in a
// way that BoringSSL does not read.
namespace tlspin {

// IsPkcs12 returns whether `der` begins like a PFX (RFC 7292, 4), in BER too.
bool IsPkcs12(absl::Span<const uint8_t> der);

// IsPkcs7 returns whether `der` begins like SignedData (RFC 5652, 5.1), in BER
// too.
bool IsPkcs7(absl::Span<const uint8_t> der);

// IsEncryptedPkcs8 returns whether `der` has the shape of an
// EncryptedPrivateKeyInfo (RFC 5958, 3).
bool IsEncryptedPkcs8(absl::Span<const uint8_t> der);

// ParsePkcs12 returns the private key, if there is one, and the certificates in
// the order of the file.
absl::StatusOr<std::vector<KeyItem>> ParsePkcs12(absl::Span<const uint8_t> der,
                                                 const Passwords& passwords);

// ParsePkcs7 returns the certificates of a bundle. They have no order there.
absl::StatusOr<std::vector<KeyItem>> ParsePkcs7(absl::Span<const uint8_t> der);

absl::StatusOr<KeyItem> ParseEncryptedPkcs8(absl::Span<const uint8_t> der,
                                            const Passwords& passwords);

// ParseEncryptedPem reads a private key in PEM that is encrypted in the way
// from before PKCS #8, with "Proc-Type: 4,ENCRYPTED" (RFC 1421, 4.6.1.1). It
// has to be alone.
absl::StatusOr<KeyItem> ParseEncryptedPem(absl::string_view pem,
                                          const Passwords& passwords);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_KEY_CONTAINER_H_
