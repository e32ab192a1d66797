#include "tools/mint/sct.h"

#include <openssl/bytestring.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/mint/der_writer.h"

namespace mint {
namespace {

constexpr absl::string_view kSctListOid = "1.3.6.1.4.1.11129.2.4.2";
constexpr absl::string_view kOcspSctListOid = "1.3.6.1.4.1.11129.2.4.5";
constexpr absl::string_view kSha1Oid = "1.3.14.3.2.26";

Bytes Sha256Of(const Bytes& bytes) {
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(bytes.data(), bytes.size(), digest.data());
  return digest;
}

Bytes Sha1Of(const Bytes& bytes) {
  Bytes digest(SHA_DIGEST_LENGTH);
  SHA1(bytes.data(), bytes.size(), digest.data());
  return digest;
}

// BigEndian returns `size` octets of `value`.
Bytes BigEndian(uint64_t value, size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) {
    bytes[size - 1 - i] = static_cast<uint8_t>(value >> (8 * i));
  }
  return bytes;
}

Bytes Prefixed(const Bytes& bytes, size_t size) {
  return Concat({BigEndian(bytes.size(), size), bytes});
}

// TbsOf returns the TBSCertificate of the certificate `der`.
Bytes TbsOf(const Bytes& der) {
  CBS input, certificate, tbs;
  CBS_init(&input, der.data(), der.size());
  Check(CBS_get_asn1(&input, &certificate, CBS_ASN1_SEQUENCE) &&
            CBS_get_asn1_element(&certificate, &tbs, CBS_ASN1_SEQUENCE),
        "finding a TBSCertificate");
  return Bytes(CBS_data(&tbs), CBS_data(&tbs) + CBS_len(&tbs));
}

// SctOver returns an SCT over `entry`, the LogEntryType and what follows it.
Bytes SctOver(const SctSpec& spec, const Bytes& entry) {
  const Bytes timestamp =
      BigEndian(static_cast<uint64_t>(absl::ToUnixMillis(spec.timestamp)), 8);
  const bool rsa = EVP_PKEY_id(spec.log.get()) == EVP_PKEY_RSA;
  const Bytes extensions = Prefixed(spec.extensions, 2);
  Bytes signature = Sign(
      spec.log.get(),
      rsa ? SignatureAlgorithm::kRsaSha256 : SignatureAlgorithm::kEcdsaSha256,
      Concat({Bytes{spec.version, 0}, timestamp, entry, extensions}));
  if (spec.corrupt_signature) {
    signature.back() ^= 1;
  }
  return Concat({Bytes{spec.version}, spec.log_id.value_or(LogId(spec.log)),
                 timestamp, extensions,
                 Bytes{spec.hash_algorithm, static_cast<uint8_t>(rsa ? 1 : 3)},
                 Prefixed(signature, 2)});
}

Bytes PrecertificateSct(const SctSpec& spec, const Bytes& tbs,
                        const Key& issuer) {
  return SctOver(spec, Concat({BigEndian(1, 2), Sha256Of(issuer.SpkiDer()),
                               Prefixed(tbs, 3)}));
}

// GeneralizedTime is the only form of time in OCSP.
Bytes GeneralizedTime(absl::Time time) {
  return DerWrap(0x18, ToBytes(absl::FormatTime("%Y%m%d%H%M%SZ", time,
                                                absl::UTCTimeZone())));
}

Bytes CertId(const OcspSpec& spec, const Minted& certificate,
             const Minted& issuer) {
  return DerSequence(
      {DerSequence({DerOid(kSha1Oid), DerNull()}),
       DerOctetString(Sha1Of(SubjectOf(issuer.der))),
       DerOctetString(KeyId(issuer.key.SpkiDer())),
       DerWrap(0x02, spec.serial.value_or(SerialOf(certificate)))});
}

Bytes SingleExtensions(const OcspSpec& spec) {
  std::vector<Bytes> list;
  for (const Extension& extension : spec.extra) {
    list.push_back(DerSequence({DerOid(extension.oid),
                                extension.critical ? DerTrue() : Bytes{},
                                DerOctetString(extension.value)}));
  }
  if (!spec.sct_list.empty()) {
    list.push_back(
        DerSequence({DerOid(kOcspSctListOid),
                     DerOctetString(DerOctetString(spec.sct_list))}));
  }
  return list.empty() ? Bytes{} : DerContext(1, true, DerSequence(list));
}

}  // namespace

Bytes LogId(const Key& log) { return Sha256Of(log.SpkiDer()); }

Bytes X509Sct(const SctSpec& spec, const Minted& certificate) {
  return SctOver(spec, Concat({BigEndian(0, 2), Prefixed(certificate.der, 3)}));
}

Bytes SctList(const std::vector<Bytes>& scts) {
  std::vector<Bytes> parts;
  for (const Bytes& sct : scts) {
    parts.push_back(Prefixed(sct, 2));
  }
  return Prefixed(Concat(parts), 2);
}

Extension SctListExtension(const Bytes& list) {
  return {std::string(kSctListOid), false, DerOctetString(list)};
}

Spec WithoutScts(Spec spec) {
  spec.extra.erase(std::remove_if(spec.extra.begin(), spec.extra.end(),
                                  [](const Extension& extension) {
                                    return extension.oid == kSctListOid;
                                  }),
                   spec.extra.end());
  return spec;
}

Minted IssueLogged(Spec spec, const Key& key, const Minted& issuer,
                   const std::vector<SctSpec>& scts, int position) {
  spec = WithoutScts(std::move(spec));
  if (spec.serial.empty()) {  // the same in both
    spec.serial = SerialOf(Issue(spec, key, issuer));
  }
  const Bytes tbs = TbsOf(Issue(spec, key, issuer).der);
  std::vector<Bytes> list;
  for (const SctSpec& sct : scts) {
    list.push_back(PrecertificateSct(sct, tbs, issuer.key));
  }
  const auto place =
      position < 0 ? spec.extra.end() : spec.extra.begin() + position;
  spec.extra.insert(place, SctListExtension(SctList(list)));
  return Issue(spec, key, issuer);
}

Bytes MintOcsp(const OcspSpec& spec, const Minted& certificate,
               const Minted& issuer) {
  const Bytes status =
      spec.revoked ? DerContext(1, true, GeneralizedTime(spec.this_update))
                   : DerContext(0, false, {});
  const Bytes answer =
      DerSequence({CertId(spec, certificate, issuer), status,
                   GeneralizedTime(spec.this_update),
                   spec.next_update.has_value()
                       ? DerContext(0, true, GeneralizedTime(*spec.next_update))
                       : Bytes{},
                   SingleExtensions(spec)});
  const Bytes data = DerSequence(
      {DerContext(2, true, DerOctetString(KeyId(issuer.key.SpkiDer()))),
       GeneralizedTime(spec.this_update), DerSequence({answer})});
  const Bytes basic = SignDer(
      data, issuer.key, Resolve(SignatureAlgorithm::kDefault, issuer.key.get()),
      /*corrupt=*/false);
  return DerSequence({DerWrap(0x0a, Bytes{0}),  // successful
                      DerContext(0, true,
                                 DerSequence({DerOid("1.3.6.1.5.5.7.48.1.1"),
                                              DerOctetString(basic)}))});
}

std::string LogListJson(const std::vector<LogSpec>& logs) {
  std::vector<std::string> operators;
  for (const LogSpec& log : logs) {
    const auto base64 = [](const Bytes& bytes) {
      return absl::Base64Escape(std::string(bytes.begin(), bytes.end()));
    };
    operators.push_back(absl::StrCat(
        R"(    {"name": ")", log.operator_name, R"(", "email": ["a@b.example"],
     ")",
        log.tiled ? "tiled_logs" : "logs", R"(": [
       {"description": ")",
        log.description, R"(",
        "log_id": ")",
        base64(LogId(log.key)), R"(",
        "key": ")",
        base64(log.key.SpkiDer()), R"(",
        "mmd": 86400, ")",
        log.tiled ? "submission_url" : "url", R"(": "https://log.example/")",
        log.more.empty() ? "" : ",\n        ", log.more, "}]}"));
  }
  return absl::StrCat(
      "{\n  \"version\": \"1.0\",\n"
      "  \"log_list_timestamp\": \"2026-05-01T00:00:00Z\",\n"
      "  \"operators\": [\n",
      absl::StrJoin(operators, ",\n"), "\n  ]\n}\n");
}

}  // namespace mint
