#include "pinning/internal/interception_signs.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/evidence_codes.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/ip_address.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/signature.h"
#include "pinning/internal/text_escape.h"
#include "pinning/language.h"
#include "pinning/pin_set.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace internal {
namespace {

// A proxy mints on demand and sets its clock back by up to two days so that a
// client whose clock is slow does not complain.
constexpr absl::Duration kRecently = absl::Hours(72);

// What an authority that inspects calls itself. Lower case.
constexpr absl::string_view kInspectionWords[] = {
    "inspection",        "intercept",     "mitm",           "man-in-the-middle",
    "man in the middle", "decrypt",       "ssl proxy",      "https proxy",
    "tls proxy",         "web proxy",     "proxy ca",       "web gateway",
    "ssl filter",        "web filter",    "content filter", "firewall",
    "forward trust",     "forward proxy", "ssl bump",       "sslbump",
    "web shield",        "sslsplit",      "squid",          "e2guardian",
    "do_not_trust",      "dpi-ssl",
};

// What a login page calls itself: whole words of a name. Lower case.
constexpr absl::string_view kPortalWords[] = {
    "captive",  "captiveportal", "gateway", "guest",       "hotspot",
    "lan",      "local",         "login",   "localdomain", "meraki",
    "mikrotik", "opnsense",      "openwrt", "pfsense",     "portal",
    "router",   "routeros",      "ruckus",  "securelogin", "signin",
    "splash",   "ubiquiti",      "ubnt",    "unifi",       "welcome",
    "wifi",     "wlan",
};

// What a question found. `message` is empty if it is the evidence code.
struct Found {
  std::string message;
  std::vector<std::string> arguments;
  int depth = -1;
  std::string field;
  std::optional<EvidenceWeight> weight =
      std::nullopt;  // set: not what the rule says
};

std::string Subject(const Certificate& certificate) {
  return EscapeText(certificate.subject(), 128);
}

std::optional<Found> LeafKeyIsIssuerKey(const Scene& scene) {
  const Certificate& leaf = scene.leaf();
  const auto same_key = [&](const Certificate& other) {
    return other.pin() == leaf.pin() && other.parsed().subject.normalized !=
                                            leaf.parsed().subject.normalized;
  };
  for (const Certificate& served : scene.chain->intermediates()) {
    if (same_key(served)) {
      return Found{"", {Subject(served)}, 0, "subjectPublicKeyInfo"};
    }
  }
  for (const TrustAnchor& anchor : scene.trust_store->anchors()) {
    if (same_key(anchor.certificate)) {
      return Found{"leaf-key-is-issuer-key.anchor",
                   {Subject(anchor.certificate)},
                   0,
                   "subjectPublicKeyInfo"};
    }
  }
  return std::nullopt;
}

// NoneSigned returns whether every one of `issuers`, all of which bear the name
// of the issuer of `issued`, has a usable key that did not sign it.
bool NoneSigned(const Certificate& issued,
                const std::vector<const Certificate*>& issuers) {
  if (issuers.empty() || issuers.size() > 8) {
    return false;
  }
  return std::all_of(
      issuers.begin(), issuers.end(), [&](const Certificate* issuer) {
        const CheckResult result =
            VerifySignature(issued.parsed(), issuer->parsed().spki);
        return !result.passed() &&
               result.error().code == ErrorCode::kBadSignature;
      });
}

std::optional<Found> ImitatedIssuer(const Scene& scene) {
  // An anchor of the name exists, but did not sign: at each step that holds.
  for (size_t i = 0; i < scene.proven.size(); ++i) {
    std::vector<const Certificate*> bearers;
    for (const TrustAnchor* anchor :
         scene.trust_store->AnchorsFor(*scene.proven[i])) {
      bearers.push_back(&anchor->certificate);
    }
    if (NoneSigned(*scene.proven[i], bearers)) {
      return Found{"imitated-issuer.anchor",
                   {Subject(*bearers.front())},
                   static_cast<int>(i),
                   "issuer"};
    }
  }
  if (scene.issuer != nullptr && !scene.issuer_signed &&
      NoneSigned(scene.leaf(), {scene.issuer})) {
    return Found{"", {Subject(*scene.issuer)}, 0, "issuer"};
  }
  return std::nullopt;
}

std::optional<Found> InspectionName(const Scene& scene) {
  for (size_t i = 0; i < scene.proven.size(); ++i) {
    for (absl::string_view oid : {"2.5.4.3", "2.5.4.10", "2.5.4.11"}) {
      for (const std::string& value : scene.proven[i]->IssuerAttribute(oid)) {
        const std::string lower = absl::AsciiStrToLower(value);
        for (absl::string_view word : kInspectionWords) {
          if (absl::StrContains(lower, word)) {
            return Found{
                "", {EscapeText(value, 128)}, static_cast<int>(i), "issuer"};
          }
        }
      }
    }
  }
  return std::nullopt;
}

std::optional<Found> GenuineAppended(const Scene& scene) {
  // Another intermediate may have been put there by mistake.
  bool for_name = false;
  const int at = FindAppendedGenuine(scene, &for_name);
  if (at < 0) {
    return std::nullopt;
  }
  const Certificate& appended = scene.chain->certificates()[at];
  const bool posed = for_name || appended.parsed().subject.normalized ==
                                     scene.leaf().parsed().issuer.normalized;
  return Found{"",
               {Subject(appended)},
               at,
               "subject",
               posed ? EvidenceWeight::kTelling : EvidenceWeight::kWeak};
}

std::optional<Found> LeafOlderThanIssuer(const Scene& scene) {
  // A public authority may be certified again after it issued the leaf.
  if (!scene.issuer_signed ||
      scene.proven_origin == TrustAnchor::Origin::kBundled ||
      scene.leaf().not_before() >= scene.issuer->not_before()) {
    return std::nullopt;
  }
  return Found{"", {Subject(*scene.issuer)}, 0, "notBefore"};
}

std::optional<Found> PinnedKeysAbsent(const Scene& scene) {
  if (scene.pin_set == nullptr || !scene.public_name) {
    return std::nullopt;
  }
  for (const Certificate* certificate : scene.proven) {
    if (IsPinned(*scene.pin_set, certificate->pin())) {
      return std::nullopt;
    }
  }
  Found found{
      "", {EscapeText(scene.name->ToString())}, -1, "subjectPublicKeyInfo"};
  if (FindPinned(*scene.pin_set, scene.chain->certificates()) >= 0) {
    bool genuine_for_name = false;
    FindAppendedGenuine(scene, &genuine_for_name);
    if (!genuine_for_name) {
      return std::nullopt;
    }
    found.message = "pinned-keys-absent.unused";
  } else if (MayEndAtPinnedRoot(scene)) {
    found.weight = EvidenceWeight::kWeak;
  }
  return found;
}

std::optional<Found> NoPublicCaMarks(const Scene& scene) {
  if (!scene.public_name) {
    return std::nullopt;
  }
  if (!HasPublicCaMarks(scene.leaf())) {
    return Found{"", {}, 0, "extensions"};
  }
  // A copy has what the genuine leaf has, but seldom its issuer too.
  if (scene.issuer_signed && !scene.proven_origin.has_value() &&
      !scene.issuer->IsSelfIssued() && !HasPublicCaMarks(*scene.issuer)) {
    return Found{"no-public-ca-marks.issuer",
                 {Subject(*scene.issuer)},
                 scene.issuer_depth,
                 "extensions"};
  }
  return std::nullopt;
}

std::optional<Found> ServedRootIssuedLeaf(const Scene& scene) {
  const Certificate& last = *scene.proven.back();
  if (scene.proven.size() < 2 || !last.IsSelfIssued() ||
      scene.proven_origin == TrustAnchor::Origin::kBundled) {
    return std::nullopt;
  }
  const absl::Span<const Certificate> served = scene.chain->certificates();
  const auto at = std::find(served.begin(), served.end(), last);
  if (at == served.end()) {
    return std::nullopt;
  }
  return Found{scene.proven.size() == 2 ? "" : "served-root-issued-leaf.end",
               {Subject(last)},
               static_cast<int>(at - served.begin()),
               "issuer"};
}

std::optional<Found> MintedRecently(const Scene& scene) {
  const absl::Duration age = scene.now - scene.leaf().not_before();
  if (age < absl::ZeroDuration() || age > kRecently) {
    return std::nullopt;
  }
  return Found{
      "",
      {absl::FormatDuration(absl::Trunc(
          age, age < absl::Hours(1) ? absl::Seconds(1) : absl::Minutes(1)))},
      0,
      "notBefore"};
}

// The table: strongest first. A row is a sign, what it counts for, and the
// question that finds it.
struct Rule {
  absl::string_view code;
  EvidenceWeight weight;
  std::optional<Found> (*find)(const Scene&);
};

constexpr Rule kRules[] = {
    {evidence::kLeafKeyIsIssuerKey, EvidenceWeight::kTelling,
     LeafKeyIsIssuerKey},
    {evidence::kImitatedIssuer, EvidenceWeight::kTelling, ImitatedIssuer},
    {evidence::kInspectionName, EvidenceWeight::kTelling, InspectionName},
    {evidence::kGenuineAppended, EvidenceWeight::kTelling, GenuineAppended},
    {evidence::kPinnedKeysAbsent, EvidenceWeight::kPinned, PinnedKeysAbsent},
    {evidence::kServedRootIssuedLeaf, EvidenceWeight::kHomeMade,
     ServedRootIssuedLeaf},
    {evidence::kNoPublicCaMarks, EvidenceWeight::kHomeMade, NoPublicCaMarks},
    // A private authority's root is often renewed with the same key.
    {evidence::kLeafOlderThanIssuer, EvidenceWeight::kHomeMade,
     LeafOlderThanIssuer},
    {evidence::kMintedRecently, EvidenceWeight::kWeak, MintedRecently},
};

bool IsPortalWord(absl::string_view word) {
  return std::find(std::begin(kPortalWords), std::end(kPortalWords),
                   absl::AsciiStrToLower(word)) != std::end(kPortalWords);
}

// IsPrivateAddress: RFC 1918, RFC 3927, RFC 6598, loopback, RFC 4193, and of
// RFC 5737 the first, at which a well-known maker's login pages answer.
bool IsPrivateAddress(absl::string_view octets) {
  const auto at = [octets](size_t i) {
    return static_cast<uint8_t>(octets[i]);
  };
  if (octets.size() == 4) {
    return at(0) == 10 || at(0) == 127 || (at(0) == 172 && at(1) / 16 == 1) ||
           (at(0) == 192 && at(1) == 168) || (at(0) == 169 && at(1) == 254) ||
           (at(0) == 100 && at(1) / 64 == 1) ||
           (at(0) == 192 && at(1) == 0 && at(2) == 2);
  }
  return octets.size() == 16 && (at(0) == 0xfc || at(0) == 0xfd);
}

}  // namespace

Evidence MakeEvidence(absl::string_view code, EvidenceWeight weight, int depth,
                      absl::string_view field,
                      std::vector<std::string> arguments,
                      absl::string_view message) {
  Evidence evidence;
  evidence.code = std::string(code);
  evidence.depth = depth;
  evidence.field = std::string(field);
  evidence.weight = weight;
  evidence.message = std::string(message.empty() ? code : message);
  evidence.arguments = std::move(arguments);
  evidence.sentence = EvidenceSentence(evidence, Language::kEnglish);
  return evidence;
}

std::vector<Evidence> FindSigns(const Scene& scene) {
  std::vector<Evidence> signs;
  for (const Rule& rule : kRules) {
    std::optional<Found> found = rule.find(scene);
    if (found.has_value()) {
      signs.push_back(MakeEvidence(
          rule.code, found->weight.value_or(rule.weight), found->depth,
          found->field, std::move(found->arguments), found->message));
    }
  }
  return signs;
}

int CountTelling(absl::Span<const Evidence> signs) {
  return static_cast<int>(
      std::count_if(signs.begin(), signs.end(), [](const Evidence& sign) {
        return sign.weight == EvidenceWeight::kTelling;
      }));
}

int Score(absl::Span<const Evidence> signs) {
  const auto any = [&signs](EvidenceWeight weight) {
    return std::any_of(
        signs.begin(), signs.end(),
        [weight](const Evidence& sign) { return sign.weight == weight; });
  };
  return CountTelling(signs) + (any(EvidenceWeight::kPinned) ? 1 : 0) +
         (any(EvidenceWeight::kHomeMade) ? 1 : 0);
}

TimeSigns FindTimeSigns(const Scene& scene) {
  TimeSigns times;
  times.latest_start = absl::InfinitePast();
  absl::Time earliest_end = absl::InfiniteFuture();
  const size_t count = std::max<size_t>(scene.proven.size(), 2) - 1;
  for (size_t i = 0; i < count && i < scene.proven.size(); ++i) {
    const Certificate& certificate = *scene.proven[i];
    const int depth = static_cast<int>(i);
    times.latest_start = std::max(times.latest_start, certificate.not_before());
    earliest_end = std::min(earliest_end, certificate.not_after());
    if (scene.now > certificate.not_after()) {
      ++times.expired;
      times.signs.push_back(MakeEvidence(
          evidence::kExpired, EvidenceWeight::kContext, depth, "notAfter",
          {absl::FormatTime(certificate.not_after(), absl::UTCTimeZone())}));
    } else if (scene.now < certificate.not_before()) {
      ++times.not_yet_valid;
      times.signs.push_back(MakeEvidence(
          evidence::kNotYetValid, EvidenceWeight::kContext, depth, "notBefore",
          {absl::FormatTime(certificate.not_before(), absl::UTCTimeZone())}));
    }
  }
  times.one_time_explains = times.latest_start <= earliest_end;
  return times;
}

std::vector<Evidence> FindPortalSigns(const Scene& scene) {
  std::vector<Evidence> signs;
  const Certificate& leaf = scene.leaf();
  if (scene.name_matches) {
    return signs;  // a portal answers for names that are not its own
  }
  std::vector<std::string> addresses(leaf.ip_addresses().begin(),
                                     leaf.ip_addresses().end());
  for (const std::string& name : leaf.SubjectAttribute("2.5.4.3")) {
    const absl::StatusOr<std::string> address = IpAddressFromString(name);
    if (address.ok()) {
      addresses.push_back(*address);
    }
  }
  for (const std::string& octets : addresses) {
    if (IsPrivateAddress(octets)) {
      signs.push_back(
          MakeEvidence(evidence::kPrivateAddress, EvidenceWeight::kContext, 0,
                       "subjectAltName", {IpAddressToString(octets)}));
      break;
    }
  }
  std::vector<std::string> names(leaf.dns_names().begin(),
                                 leaf.dns_names().end());
  for (absl::string_view oid : {"2.5.4.3", "2.5.4.10"}) {
    const std::vector<std::string> values = leaf.SubjectAttribute(oid);
    names.insert(names.end(), values.begin(), values.end());
  }
  for (const std::string& name : names) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(name, absl::ByAnyChar(".-_ "));
    if (std::any_of(words.begin(), words.end(), IsPortalWord)) {
      signs.push_back(MakeEvidence(evidence::kPortalName,
                                   EvidenceWeight::kContext, 0,
                                   "subjectAltName", {EscapeText(name, 128)}));
      break;
    }
  }
  return signs;
}

}  // namespace internal
}  // namespace pinning
