#ifndef TOOLS_TLSPIN_GENERATE_PROBE_H_
#define TOOLS_TLSPIN_GENERATE_PROBE_H_

#include <vector>

#include "tools/tlspin/command.h"
#include "tools/tlspin/generate_flags.h"
#include "tools/tlspin/judge.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/probe.h"

namespace tlspin {

// A ProbeResult is what came of asking the hosts to be pinned.
struct ProbeResult {
  // One for each host, address and version of TLS that was asked, but those
  // that were interrupted.
  std::vector<Probe> probes;
  bool refused = false;      // one is not fit to be pinned
  bool unreached = false;    // one presented nothing, at any address
  bool missing = false;      // an address did, beside others of its host
  bool interrupted = false;  // a signal ended it before all were asked

  int code() const {
    return interrupted            ? kUndecided
           : refused              ? kNo
           : unreached || missing ? kUndecided
                                  : kYes;
  }
};

// ProbeHosts asks every endpoint of `plan`, so that one run names every fault,
// and prints what each is: fit to be pinned or not, and with `candidates` the
// keys that could be.
ProbeResult ProbeHosts(Context& context, const GeneratePlan& plan,
                       const Judge& judge, bool candidates);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_PROBE_H_
