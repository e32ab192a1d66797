#include "tools/tlspin/net/fetch.h"

#include <openssl/ssl.h>

#include <utility>

#include "absl/status/status.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/net/dial.h"
#include "tools/tlspin/net/handshake.h"
#include "tools/tlspin/net/proxy.h"

namespace tlspin {
namespace {

class Fetching : public Operation {
 public:
  Fetching(Network& network, FetchPlan plan, std::function<void(Fetched)> done)
      : network_(network),
        plan_(std::move(plan)),
        deadline_(Deadline::After(plan_.timeout)),
        done_(std::move(done)) {}

  ~Fetching() override { network_.loop().Cancel(timer_); }

  void Start() {
    absl::StatusOr<bssl::UniquePtr<SSL>> ssl =
        network_.tls().NewSsl(plan_.endpoint.host, plan_.offer);
    if (!ssl.ok()) {
      timer_ = network_.loop().After(
          absl::ZeroDuration(),
          [this, status = ssl.status()] { Finish(status); });
      return;
    }
    ssl_ = *std::move(ssl);
    timer_ = network_.loop().After(plan_.timeout, [this] {
      const absl::Status status = TimedOut();
      step_.reset();
      Finish(status);
    });
    Connected connected = [this](absl::StatusOr<Connection> connection) {
      OnConnected(std::move(connection));
    };
    step_ = plan_.proxy != nullptr
                ? network_.OpenTunnel(*plan_.proxy, plan_.endpoint,
                                      std::move(connected))
                : Dial(network_.loop(), std::move(plan_.addresses), deadline_,
                       std::move(connected));
  }

  absl::Status TimedOut() const override {
    return tunnelled_ ? Placed(step_->TimedOut()) : step_->TimedOut();
  }

 private:
  void OnConnected(absl::StatusOr<Connection> connection) {
    if (!connection.ok()) {
      Finish(connection.status());
      return;
    }
    tunnelled_ = plan_.proxy != nullptr;
    peer_ = connection->peer;
    if (plan_.starttls == StartTls::kNone) {
      ShakeHands(*std::move(connection));
      return;
    }
    step_ = AskForTls(network_.loop(), *std::move(connection), plan_.starttls,
                      plan_.endpoint.host,
                      [this](absl::StatusOr<Connection> ready) {
                        if (ready.ok()) {
                          ShakeHands(*std::move(ready));
                        } else {
                          Finish(Placed(ready.status()));
                        }
                      });
  }

  void ShakeHands(Connection connection) {
    step_ = Handshake(
        network_.loop(), std::move(connection), std::move(ssl_),
        [this](absl::StatusOr<Served> served) {
          if (served.ok()) {
            served->offered_alpn = plan_.offer.alpn;
          }
          Finish(served.ok() ? std::move(served) : Placed(served.status()));
        });
  }

  // Placed says of what ended a connection that there was whose it was.
  absl::Status Placed(const absl::Status& status) const {
    return tunnelled_ ? Located(ThroughProxy(*plan_.proxy), status) : status;
  }

  void Finish(absl::StatusOr<Served> served) {
    network_.loop().Cancel(std::exchange(timer_, 0));
    const std::function<void(Fetched)> done = std::move(done_);
    done({std::move(peer_), std::move(served)});
  }

  Network& network_;
  FetchPlan plan_;
  const Deadline deadline_;
  std::function<void(Fetched)> done_;
  bssl::UniquePtr<SSL> ssl_;
  std::unique_ptr<Operation> step_;
  EventLoop::TimerId timer_ = 0;
  bool tunnelled_ = false;  // there is a connection, through a proxy
  std::string peer_;
};

}  // namespace

std::unique_ptr<Operation> Fetch(Network& network, FetchPlan plan,
                                 std::function<void(Fetched)> done) {
  auto fetching =
      std::make_unique<Fetching>(network, std::move(plan), std::move(done));
  fetching->Start();
  return fetching;
}

}  // namespace tlspin
