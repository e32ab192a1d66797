#ifndef TOOLS_TLSPIN_CHANNEL_H_
#define TOOLS_TLSPIN_CHANNEL_H_

#include <openssl/base.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/socket.h"

namespace tlspin {

// A Channel runs one TLS connection, client or server, over a Socket. Each
// wait is bounded by the deadline. It is used by one thread.
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

  SSL* ssl() const { return ssl_.get(); }

 private:
  absl::Status Flush();
  absl::Status Fill();
  absl::Status Explain(int result, absl::string_view phase);
  absl::Status ExplainLoss(const absl::Status& lost) const;
  absl::Status NotTls() const;

  Socket socket_;
  bssl::UniquePtr<SSL> ssl_;
  Deadline deadline_;
  std::string first_bytes_;  // of what the peer sent, to say what it speaks
  std::string unread_;       // decrypted, beyond the line last read
};

// ExplainNotTls returns what a peer that began with `first_bytes` speaks, or ""
// if those may be TLS.
std::string ExplainNotTls(absl::string_view first_bytes);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_CHANNEL_H_
