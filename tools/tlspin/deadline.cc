#include "tools/tlspin/deadline.h"

#include <algorithm>

namespace tlspin {

Deadline Deadline::After(absl::Duration duration) {
  // Bounded, so that adding to the clock's value cannot overflow.
  const absl::Duration bounded =
      std::clamp(duration, absl::ZeroDuration(), absl::Hours(24 * 365));
  return Deadline(std::chrono::steady_clock::now() +
                  absl::ToChronoMicroseconds(bounded));
}

absl::Duration Deadline::Remaining() const {
  return std::max(absl::FromChrono(at_ - std::chrono::steady_clock::now()),
                  absl::ZeroDuration());
}

Deadline Deadline::Share(int parts) const {
  return After(Remaining() / std::max(parts, 1));
}

}  // namespace tlspin
