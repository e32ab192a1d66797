#include "pinning/internal/signature.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/byte_hash.h"
#include "pinning/internal/public_key.h"
#include "pinning/internal/signature_algorithm.h"

namespace pinning {
namespace internal {
namespace {

std::string Hex(Bytes bytes) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
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

// KeyOf reads the key of `certificate` once, however often it is used.
const PublicKey& KeyOf(const ParsedCertificate& certificate) {
  return *certificate.key.Get([&certificate] {
    return std::make_shared<const PublicKey>(certificate.spki);
  });
}

CheckResult VerifyWith(const SignedData& data, const PublicKey& key) {
  const Algorithm* algorithm = nullptr;
  CheckResult result = CheckAlgorithm(data, &algorithm);
  if (!result.passed()) {
    return result;
  }
  if (!key.check().passed()) {
    return key.check();
  }
  // What passes can be made, but for want of memory.
  if (key.Made() == nullptr || !key.MayMake(*algorithm)) {
    return CheckResult::Refuse(
        ErrorCode::kBadSignature,
        "signature algorithm does not fit the issuer's key");
  }
  if (!Verify(*algorithm, key.Made(), data.signature, data.tbs)) {
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

CheckResult CheckPublicKey(Bytes spki) { return PublicKey(spki).check(); }

CheckResult CheckPublicKey(const ParsedCertificate& certificate) {
  return KeyOf(certificate).check();
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
  return VerifyWith(data, PublicKey(issuer_spki));
}

CheckResult VerifySignature(const SignedData& data,
                            const ParsedCertificate& issuer) {
  return VerifyWith(data, KeyOf(issuer));
}

}  // namespace internal
}  // namespace pinning
