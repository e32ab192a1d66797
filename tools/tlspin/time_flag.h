#ifndef TOOLS_TLSPIN_TIME_FLAG_H_
#define TOOLS_TLSPIN_TIME_FLAG_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/tlspin/command_table.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {

// AddTimeFlag adds --at, whose value is refused if ParseTime refuses it.
void AddTimeFlag(Command& command, std::string* flag);

// TimeFromFlag returns the time that --at was given, or now if it was not.
absl::StatusOr<absl::Time> TimeFromFlag(const std::string& flag);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_TIME_FLAG_H_
