#include "tools/tlspin/time_flag.h"

#include "absl/time/clock.h"

namespace tlspin {

void AddTimeFlag(Command& command, std::string* flag) {
  command
      .Option("--at", "TIME", flag,
              "The time to judge at, 2026-08-01T12:00:00Z or 2026-08-01; "
              "default: now")
      .Checked([](const std::string& text) {
        return std::string(ParseTime(text).status().message());
      });
}

absl::StatusOr<absl::Time> TimeFromFlag(const std::string& flag) {
  if (flag.empty()) {
    return absl::Now();
  }
  return ParseTime(flag);
}

}  // namespace tlspin
