#include "pinning/internal/sct_signature.h"

#include <openssl/bytestring.h>
#include <openssl/mem.h>
#include <openssl/sha.h>

#include <array>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/signature.h"
#include "pinning/internal/status_macros.h"

namespace pinning::internal {
namespace {

constexpr absl::string_view kSctList = "1.3.6.1.4.1.11129.2.4.2";
constexpr absl::string_view kPoison = "1.3.6.1.4.1.11129.2.4.3";
constexpr unsigned kExtensionsTag =
    CBS_ASN1_CONTEXT_SPECIFIC | CBS_ASN1_CONSTRUCTED | 3;

// The only hash, and the signatures, of RFC 6962, 2.1.4 and RFC
// 5246, 7.4.1.4.1.
constexpr uint8_t kSha256 = 4;
constexpr uint8_t kRsa = 1;
constexpr uint8_t kEcdsa = 3;

// AlgorithmIdentifiers: sha256WithRSAEncryption (RFC 4055, 5), with its NULL,
// and ecdsa-with-SHA256 (RFC 5758, 3.2), without.
constexpr uint8_t kRsaSha256[] = {0x30, 0x0d, 0x06, 0x09, 0x2a,
                                  0x86, 0x48, 0x86, 0xf7, 0x0d,
                                  0x01, 0x01, 0x0b, 0x05, 0x00};
constexpr uint8_t kEcdsaSha256[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                    0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};

// LogEntryType and SignatureType (3.1, 3.2).
constexpr uint16_t kX509Entry = 0;
constexpr uint16_t kPrecertEntry = 1;
constexpr uint8_t kCertificateTimestamp = 0;

bool AddBytes(CBB* out, Bytes bytes) {
  return CBB_add_bytes(out, bytes.data(), bytes.size()) == 1;
}

std::optional<std::vector<uint8_t>> Finish(CBB* cbb) {
  uint8_t* data = nullptr;
  size_t size = 0;
  if (!CBB_finish(cbb, &data, &size)) {
    return std::nullopt;
  }
  const bssl::UniquePtr<uint8_t> owned(data);
  return std::vector<uint8_t>(data, data + size);
}

// KeptExtensions returns the Extension elements in `tagged`, the content of
// [3], but for the SCT list.
absl::StatusOr<std::vector<Bytes>> KeptExtensions(DerReader tagged) {
  constexpr absl::string_view kWhat = "extensions";
  PINNING_ASSIGN_OR_RETURN(DerReader list,
                           tagged.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  std::vector<Bytes> kept;
  while (!list.empty()) {
    DerReader peek = list;
    PINNING_ASSIGN_OR_RETURN(const RawExtension extension, ReadExtension(peek));
    PINNING_ASSIGN_OR_RETURN(const DerElement whole, list.ReadAny(kWhat));
    const std::string oid = OidToString(extension.oid);
    if (oid == kPoison) {
      return absl::FailedPreconditionError("a precertificate");
    }
    if (oid != kSctList) {
      kept.push_back(whole.whole);
    }
  }
  return kept;
}

// AddExtensions writes [3] with `extensions`, and nothing for none: Extensions
// has one at least (RFC 5280, 4.1).
bool AddExtensions(CBB* tbs, const std::vector<Bytes>& extensions) {
  CBB tagged, list;
  if (extensions.empty()) {
    return true;
  }
  if (!CBB_add_asn1(tbs, &tagged, kExtensionsTag) ||
      !CBB_add_asn1(&tagged, &list, CBS_ASN1_SEQUENCE)) {
    return false;
  }
  for (const Bytes& extension : extensions) {
    if (!AddBytes(&list, extension)) {
      return false;
    }
  }
  return CBB_flush(tbs) == 1;
}

// AddEntry writes the signed_entry of `sct`, its type before it.
bool AddEntry(CBB* out, const Sct& sct, const Certificate& leaf,
              Bytes issuer_spki) {
  CBB body;
  if (sct.source != SctSource::kEmbedded) {
    return CBB_add_u16(out, kX509Entry) &&
           CBB_add_u24_length_prefixed(out, &body) &&
           AddBytes(&body, leaf.der()) && CBB_flush(out);
  }
  const absl::StatusOr<std::vector<uint8_t>> tbs = PrecertificateTbs(leaf);
  if (!tbs.ok()) {
    return false;
  }
  std::array<uint8_t, SHA256_DIGEST_LENGTH> issuer_key_hash;
  SHA256(issuer_spki.data(), issuer_spki.size(), issuer_key_hash.data());
  return CBB_add_u16(out, kPrecertEntry) && AddBytes(out, issuer_key_hash) &&
         CBB_add_u24_length_prefixed(out, &body) && AddBytes(&body, *tbs) &&
         CBB_flush(out);
}

// SignedBytes returns the struct that is digitally signed (3.2).
std::optional<std::vector<uint8_t>> SignedBytes(const Sct& sct,
                                                const Certificate& leaf,
                                                Bytes issuer_spki) {
  bssl::ScopedCBB cbb;
  CBB extensions;
  if (!CBB_init(cbb.get(), leaf.der().size() + 128) ||
      !CBB_add_u8(cbb.get(), sct.version) ||
      !CBB_add_u8(cbb.get(), kCertificateTimestamp) ||
      !CBB_add_u64(cbb.get(), sct.timestamp_ms) ||
      !AddEntry(cbb.get(), sct, leaf, issuer_spki) ||
      !CBB_add_u16_length_prefixed(cbb.get(), &extensions) ||
      !AddBytes(&extensions, sct.extensions)) {
    return std::nullopt;
  }
  return Finish(cbb.get());
}

}  // namespace

absl::StatusOr<std::vector<uint8_t>> PrecertificateTbs(
    const Certificate& certificate) {
  constexpr absl::string_view kWhat = "TBSCertificate";
  DerReader outer(certificate.parsed().tbs);
  PINNING_ASSIGN_OR_RETURN(DerReader fields,
                           outer.ReadInside(CBS_ASN1_SEQUENCE, kWhat));
  bssl::ScopedCBB cbb;
  CBB tbs;
  bool written = CBB_init(cbb.get(), certificate.der().size()) &&
                 CBB_add_asn1(cbb.get(), &tbs, CBS_ASN1_SEQUENCE);
  while (written && !fields.empty()) {
    PINNING_ASSIGN_OR_RETURN(const DerElement field, fields.ReadAny(kWhat));
    if (field.tag == kExtensionsTag) {
      PINNING_ASSIGN_OR_RETURN(const std::vector<Bytes> kept,
                               KeptExtensions(fields.Inside(field.content)));
      written = AddExtensions(&tbs, kept);
    } else {
      written = AddBytes(&tbs, field.whole);
    }
  }
  std::optional<std::vector<uint8_t>> result;
  if (written) {
    result = Finish(cbb.get());
  }
  if (!result.has_value()) {
    return absl::InternalError("out of memory");
  }
  return *std::move(result);
}

bool IsSctSignedBy(const Sct& sct, const Certificate& leaf,
                   absl::Span<const uint8_t> issuer_spki,
                   absl::Span<const uint8_t> log_spki) {
  if (sct.version != 0 || sct.hash_algorithm != kSha256 ||
      (sct.signature_algorithm != kRsa && sct.signature_algorithm != kEcdsa)) {
    return false;
  }
  const std::optional<std::vector<uint8_t>> message =
      SignedBytes(sct, leaf, issuer_spki);
  if (!message.has_value()) {
    return false;
  }
  SignedData data;
  data.tbs = *message;
  data.signature_algorithm =
      sct.signature_algorithm == kRsa ? Bytes(kRsaSha256) : Bytes(kEcdsaSha256);
  data.tbs_signature_algorithm = data.signature_algorithm;
  data.signature = sct.signature;
  return VerifySignature(data, log_spki).passed();
}

}  // namespace pinning::internal
