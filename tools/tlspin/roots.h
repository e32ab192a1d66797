#ifndef TOOLS_TLSPIN_ROOTS_H_
#define TOOLS_TLSPIN_ROOTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "pinning/trust_store.h"
#include "tools/tlspin/command_table.h"
#include "tools/tlspin/output.h"

namespace tlspin {

// RootFlags are the flags that say which roots are trusted.
struct RootFlags {
  std::string roots;        // --roots: bundled origin; empty: the machine's
  std::string local_roots;  // --local-roots: local origin; may be empty
};

void AddRootFlags(Command& command, RootFlags* flags);

// A MachineStore is where a machine of the Debian family keeps its roots.
struct MachineStore {
  // Every root that is trusted, as `update-ca-certificates` writes it.
  std::string bundle = "/etc/ssl/certs/ca-certificates.crt";
  // The roots that came with the ca-certificates package.
  std::string packaged = "/usr/share/ca-certificates/mozilla";
};

// RootFile is one file that roots were read from, and how many.
struct RootFile {
  std::string path;
  int bundled = 0;
  int local = 0;
};

// Roots are the anchors to trust and where they came from.
struct Roots {
  std::shared_ptr<const pinning::TrustStore> store;
  std::vector<RootFile> files;
};

// LoadRoots reads the roots that `flags` name, or those of `machine` if they
// name no --roots. A root of `machine.bundle` that is also under
// `machine.packaged` is bundled; the rest were added by the administrator and
// are local. It returns an error, and no roots, if any file cannot be read or
// holds no certificate or a bad one.
absl::StatusOr<Roots> LoadRoots(const RootFlags& flags,
                                const MachineStore& machine = {});

// RootsText returns "roots: FILE (142 bundled, 1 local)", one clause per file.
std::string RootsText(const Roots& roots);

// RootsJson returns an array of {"file", "bundled", "local"}.
Json RootsJson(const Roots& roots);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_ROOTS_H_
