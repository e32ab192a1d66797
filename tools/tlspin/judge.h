#ifndef TOOLS_TLSPIN_JUDGE_H_
#define TOOLS_TLSPIN_JUDGE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/report.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tools/tlspin/command_table.h"
#include "tools/tlspin/roots.h"

namespace tlspin {

// JudgeFlags are the flags of the commands that verify chains.
struct JudgeFlags {
  RootFlags roots;
  std::string pins;                 // --pins: a pin file; empty: no pins
  std::string requirements;         // --requirements: may be empty
  std::string ct_logs;              // --ct-logs: a list of logs; may be empty
  std::string at;                   // --at: checked to be a time; empty: now
  std::string profile = "rfc5280";  // --profile: one of three
  std::vector<std::string> interceptors;  // --interceptors: catalogues
};

void AddJudgeFlags(Command& command, JudgeFlags* flags);

// AddRequirementsFlag adds --requirements alone: AddJudgeFlags has it.
void AddRequirementsFlag(Command& command, JudgeFlags* flags);

// AddCtLogsFlag adds --ct-logs alone: AddJudgeFlags has it.
void AddCtLogsFlag(Command& command, JudgeFlags* flags);

// A Judge is all that a verdict depends on but the chain and the name.
struct Judge {
  std::shared_ptr<const pinning::Verifier> verifier;
  std::shared_ptr<const pinning::InterceptorCatalogue> interceptors;
  // The same, but that it reports nothing.
  std::shared_ptr<const pinning::Verifier> silent_verifier;
  std::shared_ptr<const pinning::PinStore> pin_store;
  Roots roots;
  absl::Time now;
  bool has_pins = false;                                // --pins was given
  std::string pin_file;                                 // as given
  std::string pin_text;                                 // its content
  std::string requirements_file;                        // as given; empty: none
  std::string profile;                                  // as given
  pinning::Profile rules = pinning::Profile::kRfc5280;  // of `profile`
  std::vector<std::string> interceptor_files;           // as given
};

// MakeJudge reads the files that `flags` name. It returns an error that names
// the file, and for a pin file the line and column, if any is not good.
// Pin failures are reported to `report_sink`, if there is one.
absl::StatusOr<Judge> MakeJudge(
    const JudgeFlags& flags,
    std::shared_ptr<pinning::ReportSink> report_sink = nullptr);

// JudgeChain returns the verdict on `certificates`, leaf first.
pinning::Verdict JudgeChain(const Judge& judge,
                            absl::Span<const pinning::Certificate> certificates,
                            const pinning::ServerName& name);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_JUDGE_H_
