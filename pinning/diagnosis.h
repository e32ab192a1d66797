#ifndef PINNING_DIAGNOSIS_H_
#define PINNING_DIAGNOSIS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/language.h"

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

// EvidenceWeight is what one piece of evidence counts for when it is asked
// whether a connection is intercepted (docs/diagnosis.md).
enum class EvidenceWeight : uint8_t {
  kConclusive = 0,  // names who it is, or decides together with the pins
  kTelling = 1,     // an honest server does not look like this
  kPinned = 2,      // counts once: the operator named other keys
  kHomeMade = 3,    // counts once in all: a private authority looks like this
  kWeak = 4,        // counts for nothing by itself
  kContext = 5,     // is no sign of interception
};

// The stable names: "interception", "high", "home-made".
absl::string_view DiagnosisKindName(DiagnosisKind kind);
absl::string_view ConfidenceName(Confidence confidence);
absl::string_view EvidenceWeightName(EvidenceWeight weight);

// The whole of each enumeration, and every evidence code, in a fixed order: for
// tests and for documentation.
absl::Span<const DiagnosisKind> AllDiagnosisKinds();
absl::Span<const EvidenceWeight> AllEvidenceWeights();
absl::Span<const absl::string_view> AllEvidenceCodes();

// Evidence is one observation and where it was made.
struct Evidence {
  std::string code;      // stable, such as "local-anchor"
  std::string sentence;  // for people, in English; what is in it is escaped
  int depth = -1;        // certificate in the served chain or path; -1: none
  std::string field;     // such as "issuer", "notBefore"; may be empty
  EvidenceWeight weight = EvidenceWeight::kContext;
  // What the sentence is made of, so that it can be said in every language:
  // which template, and what goes into its places, escaped.
  std::string message;
  std::vector<std::string> arguments;
};

// A Diagnosis is a conclusion and what led to it, strongest evidence first.
struct Diagnosis {
  DiagnosisKind kind = DiagnosisKind::kNone;
  std::string product;  // "mitmproxy"; else the escaped issuer name, or empty
  VendorKind vendor_kind = VendorKind::kUnknown;
  Confidence confidence = Confidence::kLow;
  std::vector<Evidence> evidence;
  std::string advice;  // one sentence, in English: who should change what
  // The host patterns to exempt from inspection, escaped, in the order of the
  // pin file; empty unless an exemption is what helps.
  std::vector<std::string> exempt;
  // What the advice is made of, as in Evidence. If `exempt` is not empty, its
  // list comes before the arguments.
  std::string advice_message;
  std::vector<std::string> advice_arguments;
};

// EvidenceSentence returns the sentence of `evidence` in `language`.
std::string EvidenceSentence(const Evidence& evidence, Language language);

// DiagnosisAdvice returns the advice in `language`; empty if there is none.
std::string DiagnosisAdvice(const Diagnosis& diagnosis, Language language);

// DiagnosisSummary returns what the diagnosis comes to, in one line without a
// full stop: "MITM: this connection is intercepted and inspected by ...", or
// "is probably ..." if the confidence is low. It is empty for kNone.
std::string DiagnosisSummary(const Diagnosis& diagnosis, Language language);

// DiagnosisKindText, VendorKindText and EvidenceWeightText return what people
// call it in `language`: "captive portal", "developer proxy", "home-made".
// kNone is empty.
std::string DiagnosisKindText(DiagnosisKind kind, Language language);
std::string VendorKindText(VendorKind kind, Language language);
std::string EvidenceWeightText(EvidenceWeight weight, Language language);

// ConfidenceText returns "high confidence", in `language`.
std::string ConfidenceText(Confidence confidence, Language language);

}  // namespace pinning

#endif  // PINNING_DIAGNOSIS_H_
