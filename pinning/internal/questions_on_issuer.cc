#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/interception_questions.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/signature.h"
#include "pinning/internal/text_escape.h"
#include "pinning/pin_set.h"
#include "pinning/trust_store.h"

// Who signed the leaf, and who did not.
namespace pinning {
namespace internal {
namespace {

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

}  // namespace

std::string QuotedSubject(const Certificate& certificate) {
  return EscapeText(certificate.subject(), 128);
}

bool LeadsToBundled(const Scene& scene) {
  return scene.proven_origin == TrustAnchor::Origin::kBundled;
}

bool FitsIssuerKeyId(const Scene& scene) {
  if (!scene.issuer_signed) {
    return false;
  }
  const auto& named = scene.leaf().parsed().authority_key_id;
  const auto& own = scene.issuer->parsed().subject_key_id;
  return named.has_value() && named->key_id.has_value() && own.has_value() &&
         *named->key_id == *own;
}

bool LooksWellKept(const Scene& scene) {
  const ParsedCertificate& leaf = scene.leaf().parsed();
  if (scene.self_signed_leaf || scene.proven.back()->IsSelfIssued() ||
      ServedTwice(scene).has_value() || !IsCleanLeaf(scene)) {
    return false;
  }
  if (scene.proven.size() < 2) {
    return leaf.authority_key_id.has_value() &&
           leaf.subject_key_id.has_value() && leaf.key_usage.has_value() &&
           (HasPointers(scene.leaf()) || !MintedRecently(scene).has_value());
  }
  return true;
}

std::optional<Found> LeafKeyIsIssuerKey(const Scene& scene) {
  const Certificate& leaf = scene.leaf();
  const auto same_key = [&](const Certificate& other) {
    return other.pin() == leaf.pin() &&
           !NamesMatch(other.parsed().subject, leaf.parsed().subject);
  };
  for (const Certificate& served : scene.chain->intermediates()) {
    if (same_key(served)) {
      return Found{"", {QuotedSubject(served)}, 0, "subjectPublicKeyInfo"};
    }
  }
  for (const TrustAnchor& anchor : scene.trust_store->anchors()) {
    if (same_key(anchor.certificate)) {
      return Found{"leaf-key-is-issuer-key.anchor",
                   {QuotedSubject(anchor.certificate)},
                   0,
                   "subjectPublicKeyInfo"};
    }
  }
  // A leaf whose signature its own key verifies, issued by another name, was
  // signed with its own key: the authority need not be at hand to know it.
  if (!leaf.IsSelfIssued() &&
      VerifySignature(leaf.parsed(), leaf.parsed().spki).passed()) {
    return Found{"leaf-key-is-issuer-key.own",
                 {AuthorityName(leaf)},
                 0,
                 "subjectPublicKeyInfo"};
  }
  return std::nullopt;
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
                   {QuotedSubject(*bearers.front())},
                   static_cast<int>(i),
                   "issuer"};
    }
  }
  if (scene.issuer != nullptr && !scene.issuer_signed &&
      NoneSigned(scene.leaf(), {scene.issuer})) {
    return Found{"", {QuotedSubject(*scene.issuer)}, 0, "issuer"};
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
  const bool posed = for_name || NamesMatch(appended.parsed().subject,
                                            scene.leaf().parsed().issuer);
  return Found{"",
               {QuotedSubject(appended)},
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
  return Found{"", {QuotedSubject(*scene.issuer)}, 0, "notBefore"};
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
  } else if (MayEndAtPinnedRoot(scene) &&
             (scene.pinned_locally || LooksWellKept(scene))) {
    found.weight = EvidenceWeight::kWeak;
  }
  return found;
}

std::optional<Found> PublicAuthorityPinned(const Scene& scene) {
  // The pins say that the server has a certificate of a public authority. One
  // of its own making that failed would still have that authority's marks.
  if (scene.pinned_anchor == nullptr || !scene.public_name ||
      LeadsToBundled(scene) || !PinnedKeysAbsent(scene).has_value() ||
      !(NoTimestamps(scene).has_value() ||
        ServedRootIssuedLeaf(scene).has_value())) {
    return std::nullopt;
  }
  return Found{"",
               {EscapeText(scene.name->ToString()),
                QuotedSubject(scene.pinned_anchor->certificate)},
               -1,
               "issuer"};
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
               {QuotedSubject(last)},
               static_cast<int>(at - served.begin()),
               "issuer"};
}

std::optional<Found> ValidityIsIssuers(const Scene& scene) {
  if (!scene.issuer_signed || LeadsToBundled(scene) ||
      scene.leaf().not_after() != scene.issuer->not_after() ||
      scene.leaf().not_before() != scene.issuer->not_before()) {
    return std::nullopt;
  }
  return Found{"", {QuotedSubject(*scene.issuer)}, 0, "validity"};
}

std::optional<Found> IssuerKeyIdDiffers(const Scene& scene) {
  if (!scene.issuer_signed || LeadsToBundled(scene) || FitsIssuerKeyId(scene)) {
    return std::nullopt;
  }
  const auto& named = scene.leaf().parsed().authority_key_id;
  if (!named.has_value() || !named->key_id.has_value() ||
      !scene.issuer->parsed().subject_key_id.has_value()) {
    return std::nullopt;
  }
  return Found{"", {QuotedSubject(*scene.issuer)}, 0, "authorityKeyIdentifier"};
}

std::optional<Found> SubjectIsIssuers(const Scene& scene) {
  if (scene.self_signed_leaf || LeadsToBundled(scene)) {
    return std::nullopt;
  }
  const Name& subject = scene.leaf().parsed().subject;
  const Name& issuer = scene.leaf().parsed().issuer;
  const auto without_common_name = [](const Name& name) {
    std::vector<std::string> values;
    for (const NameAttribute& attribute : AttributesOf(name)) {
      if (attribute.oid != "2.5.4.3") {
        values.push_back(attribute.value);
      }
    }
    return values;
  };
  const std::vector<std::string> copied = without_common_name(subject);
  // One attribute, a country or an organization, is shared by honest names.
  if (!NamesMatch(subject, issuer) &&
      (copied.size() < 2 || copied != without_common_name(issuer))) {
    return std::nullopt;
  }
  return Found{"", {QuotedSubject(scene.leaf())}, 0, "subject"};
}

}  // namespace internal
}  // namespace pinning
