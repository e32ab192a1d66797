// The least that a TLS client can be: one epoll loop and BoringSSL, and nothing
// that says what went wrong. What tools/dev/compare_scan holds the engine
// against.
//
// Usage: scan_bare TARGETS JOBS    TARGETS has lines "HOST ADDRESS PORT".
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

struct Target {
  std::string host, address;
  int port = 0;
};

struct Connection {
  int fd = -1;
  bssl::UniquePtr<SSL> ssl;
};

class Bare {
 public:
  Bare(std::vector<Target> targets, size_t jobs)
      : targets_(std::move(targets)),
        jobs_(jobs),
        connections_(targets_.size()),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        ctx_(SSL_CTX_new(TLS_with_buffers_method())) {
    SSL_CTX_set_custom_verify(ctx_.get(), SSL_VERIFY_PEER,
                              [](SSL*, uint8_t*) { return ssl_verify_ok; });
  }

  size_t Run() {
    while (done_ < targets_.size()) {
      while (in_flight_ < jobs_ && next_ < targets_.size()) {
        Begin(next_++);
      }
      epoll_event events[256];
      const int n = epoll_wait(epoll_, events, 256, -1);
      for (int i = 0; i < n; ++i) {
        GoOn(events[i].data.u64);
      }
    }
    return good_;
  }

 private:
  void Begin(size_t index) {
    const Target& target = targets_[index];
    Connection& connection = connections_[index];
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(target.port));
    inet_pton(AF_INET, target.address.c_str(), &address.sin_addr);
    connection.fd =
        socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    connect(connection.fd, reinterpret_cast<sockaddr*>(&address),
            sizeof(address));
    connection.ssl.reset(SSL_new(ctx_.get()));
    SSL_set_tlsext_host_name(connection.ssl.get(), target.host.c_str());
    SSL_set_fd(connection.ssl.get(), connection.fd);
    SSL_set_connect_state(connection.ssl.get());
    epoll_event event = {};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.u64 = index;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event);
    ++in_flight_;
  }

  void GoOn(size_t index) {
    Connection& connection = connections_[index];
    const int result = SSL_do_handshake(connection.ssl.get());
    const int error = SSL_get_error(connection.ssl.get(), result);
    if (result != 1 &&
        (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ||
         (error == SSL_ERROR_SYSCALL && errno == ENOTCONN))) {
      return;
    }
    good_ += result == 1 && SSL_get0_peer_certificates(connection.ssl.get());
    SSL_shutdown(connection.ssl.get());
    connection.ssl.reset();
    close(connection.fd);
    --in_flight_;
    ++done_;
  }

  const std::vector<Target> targets_;
  const size_t jobs_;
  std::vector<Connection> connections_;
  const int epoll_;
  bssl::UniquePtr<SSL_CTX> ctx_;
  size_t next_ = 0, done_ = 0, good_ = 0, in_flight_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: scan_bare TARGETS JOBS\n");
    return 2;
  }
  std::vector<Target> targets;
  std::ifstream file(argv[1]);
  for (Target target; file >> target.host >> target.address >> target.port;) {
    targets.push_back(target);
  }
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const size_t all = targets.size();
  const size_t good =
      Bare(std::move(targets), std::strtoul(argv[2], nullptr, 10)).Run();
  std::printf("%zu of %zu\n", good, all);
  return good == all ? 0 : 1;
}
