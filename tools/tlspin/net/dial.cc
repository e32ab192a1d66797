#include "tools/tlspin/net/dial.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
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
        errors_(addresses_.size()),
        deadline_(deadline),
        done_(std::move(done)) {}

  ~Dialling() override {
    loop_.Cancel(timer_);
    CloseAll();
  }

  // Advance tries the next address, if there is one, beside those that are
  // tried already, and ends if all of them failed.
  void Advance() {
    loop_.Cancel(std::exchange(timer_, 0));
    bool begun = false;
    while (!begun && next_ < addresses_.size()) {
      absl::Status status = Begin(next_);
      if (absl::IsResourceExhausted(status)) {
        if (!attempts_.empty()) {
          break;  // those may end meanwhile
        }
        status = absl::UnavailableError(status.message());
      }
      begun = status.ok();
      errors_[next_] = begun ? status : Named(next_, status);
      ++next_;
    }
    if (attempts_.empty()) {
      // The owner is called from the loop, also if all of them failed at once.
      timer_ = loop_.After(absl::ZeroDuration(), [this] {
        timer_ = 0;
        Finish(FirstError());
      });
    } else if (next_ < addresses_.size()) {
      timer_ = loop_.After(Delay(), [this] {
        timer_ = 0;
        OnDelay();
      });
    }
  }

  absl::Status TimedOut() const override {
    const absl::Status error = FirstError();
    return attempts_.empty() || !errors_[0].ok()
               ? error
               : Named(0, NoConnection(ETIMEDOUT));
  }

 private:
  // An Attempt is an address that has not answered yet.
  struct Attempt {
    size_t address;
    int fd;
  };

  // Begin returns RESOURCE_EXHAUSTED if there are no descriptors.
  absl::Status Begin(size_t index) {
    const SocketAddress& address = addresses_[index];
    const int fd =
        socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      return errno == EMFILE || errno == ENFILE
                 ? absl::ResourceExhaustedError(ErrnoText(errno))
                 : absl::UnavailableError(ErrnoText(errno));
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    absl::Status status;
    if (connect(fd, address.get(), address.size()) != 0 &&
        errno != EINPROGRESS) {
      status = NoConnection(errno);
    } else {
      status = loop_.Watch(fd, EventLoop::kWrite,
                           [this, fd](unsigned) { OnConnected(fd); });
    }
    if (!status.ok()) {
      close(fd);
      return status;
    }
    attempts_.push_back({index, fd});
    return status;
  }

  // Delay returns how long the addresses at hand are left alone.
  absl::Duration Delay() const {
    const int left = static_cast<int>(addresses_.size() - next_);
    return attempts_.size() < kAttemptsAtOnce
               ? kAttemptDelay
               : std::max(kAttemptDelay, deadline_.Share(left + 1).Remaining());
  }

  void OnDelay() {
    if (attempts_.size() == kAttemptsAtOnce) {
      errors_[attempts_.front().address] =
          Named(attempts_.front().address, NoConnection(ETIMEDOUT));
      Close(attempts_.begin());
    }
    Advance();
  }

  void OnConnected(int fd) {
    const auto attempt =
        std::find_if(attempts_.begin(), attempts_.end(),
                     [fd](const Attempt& a) { return a.fd == fd; });
    const size_t address = attempt->address;
    int error = 0;
    socklen_t size = sizeof(error);
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
      error = errno;
    }
    if (error != 0) {
      errors_[address] = Named(address, NoConnection(error));
      Close(attempt);
      Advance();
      return;
    }
    loop_.Cancel(std::exchange(timer_, 0));
    loop_.Unwatch(fd);
    attempts_.erase(attempt);
    CloseAll();
    Connection connection;
    connection.transport = NewSocketTransport(fd);
    connection.peer = addresses_[address].ToString();
    Finish(std::move(connection));
  }

  // FirstError returns the error of the first address that has one.
  absl::Status FirstError() const {
    const auto error =
        std::find_if(errors_.begin(), errors_.end(),
                     [](const absl::Status& e) { return !e.ok(); });
    return error == errors_.end() ? absl::OkStatus() : *error;
  }

  absl::Status Named(size_t index, const absl::Status& status) const {
    const std::string message = absl::StrCat(
        status.message(), " (", Bracketed(addresses_[index].ToString()), ")");
    return CodeOf(status).empty()
               ? absl::Status(status.code(), message)
               : Coded(CodeOf(status), status.code(), message);
  }

  void Close(std::vector<Attempt>::iterator attempt) {
    loop_.Unwatch(attempt->fd);
    close(attempt->fd);
    attempts_.erase(attempt);
  }

  void CloseAll() {
    while (!attempts_.empty()) {
      Close(attempts_.begin());
    }
  }

  void Finish(absl::StatusOr<Connection> result) {
    const Connected done = std::move(done_);
    done(std::move(result));
  }

  EventLoop& loop_;
  const std::vector<SocketAddress> addresses_;
  std::vector<absl::Status> errors_;  // of each; OK: none so far
  const Deadline deadline_;
  Connected done_;
  size_t next_ = 0;                // of the addresses: the first not tried
  std::vector<Attempt> attempts_;  // the oldest first
  EventLoop::TimerId timer_ = 0;
};

}  // namespace

std::vector<SocketAddress> Interleaved(
    const std::vector<SocketAddress>& addresses) {
  std::vector<SocketAddress> result;
  size_t next[2] = {0, 0};  // of the first address's family, and of the other
  for (int turn = 0; result.size() < addresses.size(); turn = 1 - turn) {
    size_t& at = next[turn];
    while (at < addresses.size() &&
           (addresses[at].family() == addresses[0].family()) != (turn == 0)) {
      ++at;
    }
    if (at < addresses.size()) {
      result.push_back(addresses[at++]);
    }
  }
  return result;
}

std::unique_ptr<Operation> Dial(EventLoop& loop,
                                std::vector<SocketAddress> addresses,
                                Deadline deadline, Connected done) {
  auto dialling = std::make_unique<Dialling>(loop, Interleaved(addresses),
                                             deadline, std::move(done));
  dialling->Advance();
  return dialling;
}

}  // namespace tlspin
