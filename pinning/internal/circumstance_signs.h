#ifndef PINNING_INTERNAL_CIRCUMSTANCE_SIGNS_H_
#define PINNING_INTERNAL_CIRCUMSTANCE_SIGNS_H_

#include <vector>

#include "absl/time/time.h"
#include "pinning/diagnosis.h"
#include "pinning/internal/interception_scene.h"

// Signs of what is not interception: login pages, clocks, a server's default
// certificate.
namespace pinning {
namespace internal {

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

// FindDefaultSigns returns what makes the leaf look like the certificate that a
// server's software comes with, which it shows for names it does not know.
std::vector<Evidence> FindDefaultSigns(const Scene& scene);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_CIRCUMSTANCE_SIGNS_H_
