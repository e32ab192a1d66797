#include "tools/tlspin/connect.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tools/tlspin/net/dial.h"
#include "tools/tlspin/net/network.h"
#include "tools/tlspin/net/operation.h"
#include "tools/tlspin/net/scan.h"
#include "tools/tlspin/net/socket_address.h"

namespace tlspin {
namespace {

// An Opener opens one connection on the loop of `network`, in the steps that it
// takes.
class Opener {
 public:
  Opener(Network& network, const Endpoint& endpoint, const ProxySettings* proxy,
         Deadline deadline)
      : network_(network),
        endpoint_(endpoint),
        proxy_(proxy),
        deadline_(deadline) {}

  absl::StatusOr<Connection> Run() {
    EventLoop& loop = network_.loop();
    Connected connected = [this](absl::StatusOr<Connection> connection) {
      Finish(std::move(connection));
    };
    if (proxy_ != nullptr) {
      step_ = network_.OpenTunnel(*proxy_, endpoint_, std::move(connected));
    } else {
      step_ = network_.resolver().Resolve(
          endpoint_.address, endpoint_.port,
          [this,
           connected](absl::StatusOr<std::vector<SocketAddress>> addresses) {
            if (!addresses.ok()) {
              Finish(addresses.status());
              return;
            }
            step_ = Dial(network_.loop(), *std::move(addresses), deadline_,
                         connected);
          });
    }
    const EventLoop::TimerId timer = loop.After(
        deadline_.Remaining(), [this] { Finish(step_->TimedOut()); });
    loop.Run();
    loop.Cancel(timer);
    step_.reset();
    return std::move(result_);
  }

 private:
  void Finish(absl::StatusOr<Connection> result) {
    result_ = std::move(result);
    network_.loop().Stop();
  }

  Network& network_;
  const Endpoint& endpoint_;
  const ProxySettings* const proxy_;
  const Deadline deadline_;
  std::unique_ptr<Operation> step_;
  absl::StatusOr<Connection> result_;
};

}  // namespace

absl::StatusOr<Tunnel> OpenTunnel(const Endpoint& endpoint,
                                  const ConnectOptions& options,
                                  Deadline deadline) {
  const absl::StatusOr<std::unique_ptr<Network>> network =
      Network::Create(options);
  if (!network.ok()) {
    return network.status();
  }
  absl::StatusOr<Connection> connection =
      Opener(**network, endpoint, ProxyFor(endpoint, options), deadline).Run();
  if (!connection.ok()) {
    return connection.status();
  }
  return Tunnel{Socket(std::move(connection->transport)),
                std::move(connection->received)};
}

absl::StatusOr<Socket> ConnectTo(const std::string& address, int port,
                                 Deadline deadline) {
  absl::StatusOr<Tunnel> tunnel =
      OpenTunnel({address, address, port}, {}, deadline);
  if (!tunnel.ok()) {
    return tunnel.status();
  }
  return std::move(tunnel->socket);
}

absl::StatusOr<Served> FetchChain(const Endpoint& endpoint,
                                  const ConnectOptions& options) {
  ScanOptions scan;
  scan.connect = options;
  scan.jobs = 1;
  absl::StatusOr<Served> served = absl::UnknownError("not asked");
  ScanObserver observer;
  observer.on_result = [&served](ScanResult result) {
    served = std::move(result.answers.front().served);
  };
  const absl::Status scanned = Scan({endpoint}, scan, observer);
  return scanned.ok() ? std::move(served) : scanned;
}

}  // namespace tlspin
