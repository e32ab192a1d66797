#ifndef TOOLS_TLSPIN_DEADLINE_H_
#define TOOLS_TLSPIN_DEADLINE_H_

#include <chrono>

#include "absl/time/time.h"

namespace tlspin {

// A Deadline is a point on the monotonic clock: setting the machine's time
// while tlspin waits neither shortens nor lengthens the wait.
class Deadline {
 public:
  static Deadline After(absl::Duration duration);

  // Remaining returns how long is left, never negative.
  absl::Duration Remaining() const;
  bool HasPassed() const { return Remaining() == absl::ZeroDuration(); }

  // Share returns the deadline of the next of `parts` equal shares of the time
  // remaining.
  Deadline Share(int parts) const;

 private:
  explicit Deadline(std::chrono::steady_clock::time_point at) : at_(at) {}

  std::chrono::steady_clock::time_point at_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_DEADLINE_H_
