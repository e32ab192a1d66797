#include "tests/testing/fleet.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pool.h>
#include <openssl/ssl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/tls_session.h"

namespace testing_support {
namespace {

using ::tlspin::EventLoop;
using ::tlspin::TlsSession;

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::abort();
}

int Bound(int type, uint32_t address) {
  const int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  // Nobody else's business: loopback only, also with the address "any".
  setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(address);
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof(at)) != 0) {
    Die("bind");
  }
  return fd;
}

sockaddr_in NameOf(int fd) {
  sockaddr_in name = {};
  socklen_t size = sizeof(name);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
    Die("getsockname");
  }
  return name;
}

bssl::UniquePtr<SSL_CTX> ServerOf(const std::vector<mint::Minted>& chain) {
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  std::vector<bssl::UniquePtr<CRYPTO_BUFFER>> owned;
  std::vector<CRYPTO_BUFFER*> buffers;
  for (const mint::Minted& minted : chain) {
    owned.emplace_back(
        CRYPTO_BUFFER_new(minted.der.data(), minted.der.size(), nullptr));
    buffers.push_back(owned.back().get());
  }
  if (!SSL_CTX_set_chain_and_key(ctx.get(), buffers.data(), buffers.size(),
                                 chain.front().key.get(), nullptr)) {
    Die("SSL_CTX_set_chain_and_key");
  }
  SSL_CTX_set_num_tickets(ctx.get(), 0);
  return ctx;
}

// A Harbour is the fleet in its own process.
class Harbour {
 public:
  Harbour(int listener, int dns,
          const std::vector<std::vector<mint::Minted>>& chains,
          const Fleet::Names& names)
      : listener_(listener), dns_(dns), names_(names) {
    for (const std::vector<mint::Minted>& chain : chains) {
      contexts_.push_back(ServerOf(chain));
    }
    auto loop = EventLoop::Create();
    if (!loop.ok()) Die("epoll");
    loop_ = *std::move(loop);
  }

  [[noreturn]] void Run() {
    Watch(listener_, [this](unsigned) { Accept(); });
    Watch(dns_, [this](unsigned) { AnswerName(); });
    loop_->Run();
    std::exit(0);
  }

 private:
  struct Client {
    uint32_t local = 0;  // the address that it connected to
    std::unique_ptr<TlsSession> session;
  };

  void Watch(int fd, EventLoop::FdCallback callback) {
    if (!loop_->Watch(fd, EventLoop::kRead, std::move(callback)).ok()) {
      Die("watch");
    }
  }

  void Accept() {
    for (;;) {
      const int fd =
          accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      Client& client = clients_[fd];
      client.local = ntohl(NameOf(fd).sin_addr.s_addr);
      bssl::UniquePtr<SSL> ssl(
          SSL_new(contexts_[(client.local & 0xff) % contexts_.size()].get()));
      SSL_set_accept_state(ssl.get());
      client.session = std::make_unique<TlsSession>(std::move(ssl));
      Watch(fd, [this, fd](unsigned) { Serve(fd); });
    }
  }

  void Serve(int fd) {
    Client& client = clients_[fd];
    char data[16384];
    const ssize_t n = recv(fd, data, sizeof(data), 0);
    if (n <= 0) {
      Drop(fd, false);
      return;
    }
    switch ((client.local >> 16) & 0xff) {
      case 1:
        Drop(fd, true);
        return;
      case 2:
        if (++seen_[client.local] <= 2) {
          Drop(fd, true);
          return;
        }
        break;
      case 3:
        return;
      case 4:
        send(fd, "\x15\x03\x03\x00\x02\x02\x70", 7, MSG_NOSIGNAL);
        Drop(fd, false);
        return;
    }
    client.session->Receive(std::string(data, static_cast<size_t>(n)));
    const bool failed = !client.session->Handshake().ok();
    const absl::string_view output = client.session->Output();
    send(fd, output.data(), output.size(), MSG_NOSIGNAL);
    client.session->Sent(output.size());
    if (failed) Drop(fd, false);
  }

  void Drop(int fd, bool reset) {
    const linger at_once = {1, 0};
    if (reset) {
      setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    }
    loop_->Unwatch(fd);
    clients_.erase(fd);
    close(fd);
  }

  // AnswerName answers one query (RFC 1035, 4.1), for A and AAAA.
  void AnswerName() {
    uint8_t query[512];
    sockaddr_in from = {};
    socklen_t size = sizeof(from);
    const ssize_t n = recvfrom(dns_, query, sizeof(query), 0,
                               reinterpret_cast<sockaddr*>(&from), &size);
    if (n < 17) return;
    std::string name;
    size_t at = 12;
    while (at < static_cast<size_t>(n) && query[at] != 0) {
      absl::StrAppend(&name, name.empty() ? "" : ".",
                      std::string(query + at + 1, query + at + 1 + query[at]));
      at += 1 + query[at];
    }
    if (name.rfind("silent.", 0) == 0) return;
    const size_t end = at + 5;  // of the question
    const bool asks_v4 = query[at + 2] == 1;
    std::string answer(query, query + end);
    const auto found = names_.find(name);
    answer[2] = '\x84';  // an answer, with authority
    answer[3] = found == names_.end() ? '\x03' : '\x00';
    answer[6] = answer[7] = answer[8] = answer[9] = answer[10] = answer[11] = 0;
    for (const std::string& address :
         found == names_.end() ? std::vector<std::string>() : found->second) {
      in_addr v4 = {};
      if (!asks_v4 || inet_pton(AF_INET, address.c_str(), &v4) != 1) continue;
      // The name of the question, A, IN, a minute, four bytes.
      answer +=
          std::string("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04", 12);
      answer.append(reinterpret_cast<const char*>(&v4), 4);
      ++answer[7];
    }
    sendto(dns_, answer.data(), answer.size(), 0,
           reinterpret_cast<sockaddr*>(&from), size);
  }

  const int listener_, dns_;
  const Fleet::Names names_;
  std::vector<bssl::UniquePtr<SSL_CTX>> contexts_;
  std::unique_ptr<EventLoop> loop_;
  std::unordered_map<int, Client> clients_;
  std::unordered_map<uint32_t, int> seen_;
};

}  // namespace

Fleet::Fleet(const std::vector<std::vector<mint::Minted>>& chains,
             const Names& names) {
  const int listener = Bound(SOCK_STREAM, INADDR_ANY);
  if (listen(listener, 4096) != 0) Die("listen");
  const int dns = Bound(SOCK_DGRAM, INADDR_LOOPBACK);
  port_ = ntohs(NameOf(listener).sin_port);
  dns_port_ = ntohs(NameOf(dns).sin_port);
  pid_ = fork();
  if (pid_ < 0) Die("fork");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    rlimit limit = {};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    Harbour(listener, dns, chains, names).Run();
  }
  close(listener);
  close(dns);
}

Fleet::~Fleet() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::string Fleet::name_servers() const {
  return absl::StrCat("127.0.0.1:", dns_port_);
}

}  // namespace testing_support
