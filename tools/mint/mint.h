#ifndef TOOLS_MINT_MINT_H_
#define TOOLS_MINT_MINT_H_

#include <openssl/base.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

// Mints keys, certificates and CRLs for tests and for `tlspin demo`: good ones
// by default, and broken in one chosen way at a time. It encodes DER itself, so
// that what no certificate authority would sign can be signed here. A failure
// (out of memory, a key that cannot sign) aborts the program.
namespace mint {

// A Key is a private key; copies share it.
class Key {
 public:
  static Key P256();
  static Key P384();
  static Key P521();
  static Key Ed25519();
  static Key Rsa(int bits);
  // P256From returns the key that `seed` stands for, the same in every run: for
  // output that is compared with what it was.
  static Key P256From(absl::string_view seed);
  // Shared returns a key of the type and size of `name` ("p256-1", "rsa2048-a")
  // made once per process, so that tests need not pay for RSA keys twice.
  static Key Shared(absl::string_view name);

  EVP_PKEY* get() const;
  std::vector<uint8_t> SpkiDer() const;
  std::string PrivatePem() const;  // PKCS #8
  std::string PublicPem() const;
  std::string CsrPem(absl::string_view common_name) const;  // PKCS #10

 private:
  explicit Key(bssl::UniquePtr<EVP_PKEY> key);
  struct Rep;
  std::shared_ptr<const Rep> rep_;
};

// Digest and padding of a signature; kDefault fits the issuer's key.
enum class SignatureAlgorithm {
  kDefault,  // SHA-256, or what the curve calls for; PKCS #1 v1.5 for RSA
  kRsaSha1,
  kRsaSha256,
  kRsaSha384,
  kRsaSha512,
  kRsaPssSha256,
  kRsaPssSha384,
  kRsaPssSha512,
  kRsaMd5,
  kEcdsaSha1,
  kEcdsaSha256,
  kEcdsaSha384,
  kEcdsaSha512,
  kEd25519,
};

// An Attribute is a name attribute: dotted OID and UTF-8 value.
using Attribute = std::pair<std::string, std::string>;

struct Extension {
  std::string oid;  // dotted
  bool critical = false;
  std::vector<uint8_t> value;  // DER
};

// A Spec says what to put in a certificate. Unset optionals leave a field out.
struct Spec {
  // The subject: `common_name` alone, or `subject` whole if not empty.
  std::string common_name;
  std::vector<Attribute> subject;
  std::optional<std::vector<uint8_t>> subject_der;  // raw Name, wins over both
  std::optional<std::vector<uint8_t>> issuer_der;   // raw Name; else issuer's

  absl::Time not_before = absl::FromUnixSeconds(1767225600);  // 2026-01-01
  absl::Time not_after = absl::FromUnixSeconds(1798761600);   // 2027-01-01

  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;  // textual
  std::vector<std::string> emails;
  std::vector<std::string> uris;
  bool san_critical = false;

  std::optional<bool> is_ca;  // set: BasicConstraints, critical
  std::optional<int> path_length;
  std::optional<uint16_t> key_usage;  // internal::KeyUsageBit; critical
  std::vector<std::string> extended_key_usage;  // dotted OIDs

  // Name constraints, critical. "dns:example.com", "ip:10.0.0.0/8",
  // "email:example.com", "uri:.example.com", "cn:Common Name" (directoryName).
  std::vector<std::string> permitted;
  std::vector<std::string> excluded;

  bool subject_key_id = true;    // SHA-1 of the key, RFC 5280 4.2.1.2 (1)
  bool authority_key_id = true;  // the same of the issuer's key
  std::vector<Extension> extra;  // appended as they are

  // Below 3, `extra` alone is written of all the extensions.
  int version = 3;
  std::vector<uint8_t> serial;  // content octets; empty: sixteen random
  SignatureAlgorithm algorithm = SignatureAlgorithm::kDefault;
  // The AlgorithmIdentifier inside the signed part, if it is to differ.
  std::optional<SignatureAlgorithm> inner_algorithm;
  bool corrupt_signature = false;  // flips one bit
};

// A Minted is a certificate and the key it certifies.
struct Minted {
  std::vector<uint8_t> der;
  Key key;
  std::string Pem() const;
};

// Leaf and Ca return a Spec with the extensions a public authority would set.
// A leaf's policy, authority information access and certificate timestamps are
// in `extra`; the first name is its common name.
Spec Leaf(std::vector<std::string> dns_names);
Spec Ca(absl::string_view common_name);

// SelfSigned signs `spec` for `key` with `key`.
Minted SelfSigned(const Spec& spec, const Key& key);

// Issue signs `spec` for `key` with the key of `issuer`, whose subject it
// names.
Minted Issue(const Spec& spec, const Key& key, const Minted& issuer);

// A CrlSpec says what to put in a CRL (RFC 5280, section 5): a good one by
// default. Unset optionals leave a field out.
struct CrlSpec {
  std::vector<std::vector<uint8_t>> serials;                   // content octets
  absl::Time this_update = absl::FromUnixSeconds(1767225600);  // 2026-01-01
  std::optional<absl::Time> next_update =
      absl::FromUnixSeconds(1798761600);           // 2027-01-01
  std::optional<std::vector<uint8_t>> issuer_der;  // raw Name; else issuer's
  std::optional<uint64_t> number = 1;
  bool number_critical = false;
  std::vector<Extension> extra;        // of the CRL, appended as they are
  std::vector<Extension> entry_extra;  // of each entry
  int version = 2;                     // below, there are no extensions
  SignatureAlgorithm algorithm = SignatureAlgorithm::kDefault;
  bool corrupt_signature = false;  // flips one bit
};

// MintCrl signs `spec` with the key of `issuer`, whose subject it names, and
// returns the DER.
std::vector<uint8_t> MintCrl(const CrlSpec& spec, const Minted& issuer);

// SerialOf returns the content octets of the serial number of `minted`.
std::vector<uint8_t> SerialOf(const Minted& minted);

// PemOf concatenates certificates as PEM, in order.
std::string PemOf(absl::Span<const Minted> certificates);

// DerWrap returns a DER element: tag octet, length, `content`.
std::vector<uint8_t> DerWrap(uint8_t tag, absl::Span<const uint8_t> content);

}  // namespace mint

#endif  // TOOLS_MINT_MINT_H_
