#ifndef TESTS_TESTING_TLS_SERVER_H_
#define TESTS_TESTING_TLS_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/loopback.h"

namespace testing_support {

// A TlsServer presents one chain on 127.0.0.1 until it is destroyed. A failure
// to start is a fault of the test and ends it.
class TlsServer {
 public:
  explicit TlsServer(const std::vector<mint::Minted>& chain);

  int port() const { return server_->port(); }
  // Target returns "HOST@127.0.0.1:PORT", as tlspin takes it.
  std::string Target(absl::string_view host) const;

 private:
  std::unique_ptr<tlspin::LoopbackServer> server_;
};

// ClosedPort returns a port of 127.0.0.1 that nothing listened on a moment ago.
int ClosedPort();

}  // namespace testing_support

#endif  // TESTS_TESTING_TLS_SERVER_H_
