#ifndef TOOLS_TLSPIN_GENERATE_FLAGS_H_
#define TOOLS_TLSPIN_GENERATE_FLAGS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connect_flags.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/generate_update.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/probe_flags.h"

namespace tlspin {

struct GenerateFlags {
  std::vector<std::string> hosts;
  std::string from;
  std::string pin;  // empty: issuer,anchor, or what a set has in an update
  std::vector<std::string> backups;
  std::string set;
  std::string expires;    // these three empty: 90 days, stop-enforcing and
  std::string on_expiry;  // enforce, or as they are in an update
  std::string mode;
  std::string output;
  bool candidates = false;

  std::string new_backup_key;  // empty: none is made
  std::string backup_key_type = "ec-p256";
  bool encrypt_backup_key = false;
  std::string password_file;

  std::string update;  // empty: a new file is made
  bool in_place = false;
  bool prune = false;
  bool allow_mismatch = false;
  bool allow_divergent = false;

  // pin_file returns where the pin file goes; empty: to standard output.
  std::string pin_file() const {
    return in_place ? update : output == "-" ? "" : output;
  }
  JudgeFlags judge;
  ConnectFlags connect;
  ProbeFlags probe;
};

// A UsageFault is what is wrong with flags taken together.
struct UsageFault {
  std::string message, hint;
};

// FindUsageFault returns what is wrong with `flags`, which each are right.
std::optional<UsageFault> FindUsageFault(const GenerateFlags& flags, bool json);

// A GeneratePlan is what the flags ask for.
struct GeneratePlan {
  std::vector<Endpoint> endpoints;
  ProbeOptions probe;
  int default_port = 443;
  GeneratePolicy policy;  // no roles: --pin was not given, in an update
};

// MakeGeneratePlan reads what `flags` say and name. It returns OUT_OF_RANGE if
// a flag's value is wrong, an error of usage, and another error, with the
// place, if a file cannot be read or is none of what it should be.
absl::StatusOr<GeneratePlan> MakeGeneratePlan(const GenerateFlags& flags,
                                              absl::Time now);

// UpdatePolicyOf returns what `flags`, of which `plan` was made, ask of an
// update.
UpdatePolicy UpdatePolicyOf(const GenerateFlags& flags,
                            const GeneratePlan& plan);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_FLAGS_H_
