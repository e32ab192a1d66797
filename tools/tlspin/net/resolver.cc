#include "tools/tlspin/net/resolver.h"

#include <ares.h>
#include <sys/time.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {
namespace {

// A name server that says nothing is asked again, or the next is, this soon:
// one datagram that was lost must not cost the whole deadline.
constexpr int kTimeoutMilliseconds = 2000;
constexpr int kTries = 4;

absl::Status NotFound(const std::string& host, int status) {
  const bool answered = status == ARES_ENOTFOUND || status == ARES_ENODATA ||
                        status == ARES_EBADNAME || status == ARES_EFORMERR;
  return Coded(
      connection_error::kNameUnresolved, absl::StatusCode::kNotFound,
      absl::StrCat("the name ", host, " does not resolve",
                   answered ? "" : ": no name server answered",
                   answered || status == ARES_ETIMEOUT
                       ? ""
                       : absl::StrCat(" (", ares_strerror(status), ")")));
}

std::vector<SocketAddress> AddressesOf(const ares_addrinfo& found, int port) {
  std::vector<SocketAddress> addresses;
  for (const ares_addrinfo_node* node = found.nodes; node != nullptr;
       node = node->ai_next) {
    std::optional<SocketAddress> address =
        SocketAddress::FromKernel(node->ai_addr, node->ai_addrlen, port);
    if (address.has_value()) {
      addresses.push_back(*std::move(address));
    }
  }
  return addresses;
}

}  // namespace

// A Lookup is what the owner holds; c-ares holds a Query, which outlives it if
// it is withdrawn: a single query of c-ares cannot be cancelled.
class Resolver::Lookup : public Operation {
 public:
  Lookup(Resolver& resolver, const std::string& host, int port, Done done)
      : resolver_(resolver), host_(host), port_(port), done_(std::move(done)) {}

  ~Lookup() override {
    resolver_.loop_.Cancel(timer_);
    if (query_ != nullptr) {
      query_->lookup = nullptr;
    }
  }

  void Start() {
    std::optional<SocketAddress> literal =
        SocketAddress::FromText(host_, port_);
    if (literal.has_value()) {
      Finish(std::vector<SocketAddress>{*std::move(literal)});
      return;
    }
    // RFC 6761, 6.4: such a name never resolves, and is asked of nobody.
    if (host_ == "invalid" || absl::EndsWith(host_, ".invalid")) {
      Finish(NotFound(host_, ARES_ENOTFOUND));
      return;
    }
    query_ = new Query{this};
    ares_addrinfo_hints hints = {};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(resolver_.channel_, host_.c_str(), nullptr, &hints,
                     &Lookup::OnAnswer, query_);
    resolver_.SetTimer();
  }

  absl::Status TimedOut() const override {
    return Coded(connection_error::kNameUnresolved,
                 absl::StatusCode::kDeadlineExceeded,
                 absl::StrCat("timed out while looking up the name ", host_,
                              ": no name server answered"));
  }

 private:
  struct Query {
    Lookup* lookup;  // null: withdrawn
  };

  static void OnAnswer(void* data, int status, int /*timeouts*/,
                       ares_addrinfo* found) {
    const std::unique_ptr<Query> query(static_cast<Query*>(data));
    const std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> owned(
        found, &ares_freeaddrinfo);
    Lookup* lookup = query->lookup;
    if (lookup == nullptr) {
      return;
    }
    lookup->query_ = nullptr;
    std::vector<SocketAddress> addresses;
    if (status == ARES_SUCCESS && found != nullptr) {
      addresses = AddressesOf(*found, lookup->port_);
      status = addresses.empty() ? ARES_ENODATA : status;
    }
    if (addresses.empty()) {
      lookup->Finish(NotFound(lookup->host_, status));
    } else {
      lookup->Finish(std::move(addresses));
    }
  }

  // Finish calls the owner from the loop, not from within c-ares, or Resolve.
  void Finish(absl::StatusOr<std::vector<SocketAddress>> result) {
    result_ = std::move(result);
    timer_ = resolver_.loop_.After(absl::ZeroDuration(), [this] {
      timer_ = 0;
      const Done done = std::move(done_);
      done(std::move(result_));
    });
  }

  Resolver& resolver_;
  const std::string host_;
  const int port_;
  Done done_;
  Query* query_ = nullptr;
  EventLoop::TimerId timer_ = 0;
  absl::StatusOr<std::vector<SocketAddress>> result_;
};

absl::StatusOr<std::unique_ptr<Resolver>> Resolver::Create(
    EventLoop& loop, const Options& options) {
  std::unique_ptr<Resolver> resolver(new Resolver(loop));
  int status = ares_library_init(ARES_LIB_INIT_ALL);
  if (status == ARES_SUCCESS) {
    ares_options settings = {};
    settings.timeout = kTimeoutMilliseconds;
    settings.tries = kTries;
    settings.sock_state_cb = [](void* data, ares_socket_t fd, int readable,
                                int writable) {
      static_cast<Resolver*>(data)->OnSocket(fd, readable != 0, writable != 0);
    };
    settings.sock_state_cb_data = resolver.get();
    status = ares_init_options(
        &resolver->channel_, &settings,
        ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
  }
  if (status == ARES_SUCCESS && !options.servers.empty()) {
    status =
        ares_set_servers_ports_csv(resolver->channel_, options.servers.c_str());
  }
  if (status != ARES_SUCCESS) {
    return absl::UnavailableError(
        absl::StrCat("the resolver failed: ", ares_strerror(status)));
  }
  return resolver;
}

Resolver::~Resolver() {
  if (channel_ != nullptr) {
    ares_destroy(channel_);
  }
  loop_.Cancel(timer_);
  ares_library_cleanup();
}

std::unique_ptr<Operation> Resolver::Resolve(const std::string& host, int port,
                                             Done done) {
  auto lookup = std::make_unique<Lookup>(*this, host, port, std::move(done));
  lookup->Start();
  return lookup;
}

void Resolver::OnSocket(int fd, bool readable, bool writable) {
  if (!readable && !writable) {
    loop_.Unwatch(fd);
    return;
  }
  const absl::Status watched = loop_.Watch(
      fd,
      (readable ? EventLoop::kRead : 0) | (writable ? EventLoop::kWrite : 0),
      [this, fd](unsigned ready) {
        Process((ready & EventLoop::kRead) != 0 ? fd : ARES_SOCKET_BAD,
                (ready & EventLoop::kWrite) != 0 ? fd : ARES_SOCKET_BAD);
      });
  // An answer that goes unseen is one that did not come: c-ares tries again.
  watched.IgnoreError();
}

void Resolver::Process(int read_fd, int write_fd) {
  ares_process_fd(channel_, read_fd, write_fd);
  SetTimer();
}

// SetTimer has c-ares look again when its next query is due to be repeated.
void Resolver::SetTimer() {
  loop_.Cancel(timer_);
  timer_ = 0;
  timeval room = {};
  const timeval* next = ares_timeout(channel_, nullptr, &room);
  if (next != nullptr) {
    timer_ = loop_.After(absl::DurationFromTimeval(*next), [this] {
      timer_ = 0;
      Process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    });
  }
}

}  // namespace tlspin
