#ifndef TOOLS_TLSPIN_LOOPBACK_H_
#define TOOLS_TLSPIN_LOOPBACK_H_

#include <openssl/base.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/channel.h"
#include "tools/tlspin/socket.h"

// Servers on 127.0.0.1, for `tlspin demo` and for tests.
namespace tlspin {

// A LoopbackServer listens on a free port of 127.0.0.1 and gives each
// connection to a handler, one after the other, in a thread of its own. Its
// destructor interrupts the handler that runs and waits for it.
class LoopbackServer {
 public:
  using Handler = std::function<void(Socket)>;

  static absl::StatusOr<std::unique_ptr<LoopbackServer>> Start(Handler handler);
  ~LoopbackServer();

  int port() const { return port_; }

 private:
  LoopbackServer(Socket listener, Handler handler);
  void Run();

  Socket listener_;
  const int port_;
  const Handler handler_;
  std::mutex mutex_;
  bool stopping_ = false;  // guarded by mutex_
  Socket current_;         // guarded by mutex_
  std::thread thread_;
};

// What a TLS server presents, and the key that goes with it.
struct Identity {
  std::vector<std::vector<uint8_t>> chain;  // DER, leaf first
  bssl::UniquePtr<EVP_PKEY> key;
  uint16_t max_version = 0;  // TLS1_2_VERSION and the like; zero: the newest
  std::vector<uint8_t> ocsp, scts;  // stapled if not empty
};

// MakeIdentity returns the identity of `chain`, leaf first, with the key of its
// leaf.
std::shared_ptr<Identity> MakeIdentity(absl::Span<const mint::Minted> chain);

// AcceptTls completes a server's handshake on `socket`. It returns
// INVALID_ARGUMENT if the key is not the leaf's, and fails as
// Channel::Handshake does.
absl::StatusOr<Channel> AcceptTls(Socket socket, const Identity& identity,
                                  Deadline deadline);

// Answer makes the answer to a line, both without the line's end.
using Answer = std::function<std::string(absl::string_view line)>;

// StartTlsServer starts a server that answers each connection's first line.
absl::StatusOr<std::unique_ptr<LoopbackServer>> StartTlsServer(
    std::shared_ptr<const Identity> identity, Answer answer);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_LOOPBACK_H_
