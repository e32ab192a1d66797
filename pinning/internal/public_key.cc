#include "pinning/internal/public_key.h"

#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/err.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace pinning {
namespace internal {
namespace {

constexpr size_t kMinRsaBits = 2048;
constexpr size_t kMaxRsaBits = 8192;  // bounds the cost of one verification
constexpr size_t kMaxExponentBits = 33;

// The AlgorithmIdentifiers rsaEncryption (RFC 3279, 2.3.1) and id-RSASSA-PSS
// without parameters.
constexpr Identifier kRsaEncryption("300d06092a864886f70d0101010500");
constexpr Identifier kAnyPss("300b06092a864886f70d01010a");

// ReadSpki reads a SubjectPublicKeyInfo: its AlgorithmIdentifier, whole, and
// the octets of the key. It returns whether it is well-formed.
bool ReadSpki(Bytes spki, Bytes* identifier, CBS* key) {
  CBS cbs, fields, algorithm;
  CBS_init(&cbs, spki.data(), spki.size());
  uint8_t unused_bits = 0;
  if (!CBS_get_asn1(&cbs, &fields, CBS_ASN1_SEQUENCE) || CBS_len(&cbs) != 0 ||
      !CBS_get_asn1_element(&fields, &algorithm, CBS_ASN1_SEQUENCE) ||
      !CBS_get_asn1(&fields, key, CBS_ASN1_BITSTRING) ||
      CBS_len(&fields) != 0 || !CBS_get_u8(key, &unused_bits) ||
      unused_bits != 0) {
    return false;
  }
  *identifier = Bytes(CBS_data(&algorithm), CBS_len(&algorithm));
  return true;
}

CheckResult Unacceptable(std::string why) {
  return CheckResult::Refuse(ErrorCode::kUnacceptableKey, std::move(why));
}

CheckResult Malformed() {
  return Unacceptable("public key is malformed or of no known type");
}

// ReadNumber reads an INTEGER that is not negative, without leading zeros.
bool ReadNumber(CBS* cbs, Bytes* number) {
  CBS content;
  if (!CBS_get_asn1(cbs, &content, CBS_ASN1_INTEGER) ||
      !CBS_is_unsigned_asn1_integer(&content)) {
    return false;
  }
  *number = Bytes(CBS_data(&content), CBS_len(&content));
  number->remove_prefix(number->front() == 0 ? 1 : 0);
  return true;
}

size_t BitsOf(Bytes number) {
  size_t bits = 8 * number.size();
  for (int top = number.empty() ? 0x80 : number.front(); top < 0x80; top *= 2) {
    --bits;
  }
  return bits;
}

bool IsOdd(Bytes number) { return !number.empty() && (number.back() & 1) != 0; }

// CheckRsa checks an RSAPublicKey (RFC 8017, A.1.1). It computes nothing with
// it, and makes nothing of it: the key of most leaves is not used here.
CheckResult CheckRsa(CBS key) {
  CBS numbers;
  Bytes n, e;
  if (!CBS_get_asn1(&key, &numbers, CBS_ASN1_SEQUENCE) || CBS_len(&key) != 0 ||
      !ReadNumber(&numbers, &n) || !ReadNumber(&numbers, &e) ||
      CBS_len(&numbers) != 0) {
    return Malformed();
  }
  const size_t bits = BitsOf(n);
  if (bits < kMinRsaBits || bits > kMaxRsaBits || bits % 8 != 0) {
    return Unacceptable(absl::StrCat("RSA modulus of ", bits, " bits"));
  }
  if (!IsOdd(n)) {
    return Unacceptable("RSA modulus is even");
  }
  // BoringSSL makes no key of a larger exponent.
  if (!IsOdd(e) || BitsOf(e) < 2 || BitsOf(e) > kMaxExponentBits) {
    return Unacceptable("RSA exponent is even, 1, or of more than 33 bits");
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
      return Unacceptable("elliptic curve is not P-256, -384 or -521");
  }
}

CheckResult CheckMadeKey(const EVP_PKEY* key) {
  if (key == nullptr) {
    return Malformed();
  }
  switch (EVP_PKEY_id(key)) {
    case EVP_PKEY_EC:
      return CheckEc(key);
    case EVP_PKEY_ED25519:
      return CheckResult::Pass();
    default:
      return Unacceptable("public key is not RSA, ECDSA or Ed25519");
  }
}

// MakeRsa makes a key of an RSAPublicKey; null if that is malformed. BoringSSL
// does not know id-RSASSA-PSS in an SPKI.
bssl::UniquePtr<EVP_PKEY> MakeRsa(CBS key) {
  const bssl::UniquePtr<RSA> rsa(RSA_parse_public_key(&key));
  bssl::UniquePtr<EVP_PKEY> made(EVP_PKEY_new());
  if (rsa == nullptr || CBS_len(&key) != 0 || made == nullptr ||
      EVP_PKEY_set1_RSA(made.get(), rsa.get()) != 1) {
    made.reset();
  }
  return made;
}

// Make makes the key in `spki`; null if it does not fill that, or is of no type
// that BoringSSL knows.
bssl::UniquePtr<EVP_PKEY> Make(Bytes spki) {
  CBS cbs;
  CBS_init(&cbs, spki.data(), spki.size());
  bssl::UniquePtr<EVP_PKEY> key(EVP_parse_public_key(&cbs));
  if (CBS_len(&cbs) != 0) {
    key.reset();
  }
  return key;
}

}  // namespace

CheckResult PublicKey::Read() {
  Bytes identifier;
  if (!ReadSpki(spki_, &identifier, &key_)) {
    return Malformed();
  }
  // Parameters bind a PSS key to a hash and a least length of salt (RFC 4055,
  // 3.3): they have to be those of a signature that may be used.
  const Algorithm* parameters = FindAlgorithm(identifier);
  if (parameters != nullptr && parameters->padding == Padding::kPss) {
    pss_digest_ = parameters->digest;
  }
  pss_only_ = kAnyPss == identifier || pss_digest_ != nullptr;
  return pss_only_ || kRsaEncryption == identifier ? CheckRsa(key_)
                                                   : CheckMadeKey(Made());
}

EVP_PKEY* PublicKey::Made() const {
  const auto make = [this] {
    auto made = pss_only_ ? MakeRsa(key_) : Make(spki_);
    if (made == nullptr) {
      ERR_clear_error();  // nothing is left behind in the thread's queue
    }
    return made;
  };
  return made_.Get(make).get();
}

bool PublicKey::MayMake(const Algorithm& algorithm) const {
  return EVP_PKEY_id(Made()) == algorithm.key_type &&
         (!pss_only_ ||
          (algorithm.padding == Padding::kPss &&
           (pss_digest_ == nullptr || pss_digest_ == algorithm.digest)));
}

}  // namespace internal
}  // namespace pinning
