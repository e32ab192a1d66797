#include "pinning/internal/diagnoser.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/internal/evidence_codes.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/interception_signs.h"
#include "pinning/internal/text_escape.h"
#include "pinning/observation.h"
#include "pinning/path.h"
#include "pinning/trust_store.h"

// What the rules have in common; the rules themselves are in
// diagnoser_rules.cc.
namespace pinning {
namespace internal {

Diagnoser::Diagnoser(const Observation& observation)
    : seen_(observation),
      scene_(MakeScene(observation)),
      signs_(FindSigns(scene_)) {}

Diagnosis Diagnoser::Diagnose() {
  // The order is the argument: a known name or key first; then what follows
  // from a valid path; then what signatures prove of a path that is not valid,
  // so that an honest mistake is not called an attack; and only then signs.
  (void)(KnownProduct() || PinsUnmetOnLocalAnchor() ||
         PinsUnmetOnPublicAnchor() || WrongName() || ProvenButRefused() ||
         CaptivePortal() || GenericInterception() || ServerMistake() ||
         UnknownAuthority());
  return std::move(diagnosis_);
}

void Diagnoser::Conclude(DiagnosisKind kind, Confidence confidence) {
  diagnosis_.kind = kind;
  diagnosis_.confidence = confidence;
}

void Diagnoser::ConcludeInterception(Confidence confidence) {
  // The name of a product has been told already, and by whose it is.
  const bool named =
      std::any_of(diagnosis_.evidence.begin(), diagnosis_.evidence.end(),
                  [](const Evidence& told) {
                    return told.code == evidence::kKnownProduct;
                  });
  for (const Evidence& sign : signs_) {
    if (!named || sign.code != evidence::kInspectionName) {
      diagnosis_.evidence.push_back(sign);
    }
  }
  // Whose name was borrowed is not who it is.
  const bool imitated =
      std::any_of(signs_.begin(), signs_.end(), [](const Evidence& sign) {
        return sign.code == evidence::kImitatedIssuer;
      });
  if (diagnosis_.product.empty() && !imitated) {
    diagnosis_.product = AuthorityName(scene_.leaf());
    AddResemblance();
  }
  Conclude(DiagnosisKind::kInterception, confidence);
}

void Diagnoser::Add(absl::string_view code, std::vector<std::string> arguments,
                    int depth, absl::string_view field,
                    absl::string_view message) {
  diagnosis_.evidence.push_back(MakeEvidence(code, EvidenceWeight::kContext,
                                             depth, field, std::move(arguments),
                                             message));
}

void Diagnoser::AddSigns(absl::Span<const Evidence> signs) {
  diagnosis_.evidence.insert(diagnosis_.evidence.end(), signs.begin(),
                             signs.end());
}

void Diagnoser::AddConclusive(absl::string_view code,
                              std::vector<std::string> arguments, int depth,
                              absl::string_view field,
                              absl::string_view message) {
  diagnosis_.evidence.push_back(MakeEvidence(code, EvidenceWeight::kConclusive,
                                             depth, field, std::move(arguments),
                                             message));
}

const InterceptorCatalogue::Product* Diagnoser::Resembled() const {
  return seen_.catalogue == nullptr
             ? nullptr
             : seen_.catalogue->FindByStructure(
                   scene_.leaf(),
                   scene_.issuer_signed ? scene_.issuer : nullptr);
}

// AddResemblance says which product builds its forgeries as the leaf is built.
// Its owner gave the authority its name, and that stays the name of who it is;
// the advice does not rest on a likeness either.
void Diagnoser::AddResemblance() {
  const InterceptorCatalogue::Product* product = Resembled();
  if (product != nullptr) {
    diagnosis_.evidence.push_back(
        MakeEvidence(evidence::kResemblesProduct, EvidenceWeight::kWeak, 0,
                     "extensions", {EscapeText(product->name)}));
  }
}

void Diagnoser::AddNameMismatch() {
  constexpr size_t kShown = 3;
  const std::string asked = EscapeText(scene_.name->ToString());
  const std::vector<absl::string_view> names = scene_.leaf().dns_names();
  if (names.empty()) {
    Add(evidence::kNameMismatch, {asked}, 0, "subjectAltName");
    return;
  }
  std::string served;
  for (size_t i = 0; i < names.size() && i < kShown; ++i) {
    absl::StrAppend(&served, i == 0 ? "" : ", ", EscapeText(names[i]));
  }
  absl::StrAppend(&served, names.size() > kShown ? ", …" : "");
  Add(evidence::kNameMismatch, {asked, served}, 0, "subjectAltName",
      "name-mismatch.names");
}

void Diagnoser::AddLocalAnchor() {
  const Certificate* anchor = LocalAnchor();
  if (anchor == nullptr) {
    return;
  }
  AddConclusive(
      evidence::kLocalAnchor, {EscapeText(anchor->subject(), 128)},
      has_valid_path()
          ? static_cast<int>(seen_.valid_paths[0].certificates().size()) - 1
          : static_cast<int>(scene_.proven.size()) - 1,
      "subject");
}

bool Diagnoser::IsPinFailure() const {
  switch (seen_.error.code) {
    case ErrorCode::kPinMismatch:
    case ErrorCode::kBlockedPin:
    case ErrorCode::kPinSetExpired:
    case ErrorCode::kBudgetExhausted:
      return seen_.pin_set != nullptr;
    default:
      return false;
  }
}

bool Diagnoser::reaches(TrustAnchor::Origin origin) const {
  return std::any_of(seen_.valid_paths.begin(), seen_.valid_paths.end(),
                     [origin](const VerifiedPath& path) {
                       return path.anchor_origin() == origin;
                     });
}

const Certificate* Diagnoser::LocalAnchor() const {
  if (has_valid_path()) {
    return reaches(TrustAnchor::Origin::kBundled)
               ? nullptr
               : &seen_.valid_paths[0].anchor();
  }
  return scene_.proven_origin == TrustAnchor::Origin::kLocal
             ? scene_.proven.back()
             : nullptr;
}

int Diagnoser::PinnedDepthOnProven() const {
  if (seen_.pin_set == nullptr) {
    return -1;
  }
  for (size_t i = 0; i < scene_.proven.size(); ++i) {
    if (IsPinned(*seen_.pin_set, scene_.proven[i]->pin())) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace internal
}  // namespace pinning
