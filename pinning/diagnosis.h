#ifndef PINNING_DIAGNOSIS_H_
#define PINNING_DIAGNOSIS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/interceptor_catalogue.h"

namespace pinning {

// DiagnosisKind is what a refusal most likely means.
enum class DiagnosisKind : uint8_t {
  kNone = 0,  // accepted, or nothing can be said
  kInterception = 1,
  kUnexpectedIssuer = 2,
  kStalePins = 3,
  kCaptivePortal = 4,
  kClock = 5,
  kServer = 6,
};

enum class Confidence : uint8_t { kLow = 1, kMedium = 2, kHigh = 3 };

// The stable names: "interception", "high".
absl::string_view DiagnosisKindName(DiagnosisKind kind);
absl::string_view ConfidenceName(Confidence confidence);

// The whole of the enumeration, and every evidence code, in a fixed order: for
// tests and for documentation.
absl::Span<const DiagnosisKind> AllDiagnosisKinds();
absl::Span<const absl::string_view> AllEvidenceCodes();

// Evidence is one observation and where it was made.
struct Evidence {
  std::string code;      // stable, such as "local-anchor"
  std::string sentence;  // for people; certificate text in it is escaped
  int depth = -1;        // certificate in the served chain or path; -1: none
  std::string field;     // such as "issuer", "notBefore"; may be empty
};

// A Diagnosis is a conclusion and what led to it, strongest evidence first.
struct Diagnosis {
  DiagnosisKind kind = DiagnosisKind::kNone;
  std::string product;  // "mitmproxy"; else the escaped issuer name, or empty
  VendorKind vendor_kind = VendorKind::kUnknown;
  Confidence confidence = Confidence::kLow;
  std::vector<Evidence> evidence;
  std::string advice;  // one sentence: who should change what
};

}  // namespace pinning

#endif  // PINNING_DIAGNOSIS_H_
