#ifndef TOOLS_TLSPIN_SOCKET_H_
#define TOOLS_TLSPIN_SOCKET_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tlspin {

// A Deadline is a point on the monotonic clock: setting the machine's time
// while tlspin waits neither shortens nor lengthens the wait.
class Deadline {
 public:
  static Deadline After(absl::Duration duration);

  // Remaining returns how long is left, never negative.
  absl::Duration Remaining() const;
  bool HasPassed() const { return Remaining() == absl::ZeroDuration(); }

  // Share returns the deadline of the next of `parts` equal shares of the time
  // remaining.
  Deadline Share(int parts) const;

 private:
  explicit Deadline(std::chrono::steady_clock::time_point at) : at_(at) {}

  std::chrono::steady_clock::time_point at_;
};

// A Socket owns a non-blocking stream socket. It is used by one thread, but
// for Interrupt.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  // Connect resolves `host` and connects to the first of its addresses that
  // answers, giving each an equal share of the time. Its errors are those that
  // FetchChain documents, without the name of the endpoint.
  static absl::StatusOr<Socket> Connect(const std::string& host, int port,
                                        Deadline deadline);

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

  bool is_open() const { return fd_ >= 0; }

 private:
  absl::Status Wait(short events, Deadline deadline) const;
  absl::Status FinishConnect(Deadline deadline) const;

  int fd_ = -1;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_SOCKET_H_
