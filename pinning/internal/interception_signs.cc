#include "pinning/internal/interception_signs.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/diagnosis.h"
#include "pinning/internal/evidence_codes.h"
#include "pinning/internal/interception_questions.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/language.h"

namespace pinning {
namespace internal {
namespace {

// The table: what is asked of every refused chain, and what a yes counts for;
// strongest first. docs/diagnosis.md gives the source of each row and says
// which come to what together.
struct Rule {
  absl::string_view code;
  EvidenceWeight weight;
  Question* ask;
};

constexpr EvidenceWeight kTelling = EvidenceWeight::kTelling;
constexpr EvidenceWeight kHomeMade = EvidenceWeight::kHomeMade;
constexpr EvidenceWeight kWeak = EvidenceWeight::kWeak;

constexpr Rule kRules[] = {
    {evidence::kLeafKeyIsIssuerKey, kTelling, LeafKeyIsIssuerKey},
    {evidence::kLeafKeyElsewhere, kTelling, LeafKeyElsewhere},
    {evidence::kImitatedIssuer, kTelling, ImitatedIssuer},
    {evidence::kBadTimestamps, kTelling, BadTimestamps},
    {evidence::kSerialNearGenuine, kTelling, SerialNearGenuine},
    {evidence::kInspectionName, kTelling, InspectionName},
    {evidence::kGenuineAppended, kTelling, GenuineAppended},
    {evidence::kIssuerElsewhere, kTelling, IssuerElsewhere},
    {evidence::kPublicAuthorityPinned, kTelling, PublicAuthorityPinned},
    {evidence::kPinnedKeysAbsent, EvidenceWeight::kPinned, PinnedKeysAbsent},
    {evidence::kServedRootIssuedLeaf, kHomeMade, ServedRootIssuedLeaf},
    {evidence::kNoTimestamps, kHomeMade, NoTimestamps},
    {evidence::kNoPublicCaMarks, kHomeMade, NoPublicCaMarks},
    // A private authority's root is often renewed with the same key.
    {evidence::kLeafOlderThanIssuer, kHomeMade, LeafOlderThanIssuer},
    {evidence::kValidityIsIssuers, kHomeMade, ValidityIsIssuers},
    {evidence::kIssuerKeyIdDiffers, kHomeMade, IssuerKeyIdDiffers},
    {evidence::kMintedRecently, kWeak, MintedRecently},
    {evidence::kServedTwice, kWeak, ServedTwice},
    {evidence::kServedUnrelated, kWeak, ServedUnrelated},
    {evidence::kKeyUnlikeLastSeen, kWeak, KeyUnlikeLastSeen},
    {evidence::kSerialSequential, kWeak, SerialSequential},
    {evidence::kOddSerial, kWeak, OddSerial},
    {evidence::kSubjectIsIssuers, kWeak, SubjectIsIssuers},
    {evidence::kNoKeyIds, kWeak, NoKeyIds},
    {evidence::kKeyIdNotOfKey, kWeak, KeyIdNotOfKey},
    {evidence::kAuthorityNamedBySerial, kWeak, AuthorityNamedBySerial},
    {evidence::kNoKeyUsage, kWeak, NoKeyUsage},
    {evidence::kKeyUsageNotCritical, kWeak, KeyUsageNotCritical},
    {evidence::kValidityTooLong, kWeak, ValidityTooLong},
    {evidence::kValidityOfWholeDays, kWeak, ValidityOfWholeDays},
    {evidence::kNoAlpn, kWeak, NoAlpn},
    {evidence::kNoStaple, kWeak, NoStaple},
};

bool Any(absl::Span<const Evidence> signs, EvidenceWeight weight) {
  return std::any_of(
      signs.begin(), signs.end(),
      [weight](const Evidence& sign) { return sign.weight == weight; });
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
    std::optional<Found> found = rule.ask(scene);
    if (found.has_value()) {
      signs.push_back(MakeEvidence(
          rule.code, found->weight.value_or(rule.weight), found->depth,
          found->field, std::move(found->arguments), found->message));
    }
  }
  std::stable_sort(
      signs.begin(), signs.end(),
      [](const Evidence& a, const Evidence& b) { return a.weight < b.weight; });
  return signs;
}

int CountTelling(absl::Span<const Evidence> signs) {
  return static_cast<int>(
      std::count_if(signs.begin(), signs.end(), [](const Evidence& sign) {
        return sign.weight == EvidenceWeight::kTelling;
      }));
}

int Score(absl::Span<const Evidence> signs) {
  return CountTelling(signs) + (Any(signs, EvidenceWeight::kPinned) ? 1 : 0) +
         (Any(signs, EvidenceWeight::kHomeMade) ? 1 : 0);
}

std::optional<Confidence> WeighSigns(const Scene& scene,
                                     absl::Span<const Evidence> signs) {
  const int score = Score(signs);
  if (CountTelling(signs) == 0) {
    return score >= 2 && (PinsMustBeServed(scene) || !LooksWellKept(scene))
               ? std::optional<Confidence>(Confidence::kLow)
               : std::nullopt;
  }
  switch (score) {
    case 1:
      return std::nullopt;
    case 2:
      return Confidence::kLow;
    case 3:
      return Confidence::kMedium;
    default:
      return Confidence::kHigh;
  }
}

}  // namespace internal
}  // namespace pinning
