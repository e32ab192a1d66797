#ifndef PINNING_INTERNAL_DIAGNOSER_H_
#define PINNING_INTERNAL_DIAGNOSER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/interception_signs.h"
#include "pinning/observation.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace internal {

// A Diagnoser holds one observation while the rules below look at it. Each rule
// either comes to a conclusion or leaves it to the next; the order is in
// Diagnose.
class Diagnoser {
 public:
  // `observation` must outlive it.
  explicit Diagnoser(const Observation& observation);

  // Diagnose returns everything but the advice, of which it sets the message
  // and its arguments if they are not what the kind calls for. It may be called
  // once.
  Diagnosis Diagnose();

 private:
  // Rules on what was found. Each returns whether it came to a conclusion.
  bool KnownProduct();
  bool PinsUnmetOnLocalAnchor();
  bool PinsUnmetOnPublicAnchor();
  bool WrongName();
  bool ProvenButRefused();
  bool CaptivePortal();
  bool GenericInterception();
  bool ServerMistake();
  bool UnknownAuthority();

  // InspectionRootInBundle is part of the rules on public anchors.
  bool InspectionRootInBundle();

  void Conclude(DiagnosisKind kind, Confidence confidence);
  void ConcludeInterception(Confidence confidence);
  // Add adds what is no sign of interception.
  void Add(absl::string_view code, std::vector<std::string> arguments = {},
           int depth = -1, absl::string_view field = "",
           absl::string_view message = "");
  void AddSigns(absl::Span<const Evidence> signs);
  // AddConclusive adds what decides.
  void AddConclusive(absl::string_view code, std::vector<std::string> arguments,
                     int depth, absl::string_view field,
                     absl::string_view message = "");
  // Resembled returns the product that builds its forgeries as the leaf is
  // built, or null.
  const InterceptorCatalogue::Product* Resembled() const;
  void AddResemblance();
  void AddLocalAnchor();
  void AddNameMismatch();
  // Times returns whether the proven path's validity periods explain the
  // refusal, and concludes.
  bool Times(bool pinned_key_on_path);

  bool has_valid_path() const { return !seen_.valid_paths.empty(); }
  bool IsPinFailure() const;
  bool reaches(TrustAnchor::Origin origin) const;
  const Certificate* LocalAnchor() const;
  int PinnedDepthOnProven() const;

  const Observation& seen_;
  const Scene scene_;
  const std::vector<Evidence> signs_;
  Diagnosis diagnosis_;
};

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_DIAGNOSER_H_
