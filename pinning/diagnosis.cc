#include "pinning/diagnosis.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/evidence_codes.h"
#include "pinning/internal/messages.h"
#include "pinning/language.h"

namespace pinning {
namespace {

constexpr DiagnosisKind kAllDiagnosisKinds[] = {
    DiagnosisKind::kNone,
    DiagnosisKind::kInterception,
    DiagnosisKind::kUnexpectedIssuer,
    DiagnosisKind::kStalePins,
    DiagnosisKind::kCaptivePortal,
    DiagnosisKind::kClock,
    DiagnosisKind::kServer,
};

constexpr EvidenceWeight kAllEvidenceWeights[] = {
    EvidenceWeight::kConclusive, EvidenceWeight::kTelling,
    EvidenceWeight::kPinned,     EvidenceWeight::kHomeMade,
    EvidenceWeight::kWeak,       EvidenceWeight::kContext,
};

}  // namespace

absl::Span<const DiagnosisKind> AllDiagnosisKinds() {
  return kAllDiagnosisKinds;
}

absl::Span<const EvidenceWeight> AllEvidenceWeights() {
  return kAllEvidenceWeights;
}

absl::Span<const absl::string_view> AllEvidenceCodes() {
  return internal::evidence::kAll;
}

absl::string_view DiagnosisKindName(DiagnosisKind kind) {
  switch (kind) {
    case DiagnosisKind::kNone:
      return "none";
    case DiagnosisKind::kInterception:
      return "interception";
    case DiagnosisKind::kUnexpectedIssuer:
      return "unexpected-issuer";
    case DiagnosisKind::kStalePins:
      return "stale-pins";
    case DiagnosisKind::kCaptivePortal:
      return "captive-portal";
    case DiagnosisKind::kClock:
      return "clock";
    case DiagnosisKind::kServer:
      return "server";
  }
  return "none";
}

absl::string_view ConfidenceName(Confidence confidence) {
  switch (confidence) {
    case Confidence::kLow:
      return "low";
    case Confidence::kMedium:
      return "medium";
    case Confidence::kHigh:
      return "high";
  }
  return "low";
}

absl::string_view EvidenceWeightName(EvidenceWeight weight) {
  switch (weight) {
    case EvidenceWeight::kConclusive:
      return "conclusive";
    case EvidenceWeight::kTelling:
      return "telling";
    case EvidenceWeight::kPinned:
      return "pinned";
    case EvidenceWeight::kHomeMade:
      return "home-made";
    case EvidenceWeight::kWeak:
      return "weak";
    case EvidenceWeight::kContext:
      return "context";
  }
  return "context";
}

std::string EvidenceSentence(const Evidence& evidence, Language language) {
  return internal::FormatMessage(evidence.message, evidence.arguments,
                                 language);
}

std::string DiagnosisAdvice(const Diagnosis& diagnosis, Language language) {
  if (diagnosis.advice_message.empty()) {
    return "";
  }
  std::vector<std::string> arguments = diagnosis.advice_arguments;
  if (!diagnosis.exempt.empty()) {
    arguments.insert(arguments.begin(),
                     internal::JoinList(diagnosis.exempt, language));
  }
  return internal::FormatMessage(diagnosis.advice_message, arguments, language);
}

std::string DiagnosisSummary(const Diagnosis& diagnosis, Language language) {
  if (diagnosis.kind != DiagnosisKind::kInterception) {
    return diagnosis.kind == DiagnosisKind::kNone
               ? ""
               : internal::FormatMessage(
                     absl::StrCat("summary.",
                                  DiagnosisKindName(diagnosis.kind)),
                     {}, language);
  }
  // What is only likely is not said as if it were known.
  const absl::string_view sure =
      diagnosis.confidence == Confidence::kLow ? ".low" : "";
  if (diagnosis.product.empty()) {
    return internal::FormatMessage(absl::StrCat("summary.interception", sure),
                                   {}, language);
  }
  return internal::FormatMessage(absl::StrCat("summary.interception-by", sure),
                                 {diagnosis.product}, language);
}

std::string DiagnosisKindText(DiagnosisKind kind, Language language) {
  return kind == DiagnosisKind::kNone
             ? ""
             : internal::FormatMessage(
                   absl::StrCat("kind.", DiagnosisKindName(kind)), {},
                   language);
}

std::string VendorKindText(VendorKind kind, Language language) {
  return internal::FormatMessage(absl::StrCat("vendor.", VendorKindName(kind)),
                                 {}, language);
}

std::string EvidenceWeightText(EvidenceWeight weight, Language language) {
  return internal::FormatMessage(
      absl::StrCat("weight.", EvidenceWeightName(weight)), {}, language);
}

std::string ConfidenceText(Confidence confidence, Language language) {
  return internal::FormatMessage(
      absl::StrCat("confidence.", ConfidenceName(confidence)), {}, language);
}

}  // namespace pinning
