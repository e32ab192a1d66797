#ifndef PINNING_INTERCEPTION_H_
#define PINNING_INTERCEPTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/chain.h"
#include "pinning/error.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"

// Says what a refusal most likely means. Everything here is evidence for
// people, never an input to trust (docs/threat-model.md): an interceptor picks
// the text in its own certificates.
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

// VendorKind is what sort of product an interceptor is.
enum class VendorKind : uint8_t {
  kUnknown = 0,
  kEnterpriseProxy = 1,
  kFirewall = 2,
  kAntivirus = 3,
  kDeveloperProxy = 4,
  kParentalControl = 5,
  kMalware = 6,
  kState = 7,
};

enum class Confidence : uint8_t { kLow = 1, kMedium = 2, kHigh = 3 };

// The stable names: "interception", "enterprise-proxy", "high".
absl::string_view DiagnosisKindName(DiagnosisKind kind);
absl::string_view VendorKindName(VendorKind kind);
absl::string_view ConfidenceName(Confidence confidence);

// The whole of each enumeration, and every evidence code, in a fixed order:
// for tests and for documentation.
absl::Span<const DiagnosisKind> AllDiagnosisKinds();
absl::Span<const VendorKind> AllVendorKinds();
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

// An InterceptorCatalogue lists the certificate authorities of known
// interception products (pins/interceptors.json). Immutable and shareable.
class InterceptorCatalogue {
 public:
  struct Product {
    std::string name;
    VendorKind kind = VendorKind::kUnknown;
  };

  // FromJson parses a catalogue. It returns INVALID_ARGUMENT whose message
  // begins "FILE:LINE:COLUMN: "; it never returns part of a file.
  static absl::StatusOr<std::shared_ptr<const InterceptorCatalogue>> FromJson(
      absl::string_view text, absl::string_view file_name = "interceptors");

  // BuiltIn returns the catalogue that the library was built with.
  static std::shared_ptr<const InterceptorCatalogue> BuiltIn();

  // FindByName returns the product whose rule matches the name of the
  // authority that issued `certificate`, or null.
  const Product* FindByIssuer(const Certificate& certificate) const;

  // FindByKey returns the product known to hold the key `spki`, or null.
  const Product* FindByKey(const Pin& spki) const;

  size_t size() const;

  ~InterceptorCatalogue();

 private:
  struct Rep;
  explicit InterceptorCatalogue(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

// An Observation is what is known of one refused verification. All pointers
// but `catalogue`, `pin_set` and `pin_store` are required; none is kept.
struct Observation {
  const Chain* chain = nullptr;
  const ServerName* name = nullptr;
  absl::Time now;
  PathError error;
  // The valid paths, if any: certificates and the origin of their anchor.
  absl::Span<const VerifiedPath> valid_paths;
  absl::Span<const FailedPath> failed_paths;
  const TrustStore* trust_store = nullptr;
  const PinStore* pin_store = nullptr;  // for the advice: what to exempt
  const PinSet* pin_set = nullptr;      // null: the name is not pinned
  const InterceptorCatalogue* catalogue = nullptr;
};

// Diagnose returns what the refusal in `observation` most likely means. It is
// a pure function.
Diagnosis Diagnose(const Observation& observation);

}  // namespace pinning

#endif  // PINNING_INTERCEPTION_H_
