#ifndef PINNING_INTERNAL_INTERCEPTION_SIGNS_H_
#define PINNING_INTERNAL_INTERCEPTION_SIGNS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/diagnosis.h"
#include "pinning/internal/interception_scene.h"

// What can be seen in a Scene. Each sign is a question to it; the table of them
// is in the source.
namespace pinning {
namespace internal {

// MakeEvidence returns evidence with its English sentence. `message` is the
// sentence's id if it is not `code`.
Evidence MakeEvidence(absl::string_view code, EvidenceWeight weight, int depth,
                      absl::string_view field,
                      std::vector<std::string> arguments = {},
                      absl::string_view message = "");

// FindSigns returns the generic signs of interception in `scene`, strongest
// first.
std::vector<Evidence> FindSigns(const Scene& scene);

// Score returns how many independent things `signs` say. Two make a case.
int Score(absl::Span<const Evidence> signs);

// CountTelling returns how many of `signs` are telling.
int CountTelling(absl::Span<const Evidence> signs);

// WeighSigns returns how sure `signs` make it that a chain which leads to no
// anchor is an interceptor's; nothing if they do not say so.
std::optional<Confidence> WeighSigns(const Scene& scene,
                                     absl::Span<const Evidence> signs);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_INTERCEPTION_SIGNS_H_
