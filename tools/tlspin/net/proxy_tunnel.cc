#include "tools/tlspin/net/proxy_tunnel.h"

#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/tlspin/net/curl_library.h"
#include "tools/tlspin/net/curl_loop.h"
#include "tools/tlspin/net/proxy_exchange.h"
#include "tools/tlspin/net/proxy_transfer.h"

namespace tlspin {
namespace {

// The schemes in the order in which they are tried: a ticket before a password,
// and of the ways to prove that one is known those that do not tell it.
constexpr unsigned kByStrength[] = {kProxyNegotiate, kProxyDigest, kProxyNtlm,
                                    kProxyBasic};

bool IsOneBit(unsigned bits) { return bits != 0 && (bits & (bits - 1)) == 0; }

// NextScheme returns the strongest of `schemes` that can be tried, or 0.
unsigned NextScheme(unsigned schemes, const ProxySettings& settings) {
  for (const unsigned scheme : kByStrength) {
    if ((schemes & settings.auth & scheme) != 0 &&
        (scheme == kProxyNegotiate || settings.credentials.has_value())) {
      return scheme;
    }
  }
  return 0;
}

}  // namespace

class ProxyTunnels::State : public std::enable_shared_from_this<State> {
 public:
  explicit State(EventLoop* loop) : loop_(loop) {}

  Id Open(const ProxySettings& settings, const std::string& host, int port,
          Callback callback);
  absl::Status TimedOut(Id id);
  void Cancel(Id id);
  void Leave();

  // Close ends what a tunnel was made of.
  void Close(ProxyTransfer* transfer) { curl_loop_->Remove(transfer->easy()); }

 private:
  // A Proxy is what is known of one.
  struct Proxy {
    // What worked, or 0: it is asked without, and says what it wants.
    unsigned scheme = 0;
    // A password that is wrong is told to the proxy once, not once for each of
    // a hundred hosts, which would lock the account: until one tunnel has shown
    // that it is right, the others wait.
    enum class Password { kUnproven, kBeingTried, kRight, kRefused };
    Password password = Password::kUnproven;
    absl::Status refusal;
    std::deque<Id> waiting;  // with a scheme that tells the password
  };

  struct Request {
    const ProxySettings* settings = nullptr;
    std::string host;
    int port = 0;
    Callback callback;
    EventLoop::TimerId timer = 0;
    unsigned scheme = 0;    // of the attempt that is being made
    unsigned tried = 0;     // the schemes that were
    unsigned offers = 0;    // of the proxy, when it was asked
    std::string no_ticket;  // why Negotiate did not work
    bool tries_password = false;
    std::unique_ptr<ProxyTransfer> transfer;
  };

  void Begin(Id id);
  void Attempt(Id id, unsigned scheme);
  void OnEnd(CURL* easy, CURLcode result);
  void GoOn(Id id);
  void OnRefused(Id id);
  void Resolve(Request& request, Proxy::Password password,
               const absl::Status& refusal = absl::OkStatus());
  void Finish(Id id, absl::StatusOr<std::unique_ptr<Transport>> result);
  absl::Status Start();

  EventLoop* loop_;  // null: left
  const CurlLibrary* curl_ = nullptr;
  std::unique_ptr<CurlLoop> curl_loop_;
  Id last_id_ = 0;
  std::map<Id, Request> requests_;
  std::map<CURL*, Id> by_easy_;
  std::map<const ProxySettings*, Proxy> proxies_;
};

namespace {

// A TunnelTransport is a stream through a tunnel. With an https proxy it is
// inside of libcurl's TLS connection, so that it always goes through libcurl.
template <typename State>
class TunnelTransport : public Transport {
 public:
  TunnelTransport(std::shared_ptr<State> state,
                  std::unique_ptr<ProxyTransfer> transfer)
      : state_(std::move(state)), transfer_(std::move(transfer)) {}
  ~TunnelTransport() override { state_->Close(transfer_.get()); }

  Result Read(char* data, size_t size) override {
    return transfer_->Read(data, size);
  }
  Result Write(const char* data, size_t size) override {
    return transfer_->Write(data, size);
  }
  int fd() const override { return transfer_->fd(); }

 private:
  const std::shared_ptr<State> state_;
  const std::unique_ptr<ProxyTransfer> transfer_;
};

}  // namespace

ProxyTunnels::Id ProxyTunnels::State::Open(const ProxySettings& settings,
                                           const std::string& host, int port,
                                           Callback callback) {
  const Id id = ++last_id_;
  Request& request = requests_[id];
  request.settings = &settings;
  request.host = host;
  request.port = port;
  request.callback = std::move(callback);
  // From the loop, so that nobody is called back before this returns.
  request.timer = loop_->After(absl::ZeroDuration(), [this, id] { Begin(id); });
  return id;
}

absl::Status ProxyTunnels::State::Start() {
  if (curl_loop_ != nullptr) {
    return absl::OkStatus();
  }
  const absl::StatusOr<const CurlLibrary*> curl = LoadCurl();
  if (!curl.ok()) {
    return curl.status();
  }
  curl_ = *curl;
  curl_loop_ = std::make_unique<CurlLoop>(
      curl_, loop_,
      [this](CURL* easy, CURLcode result) { OnEnd(easy, result); });
  return curl_loop_->ok() ? absl::OkStatus()
                          : absl::ResourceExhaustedError("out of memory");
}

// Begin makes the first attempt: with what is known to work, or with the only
// way that the user allows, or without saying who is there.
void ProxyTunnels::State::Begin(Id id) {
  Request& request = requests_.at(id);
  request.timer = 0;
  const absl::Status started = Start();
  if (!started.ok()) {
    Finish(id, started);
    return;
  }
  const ProxySettings& settings = *request.settings;
  const unsigned known = proxies_[request.settings].scheme;
  if (known != 0) {
    Attempt(id, known);
  } else if (!settings.url.is_socks()) {
    Attempt(id,
            IsOneBit(settings.auth) ? NextScheme(settings.auth, settings) : 0);
  } else {
    // SOCKS has one way, which is a password.
    Attempt(id, settings.credentials.has_value() ? unsigned{kProxyBasic} : 0u);
  }
}

// Attempt asks the proxy, with `scheme`, or waits until another has shown
// whether the password is right.
void ProxyTunnels::State::Attempt(Id id, unsigned scheme) {
  Request& request = requests_.at(id);
  request.scheme = scheme;
  request.tried |= scheme;
  if (scheme != 0 && scheme != kProxyNegotiate) {
    Proxy& proxy = proxies_[request.settings];
    switch (proxy.password) {
      case Proxy::Password::kRefused:
        Finish(id, absl::Status(proxy.refusal));
        return;
      case Proxy::Password::kBeingTried:
        if (!request.tries_password) {
          proxy.waiting.push_back(id);
          return;
        }
        break;
      case Proxy::Password::kUnproven:
        proxy.password = Proxy::Password::kBeingTried;
        request.tries_password = true;
        break;
      case Proxy::Password::kRight:
        break;
    }
  }
  request.transfer = ProxyTransfer::Create(curl_, *request.settings,
                                           request.host, request.port, scheme);
  if (request.transfer == nullptr ||
      !curl_loop_->Add(request.transfer->easy())) {
    Finish(id, absl::ResourceExhaustedError("out of memory"));
    return;
  }
  by_easy_[request.transfer->easy()] = id;
}

void ProxyTunnels::State::OnEnd(CURL* easy, CURLcode result) {
  const auto found = by_easy_.find(easy);
  if (found == by_easy_.end()) {
    return;
  }
  const std::shared_ptr<State> self = shared_from_this();
  const Id id = found->second;
  by_easy_.erase(found);
  Request& request = requests_.at(id);
  ProxyExchange& exchange = request.transfer->End(result);
  if (result == CURLE_OK && request.transfer->fd() >= 0) {
    curl_loop_->Release(request.transfer->fd());
    proxies_[request.settings].scheme = request.scheme;
    Resolve(request, Proxy::Password::kRight);
    std::unique_ptr<Transport> transport =
        std::make_unique<TunnelTransport<State>>(self,
                                                 std::move(request.transfer));
    Finish(id, std::move(transport));
    return;
  }
  if (exchange.status == 407 && !exchange.not_http) {
    OnRefused(id);
    return;
  }
  const absl::Status error =
      ExplainExchange(exchange, *request.settings, request.scheme);
  // Whatever else a proxy answers, it answers to whom it knows.
  const bool refused =
      exchange.result == CURLE_PROXY && exchange.socks == CURLPX_USER_REJECTED;
  if (refused) {
    Resolve(request, Proxy::Password::kRefused, error);
  } else if (exchange.authorized && exchange.status >= 300) {
    proxies_[request.settings].scheme = request.scheme;
    Resolve(request, Proxy::Password::kRight);
  }
  Finish(id, error);
}

// OnRefused goes on after an answer of 407: to the strongest scheme that is
// left, but never to another with a password that was refused.
void ProxyTunnels::State::OnRefused(Id id) {
  Request& request = requests_.at(id);
  const ProxySettings& settings = *request.settings;
  ProxyExchange exchange = request.transfer->exchange();
  const bool password = exchange.authorized && request.scheme != 0 &&
                        request.scheme != kProxyNegotiate;
  if (!exchange.no_ticket.empty()) {
    request.no_ticket = exchange.no_ticket;
  }
  request.offers |= exchange.offers;
  const unsigned next =
      password ? 0 : NextScheme(request.offers & ~request.tried, settings);
  if (next != 0) {
    curl_loop_->Remove(request.transfer->easy());
    request.transfer.reset();
    Attempt(id, next);
    return;
  }
  exchange.offers = request.offers;
  if (!settings.credentials.has_value() || request.scheme == kProxyNegotiate) {
    exchange.no_ticket = request.no_ticket;
  }
  const absl::Status error =
      ExplainExchange(exchange, settings, request.scheme);
  if (password) {
    Resolve(request, Proxy::Password::kRefused, error);
  }
  Finish(id, error);
}

// Resolve notes what is known of the password now, if it was for this request
// to find out.
void ProxyTunnels::State::Resolve(Request& request, Proxy::Password password,
                                  const absl::Status& refusal) {
  if (!request.tries_password) {
    return;
  }
  request.tries_password = false;
  Proxy& proxy = proxies_[request.settings];
  proxy.password = password;
  proxy.refusal = refusal;
  for (const Id waiting : std::exchange(proxy.waiting, {})) {
    loop_->After(absl::ZeroDuration(), [state = weak_from_this(), waiting] {
      if (const std::shared_ptr<State> self = state.lock()) {
        self->GoOn(waiting);
      }
    });
  }
}

void ProxyTunnels::State::GoOn(Id id) {
  const auto found = requests_.find(id);
  if (found != requests_.end()) {
    Attempt(id, found->second.scheme);
  }
}

absl::Status ProxyTunnels::State::TimedOut(Id id) {
  const auto found = requests_.find(id);
  ProxyExchange exchange;
  if (found == requests_.end()) {
    return absl::DeadlineExceededError("timed out");
  }
  const Request& request = found->second;
  exchange.connected = true;  // if it waited: that one that asked was
  if (request.transfer != nullptr) {
    exchange = request.transfer->End(CURLE_OPERATION_TIMEDOUT);
  }
  exchange.timed_out = true;
  return ExplainExchange(exchange, *request.settings, request.scheme);
}

void ProxyTunnels::State::Finish(
    Id id, absl::StatusOr<std::unique_ptr<Transport>> result) {
  const std::shared_ptr<State> self = shared_from_this();
  const Callback callback = std::move(requests_.at(id).callback);
  Cancel(id);
  callback(std::move(result));
}

void ProxyTunnels::State::Cancel(Id id) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) {
    return;
  }
  Request& request = found->second;
  // If it was to find out, another does.
  Resolve(request, Proxy::Password::kUnproven);
  loop_->Cancel(request.timer);
  if (request.transfer != nullptr) {
    by_easy_.erase(request.transfer->easy());
    curl_loop_->Remove(request.transfer->easy());
  }
  requests_.erase(found);
}

void ProxyTunnels::State::Leave() {
  while (!requests_.empty()) {
    Cancel(requests_.begin()->first);
  }
  if (curl_loop_ != nullptr) {
    curl_loop_->Leave();
  }
  loop_ = nullptr;
}

ProxyTunnels::ProxyTunnels(EventLoop* loop)
    : state_(std::make_shared<State>(loop)) {}

ProxyTunnels::~ProxyTunnels() { state_->Leave(); }

ProxyTunnels::Id ProxyTunnels::Open(const ProxySettings& settings,
                                    const std::string& host, int port,
                                    Callback callback) {
  return state_->Open(settings, host, port, std::move(callback));
}

absl::Status ProxyTunnels::TimedOut(Id id) const {
  return state_->TimedOut(id);
}

void ProxyTunnels::Cancel(Id id) { state_->Cancel(id); }

}  // namespace tlspin
