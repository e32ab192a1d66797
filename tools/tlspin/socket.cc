#include "tools/tlspin/socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/tlspin/net/socket_error.h"

namespace tlspin {

Socket::Socket(int fd)
    : transport_(fd < 0 ? nullptr : NewSocketTransport(fd)) {}

absl::StatusOr<Socket> Socket::ListenOnLoopback() {
  Socket socket(
      ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (!socket.is_open() ||
      bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0 ||
      listen(socket.fd(), SOMAXCONN) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on 127.0.0.1: ", ErrnoText(errno)));
  }
  return socket;
}

absl::StatusOr<Socket> Socket::Accept() {
  for (;;) {
    pollfd waiting = {fd(), POLLIN, 0};
    if (poll(&waiting, 1, -1) < 0 && errno != EINTR) {
      return LostConnection(errno);
    }
    Socket accepted(
        accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted.is_open()) {
      return accepted;
    }
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
      return LostConnection(errno);
    }
  }
}

int Socket::port() const {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  if (getsockname(fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  // The port is at the same place for both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

absl::Status Socket::Send(absl::string_view data, Deadline deadline) {
  while (!data.empty()) {
    const Transport::Result sent = transport_->Write(data.data(), data.size());
    if (sent.outcome == Transport::Outcome::kMoved) {
      data.remove_prefix(sent.bytes);
      continue;
    }
    const absl::Status ready = sent.outcome == Transport::Outcome::kWait
                                   ? Wait(POLLOUT, deadline)
                                   : LostConnection(sent.error);
    if (!ready.ok()) {
      return ready;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Socket::Receive(size_t max, Deadline deadline) {
  std::string data(max, '\0');
  for (;;) {
    // Before reading, so that it holds against a peer that never pauses too.
    if (deadline.HasPassed()) {
      return absl::DeadlineExceededError("timed out");
    }
    const Transport::Result read = transport_->Read(data.data(), data.size());
    switch (read.outcome) {
      case Transport::Outcome::kMoved:
        data.resize(read.bytes);
        return data;
      case Transport::Outcome::kEnd:
        return std::string();
      case Transport::Outcome::kLost:
        return LostConnection(read.error);
      case Transport::Outcome::kWait:
        break;
    }
    const absl::Status ready = Wait(POLLIN, deadline);
    if (!ready.ok()) {
      return ready;
    }
  }
}

Socket Socket::Duplicate() const {
  return Socket(fcntl(fd(), F_DUPFD_CLOEXEC, 0));
}

void Socket::Interrupt() const { shutdown(fd(), SHUT_RDWR); }

absl::Status Socket::Wait(short events, Deadline deadline) const {
  for (;;) {
    const absl::Duration left = deadline.Remaining();
    if (left == absl::ZeroDuration()) {
      return absl::DeadlineExceededError("timed out");
    }
    // At most a minute at a time keeps the number within an int; rounding up
    // keeps the last millisecond from being a busy loop.
    const int64_t ms = std::min<int64_t>(
        absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1))),
        60'000);
    pollfd waiting = {fd(), events, 0};
    const int n = poll(&waiting, 1, static_cast<int>(ms));
    if (n > 0) {
      return absl::OkStatus();  // also for POLLHUP and POLLERR: the call tells
    }
    if (n < 0 && errno != EINTR) {
      return LostConnection(errno);
    }
  }
}

}  // namespace tlspin
