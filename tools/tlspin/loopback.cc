#include "tools/tlspin/loopback.h"

#include <openssl/evp.h>
#include <openssl/pool.h>
#include <openssl/ssl.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace tlspin {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

absl::StatusOr<bssl::UniquePtr<SSL>> NewServer(const Identity& identity) {
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  std::vector<bssl::UniquePtr<CRYPTO_BUFFER>> owned;
  std::vector<CRYPTO_BUFFER*> chain;
  for (const std::vector<uint8_t>& der : identity.chain) {
    owned.emplace_back(CRYPTO_BUFFER_new(der.data(), der.size(), nullptr));
    chain.push_back(owned.back().get());
  }
  if (!ctx || !SSL_CTX_set_max_proto_version(ctx.get(), identity.max_version) ||
      !SSL_CTX_set_chain_and_key(ctx.get(), chain.data(), chain.size(),
                                 identity.key.get(), nullptr)) {
    return absl::InvalidArgumentError("the chain and the key do not fit");
  }
  if ((!identity.ocsp.empty() &&
       !SSL_CTX_set_ocsp_response(ctx.get(), identity.ocsp.data(),
                                  identity.ocsp.size())) ||
      (!identity.scts.empty() &&
       !SSL_CTX_set_signed_cert_timestamp_list(ctx.get(), identity.scts.data(),
                                               identity.scts.size()))) {
    return absl::InvalidArgumentError("what is to be stapled is not valid");
  }
  bssl::UniquePtr<SSL> ssl(SSL_new(ctx.get()));
  SSL_set_accept_state(ssl.get());
  return ssl;
}

}  // namespace

LoopbackServer::LoopbackServer(Socket listener, Handler handler)
    : listener_(std::move(listener)),
      port_(listener_.port()),
      handler_(std::move(handler)),
      thread_([this] { Run(); }) {}

absl::StatusOr<std::unique_ptr<LoopbackServer>> LoopbackServer::Start(
    Handler handler) {
  absl::StatusOr<Socket> listener = Socket::ListenOnLoopback();
  if (!listener.ok()) {
    return listener.status();
  }
  return std::unique_ptr<LoopbackServer>(
      new LoopbackServer(*std::move(listener), std::move(handler)));
}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    listener_.Interrupt();
    if (current_.is_open()) {
      current_.Interrupt();
    }
  }
  thread_.join();
}

void LoopbackServer::Run() {
  for (;;) {
    absl::StatusOr<Socket> accepted = listener_.Accept();
    if (!accepted.ok()) {
      return;
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (stopping_) {
        return;
      }
      current_ = accepted->Duplicate();
    }
    handler_(*std::move(accepted));
    const std::lock_guard<std::mutex> lock(mutex_);
    const Socket closed = std::move(current_);
  }
}

std::shared_ptr<Identity> MakeIdentity(absl::Span<const mint::Minted> chain) {
  auto identity = std::make_shared<Identity>();
  for (const mint::Minted& minted : chain) {
    identity->chain.push_back(minted.der);
  }
  identity->key = bssl::UpRef(chain.front().key.get());
  return identity;
}

absl::StatusOr<Channel> AcceptTls(Socket socket, const Identity& identity,
                                  Deadline deadline) {
  absl::StatusOr<bssl::UniquePtr<SSL>> ssl = NewServer(identity);
  if (!ssl.ok()) {
    return ssl.status();
  }
  Channel channel(std::move(socket), *std::move(ssl), deadline);
  const absl::Status shaken = channel.Handshake();
  if (!shaken.ok()) {
    return shaken;
  }
  return channel;
}

absl::StatusOr<std::unique_ptr<LoopbackServer>> StartTlsServer(
    std::shared_ptr<const Identity> identity, Answer answer) {
  // A key that does not fit is to be found here, not in the thread.
  const absl::StatusOr<bssl::UniquePtr<SSL>> fits = NewServer(*identity);
  if (!fits.ok()) {
    return fits.status();
  }
  return LoopbackServer::Start([identity = std::move(identity),
                                answer = std::move(answer)](Socket socket) {
    absl::StatusOr<Channel> channel =
        AcceptTls(std::move(socket), *identity, Deadline::After(kPatience));
    // A client that refuses the certificate, or only looks at it, ends here.
    if (!channel.ok()) {
      return;
    }
    const absl::StatusOr<std::string> line = channel->ReadLine();
    if (line.ok() && channel->Write(absl::StrCat(answer(*line), "\n")).ok()) {
      channel->Close();
    }
  });
}

}  // namespace tlspin
