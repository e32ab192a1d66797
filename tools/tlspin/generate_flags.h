#ifndef TOOLS_TLSPIN_GENERATE_FLAGS_H_
#define TOOLS_TLSPIN_GENERATE_FLAGS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/judge.h"

namespace tlspin {

struct GenerateFlags {
  std::vector<std::string> hosts;
  std::string from;
  std::string pin = "issuer,anchor";
  std::vector<std::string> backups;
  std::string set;
  std::string expires;
  std::string on_expiry = "stop-enforcing";
  std::string mode = "enforce";
  std::string output;
  JudgeFlags judge;
  ConnectFlags connect;
};

// A GeneratePlan is what the flags ask for.
struct GeneratePlan {
  std::vector<Endpoint> endpoints;
  ConnectOptions connect;
  GeneratePolicy policy;
};

// MakeGeneratePlan reads what `flags` say and name. It returns OUT_OF_RANGE if
// a flag's value is wrong, an error of usage, and another error, with the
// place, if a file cannot be read or is none of what it should be.
absl::StatusOr<GeneratePlan> MakeGeneratePlan(const GenerateFlags& flags,
                                              absl::Time now);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_FLAGS_H_
