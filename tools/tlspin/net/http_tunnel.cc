#include "tools/tlspin/net/http_tunnel.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/endpoint.h"
#include "tools/tlspin/net/socket_error.h"

namespace tlspin {
namespace {

constexpr size_t kMaxProxyAnswer = 16 * 1024;

absl::Status NoHttpProxy() {
  return Coded(connection_error::kProxyNotHttp, absl::StatusCode::kUnavailable,
               "the proxy does not speak HTTP");
}

// ProxyUnreachable returns the error of a connection to the proxy as one of the
// whole.
absl::Status ProxyUnreachable(const absl::Status& status) {
  return Coded(connection_error::kProxyUnreachable, status.code(),
               absl::StrCat("no connection to the proxy: ", status.message()));
}

absl::string_view CodeOfProxyAnswer(int code) {
  switch (code) {
    case 407:
      return connection_error::kProxyAuthentication;
    case 403:
      return connection_error::kProxyForbidden;
    case 500:
    case 502:
    case 503:
    case 504:
      return connection_error::kProxyCannotConnect;
    default:
      return connection_error::kProxyRefused;
  }
}

// CheckProxyAnswer takes the header of an answer to CONNECT: RFC 9110, 9.3.6,
// any 2xx makes the tunnel.
absl::Status CheckProxyAnswer(absl::string_view answer) {
  const absl::string_view line = answer.substr(0, answer.find("\r\n"));
  // "HTTP/1.1 200 Connection established"
  const size_t space = line.find(' ');
  int code = 0;
  if (space == absl::string_view::npos ||
      !absl::SimpleAtoi(line.substr(space + 1, 3), &code)) {
    return NoHttpProxy();
  }
  if (code >= 200 && code <= 299) {
    return absl::OkStatus();
  }
  return Coded(
      CodeOfProxyAnswer(code), absl::StatusCode::kUnavailable,
      code == 407
          ? "the proxy asks for authentication, which tlspin does not do"
          : absl::StrCat("the proxy would not connect: it answers \"",
                         absl::CHexEscape(line.substr(space + 1).substr(0, 80)),
                         "\""));
}

absl::Status ClosedEarly(absl::string_view how) {
  return Coded(connection_error::kProxyClosed, absl::StatusCode::kAborted,
               absl::StrCat("the proxy ", how,
                            " the connection before it answered CONNECT"));
}

// Opening resolves the proxy's name, connects to it, asks, and reads to the end
// of the answer's header.
class Opening : public Operation {
 public:
  Opening(EventLoop& loop, const std::string& target, Deadline deadline,
          Connected done)
      : loop_(loop),
        deadline_(deadline),
        done_(std::move(done)),
        request_(absl::StrCat("CONNECT ", target, " HTTP/1.1\r\nHost: ", target,
                              "\r\n\r\n")) {}

  ~Opening() override { Unwatch(); }

  void Start(Resolver& resolver, const std::string& host, int port) {
    step_ = resolver.Resolve(
        host, port,
        [this](absl::StatusOr<std::vector<SocketAddress>> addresses) {
          if (!addresses.ok()) {
            Finish(ProxyUnreachable(addresses.status()));
            return;
          }
          step_ = Dial(loop_, *std::move(addresses), deadline_,
                       [this](absl::StatusOr<Connection> connection) {
                         OnConnected(std::move(connection));
                       });
        });
  }

  absl::Status TimedOut() const override {
    return step_ != nullptr
               ? ProxyUnreachable(step_->TimedOut())
               : Coded(connection_error::kProxyTimeout,
                       absl::StatusCode::kDeadlineExceeded,
                       "timed out while waiting for the proxy's answer to "
                       "CONNECT");
  }

 private:
  void OnConnected(absl::StatusOr<Connection> connection) {
    step_.reset();
    if (!connection.ok()) {
      Finish(ProxyUnreachable(connection.status()));
      return;
    }
    connection_ = *std::move(connection);
    connection_.peer.clear();
    const absl::Status watched = loop_.Watch(
        connection_.transport->fd(), EventLoop::kWrite, [this](unsigned ready) {
          (ready & EventLoop::kWrite) != 0 && !request_.empty() ? Ask()
                                                                : Read();
        });
    if (!watched.ok()) {
      Finish(watched);
    }
  }

  void Ask() {
    const Transport::Result sent =
        connection_.transport->Write(request_.data(), request_.size());
    if (sent.outcome == Transport::Outcome::kLost) {
      Finish(ProxyUnreachable(LostConnection(sent.error)));
      return;
    }
    request_.erase(0, sent.bytes);
    if (request_.empty()) {
      loop_.SetInterest(connection_.transport->fd(), EventLoop::kRead);
    }
  }

  void Read() {
    char data[1024];
    const Transport::Result read =
        connection_.transport->Read(data, sizeof(data));
    switch (read.outcome) {
      case Transport::Outcome::kWait:
        return;
      case Transport::Outcome::kEnd:
        Finish(ClosedEarly("closed"));
        return;
      case Transport::Outcome::kLost:
        Finish(ClosedEarly("reset"));
        return;
      case Transport::Outcome::kMoved:
        answer_.append(data, read.bytes);
        Understand();
    }
  }

  void Understand() {
    if (!absl::StartsWith(answer_, "HTTP/") &&
        !absl::StartsWith("HTTP/", answer_)) {
      Finish(NoHttpProxy());
      return;
    }
    const size_t end = answer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const absl::Status made = CheckProxyAnswer(answer_.substr(0, end));
      connection_.received = answer_.substr(end + 4);
      Finish(made);
    } else if (answer_.size() > kMaxProxyAnswer) {
      Finish(Coded(connection_error::kProxyNotHttp,
                   absl::StatusCode::kUnavailable,
                   "the proxy's answer is too long"));
    }
  }

  void Unwatch() {
    if (connection_.transport != nullptr) {
      loop_.Unwatch(connection_.transport->fd());
    }
  }

  void Finish(const absl::Status& status) {
    Unwatch();
    const Connected done = std::move(done_);
    if (status.ok()) {
      done(std::move(connection_));
    } else {
      done(status);
    }
  }

  EventLoop& loop_;
  const Deadline deadline_;
  Connected done_;
  std::string request_;  // what is not yet sent
  std::string answer_;
  std::unique_ptr<Operation> step_;
  Connection connection_;
};

}  // namespace

std::unique_ptr<Operation> OpenHttpTunnel(EventLoop& loop, Resolver& resolver,
                                          const ProxyUrl& proxy,
                                          const Endpoint& endpoint,
                                          Deadline deadline, Connected done) {
  auto opening = std::make_unique<Opening>(
      loop, absl::StrCat(Bracketed(endpoint.address), ":", endpoint.port),
      deadline, std::move(done));
  opening->Start(resolver, proxy.host, proxy.port);
  return opening;
}

}  // namespace tlspin
