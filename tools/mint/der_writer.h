#ifndef TOOLS_MINT_DER_WRITER_H_
#define TOOLS_MINT_DER_WRITER_H_

#include <openssl/base.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tools/mint/mint.h"

// How mint writes DER, bottom up: each function returns one whole element, or
// several in a row. Nothing here refuses a value that a certificate should not
// hold; that is the point of it.
namespace mint {

using Bytes = std::vector<uint8_t>;

// Check aborts the program, saying `what` failed, unless `ok`.
void Check(bool ok, absl::string_view what);

// Concat returns the bytes of `parts`, one after the other.
Bytes Concat(const std::vector<Bytes>& parts);

Bytes ToBytes(absl::string_view text);

Bytes DerSequence(const std::vector<Bytes>& parts);
Bytes DerSet(const std::vector<Bytes>& parts);
// DerContext wraps in context tag [`number`].
Bytes DerContext(uint8_t number, bool constructed, const Bytes& content);
Bytes DerOid(absl::string_view dotted);
Bytes DerInteger(uint64_t value);
Bytes DerNull();
Bytes DerTrue();
Bytes DerOctetString(const Bytes& content);
// DerBitString returns a BIT STRING without unused bits.
Bytes DerBitString(const Bytes& content);
// DerNamedBits returns a BIT STRING whose bit n is set if `bits` has 1 << n,
// without trailing zero bits (X.690, 11.2.2).
Bytes DerNamedBits(uint16_t bits);
// DerTime returns UTCTime up to 2049 and GeneralizedTime from then on and
// before 1950 (RFC 5280, 4.1.2.5).
Bytes DerTime(absl::Time time);
// DerName returns a Name of one attribute per RDN.
Bytes DerName(absl::Span<const Attribute> attributes);

// PemBlock returns `der` in PEM, in lines of 64 (RFC 7468).
std::string PemBlock(absl::string_view label, absl::Span<const uint8_t> der);

// AlgorithmIdentifierDer returns the AlgorithmIdentifier of `algorithm`, which
// is not kDefault.
Bytes AlgorithmIdentifierDer(SignatureAlgorithm algorithm);

// Resolve returns `algorithm`, or for kDefault the one that fits `key`.
SignatureAlgorithm Resolve(SignatureAlgorithm algorithm, const EVP_PKEY* key);

// Sign returns the signature of `key` over `message`. `algorithm` is not
// kDefault and is one that `key` can make.
Bytes Sign(EVP_PKEY* key, SignatureAlgorithm algorithm, const Bytes& message);

// SignDer returns `tbs` and a signature of `key` over it, as certificates, CRLs
// and OCSP responses have them. `corrupt` flips one bit of it.
Bytes SignDer(const Bytes& tbs, const Key& key, SignatureAlgorithm algorithm,
              bool corrupt);

// SubjectOf returns the Name that the certificate `der` is for.
Bytes SubjectOf(const Bytes& der);

// KeyId returns the SHA-1 of the subjectPublicKey bits in `spki`
// (RFC 5280, 4.2.1.2 (1)).
Bytes KeyId(const Bytes& spki);

// ExtensionsDer returns the Extension elements that `spec` asks for, in a row,
// of a certificate for `spki` signed by a key with `issuer_key_id`.
Bytes ExtensionsDer(const Spec& spec, const Bytes& spki,
                    const Bytes& issuer_key_id);

}  // namespace mint

#endif  // TOOLS_MINT_DER_WRITER_H_
