#ifndef PINNING_INTERNAL_INTERCEPTION_SIGNS_H_
#define PINNING_INTERNAL_INTERCEPTION_SIGNS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
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

// FindPortalSigns returns what makes the leaf look like that of a network's
// login page.
std::vector<Evidence> FindPortalSigns(const Scene& scene);

// What the validity periods on a proven path say.
struct TimeSigns {
  std::vector<Evidence> signs;  // a certificate outside its time each
  int expired = 0;
  int not_yet_valid = 0;
  // Whether there is a time at which all would be valid, so that one wrong
  // clock explains everything.
  bool one_time_explains = false;
  absl::Time latest_start;
};

// FindTimeSigns looks at the proven path but for its anchor, whose own dates
// are not checked unless it says so.
TimeSigns FindTimeSigns(const Scene& scene);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_INTERCEPTION_SIGNS_H_
