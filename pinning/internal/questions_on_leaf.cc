#include <openssl/bytestring.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/connection_facts.h"
#include "pinning/internal/interception_questions.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/parsed_certificate.h"

// What the leaf holds and what it lacks. None of this is asked of a leaf that
// leads to a public programme's anchor, nor, where public authorities set the
// standard, of a name that they do not issue for.
namespace pinning {
namespace internal {
namespace {

// Content octets of id-ce-keyUsage, and of the OCSP extension that holds SCTs.
constexpr uint8_t kKeyUsage[] = {0x55, 0x1d, 0x0f};
constexpr uint8_t kOcspSctList[] = {0x2b, 0x06, 0x01, 0x04, 0x01,
                                    0xd6, 0x79, 0x02, 0x04, 0x05};

// The longest validity of a public server certificate, by when it was issued
// (Baseline Requirements, 6.3.2; ballots 193, SC31 as programmes applied it,
// SC-081). Latest first.
struct ValidityLimit {
  absl::CivilDay from;
  int days;
};

constexpr int kMinSerialBits = 64;  // Baseline Requirements, 7.1

int LimitInDays(absl::Time issued) {
  const ValidityLimit limits[] = {
      {absl::CivilDay(2029, 3, 15), 47},  {absl::CivilDay(2027, 3, 15), 100},
      {absl::CivilDay(2026, 3, 15), 200}, {absl::CivilDay(2020, 9, 1), 398},
      {absl::CivilDay(2018, 3, 1), 825},  {absl::CivilDay(2015, 4, 1), 1187},
  };
  for (const ValidityLimit& limit : limits) {
    if (issued >= absl::FromCivil(limit.from, absl::UTCTimeZone())) {
      return limit.days;
    }
  }
  return 1827;  // sixty months
}

// KeyBits returns the content of the subjectPublicKey BIT STRING, which key
// identifiers are made from; empty if `spki` is not well-formed.
absl::Span<const uint8_t> KeyBits(absl::Span<const uint8_t> spki) {
  CBS whole, info, algorithm, bits;
  CBS_init(&whole, spki.data(), spki.size());
  uint8_t unused = 0;
  if (!CBS_get_asn1(&whole, &info, CBS_ASN1_SEQUENCE) ||
      !CBS_get_asn1(&info, &algorithm, CBS_ASN1_SEQUENCE) ||
      !CBS_get_asn1(&info, &bits, CBS_ASN1_BITSTRING) ||
      !CBS_get_u8(&bits, &unused)) {
    return {};
  }
  return {CBS_data(&bits), CBS_len(&bits)};
}

bool IsPrefixOf(absl::Span<const uint8_t> id,
                absl::Span<const uint8_t> digest) {
  return id.size() >= 20 && id.size() <= digest.size() &&
         std::equal(id.begin(), id.end(), digest.begin());
}

// IsKeyId: RFC 5280, 4.2.1.2 (1), and RFC 7093, section 2 (1) to (4), cut to
// 160 bits or whole.
bool IsKeyId(absl::Span<const uint8_t> id, absl::Span<const uint8_t> spki) {
  const absl::Span<const uint8_t> bits = KeyBits(spki);
  for (const absl::Span<const uint8_t> input : {bits, spki}) {
    std::vector<uint8_t> digest(SHA512_DIGEST_LENGTH);
    SHA1(input.data(), input.size(), digest.data());
    if (IsPrefixOf(id, absl::MakeSpan(digest).first(SHA_DIGEST_LENGTH))) {
      return true;
    }
    SHA256(input.data(), input.size(), digest.data());
    if (IsPrefixOf(id, absl::MakeSpan(digest).first(SHA256_DIGEST_LENGTH))) {
      return true;
    }
    SHA384(input.data(), input.size(), digest.data());
    if (IsPrefixOf(id, absl::MakeSpan(digest).first(SHA384_DIGEST_LENGTH))) {
      return true;
    }
    SHA512(input.data(), input.size(), digest.data());
    if (IsPrefixOf(id, digest)) {
      return true;
    }
  }
  return false;
}

bool Holds(absl::Span<const uint8_t> whole, absl::Span<const uint8_t> part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) !=
         whole.end();
}

// FactsOf returns what is known of the connection.
ConnectionFacts FactsOf(const Scene& scene) {
  return scene.facts == nullptr ? ConnectionFacts() : *scene.facts;
}

// HasTimestampsBeside returns whether timestamps came with the handshake or in
// the stapled OCSP response.
bool HasTimestampsBeside(const ConnectionFacts& facts) {
  return (facts.sct_list.has_value() && !facts.sct_list->empty()) ||
         (facts.ocsp_response.has_value() &&
          Holds(*facts.ocsp_response, kOcspSctList));
}

// IsOutsider: most of what follows says something of such a leaf only.
bool IsOutsider(const Scene& scene) {
  return scene.public_name && !LeadsToBundled(scene);
}

// HasPublicDates returns whether the leaf's validity is a public authority's:
// within the limit, and short of whole days by the second that RFC
// 5280, 4.1.2.5 counts in. Who mints such a leaf without such an authority's
// marks mostly copied the dates.
bool HasPublicDates(const Certificate& leaf) {
  const absl::Duration validity =
      leaf.not_after() - leaf.not_before() + absl::Seconds(1);
  return validity > absl::ZeroDuration() &&
         validity % absl::Hours(24) == absl::ZeroDuration() &&
         validity <= LimitInDays(leaf.not_before()) * absl::Hours(24);
}

}  // namespace

bool HasAnyPublicMark(const Scene& scene) {
  return HasPublicCaMarks(scene.leaf()) ||
         HasTimestampsBeside(FactsOf(scene)) ||
         scene.leaf().parsed().policies.has_value();
}

bool IsCleanLeaf(const Scene& scene) {
  const ParsedCertificate& leaf = scene.leaf().parsed();
  const bool signs =
      leaf.key_usage.has_value() && (*leaf.key_usage & kKeyCertSign) != 0 &&
      !(leaf.basic_constraints.has_value() && leaf.basic_constraints->is_ca);
  if (OddSerial(scene).has_value() || signs ||
      (HasPublicDates(scene.leaf()) && !HasAnyPublicMark(scene))) {
    return false;
  }
  return !MintedRecently(scene).has_value() ||
         (leaf.authority_key_id.has_value() && leaf.key_usage.has_value() &&
          !AuthorityNamedBySerial(scene).has_value());
}

std::optional<Found> NoTimestamps(const Scene& scene) {
  if (!IsOutsider(scene) || HasTimestamps(scene.leaf())) {
    return std::nullopt;
  }
  const ConnectionFacts facts = FactsOf(scene);
  if (HasTimestampsBeside(facts)) {
    return std::nullopt;
  }
  const bool all_known =
      facts.sct_list.has_value() && facts.ocsp_response.has_value();
  return Found{
      all_known ? "no-timestamps" : "no-timestamps.chain", {}, 0, "extensions"};
}

std::optional<Found> NoPublicCaMarks(const Scene& scene) {
  if (!IsOutsider(scene)) {
    return std::nullopt;
  }
  if (!HasPublicCaMarks(scene.leaf())) {
    std::vector<std::string> missing = {"authorityInfoAccess",
                                        "cRLDistributionPoints"};
    if (!scene.leaf().parsed().policies.has_value()) {
      missing.push_back("certificatePolicies");
    }
    return Found{"", {absl::StrJoin(missing, ", ")}, 0, "extensions"};
  }
  // A copy has what the genuine leaf has, but seldom its issuer too.
  if (scene.issuer_signed && !scene.proven_origin.has_value() &&
      !scene.issuer->IsSelfIssued() && !HasPublicCaMarks(*scene.issuer)) {
    return Found{"no-public-ca-marks.issuer",
                 {QuotedSubject(*scene.issuer)},
                 scene.issuer_depth,
                 "extensions"};
  }
  return std::nullopt;
}

std::optional<Found> NoKeyIds(const Scene& scene) {
  const ParsedCertificate& leaf = scene.leaf().parsed();
  if (LeadsToBundled(scene) || leaf.authority_key_id.has_value() ||
      leaf.subject_key_id.has_value() || scene.self_signed_leaf) {
    return std::nullopt;
  }
  return Found{"", {}, 0, "extensions"};
}

std::optional<Found> NoKeyUsage(const Scene& scene) {
  if (LeadsToBundled(scene) || scene.leaf().parsed().key_usage.has_value()) {
    return std::nullopt;
  }
  return Found{"", {}, 0, "keyUsage"};
}

std::optional<Found> KeyUsageNotCritical(const Scene& scene) {
  if (LeadsToBundled(scene)) {
    return std::nullopt;
  }
  for (const RawExtension& extension : scene.leaf().parsed().extensions) {
    if (extension.oid == absl::MakeConstSpan(kKeyUsage) &&
        !extension.critical) {
      return Found{"", {}, 0, "keyUsage"};
    }
  }
  return std::nullopt;
}

std::optional<Found> AuthorityNamedBySerial(const Scene& scene) {
  const auto& id = scene.leaf().parsed().authority_key_id;
  if (LeadsToBundled(scene) || !id.has_value() || !id->has_serial) {
    return std::nullopt;
  }
  return Found{"", {}, 0, "authorityKeyIdentifier"};
}

std::optional<Found> OddSerial(const Scene& scene) {
  const absl::Span<const uint8_t> serial = scene.leaf().serial();
  if (LeadsToBundled(scene) || serial.empty()) {
    return std::nullopt;
  }
  if ((serial[0] & 0x80) != 0) {
    return Found{"odd-serial.negative", {}, 0, "serialNumber"};
  }
  size_t skip = 0;
  while (skip < serial.size() && serial[skip] == 0) {
    ++skip;
  }
  // Sixty-four random bits begin with some zeros now and then.
  const int octets = static_cast<int>(serial.size() - skip);
  if (octets * 8 > kMinSerialBits - 16) {
    return std::nullopt;
  }
  return Found{"", {absl::StrCat(octets)}, 0, "serialNumber"};
}

std::optional<Found> ValidityTooLong(const Scene& scene) {
  if (!IsOutsider(scene)) {
    return std::nullopt;
  }
  const absl::Duration validity =
      scene.leaf().not_after() - scene.leaf().not_before();
  const int limit = LimitInDays(scene.leaf().not_before());
  if (validity <= limit * absl::Hours(24)) {
    return std::nullopt;
  }
  return Found{"",
               {absl::StrCat(validity / absl::Hours(24)), absl::StrCat(limit)},
               0,
               "validity"};
}

std::optional<Found> ValidityOfWholeDays(const Scene& scene) {
  const absl::Duration validity =
      scene.leaf().not_after() - scene.leaf().not_before();
  if (!IsOutsider(scene) || validity <= absl::ZeroDuration() ||
      validity % absl::Hours(24) != absl::ZeroDuration()) {
    return std::nullopt;
  }
  return Found{"", {absl::StrCat(validity / absl::Hours(24))}, 0, "validity"};
}

std::optional<Found> KeyIdNotOfKey(const Scene& scene) {
  const ParsedCertificate& leaf = scene.leaf().parsed();
  if (LeadsToBundled(scene) || !leaf.subject_key_id.has_value() ||
      IsKeyId(*leaf.subject_key_id, leaf.spki)) {
    return std::nullopt;
  }
  return Found{"", {}, 0, "subjectKeyIdentifier"};
}

std::optional<Found> MintedRecently(const Scene& scene) {
  const absl::Duration age = scene.now - scene.leaf().not_before();
  if (age < absl::ZeroDuration() || age > kRecently) {
    return std::nullopt;
  }
  const absl::Duration unit =
      age < absl::Hours(1) ? absl::Seconds(1) : absl::Minutes(1);
  if (age < absl::Seconds(1)) {
    return Found{"minted-recently.now", {}, 0, "notBefore"};
  }
  return Found{
      "", {absl::FormatDuration(absl::Trunc(age, unit))}, 0, "notBefore"};
}

}  // namespace internal
}  // namespace pinning
