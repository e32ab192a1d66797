#include "tools/tlspin/net/dial.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/socket_error.h"

namespace tlspin {
namespace {

class Dialling : public Operation {
 public:
  Dialling(EventLoop& loop, std::vector<SocketAddress> addresses,
           Deadline deadline, Connected done)
      : loop_(loop),
        addresses_(std::move(addresses)),
        deadline_(deadline),
        done_(std::move(done)) {}

  ~Dialling() override {
    loop_.Cancel(timer_);
    Close();
  }

  // Try connects to the next address, or ends if there is none left.
  void Try() {
    while (next_ < addresses_.size()) {
      const absl::Status begun = Begin(addresses_[next_]);
      if (begun.ok()) {
        return;
      }
      Failed(begun);
    }
    // The owner is called from the loop, also if all of them failed at once.
    timer_ = loop_.After(absl::ZeroDuration(), [this] {
      timer_ = 0;
      Finish(first_error_);
    });
  }

  absl::Status TimedOut() const override {
    return first_error_.ok() && next_ < addresses_.size()
               ? Named(NoConnection(ETIMEDOUT))
               : first_error_;
  }

 private:
  absl::Status Begin(const SocketAddress& address) {
    fd_ =
        socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) {
      return absl::UnavailableError(ErrnoText(errno));
    }
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd_, address.get(), address.size()) != 0 &&
        errno != EINPROGRESS) {
      return NoConnection(errno);
    }
    const absl::Status watched = loop_.Watch(
        fd_, EventLoop::kWrite, [this](unsigned) { OnConnected(); });
    if (!watched.ok()) {
      return watched;
    }
    // The last one has all of the time that is left, which the owner keeps.
    const int left = static_cast<int>(addresses_.size() - next_);
    if (left > 1) {
      timer_ = loop_.After(deadline_.Share(left).Remaining(), [this] {
        timer_ = 0;
        Failed(NoConnection(ETIMEDOUT));
        Try();
      });
    }
    return absl::OkStatus();
  }

  void OnConnected() {
    loop_.Cancel(std::exchange(timer_, 0));
    int error = 0;
    socklen_t size = sizeof(error);
    if (getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
      error = errno;
    }
    if (error != 0) {
      Failed(NoConnection(error));
      Try();
      return;
    }
    loop_.Unwatch(fd_);
    Connection connection;
    connection.transport = NewSocketTransport(std::exchange(fd_, -1));
    connection.peer = addresses_[next_].ToString();
    Finish(std::move(connection));
  }

  // Failed notes why the address at hand did not answer, and goes on from it.
  void Failed(const absl::Status& status) {
    if (first_error_.ok()) {
      first_error_ = Named(status);
    }
    Close();
    ++next_;
  }

  absl::Status Named(const absl::Status& status) const {
    const std::string message = absl::StrCat(
        status.message(), " (", Bracketed(addresses_[next_].ToString()), ")");
    return CodeOf(status).empty()
               ? absl::Status(status.code(), message)
               : Coded(CodeOf(status), status.code(), message);
  }

  void Close() {
    if (fd_ >= 0) {
      loop_.Unwatch(fd_);
      close(std::exchange(fd_, -1));
    }
  }

  void Finish(absl::StatusOr<Connection> result) {
    const Connected done = std::move(done_);
    done(std::move(result));
  }

  EventLoop& loop_;
  const std::vector<SocketAddress> addresses_;
  const Deadline deadline_;
  Connected done_;
  size_t next_ = 0;  // of the addresses: the one that is tried
  int fd_ = -1;
  EventLoop::TimerId timer_ = 0;
  absl::Status first_error_;
};

}  // namespace

std::unique_ptr<Operation> Dial(EventLoop& loop,
                                std::vector<SocketAddress> addresses,
                                Deadline deadline, Connected done) {
  auto dialling = std::make_unique<Dialling>(loop, std::move(addresses),
                                             deadline, std::move(done));
  dialling->Try();
  return dialling;
}

}  // namespace tlspin
