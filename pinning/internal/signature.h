#ifndef PINNING_INTERNAL_SIGNATURE_H_
#define PINNING_INTERNAL_SIGNATURE_H_

#include "pinning/internal/check_result.h"
#include "pinning/internal/parsed_certificate.h"

// Which keys and signature algorithms a path may use, and the only place where
// one is verified.
namespace pinning {
namespace internal {

// CheckPublicKey refuses, with kUnacceptableKey, an SPKI that is not one of:
// RSA (rsaEncryption or id-RSASSA-PSS, RFC 4055) with a modulus of 2048 to 8192
// bits, a whole number of octets, and an odd exponent of at least 3; ECDSA on
// P-256, P-384 or P-521; Ed25519. These are the sizes of the CA/Browser Forum's
// Baseline Requirements, 6.1.5 and 6.1.6, and Ed25519 (RFC 8410).
//
// Of a certificate, the key is parsed once, and kept.
CheckResult CheckPublicKey(Bytes spki);
CheckResult CheckPublicKey(const ParsedCertificate& certificate);

// A SignedData is what certificates and CRLs have in common: the bytes that are
// signed, the AlgorithmIdentifiers outside and inside, each whole, and the
// octets of the signature, none if there is no whole number of them.
struct SignedData {
  Bytes tbs;
  Bytes signature_algorithm;
  Bytes tbs_signature_algorithm;
  Bytes signature;
};

// SignedDataOf returns what of `certificate`, which must outlive it, is signed.
SignedData SignedDataOf(const ParsedCertificate& certificate);

// CheckSignatureAlgorithm refuses, with kInvalidProfile, a certificate whose
// two AlgorithmIdentifiers differ (RFC 5280, 4.1.1.2: they MUST be the same),
// and, with kUnacceptableAlgorithm, one that is not signed with SHA-256, -384
// or -512 by RSA PKCS #1 v1.5, RSA-PSS or ECDSA, or with Ed25519.
CheckResult CheckSignatureAlgorithm(const ParsedCertificate& certificate);

// VerifySignature verifies the signature on `certificate` with `issuer_spki`
// (RFC 5280, 6.1.3(a)(1)). It makes the checks above first, so it never uses a
// key or an algorithm that they refuse.
CheckResult VerifySignature(const ParsedCertificate& certificate,
                            Bytes issuer_spki);
CheckResult VerifySignature(const SignedData& data, Bytes issuer_spki);
CheckResult VerifySignature(const SignedData& data,
                            const ParsedCertificate& issuer);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_SIGNATURE_H_
