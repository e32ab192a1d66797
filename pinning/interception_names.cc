#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/interception.h"

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

constexpr VendorKind kAllVendorKinds[] = {
    VendorKind::kUnknown,        VendorKind::kEnterpriseProxy,
    VendorKind::kFirewall,       VendorKind::kAntivirus,
    VendorKind::kDeveloperProxy, VendorKind::kParentalControl,
    VendorKind::kMalware,        VendorKind::kState,
};

}  // namespace

absl::Span<const DiagnosisKind> AllDiagnosisKinds() {
  return kAllDiagnosisKinds;
}

absl::Span<const VendorKind> AllVendorKinds() { return kAllVendorKinds; }

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

absl::string_view VendorKindName(VendorKind kind) {
  switch (kind) {
    case VendorKind::kUnknown:
      return "unknown";
    case VendorKind::kEnterpriseProxy:
      return "enterprise-proxy";
    case VendorKind::kFirewall:
      return "firewall";
    case VendorKind::kAntivirus:
      return "antivirus";
    case VendorKind::kDeveloperProxy:
      return "developer-proxy";
    case VendorKind::kParentalControl:
      return "parental-control";
    case VendorKind::kMalware:
      return "malware";
    case VendorKind::kState:
      return "state";
  }
  return "unknown";
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
