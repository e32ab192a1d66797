#ifndef TOOLS_TLSPIN_INTERCEPTOR_H_
#define TOOLS_TLSPIN_INTERCEPTOR_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/loopback.h"

// An interceptor for `tlspin demo` and tests: it does to one server on this
// machine what an inspecting firewall does to all.
namespace tlspin {

// Overheard is what an interceptor read in the clear. Threads may share it.
class Overheard {
 public:
  void Add(std::string line);
  std::vector<std::string> lines() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

struct InterceptorOptions {
  int upstream_port = 0;  // of the genuine server, on 127.0.0.1
  std::string host;       // the SNI sent to it
  // Signs the forged leaves; its certificates are presented after the leaf.
  std::vector<mint::Minted> authority;  // the signer first
  absl::Time now;                       // leaves are minted minutes before
  // Presents the genuine chain as well, after the forged one: a verifier that
  // looks for its pins in what was presented takes it.
  bool append_genuine_chain = false;
};

// StartInterceptor starts a server that, for each connection, reads the genuine
// server's certificate, presents a forged one with the same names, and relays
// a line each way, adding what the client said to `overheard`.
absl::StatusOr<std::unique_ptr<LoopbackServer>> StartInterceptor(
    InterceptorOptions options, std::shared_ptr<Overheard> overheard);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_INTERCEPTOR_H_
