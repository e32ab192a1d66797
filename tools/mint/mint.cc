#include "tools/mint/mint.h"

#include <openssl/bytestring.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>

#include "tools/mint/der_writer.h"

namespace mint {
namespace {

// Bits of KeyUsage, numbered as in RFC 5280, 4.2.1.3.
constexpr uint16_t kDigitalSignature = 1 << 0;
constexpr uint16_t kKeyCertSign = 1 << 5;
constexpr uint16_t kCrlSign = 1 << 6;

Bytes SubjectDer(const Spec& spec) {
  if (spec.subject_der.has_value()) {
    return *spec.subject_der;
  }
  if (!spec.subject.empty()) {
    return DerName(spec.subject);
  }
  if (spec.common_name.empty()) {
    return DerName({});
  }
  return DerName({{"2.5.4.3", spec.common_name}});
}

Bytes RandomSerial() {
  Bytes serial(16);
  RAND_bytes(serial.data(), serial.size());
  serial[0] = static_cast<uint8_t>((serial[0] & 0x3f) | 0x40);  // positive
  return serial;
}

Bytes VersionDer(int version) {
  if (version == 1) {
    return {};  // the DEFAULT
  }
  return DerContext(0, true, DerInteger(version - 1));
}

// An Authority is who signs: name and key.
struct Authority {
  Bytes name;
  const Key& key;
};

Bytes SignedDer(const Spec& spec, const Key& key, const Authority& authority) {
  const SignatureAlgorithm algorithm =
      Resolve(spec.algorithm, authority.key.get());
  const Bytes spki = key.SpkiDer();
  const Bytes extensions =
      ExtensionsDer(spec, spki, KeyId(authority.key.SpkiDer()));
  const Bytes tbs = DerSequence({
      VersionDer(spec.version),
      DerWrap(0x02, spec.serial.empty() ? RandomSerial() : spec.serial),
      AlgorithmIdentifierDer(Resolve(spec.inner_algorithm.value_or(algorithm),
                                     authority.key.get())),
      spec.issuer_der.value_or(authority.name),
      DerSequence({DerTime(spec.not_before), DerTime(spec.not_after)}),
      SubjectDer(spec),
      spki,
      extensions.empty() ? Bytes{}
                         : DerContext(3, true, DerSequence({extensions})),
  });
  return SignDer(tbs, authority.key, algorithm, spec.corrupt_signature);
}

// ExtensionList returns each Extension; SequenceOf a SEQUENCE of what there is,
// nothing of nothing.
std::vector<Bytes> ExtensionList(const std::vector<Extension>& extensions) {
  std::vector<Bytes> list;
  for (const Extension& extension : extensions) {
    list.push_back(DerSequence({DerOid(extension.oid),
                                extension.critical ? DerTrue() : Bytes{},
                                DerOctetString(extension.value)}));
  }
  return list;
}

Bytes SequenceOf(const std::vector<Bytes>& parts) {
  return parts.empty() ? Bytes{} : DerSequence(parts);
}

// What a domain-validated certificate of a public authority carries besides
// names and usages: policy, authority information access, and a list with one
// signed certificate timestamp, which no log made.
std::vector<Extension> PublicLeafExtensions() {
  const Bytes policy = DerSequence({DerSequence({DerOid("2.23.140.1.2.1")})});
  const auto access = [](const char* method, const char* url) {
    return DerSequence({DerOid(method), DerContext(6, false, ToBytes(url))});
  };
  const Bytes aia = DerSequence(
      {access("1.3.6.1.5.5.7.48.1", "http://ocsp.ca.example"),
       access("1.3.6.1.5.5.7.48.2", "http://ca.example/issuer.cer")});
  // RFC 6962, 3.2: version, log id, timestamp, extensions, signature.
  const Bytes sct =
      Concat({Bytes{0}, Bytes(32, 0x5a), Bytes{0, 0, 0x01, 0x9b, 0x77, 0, 0, 0},
              Bytes{0, 0}, Bytes{4, 3, 0, 8}, Bytes(8, 0x11)});
  const uint8_t size = static_cast<uint8_t>(sct.size());
  const Bytes sct_list =
      Concat({Bytes{0, static_cast<uint8_t>(size + 2)}, Bytes{0, size}, sct});
  return {{"2.5.29.32", false, policy},
          {"1.3.6.1.5.5.7.1.1", false, aia},
          {"1.3.6.1.4.1.11129.2.4.2", false, DerOctetString(sct_list)}};
}

}  // namespace

Bytes SignDer(const Bytes& tbs, const Key& key, SignatureAlgorithm algorithm,
              bool corrupt) {
  Bytes signature = Sign(key.get(), algorithm, tbs);
  if (corrupt) {
    signature.back() ^= 1;
  }
  return DerSequence(
      {tbs, AlgorithmIdentifierDer(algorithm), DerBitString(signature)});
}

Bytes SubjectOf(const Bytes& der) {
  CBS input, certificate, tbs, subject;
  CBS_init(&input, der.data(), der.size());
  Check(CBS_get_asn1(&input, &certificate, CBS_ASN1_SEQUENCE) &&
            CBS_get_asn1(&certificate, &tbs, CBS_ASN1_SEQUENCE) &&
            CBS_get_optional_asn1(
                &tbs, nullptr, nullptr,
                CBS_ASN1_CONSTRUCTED | CBS_ASN1_CONTEXT_SPECIFIC | 0) &&
            CBS_get_asn1(&tbs, nullptr, CBS_ASN1_INTEGER) &&   // serial
            CBS_get_asn1(&tbs, nullptr, CBS_ASN1_SEQUENCE) &&  // algorithm
            CBS_get_asn1(&tbs, nullptr, CBS_ASN1_SEQUENCE) &&  // issuer
            CBS_get_asn1(&tbs, nullptr, CBS_ASN1_SEQUENCE) &&  // validity
            CBS_get_asn1_element(&tbs, &subject, CBS_ASN1_SEQUENCE),
        "finding the subject of an issuer");
  return Bytes(CBS_data(&subject), CBS_data(&subject) + CBS_len(&subject));
}

Bytes KeyId(const Bytes& spki) {
  CBS input, sequence, bits;
  CBS_init(&input, spki.data(), spki.size());
  uint8_t unused_bits;
  Check(CBS_get_asn1(&input, &sequence, CBS_ASN1_SEQUENCE) &&
            CBS_get_asn1(&sequence, nullptr, CBS_ASN1_SEQUENCE) &&
            CBS_get_asn1(&sequence, &bits, CBS_ASN1_BITSTRING) &&
            CBS_get_u8(&bits, &unused_bits),
        "reading a public key");
  std::array<uint8_t, SHA_DIGEST_LENGTH> digest;
  SHA1(CBS_data(&bits), CBS_len(&bits), digest.data());
  return Bytes(digest.begin(), digest.end());
}

Spec Leaf(std::vector<std::string> dns_names) {
  Spec spec;
  if (!dns_names.empty()) {
    spec.common_name = dns_names.front();
  }
  spec.dns_names = std::move(dns_names);
  spec.is_ca = false;
  spec.key_usage = kDigitalSignature;
  spec.extended_key_usage = {"1.3.6.1.5.5.7.3.1"};  // serverAuth
  spec.extra = PublicLeafExtensions();
  return spec;
}

Spec Ca(absl::string_view common_name) {
  Spec spec;
  spec.common_name = std::string(common_name);
  spec.is_ca = true;
  spec.key_usage = kKeyCertSign | kCrlSign;
  return spec;
}

Minted SelfSigned(const Spec& spec, const Key& key) {
  return {SignedDer(spec, key, {SubjectDer(spec), key}), key};
}

Minted Issue(const Spec& spec, const Key& key, const Minted& issuer) {
  return {SignedDer(spec, key, {SubjectOf(issuer.der), issuer.key}), key};
}

Bytes MintCrl(const CrlSpec& spec, const Minted& issuer) {
  const SignatureAlgorithm algorithm =
      Resolve(spec.algorithm, issuer.key.get());
  std::vector<Bytes> entries;
  for (const Bytes& serial : spec.serials) {
    entries.push_back(
        DerSequence({DerWrap(0x02, serial), DerTime(spec.this_update),
                     SequenceOf(ExtensionList(spec.entry_extra))}));
  }
  std::vector<Extension> extensions = spec.extra;
  if (spec.number.has_value()) {
    extensions.push_back(
        {"2.5.29.20", spec.number_critical, DerInteger(*spec.number)});
  }
  const Bytes list = SequenceOf(ExtensionList(extensions));
  const Bytes tbs = DerSequence({
      spec.version == 1 ? Bytes{} : DerInteger(spec.version - 1),
      AlgorithmIdentifierDer(algorithm),
      spec.issuer_der.value_or(SubjectOf(issuer.der)),
      DerTime(spec.this_update),
      spec.next_update.has_value() ? DerTime(*spec.next_update) : Bytes{},
      SequenceOf(entries),
      list.empty() || spec.version == 1 ? Bytes{} : DerContext(0, true, list),
  });
  return SignDer(tbs, issuer.key, algorithm, spec.corrupt_signature);
}

Bytes SerialOf(const Minted& minted) {
  CBS input, certificate, tbs, serial;
  CBS_init(&input, minted.der.data(), minted.der.size());
  Check(CBS_get_asn1(&input, &certificate, CBS_ASN1_SEQUENCE) &&
            CBS_get_asn1(&certificate, &tbs, CBS_ASN1_SEQUENCE) &&
            CBS_get_optional_asn1(
                &tbs, nullptr, nullptr,
                CBS_ASN1_CONSTRUCTED | CBS_ASN1_CONTEXT_SPECIFIC | 0) &&
            CBS_get_asn1(&tbs, &serial, CBS_ASN1_INTEGER),
        "finding a serial number");
  return Bytes(CBS_data(&serial), CBS_data(&serial) + CBS_len(&serial));
}

std::string Minted::Pem() const { return PemBlock("CERTIFICATE", der); }

std::string PemOf(absl::Span<const Minted> certificates) {
  std::string pem;
  for (const Minted& certificate : certificates) {
    pem += certificate.Pem();
  }
  return pem;
}

}  // namespace mint
