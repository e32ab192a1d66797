#ifndef TOOLS_TLSPIN_CHECK_RUN_H_
#define TOOLS_TLSPIN_CHECK_RUN_H_

#include <cstddef>
#include <vector>

#include "pinning/pin_store.h"
#include "tools/tlspin/check_print.h"
#include "tools/tlspin/check_result.h"
#include "tools/tlspin/check_targets.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/host_findings.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/report_to.h"

namespace tlspin {

// An Asked is what came of asking targets.
struct Asked {
  std::vector<CheckTarget> targets;
  std::vector<Probe> probes;
  std::vector<size_t> at;  // of each endpoint: its place among the targets
};

// Ask asks `targets`, many at once, and prints what came of each as soon as it
// and all before it are done.
Asked Ask(Context& context, const Judge& judge, const CheckPolicy& policy,
          const CheckPrintOptions& print, Reporter& reporter,
          const std::vector<CheckTarget>& targets, const ProbeOptions& options);

// ConcludeAll returns what is concluded on each target, in their order.
std::vector<CheckResult> ConcludeAll(const Asked& asked,
                                     const pinning::PinStore& store,
                                     const CheckPolicy& policy);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHECK_RUN_H_
