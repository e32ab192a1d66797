#include <openssl/digest.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>

#include "tools/mint/der_writer.h"
#include "tools/mint/mint.h"

namespace mint {
namespace {

enum class Padding { kNone, kPkcs1, kPss };

// A Scheme is what an algorithm consists of.
struct Scheme {
  const EVP_MD* digest;  // null: the algorithm hashes for itself
  Padding padding;
  const char* oid;  // of the signature algorithm
};

Scheme SchemeOf(SignatureAlgorithm algorithm) {
  constexpr const char* kPss = "1.2.840.113549.1.1.10";
  switch (algorithm) {
    case SignatureAlgorithm::kRsaMd5:
      return {EVP_md5(), Padding::kPkcs1, "1.2.840.113549.1.1.4"};
    case SignatureAlgorithm::kRsaSha1:
      return {EVP_sha1(), Padding::kPkcs1, "1.2.840.113549.1.1.5"};
    case SignatureAlgorithm::kRsaSha256:
      return {EVP_sha256(), Padding::kPkcs1, "1.2.840.113549.1.1.11"};
    case SignatureAlgorithm::kRsaSha384:
      return {EVP_sha384(), Padding::kPkcs1, "1.2.840.113549.1.1.12"};
    case SignatureAlgorithm::kRsaSha512:
      return {EVP_sha512(), Padding::kPkcs1, "1.2.840.113549.1.1.13"};
    case SignatureAlgorithm::kRsaPssSha256:
      return {EVP_sha256(), Padding::kPss, kPss};
    case SignatureAlgorithm::kRsaPssSha384:
      return {EVP_sha384(), Padding::kPss, kPss};
    case SignatureAlgorithm::kRsaPssSha512:
      return {EVP_sha512(), Padding::kPss, kPss};
    case SignatureAlgorithm::kEcdsaSha1:
      return {EVP_sha1(), Padding::kNone, "1.2.840.10045.4.1"};
    case SignatureAlgorithm::kEcdsaSha256:
      return {EVP_sha256(), Padding::kNone, "1.2.840.10045.4.3.2"};
    case SignatureAlgorithm::kEcdsaSha384:
      return {EVP_sha384(), Padding::kNone, "1.2.840.10045.4.3.3"};
    case SignatureAlgorithm::kEcdsaSha512:
      return {EVP_sha512(), Padding::kNone, "1.2.840.10045.4.3.4"};
    case SignatureAlgorithm::kEd25519:
      return {nullptr, Padding::kNone, "1.3.101.112"};
    case SignatureAlgorithm::kDefault:
      break;
  }
  Check(false, "naming a signature algorithm");
  return {nullptr, Padding::kNone, ""};
}

const char* DigestOid(const EVP_MD* digest) {
  switch (EVP_MD_type(digest)) {
    case NID_sha256:
      return "2.16.840.1.101.3.4.2.1";
    case NID_sha384:
      return "2.16.840.1.101.3.4.2.2";
    default:
      return "2.16.840.1.101.3.4.2.3";
  }
}

// PssParameters returns RSASSA-PSS-params (RFC 4055, 3.1) with the salt as long
// as the digest.
Bytes PssParameters(const EVP_MD* digest) {
  const Bytes hash = DerSequence({DerOid(DigestOid(digest)), DerNull()});
  const Bytes mgf = DerSequence({DerOid("1.2.840.113549.1.1.8"), hash});
  return DerSequence({DerContext(0, true, hash), DerContext(1, true, mgf),
                      DerContext(2, true, DerInteger(EVP_MD_size(digest)))});
}

}  // namespace

SignatureAlgorithm Resolve(SignatureAlgorithm algorithm, const EVP_PKEY* key) {
  if (algorithm != SignatureAlgorithm::kDefault) {
    return algorithm;
  }
  switch (EVP_PKEY_id(key)) {
    case EVP_PKEY_RSA:
      return SignatureAlgorithm::kRsaSha256;
    case EVP_PKEY_ED25519:
      return SignatureAlgorithm::kEd25519;
    default:
      break;
  }
  const int bits = EVP_PKEY_bits(key);
  if (bits > 384) {
    return SignatureAlgorithm::kEcdsaSha512;
  }
  return bits > 256 ? SignatureAlgorithm::kEcdsaSha384
                    : SignatureAlgorithm::kEcdsaSha256;
}

Bytes AlgorithmIdentifierDer(SignatureAlgorithm algorithm) {
  const Scheme scheme = SchemeOf(algorithm);
  std::vector<Bytes> parts = {DerOid(scheme.oid)};
  if (scheme.padding == Padding::kPkcs1) {
    parts.push_back(DerNull());
  } else if (scheme.padding == Padding::kPss) {
    parts.push_back(PssParameters(scheme.digest));
  }
  return DerSequence(parts);
}

Bytes Sign(EVP_PKEY* key, SignatureAlgorithm algorithm, const Bytes& message) {
  const Scheme scheme = SchemeOf(algorithm);
  bssl::ScopedEVP_MD_CTX ctx;
  EVP_PKEY_CTX* key_ctx = nullptr;
  Check(EVP_DigestSignInit(ctx.get(), &key_ctx, scheme.digest, nullptr, key),
        "starting a signature");
  if (scheme.padding == Padding::kPss) {
    Check(EVP_PKEY_CTX_set_rsa_padding(key_ctx, RSA_PKCS1_PSS_PADDING) &&
              EVP_PKEY_CTX_set_rsa_pss_saltlen(key_ctx, -1),
          "choosing RSA-PSS");
  }
  size_t size = EVP_PKEY_size(key);
  Bytes signature(size);
  Check(EVP_DigestSign(ctx.get(), signature.data(), &size, message.data(),
                       message.size()),
        "signing");
  signature.resize(size);
  return signature;
}

}  // namespace mint
