#include "pinning/internal/signature.h"

#include <openssl/bn.h>
#include <openssl/bytestring.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/byte_hash.h"

namespace pinning {
namespace internal {

// A PublicKey is a key and what its own AlgorithmIdentifier says it is for.
struct PublicKey {
  bssl::UniquePtr<EVP_PKEY> key;  // null if there is none
  bool acceptable = false;        // CheckParsedKey passes it
  bool pss_only = false;          // id-RSASSA-PSS (RFC 4055, 1.2)
  // The digest that a PSS key is bound to; null: any.
  const EVP_MD* (*pss_digest)() = nullptr;
};

namespace {

constexpr unsigned kMinRsaBits = 2048;
constexpr unsigned kMaxRsaBits = 8192;  // bounds the cost of one verification

enum class Padding { kNone, kPkcs1, kPss };

// An Identifier is an AlgorithmIdentifier, DER, made of its hexadecimal form.
class Identifier {
 public:
  constexpr Identifier(const char* hex) {  // implicit, for tables
    for (; *hex != '\0'; hex += 2) {
      octets_[size_++] =
          static_cast<uint8_t>(16 * Digit(hex[0]) + Digit(hex[1]));
    }
  }

  bool operator==(Bytes bytes) const {
    return SameBytes(Bytes(octets_.data(), size_), bytes);
  }

 private:
  static constexpr int Digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
  }

  size_t size_ = 0;
  std::array<uint8_t, 67> octets_{};
};

struct Algorithm {
  Identifier identifier;
  int key_type;
  const EVP_MD* (*digest)();
  Padding padding;
};

const EVP_MD* NoDigest() { return nullptr; }

// The identifiers are compared whole, so that an unexpected parameter is an
// unknown algorithm and never an ignored one.
constexpr Algorithm kAlgorithms[] = {
    // RFC 5758, 3.2: ECDSA, parameters absent.
    {"300a06082a8648ce3d040302", EVP_PKEY_EC, EVP_sha256, Padding::kNone},
    {"300a06082a8648ce3d040303", EVP_PKEY_EC, EVP_sha384, Padding::kNone},
    {"300a06082a8648ce3d040304", EVP_PKEY_EC, EVP_sha512, Padding::kNone},
    // RFC 4055, 5: RSA PKCS #1 v1.5. Parameters are NULL, and implementations
    // MUST accept them absent.
    {"300d06092a864886f70d01010b0500", EVP_PKEY_RSA, EVP_sha256,
     Padding::kPkcs1},
    {"300b06092a864886f70d01010b", EVP_PKEY_RSA, EVP_sha256, Padding::kPkcs1},
    {"300d06092a864886f70d01010c0500", EVP_PKEY_RSA, EVP_sha384,
     Padding::kPkcs1},
    {"300b06092a864886f70d01010c", EVP_PKEY_RSA, EVP_sha384, Padding::kPkcs1},
    {"300d06092a864886f70d01010d0500", EVP_PKEY_RSA, EVP_sha512,
     Padding::kPkcs1},
    {"300b06092a864886f70d01010d", EVP_PKEY_RSA, EVP_sha512, Padding::kPkcs1},
    // RFC 4055, 3.1: RSA-PSS, MGF1 with the same hash, and a salt as long as
    // it. Its 2.1: the parameters of a hash are NULL or absent, alike.
    {"304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a"
     "06092a864886f70d010108300d06096086480165030402010500a203020120",
     EVP_PKEY_RSA, EVP_sha256, Padding::kPss},
    {"303d06092a864886f70d01010a3030a00d300b0609608648016503040201a11a301806"
     "092a864886f70d010108300b0609608648016503040201a203020120",
     EVP_PKEY_RSA, EVP_sha256, Padding::kPss},
    {"304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a"
     "06092a864886f70d010108300d06096086480165030402020500a203020130",
     EVP_PKEY_RSA, EVP_sha384, Padding::kPss},
    {"303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806"
     "092a864886f70d010108300b0609608648016503040202a203020130",
     EVP_PKEY_RSA, EVP_sha384, Padding::kPss},
    {"304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a"
     "06092a864886f70d010108300d06096086480165030402030500a203020140",
     EVP_PKEY_RSA, EVP_sha512, Padding::kPss},
    {"303d06092a864886f70d01010a3030a00d300b0609608648016503040203a11a301806"
     "092a864886f70d010108300b0609608648016503040203a203020140",
     EVP_PKEY_RSA, EVP_sha512, Padding::kPss},
    // RFC 8410, 3: Ed25519, parameters absent.
    {"300506032b6570", EVP_PKEY_ED25519, NoDigest, Padding::kNone},
};

std::string Hex(Bytes bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

const Algorithm* FindAlgorithm(Bytes identifier) {
  for (const Algorithm& algorithm : kAlgorithms) {
    if (algorithm.identifier == identifier) {
      return &algorithm;
    }
  }
  return nullptr;
}

// The AlgorithmIdentifier id-RSASSA-PSS without parameters.
constexpr Identifier kAnyPss("300b06092a864886f70d01010a");

// ParsePssKey returns the key in an SPKI that starts with id-RSASSA-PSS, which
// BoringSSL does not know there. Parameters bind the key to a hash and a least
// length of salt (RFC 4055, 3.3): they have to be those of a signature above.
PublicKey ParsePssKey(Bytes spki) {
  CBS cbs, fields, algorithm, bits;
  CBS_init(&cbs, spki.data(), spki.size());
  uint8_t unused_bits = 0;
  if (!CBS_get_asn1(&cbs, &fields, CBS_ASN1_SEQUENCE) || CBS_len(&cbs) != 0 ||
      !CBS_get_asn1_element(&fields, &algorithm, CBS_ASN1_SEQUENCE) ||
      !CBS_get_asn1(&fields, &bits, CBS_ASN1_BITSTRING) ||
      CBS_len(&fields) != 0 || !CBS_get_u8(&bits, &unused_bits) ||
      unused_bits != 0) {
    return PublicKey();
  }
  const Bytes identifier(CBS_data(&algorithm), CBS_len(&algorithm));
  PublicKey result;
  result.pss_only = true;
  if (!(kAnyPss == identifier)) {
    const Algorithm* parameters = FindAlgorithm(identifier);
    if (parameters == nullptr || parameters->padding != Padding::kPss) {
      return PublicKey();
    }
    result.pss_digest = parameters->digest;
  }
  const bssl::UniquePtr<RSA> rsa(RSA_parse_public_key(&bits));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  if (rsa != nullptr && CBS_len(&bits) == 0 && key != nullptr &&
      EVP_PKEY_set1_RSA(key.get(), rsa.get()) == 1) {
    result.key = std::move(key);
  }
  return result;
}

CheckResult CheckParsedKey(const EVP_PKEY* key);

// ParseKey returns the key in `spki`, which it must fill.
PublicKey ParseKey(Bytes spki) {
  CBS cbs;
  CBS_init(&cbs, spki.data(), spki.size());
  PublicKey result;
  result.key.reset(EVP_parse_public_key(&cbs));
  if (CBS_len(&cbs) != 0) {
    result.key.reset();
  }
  if (result.key == nullptr) {
    result = ParsePssKey(spki);
  }
  if (result.key == nullptr) {
    ERR_clear_error();  // a refusal leaves nothing behind in the thread's queue
  }
  result.acceptable = CheckParsedKey(result.key.get()).passed();
  return result;
}

// MayMake returns whether a signature by `algorithm` may be one of `key`.
bool MayMake(const Algorithm& algorithm, const PublicKey& key) {
  if (EVP_PKEY_id(key.key.get()) != algorithm.key_type) {
    return false;
  }
  if (!key.pss_only) {
    return true;
  }
  return algorithm.padding == Padding::kPss &&
         (key.pss_digest == nullptr || key.pss_digest == algorithm.digest);
}

CheckResult CheckRsa(const EVP_PKEY* key) {
  const RSA* rsa = EVP_PKEY_get0_RSA(key);
  const unsigned bits = BN_num_bits(RSA_get0_n(rsa));
  if (bits < kMinRsaBits || bits > kMaxRsaBits || bits % 8 != 0) {
    return CheckResult::Refuse(ErrorCode::kUnacceptableKey,
                               absl::StrCat("RSA modulus of ", bits, " bits"));
  }
  const BIGNUM* e = RSA_get0_e(rsa);
  if (!BN_is_odd(e) || BN_is_one(e)) {
    return CheckResult::Refuse(ErrorCode::kUnacceptableKey,
                               "RSA exponent is even or 1");
  }
  return CheckResult::Pass();
}

CheckResult CheckEc(const EVP_PKEY* key) {
  const EC_GROUP* group = EC_KEY_get0_group(EVP_PKEY_get0_EC_KEY(key));
  switch (EC_GROUP_get_curve_name(group)) {
    case NID_X9_62_prime256v1:
    case NID_secp384r1:
    case NID_secp521r1:
      return CheckResult::Pass();
    default:
      return CheckResult::Refuse(ErrorCode::kUnacceptableKey,
                                 "elliptic curve is not P-256, -384 or -521");
  }
}

CheckResult CheckParsedKey(const EVP_PKEY* key) {
  if (key == nullptr) {
    return CheckResult::Refuse(ErrorCode::kUnacceptableKey,
                               "public key is malformed or of no known type");
  }
  switch (EVP_PKEY_id(key)) {
    case EVP_PKEY_RSA:
      return CheckRsa(key);
    case EVP_PKEY_EC:
      return CheckEc(key);
    case EVP_PKEY_ED25519:
      return CheckResult::Pass();
    default:
      return CheckResult::Refuse(ErrorCode::kUnacceptableKey,
                                 "public key is not RSA, ECDSA or Ed25519");
  }
}

bool Verify(const Algorithm& algorithm, EVP_PKEY* key, Bytes signature,
            Bytes message) {
  bssl::ScopedEVP_MD_CTX context;
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  bool ok = EVP_DigestVerifyInit(context.get(), &key_context,
                                 algorithm.digest(), nullptr, key) == 1;
  if (ok && algorithm.padding == Padding::kPss) {
    // The mask's hash is the digest unless set; -1: a salt as long as that.
    ok =
        EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) == 1 &&
        EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, -1) == 1;
  }
  ok = ok && EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                              message.data(), message.size()) == 1;
  if (!ok) {
    ERR_clear_error();
  }
  return ok;
}

// CheckAlgorithm puts that of `data`, if it passes, into `algorithm`.
CheckResult CheckAlgorithm(const SignedData& data,
                           const Algorithm** algorithm) {
  if (!SameBytes(data.signature_algorithm, data.tbs_signature_algorithm)) {
    return CheckResult::Refuse(
        ErrorCode::kInvalidProfile,
        "signature algorithm differs from the one that is signed");
  }
  *algorithm = FindAlgorithm(data.signature_algorithm);
  if (*algorithm == nullptr) {
    return CheckResult::Refuse(
        ErrorCode::kUnacceptableAlgorithm,
        absl::StrCat("signature algorithm ",
                     Hex(data.signature_algorithm.subspan(
                         0, 64))));  // a hostile one may be long
  }
  return CheckResult::Pass();
}

CheckResult CheckKey(const PublicKey& key) {
  return key.acceptable ? CheckResult::Pass() : CheckParsedKey(key.key.get());
}

// KeyOf parses the key of `certificate` once, however often it is used.
const PublicKey& KeyOf(const ParsedCertificate& certificate) {
  return *certificate.key.Get([&certificate] {
    return std::make_shared<const PublicKey>(ParseKey(certificate.spki));
  });
}

CheckResult VerifyWith(const SignedData& data, const PublicKey& key) {
  const Algorithm* algorithm = nullptr;
  CheckResult result = CheckAlgorithm(data, &algorithm);
  if (!result.passed()) {
    return result;
  }
  result = CheckKey(key);
  if (!result.passed()) {
    return result;
  }
  if (!MayMake(*algorithm, key)) {
    return CheckResult::Refuse(
        ErrorCode::kBadSignature,
        "signature algorithm does not fit the issuer's key");
  }
  if (!Verify(*algorithm, key.key.get(), data.signature, data.tbs)) {
    return CheckResult::Refuse(ErrorCode::kBadSignature,
                               "signature is not by the issuer's key");
  }
  return CheckResult::Pass();
}

}  // namespace

SignedData SignedDataOf(const ParsedCertificate& certificate) {
  return {certificate.tbs, certificate.signature_algorithm,
          certificate.tbs_signature_algorithm, certificate.signature};
}

CheckResult CheckPublicKey(Bytes spki) { return CheckKey(ParseKey(spki)); }

CheckResult CheckPublicKey(const ParsedCertificate& certificate) {
  return CheckKey(KeyOf(certificate));
}

CheckResult CheckSignatureAlgorithm(const ParsedCertificate& certificate) {
  const Algorithm* unused = nullptr;
  return CheckAlgorithm(SignedDataOf(certificate), &unused);
}

CheckResult VerifySignature(const ParsedCertificate& certificate,
                            Bytes issuer_spki) {
  return VerifySignature(SignedDataOf(certificate), issuer_spki);
}

CheckResult VerifySignature(const SignedData& data, Bytes issuer_spki) {
  return VerifyWith(data, ParseKey(issuer_spki));
}

CheckResult VerifySignature(const SignedData& data,
                            const ParsedCertificate& issuer) {
  return VerifyWith(data, KeyOf(issuer));
}

}  // namespace internal
}  // namespace pinning
