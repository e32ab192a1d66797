#ifndef TOOLS_TLSPIN_PROBE_FLAGS_H_
#define TOOLS_TLSPIN_PROBE_FLAGS_H_

#include "tools/tlspin/command_table.h"
#include "tools/tlspin/connect_options.h"
#include "tools/tlspin/probe.h"

namespace tlspin {

// ProbeFlags are the flags of the commands that ask many servers, beside those
// of connect_flags.h.
struct ProbeFlags {
  int jobs = 64;               // --jobs
  int retries = 1;             // --retries
  bool all_addresses = false;  // --all-addresses
  bool tls_versions = false;   // --tls-versions
};

void AddProbeFlags(Command& command, ProbeFlags* flags);

// ProbeOptionsFromFlags returns what the flags say, and that Ctrl-C ends the
// asking, not the command.
ProbeOptions ProbeOptionsFromFlags(const ProbeFlags& flags,
                                   const ConnectOptions& connect);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PROBE_FLAGS_H_
