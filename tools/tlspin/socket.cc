#include "tools/tlspin/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {
namespace {

std::string ErrnoText(int error) {
  switch (error) {
    case ECONNREFUSED:
      return "connection refused";
    case EHOSTUNREACH:
    case ENETUNREACH:
      return "no route to it";
    default: {
      char buffer[128];
      std::string text = strerror_r(error, buffer, sizeof(buffer));
      std::transform(text.begin(), text.begin() + 1, text.begin(),
                     [](unsigned char c) { return std::tolower(c); });
      return text;
    }
  }
}

// NoConnection is what came of an attempt that failed with `error`.
absl::Status NoConnection(int error) {
  if (error == ETIMEDOUT) {
    return Coded(connection_error::kConnectTimeout,
                 absl::StatusCode::kDeadlineExceeded,
                 "timed out while connecting");
  }
  return Coded(error == ECONNREFUSED ? connection_error::kConnectionRefused
                                     : connection_error::kUnreachable,
               absl::StatusCode::kUnavailable, ErrnoText(error));
}

absl::Status NoSuchName(const std::string& message) {
  return Coded(connection_error::kNameUnresolved, absl::StatusCode::kNotFound,
               message);
}

absl::Status LostConnection(int error) {
  return absl::AbortedError(error == ECONNRESET || error == EPIPE
                                ? "the peer reset the connection"
                                : ErrnoText(error));
}

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

absl::StatusOr<AddressList> Resolve(const std::string& host, int port) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &found);
  if (error == 0) {
    return AddressList(found, &freeaddrinfo);
  }
  if (error == EAI_SYSTEM) {
    return Coded(connection_error::kNameUnresolved,
                 absl::StatusCode::kUnavailable,
                 absl::StrCat("the resolver failed: ", ErrnoText(errno)));
  }
  if (error == EAI_AGAIN) {
    return NoSuchName(absl::StrCat(
        "the name ", host, " does not resolve: no name server answered"));
  }
  return NoSuchName(absl::StrCat("the name ", host, " does not resolve"));
}

// NumericAddress returns the address as text, brackets round IPv6.
std::string NumericAddress(const addrinfo& address) {
  char host[NI_MAXHOST];
  if (getnameinfo(address.ai_addr, address.ai_addrlen, host, sizeof(host),
                  nullptr, 0, NI_NUMERICHOST) != 0) {
    return "?";
  }
  return address.ai_family == AF_INET6 ? absl::StrCat("[", host, "]") : host;
}

}  // namespace

Deadline Deadline::After(absl::Duration duration) {
  // Bounded, so that adding to the clock's value cannot overflow.
  const absl::Duration bounded =
      std::clamp(duration, absl::ZeroDuration(), absl::Hours(24 * 365));
  return Deadline(std::chrono::steady_clock::now() +
                  absl::ToChronoMicroseconds(bounded));
}

absl::Duration Deadline::Remaining() const {
  return std::max(absl::FromChrono(at_ - std::chrono::steady_clock::now()),
                  absl::ZeroDuration());
}

Deadline Deadline::Share(int parts) const {
  return After(Remaining() / std::max(parts, 1));
}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Socket::~Socket() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

absl::StatusOr<Socket> Socket::Connect(const std::string& host, int port,
                                       Deadline deadline) {
  absl::StatusOr<AddressList> addresses = Resolve(host, port);
  if (!addresses.ok()) {
    return addresses.status();
  }
  int left = 0;
  for (const addrinfo* a = addresses->get(); a != nullptr; a = a->ai_next) {
    ++left;
  }
  absl::Status first_error;
  for (const addrinfo* a = addresses->get(); a != nullptr; a = a->ai_next) {
    Socket socket(::socket(a->ai_family,
                           a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                           a->ai_protocol));
    absl::Status status;
    if (!socket.is_open()) {
      status = absl::UnavailableError(ErrnoText(errno));
    } else if (connect(socket.fd_, a->ai_addr, a->ai_addrlen) == 0) {
      return socket;
    } else if (errno != EINPROGRESS) {
      status = NoConnection(errno);
    } else {
      status = socket.FinishConnect(deadline.Share(left));
    }
    if (status.ok()) {
      const int on = 1;
      setsockopt(socket.fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      return socket;
    }
    --left;
    if (first_error.ok()) {
      first_error =
          Coded(CodeOf(status), status.code(),
                absl::StrCat(status.message(), " (", NumericAddress(*a), ")"));
    }
  }
  return first_error;
}

absl::Status Socket::FinishConnect(Deadline deadline) const {
  const absl::Status ready = Wait(POLLOUT, deadline);
  if (!ready.ok()) {
    return NoConnection(ETIMEDOUT);
  }
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
    error = errno;
  }
  return error == 0 ? absl::OkStatus() : NoConnection(error);
}

absl::StatusOr<Socket> Socket::ListenOnLoopback() {
  Socket socket(
      ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (!socket.is_open() ||
      bind(socket.fd_, reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0 ||
      listen(socket.fd_, SOMAXCONN) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on 127.0.0.1: ", ErrnoText(errno)));
  }
  return socket;
}

absl::StatusOr<Socket> Socket::Accept() {
  for (;;) {
    pollfd waiting = {fd_, POLLIN, 0};
    if (poll(&waiting, 1, -1) < 0 && errno != EINTR) {
      return LostConnection(errno);
    }
    Socket accepted(
        accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
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
  if (getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  // The port is at the same place for both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

absl::Status Socket::Send(absl::string_view data, Deadline deadline) {
  while (!data.empty()) {
    // MSG_NOSIGNAL: a peer that hangs up is an error, not the end of tlspin.
    const ssize_t n = send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
    if (n >= 0) {
      data.remove_prefix(static_cast<size_t>(n));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      const absl::Status ready = Wait(POLLOUT, deadline);
      if (!ready.ok()) {
        return ready;
      }
    } else if (errno != EINTR) {
      return LostConnection(errno);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Socket::Receive(size_t max, Deadline deadline) {
  std::string data(max, '\0');
  for (;;) {
    // Waiting first makes the deadline hold against a peer that never pauses.
    const absl::Status ready = Wait(POLLIN, deadline);
    if (!ready.ok()) {
      return ready;
    }
    const ssize_t n = recv(fd_, data.data(), data.size(), 0);
    if (n >= 0) {
      data.resize(static_cast<size_t>(n));
      return data;
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      return LostConnection(errno);
    }
  }
}

Socket Socket::Duplicate() const {
  return Socket(fcntl(fd_, F_DUPFD_CLOEXEC, 0));
}

void Socket::Interrupt() const { shutdown(fd_, SHUT_RDWR); }

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
    pollfd waiting = {fd_, events, 0};
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
