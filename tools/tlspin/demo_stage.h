#ifndef TOOLS_TLSPIN_DEMO_STAGE_H_
#define TOOLS_TLSPIN_DEMO_STAGE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "pinning/verifier.h"
#include "tools/tlspin/interceptor.h"
#include "tools/tlspin/loopback.h"

namespace tlspin {

constexpr char kDemoHost[] = "idbroker.webex.com";
constexpr char kDemoInspector[] = "Example Corp TLS Inspection";
constexpr char kDemoAnswer[] = "idbroker.webex.com, over TLS";

// A DemoStage is everything the scenes of `tlspin demo` are played on: a
// server for kDemoHost, interceptors between it and the client, and what
// different clients trust. All of it is made on the spot.
struct DemoStage {
  absl::Time now;  // the time at which the certificates are judged
  // Trusts the genuine root, and pins it for kDemoHost.
  std::shared_ptr<const pinning::Verifier> pinned;
  // The same, on a machine to which the inspector's root was added.
  std::shared_ptr<const pinning::Verifier> pinned_local_root;
  // The same without pins.
  std::shared_ptr<const pinning::Verifier> unpinned_local_root;
  std::shared_ptr<Overheard> overheard;  // by either interceptor
  std::unique_ptr<LoopbackServer> genuine;
  std::unique_ptr<LoopbackServer> interceptor;
  // Presents the genuine chain too, after the forged one.
  std::unique_ptr<LoopbackServer> appending_interceptor;
};

// SetDemoStage makes the certificates and starts the servers. It returns
// UNAVAILABLE if a server cannot be started.
absl::StatusOr<DemoStage> SetDemoStage();

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_DEMO_STAGE_H_
