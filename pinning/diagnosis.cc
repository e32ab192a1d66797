#include "pinning/diagnosis.h"

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/evidence_codes.h"

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

}  // namespace

absl::Span<const DiagnosisKind> AllDiagnosisKinds() {
  return kAllDiagnosisKinds;
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

}  // namespace pinning
