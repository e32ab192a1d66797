#ifndef TOOLS_TLSPIN_CHANNEL_H_
#define TOOLS_TLSPIN_CHANNEL_H_

#include <openssl/base.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/deadline.h"
#include "tools/tlspin/net/tls_session.h"
#include "tools/tlspin/socket.h"

namespace tlspin {

// A Channel runs one TLS connection, client or server, over a Socket, and
// blocks its caller. Each wait is bounded by the deadline. It is used by one
// thread.
class Channel {
 public:
  // `ssl` has its role set, and no BIO. `received` was read from `socket`
  // already and belongs to TLS.
  Channel(Socket socket, bssl::UniquePtr<SSL> ssl, Deadline deadline,
          absl::string_view received = "");

  // Handshake completes the handshake. It returns DEADLINE_EXCEEDED, ABORTED
  // (the peer closed or reset the connection) or FAILED_PRECONDITION (the peer
  // does not speak TLS, refused with an alert, or was refused), and says why,
  // with a code of connection_error.h.
  absl::Status Handshake();

  // Write sends `data`. Read returns some data, at most 16 KiB; none at the end
  // of the stream. They fail as Handshake does.
  absl::Status Write(absl::string_view data);
  absl::StatusOr<std::string> Read();

  // ReadLine reads to the end of a line, and returns the line without it. It
  // returns OUT_OF_RANGE if the stream ends or goes on for over `max` bytes
  // before that.
  absl::StatusOr<std::string> ReadLine(size_t max = 1024);

  // Close says goodbye; the peer need not answer.
  void Close();

  SSL* ssl() const { return session_.ssl(); }

 private:
  absl::Status Flush();
  absl::Status Fill();

  Socket socket_;
  TlsSession session_;
  Deadline deadline_;
  std::string unread_;  // decrypted, beyond the line last read
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHANNEL_H_
