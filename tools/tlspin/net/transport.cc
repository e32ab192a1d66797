#include "tools/tlspin/net/transport.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace tlspin {
namespace {

class SocketTransport : public Transport {
 public:
  explicit SocketTransport(int fd) : fd_(fd) {}
  ~SocketTransport() override { close(fd_); }
  SocketTransport(const SocketTransport&) = delete;
  SocketTransport& operator=(const SocketTransport&) = delete;

  Result Read(char* data, size_t size) override {
    for (;;) {
      const ssize_t n = recv(fd_, data, size, 0);
      if (n == 0) {
        return {Outcome::kEnd, 0, 0};
      }
      if (n > 0 || errno != EINTR) {
        return After(n);
      }
    }
  }

  Result Write(const char* data, size_t size) override {
    for (;;) {
      // MSG_NOSIGNAL: a peer that hangs up is an error, not the end of tlspin.
      const ssize_t n = send(fd_, data, size, MSG_NOSIGNAL);
      if (n >= 0 || errno != EINTR) {
        return After(n);
      }
    }
  }

  int fd() const override { return fd_; }

 private:
  static Result After(ssize_t n) {
    if (n >= 0) {
      return {Outcome::kMoved, static_cast<size_t>(n), 0};
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return {Outcome::kWait, 0, 0};
    }
    return {Outcome::kLost, 0, errno};
  }

  const int fd_;
};

}  // namespace

std::unique_ptr<Transport> NewSocketTransport(int fd) {
  return std::make_unique<SocketTransport>(fd);
}

}  // namespace tlspin
