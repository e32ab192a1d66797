#include "tools/tlspin/probe_flags.h"

namespace tlspin {

void AddProbeFlags(Command& command, ProbeFlags* flags) {
  command
      .Option("--jobs", "N", &flags->jobs,
              "How many servers to ask at once; default 64")
      .Between(1, 10000);
  command
      .Option("--retries", "N", &flags->retries,
              "How often to try again where a connection is refused, reset or "
              "times out; default 1")
      .Between(0, 10);
  command.Switch("--all-addresses", &flags->all_addresses,
                 "Ask every address of a name, not the first that answers");
  command.Switch("--tls-versions", &flags->tls_versions,
                 "Ask for TLS 1.2 and for TLS 1.3, in two connections");
}

ProbeOptions ProbeOptionsFromFlags(const ProbeFlags& flags,
                                   const ConnectOptions& connect) {
  ProbeOptions options;
  options.connect = connect;
  options.jobs = flags.jobs;
  options.retries = flags.retries;
  options.all_addresses = flags.all_addresses;
  options.each_version = flags.tls_versions;
  options.stop_on_signals = true;
  return options;
}

}  // namespace tlspin
