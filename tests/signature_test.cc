#include "pinning/internal/signature.h"

#include <openssl/base.h>
#include <openssl/bn.h>
#include <openssl/bytestring.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace internal {
namespace {

using mint::Key;
using mint::Minted;
using mint::SignatureAlgorithm;

constexpr ErrorCode kPasses = ErrorCode::kUnspecified;

ErrorCode CodeOf(const CheckResult& result) {
  return result.passed() ? kPasses : result.error().code;
}

Certificate CertificateOf(const Minted& minted) {
  return *Certificate::FromDer(minted.der);
}

// SignedBy returns a certificate signed by `key` with `algorithm`.
Minted SignedBy(const Key& key, SignatureAlgorithm algorithm) {
  mint::Spec spec = mint::Leaf({"www.example.com"});
  spec.algorithm = algorithm;
  return mint::Issue(spec, Key::Shared("p256-leaf"),
                     mint::SelfSigned(mint::Ca("Issuer"), key));
}

TEST(SignatureTest, Algorithms) {
  const struct {
    const char* name;
    const char* key;
    SignatureAlgorithm algorithm;
    ErrorCode code;
  } rows[] = {
      {"RSA SHA-256", "rsa2048-a", SignatureAlgorithm::kRsaSha256, kPasses},
      {"RSA SHA-384", "rsa2048-a", SignatureAlgorithm::kRsaSha384, kPasses},
      {"RSA SHA-512", "rsa2048-a", SignatureAlgorithm::kRsaSha512, kPasses},
      {"RSA-PSS SHA-256", "rsa2048-a", SignatureAlgorithm::kRsaPssSha256,
       kPasses},
      {"RSA-PSS SHA-384", "rsa2048-a", SignatureAlgorithm::kRsaPssSha384,
       kPasses},
      {"RSA-PSS SHA-512", "rsa2048-a", SignatureAlgorithm::kRsaPssSha512,
       kPasses},
      {"P-256 SHA-256", "p256-a", SignatureAlgorithm::kEcdsaSha256, kPasses},
      {"P-256 SHA-512", "p256-a", SignatureAlgorithm::kEcdsaSha512, kPasses},
      {"P-384 SHA-384", "p384-a", SignatureAlgorithm::kEcdsaSha384, kPasses},
      {"P-521 SHA-512", "p521-a", SignatureAlgorithm::kEcdsaSha512, kPasses},
      {"Ed25519", "ed25519-a", SignatureAlgorithm::kEd25519, kPasses},
      {"RSA SHA-1", "rsa2048-a", SignatureAlgorithm::kRsaSha1,
       ErrorCode::kUnacceptableAlgorithm},
      {"RSA MD5", "rsa2048-a", SignatureAlgorithm::kRsaMd5,
       ErrorCode::kUnacceptableAlgorithm},
      {"ECDSA SHA-1", "p256-a", SignatureAlgorithm::kEcdsaSha1,
       ErrorCode::kUnacceptableAlgorithm},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Key key = Key::Shared(row.key);
    const std::vector<uint8_t> spki = key.SpkiDer();
    const Certificate certificate = CertificateOf(SignedBy(key, row.algorithm));
    EXPECT_EQ(CodeOf(VerifySignature(certificate.parsed(), spki)), row.code);
    EXPECT_EQ(CodeOf(CheckSignatureAlgorithm(certificate.parsed())), row.code);
    if (row.code != kPasses) {
      continue;
    }
    // One bit of the signature, or of what is signed, and it is another's.
    Minted forged = SignedBy(key, row.algorithm);
    forged.der.back() ^= 1;
    EXPECT_EQ(CodeOf(VerifySignature(CertificateOf(forged).parsed(), spki)),
              ErrorCode::kBadSignature);
    ParsedCertificate other = certificate.parsed();
    const Certificate second = CertificateOf(SignedBy(key, row.algorithm));
    other.tbs = second.parsed().tbs;
    EXPECT_EQ(CodeOf(VerifySignature(other, spki)), ErrorCode::kBadSignature);
  }
}

TEST(SignatureTest, TheKeyMustBeTheIssuersAndFit) {
  const Certificate certificate = CertificateOf(
      SignedBy(Key::Shared("p256-a"), SignatureAlgorithm::kEcdsaSha256));
  for (const char* other : {"p256-b", "p384-a", "rsa2048-a", "ed25519-a"}) {
    SCOPED_TRACE(other);
    EXPECT_EQ(CodeOf(VerifySignature(certificate.parsed(),
                                     Key::Shared(other).SpkiDer())),
              ErrorCode::kBadSignature);
  }
}

TEST(SignatureTest, AGoodSignatureUnderAnotherKeysAlgorithmIsBad) {
  const Key key = Key::Shared("rsa2048-a");
  const Certificate certificate =
      CertificateOf(SignedBy(key, SignatureAlgorithm::kRsaSha256));
  const std::string bytes = absl::HexStringToBytes("300a06082a8648ce3d040302");
  const std::vector<uint8_t> ecdsa(bytes.begin(), bytes.end());
  ParsedCertificate mislabelled = certificate.parsed();
  mislabelled.signature_algorithm = ecdsa;
  mislabelled.tbs_signature_algorithm = ecdsa;
  EXPECT_EQ(CodeOf(VerifySignature(mislabelled, key.SpkiDer())),
            ErrorCode::kBadSignature);
}

TEST(SignatureTest, AWeakKeyIsNotUsedThoughTheSignatureIsGood) {
  const Key weak = Key::Shared("rsa1024-weak");
  const Certificate certificate =
      CertificateOf(SignedBy(weak, SignatureAlgorithm::kRsaSha256));
  EXPECT_EQ(CodeOf(VerifySignature(certificate.parsed(), weak.SpkiDer())),
            ErrorCode::kUnacceptableKey);
}

TEST(SignatureTest, TheTwoAlgorithmIdentifiersAreTheSame) {
  mint::Spec spec = mint::Leaf({"www.example.com"});
  spec.inner_algorithm = SignatureAlgorithm::kEcdsaSha384;
  const Key key = Key::Shared("p256-a");
  const Certificate certificate = CertificateOf(
      mint::Issue(spec, key, mint::SelfSigned(mint::Ca("Issuer"), key)));
  EXPECT_EQ(CodeOf(VerifySignature(certificate.parsed(), key.SpkiDer())),
            ErrorCode::kInvalidProfile);
}

// Identifiers as octets: what is in them counts to the last parameter.
TEST(SignatureTest, AlgorithmIdentifiersAreComparedWhole) {
  const struct {
    const char* name;
    const char* hex;
    ErrorCode code;
  } rows[] = {
      {"RSA SHA-256, parameters absent", "300b06092a864886f70d01010b", kPasses},
      {"ECDSA SHA-256, parameters NULL", "300c06082a8648ce3d0403020500",
       ErrorCode::kUnacceptableAlgorithm},
      {"Ed25519, parameters NULL", "300706032b65700500",
       ErrorCode::kUnacceptableAlgorithm},
      {"RSA SHA-224", "300d06092a864886f70d01010e0500",
       ErrorCode::kUnacceptableAlgorithm},
      {"RSA-PSS, parameters absent", "300b06092a864886f70d01010a",
       ErrorCode::kUnacceptableAlgorithm},
      {"RSA-PSS, all defaults: SHA-1", "300d06092a864886f70d01010a3000",
       ErrorCode::kUnacceptableAlgorithm},
      {"RSA-PSS SHA-256, hash parameters absent",
       "303d06092a864886f70d01010a3030a00d300b0609608648016503040201a11a30180"
       "6092a864886f70d010108300b0609608648016503040201a203020120",
       kPasses},
      {"RSA-PSS SHA-256, another salt",
       "303d06092a864886f70d01010a3030a00d300b0609608648016503040201a11a30180"
       "6092a864886f70d010108300b0609608648016503040201a203020121",
       ErrorCode::kUnacceptableAlgorithm},
      {"RSA-PSS SHA-256, mask with SHA-1",
       "303906092a864886f70d01010a302ca00d300b0609608648016503040201a1163014"
       "06092a864886f70d010108300706052b0e03021aa203020120",
       ErrorCode::kUnacceptableAlgorithm},
      {"nothing", "", ErrorCode::kUnacceptableAlgorithm},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const std::string bytes = absl::HexStringToBytes(row.hex);
    const std::vector<uint8_t> identifier(bytes.begin(), bytes.end());
    ParsedCertificate certificate;
    certificate.signature_algorithm = identifier;
    certificate.tbs_signature_algorithm = identifier;
    EXPECT_EQ(CodeOf(CheckSignatureAlgorithm(certificate)), row.code);
  }
}

// RsaSpki returns the SPKI of an odd modulus of `bits` bits: no key that anyone
// holds, but one to be judged.
std::vector<uint8_t> RsaSpki(unsigned bits, uint64_t exponent) {
  bssl::UniquePtr<BIGNUM> n(BN_new());
  bssl::UniquePtr<BIGNUM> e(BN_new());
  bssl::UniquePtr<RSA> rsa(RSA_new());
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  bssl::ScopedCBB cbb;
  uint8_t* bytes = nullptr;
  size_t size = 0;
  EXPECT_TRUE(BN_set_bit(n.get(), static_cast<int>(bits) - 1) &&
              BN_set_bit(n.get(), 0) && BN_set_u64(e.get(), exponent) &&
              RSA_set0_key(rsa.get(), n.release(), e.release(), nullptr) &&
              EVP_PKEY_set1_RSA(key.get(), rsa.get()) &&
              CBB_init(cbb.get(), 1024) &&
              EVP_marshal_public_key(cbb.get(), key.get()) &&
              CBB_finish(cbb.get(), &bytes, &size));
  const bssl::UniquePtr<uint8_t> owner(bytes);
  return std::vector<uint8_t>(bytes, bytes + size);
}

// PssSpki returns the SPKI of an RSA key with another AlgorithmIdentifier.
std::vector<uint8_t> PssSpki(const Key& key, const std::string& identifier) {
  CBS fields, algorithm;
  const std::vector<uint8_t> spki = key.SpkiDer();
  CBS cbs;
  CBS_init(&cbs, spki.data(), spki.size());
  EXPECT_TRUE(CBS_get_asn1(&cbs, &fields, CBS_ASN1_SEQUENCE) &&
              CBS_get_asn1(&fields, &algorithm, CBS_ASN1_SEQUENCE));
  const std::string bytes = absl::HexStringToBytes(identifier);
  std::vector<uint8_t> content(bytes.begin(), bytes.end());
  content.insert(content.end(), CBS_data(&fields),
                 CBS_data(&fields) + CBS_len(&fields));
  const std::string size = {static_cast<char>(content.size() >> 8),
                            static_cast<char>(content.size() & 0xff)};
  std::vector<uint8_t> der = {0x30, 0x82};
  der.insert(der.end(), size.begin(), size.end());
  der.insert(der.end(), content.begin(), content.end());
  return der;
}

// RFC 4055, 1.2 and 3.3: such a key makes RSA-PSS signatures only, and with
// parameters only those.
TEST(SignatureTest, RsaPssKeys) {
  const std::string any = "300b06092a864886f70d01010a";
  const std::string sha256 =
      "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a"
      "06092a864886f70d010108300d06096086480165030402010500a203020120";
  const std::string long_salt = sha256.substr(0, sha256.size() - 2) + "21";
  const auto pkcs1 = SignatureAlgorithm::kRsaSha256;
  const auto pss256 = SignatureAlgorithm::kRsaPssSha256;
  const auto pss384 = SignatureAlgorithm::kRsaPssSha384;
  const struct {
    const char* name;
    std::string identifier;
    SignatureAlgorithm algorithm;
    ErrorCode code;
  } rows[] = {
      {"any, SHA-256", any, pss256, kPasses},
      {"any, SHA-384", any, pss384, kPasses},
      {"any, PKCS #1", any, pkcs1, ErrorCode::kBadSignature},
      {"SHA-256", sha256, pss256, kPasses},
      {"SHA-256, but signs with SHA-384", sha256, pss384,
       ErrorCode::kBadSignature},
      {"SHA-256, PKCS #1", sha256, pkcs1, ErrorCode::kBadSignature},
      {"a longer salt", long_salt, pss256, ErrorCode::kUnacceptableKey},
      {"parameters of another algorithm", "300d06092a864886f70d01010b0500",
       pkcs1, ErrorCode::kUnacceptableKey},
  };
  const Key key = Key::Shared("rsa2048-a");
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Certificate certificate = CertificateOf(SignedBy(key, row.algorithm));
    EXPECT_EQ(CodeOf(VerifySignature(certificate.parsed(),
                                     PssSpki(key, row.identifier))),
              row.code);
  }
  const Key weak = Key::Shared("rsa1024-weak");
  EXPECT_EQ(CodeOf(CheckPublicKey(PssSpki(weak, any))),
            ErrorCode::kUnacceptableKey);
  std::vector<uint8_t> trailing = PssSpki(key, any);
  trailing.push_back(0);
  EXPECT_EQ(CodeOf(CheckPublicKey(trailing)), ErrorCode::kUnacceptableKey);
}

TEST(SignatureTest, PublicKeys) {
  const struct {
    const char* name;
    std::vector<uint8_t> spki;
    ErrorCode code;
  } rows[] = {
      {"RSA 2048", Key::Shared("rsa2048-a").SpkiDer(), kPasses},
      {"RSA 3072", Key::Shared("rsa3072-a").SpkiDer(), kPasses},
      {"P-256", Key::P256().SpkiDer(), kPasses},
      {"P-384", Key::P384().SpkiDer(), kPasses},
      {"P-521", Key::P521().SpkiDer(), kPasses},
      {"Ed25519", Key::Ed25519().SpkiDer(), kPasses},
      {"RSA 1024", Key::Shared("rsa1024-weak").SpkiDer(),
       ErrorCode::kUnacceptableKey},
      {"RSA 2040", RsaSpki(2040, 65537), ErrorCode::kUnacceptableKey},
      {"RSA 2048, exponent 3", RsaSpki(2048, 3), kPasses},
      {"RSA 8192", RsaSpki(8192, 65537), kPasses},
      {"RSA 8200", RsaSpki(8200, 65537), ErrorCode::kUnacceptableKey},
      {"RSA, exponent 1", RsaSpki(2048, 1), ErrorCode::kUnacceptableKey},
      {"RSA, even exponent", RsaSpki(2048, 4), ErrorCode::kUnacceptableKey},
      {"RSA 2052, no whole number of octets", RsaSpki(2052, 65537),
       ErrorCode::kUnacceptableKey},
      {"nothing", {}, ErrorCode::kUnacceptableKey},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(CodeOf(CheckPublicKey(row.spki)), row.code);
  }
  std::vector<uint8_t> trailing = Key::Shared("p256-a").SpkiDer();
  trailing.push_back(0);
  EXPECT_EQ(CodeOf(CheckPublicKey(trailing)), ErrorCode::kUnacceptableKey);
  std::vector<uint8_t> off_curve = Key::Shared("p256-a").SpkiDer();
  off_curve.back() ^= 1;
  EXPECT_EQ(CodeOf(CheckPublicKey(off_curve)), ErrorCode::kUnacceptableKey);
}

// BoringSslTakes returns whether BoringSSL makes an RSA key of `spki`, of a
// size that is allowed.
bool BoringSslTakes(const std::vector<uint8_t>& spki) {
  CBS cbs;
  CBS_init(&cbs, spki.data(), spki.size());
  const bssl::UniquePtr<EVP_PKEY> key(EVP_parse_public_key(&cbs));
  ERR_clear_error();
  return key != nullptr && CBS_len(&cbs) == 0 &&
         EVP_PKEY_id(key.get()) == EVP_PKEY_RSA &&
         EVP_PKEY_bits(key.get()) >= 2048 && EVP_PKEY_bits(key.get()) % 8 == 0;
}

// The key of a leaf is checked without making one of it: nothing passes that
// none can be made of, and nothing that one can is refused.
TEST(SignatureTest, RsaKeysPassThatBoringSslMakes) {
  const std::vector<uint8_t> spki = RsaSpki(2048, 65537);
  int taken = 0;
  const auto compare = [&](const std::vector<uint8_t>& changed, size_t at) {
    const bool takes = BoringSslTakes(changed);
    taken += takes ? 1 : 0;
    EXPECT_EQ(CheckPublicKey(changed).passed(), takes)
        << at << " " << int{changed[at]};
  };
  // Each octet of the frame and of the exponent as any other; of the modulus,
  // some.
  for (size_t i = 0; i < spki.size(); ++i) {
    const bool in_modulus = i > 40 && i + 8 < spki.size();
    for (int mask = 0; mask < 256; mask += in_modulus ? 85 : 1) {
      std::vector<uint8_t> changed = spki;
      changed[i] ^= static_cast<uint8_t>(mask);
      compare(changed, i);
    }
    compare({spki.begin(), spki.begin() + i + 1}, i);
  }
  EXPECT_GT(taken, 500);
  for (const uint64_t exponent :
       {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{3}, uint64_t{0x80},
        uint64_t{0x81}, uint64_t{0x1ffffffff}, uint64_t{0x200000001}}) {
    compare(RsaSpki(2048, exponent), 0);
  }
  for (const unsigned bits : {2040u, 2047u, 2049u, 2056u, 4096u}) {
    compare(RsaSpki(bits, 65537), 0);
  }
}

}  // namespace
}  // namespace internal
}  // namespace pinning
