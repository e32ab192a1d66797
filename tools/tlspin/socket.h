#ifndef TOOLS_TLSPIN_SOCKET_H_
#define TOOLS_TLSPIN_SOCKET_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/deadline.h"
#include "tools/tlspin/net/transport.h"

namespace tlspin {

// A Socket owns a Transport and blocks its caller: for what has one connection
// and nothing else to do. It is used by one thread, but for Interrupt.
class Socket {
 public:
  Socket() = default;
  // `fd` is a non-blocking stream socket, and is the Socket's, or -1.
  explicit Socket(int fd);
  explicit Socket(std::unique_ptr<Transport> transport)
      : transport_(std::move(transport)) {}

  // ListenOnLoopback returns a socket that listens on a free port of 127.0.0.1.
  static absl::StatusOr<Socket> ListenOnLoopback();

  // Accept waits for a connection. It returns ABORTED once interrupted.
  absl::StatusOr<Socket> Accept();

  // port returns the local port.
  int port() const;

  // Send sends all of `data`, and Receive waits for some: at most `max` bytes,
  // none at the end of the stream. They return DEADLINE_EXCEEDED when the time
  // has run out and ABORTED when the connection is lost.
  absl::Status Send(absl::string_view data, Deadline deadline);
  absl::StatusOr<std::string> Receive(size_t max, Deadline deadline);

  // Duplicate returns a second owner of the same connection, for Interrupt.
  Socket Duplicate() const;

  // Interrupt ends every wait on this socket, now and later. Any thread may
  // call it while the socket lives.
  void Interrupt() const;

  bool is_open() const { return transport_ != nullptr; }

 private:
  int fd() const { return transport_ == nullptr ? -1 : transport_->fd(); }
  absl::Status Wait(short events, Deadline deadline) const;

  std::unique_ptr<Transport> transport_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_SOCKET_H_
