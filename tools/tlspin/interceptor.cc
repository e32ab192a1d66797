#include "tools/tlspin/interceptor.h"

#include <openssl/evp.h>
#include <openssl/pool.h>
#include <openssl/ssl.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "pinning/certificate.h"
#include "tools/tlspin/channel.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/socket.h"

namespace tlspin {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

// ConnectUpstream connects to the genuine server. Like many an interceptor it
// checks nothing.
absl::StatusOr<Channel> ConnectUpstream(const InterceptorOptions& options,
                                        Deadline deadline) {
  absl::StatusOr<Socket> socket =
      ConnectTo("127.0.0.1", options.upstream_port, deadline);
  if (!socket.ok()) {
    return socket.status();
  }
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  SSL_CTX_set_custom_verify(ctx.get(), SSL_VERIFY_PEER,
                            [](SSL*, uint8_t*) { return ssl_verify_ok; });
  bssl::UniquePtr<SSL> ssl(SSL_new(ctx.get()));
  SSL_set_tlsext_host_name(ssl.get(), options.host.c_str());
  SSL_set_connect_state(ssl.get());
  Channel channel(*std::move(socket), std::move(ssl), deadline);
  const absl::Status shaken = channel.Handshake();
  if (!shaken.ok()) {
    return shaken;
  }
  return channel;
}

std::vector<std::vector<uint8_t>> PresentedTo(SSL* ssl) {
  std::vector<std::vector<uint8_t>> chain;
  const STACK_OF(CRYPTO_BUFFER)* presented = SSL_get0_peer_certificates(ssl);
  for (size_t i = 0; i < sk_CRYPTO_BUFFER_num(presented); ++i) {
    const CRYPTO_BUFFER* der = sk_CRYPTO_BUFFER_value(presented, i);
    chain.emplace_back(CRYPTO_BUFFER_data(der),
                       CRYPTO_BUFFER_data(der) + CRYPTO_BUFFER_len(der));
  }
  return chain;
}

// Forge returns what is presented in place of `genuine`.
absl::StatusOr<Identity> Forge(const std::vector<std::vector<uint8_t>>& genuine,
                               const InterceptorOptions& options,
                               const mint::Key& key) {
  absl::StatusOr<pinning::Certificate> leaf =
      pinning::Certificate::FromDer(genuine.front());
  if (!leaf.ok()) {
    return leaf.status();
  }
  const std::vector<absl::string_view> names = leaf->dns_names();
  mint::Spec spec = mint::Leaf({names.begin(), names.end()});
  spec.extra.clear();  // no SCTs, no pointers: nobody logged or will revoke it
  spec.not_before = options.now - absl::Minutes(4);
  spec.not_after = options.now + absl::Hours(24 * 30);
  Identity identity;
  identity.chain.push_back(
      mint::Issue(spec, key, options.authority.front()).der);
  for (const mint::Minted& ca : options.authority) {
    identity.chain.push_back(ca.der);
  }
  if (options.append_genuine_chain) {
    identity.chain.insert(identity.chain.end(), genuine.begin(), genuine.end());
  }
  identity.key = bssl::UpRef(key.get());
  return identity;
}

void Intercept(Socket socket, const InterceptorOptions& options,
               const mint::Key& key, Overheard& overheard) {
  const Deadline deadline = Deadline::After(kPatience);
  absl::StatusOr<Channel> upstream = ConnectUpstream(options, deadline);
  if (!upstream.ok()) {
    return;
  }
  const absl::StatusOr<Identity> identity =
      Forge(PresentedTo(upstream->ssl()), options, key);
  if (!identity.ok()) {
    return;
  }
  absl::StatusOr<Channel> client =
      AcceptTls(std::move(socket), *identity, deadline);
  if (!client.ok()) {
    return;  // the client refused: nothing to relay
  }
  const absl::StatusOr<std::string> question = client->ReadLine();
  if (!question.ok()) {
    return;
  }
  overheard.Add(*question);
  if (!upstream->Write(absl::StrCat(*question, "\n")).ok()) {
    return;
  }
  const absl::StatusOr<std::string> answer = upstream->ReadLine();
  if (answer.ok() && client->Write(absl::StrCat(*answer, "\n")).ok()) {
    client->Close();
  }
}

}  // namespace

void Overheard::Add(std::string line) {
  const std::lock_guard<std::mutex> lock(mutex_);
  lines_.push_back(std::move(line));
}

std::vector<std::string> Overheard::lines() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return lines_;
}

absl::StatusOr<std::unique_ptr<LoopbackServer>> StartInterceptor(
    InterceptorOptions options, std::shared_ptr<Overheard> overheard) {
  return LoopbackServer::Start(
      [options = std::move(options), key = mint::Key::P256(),
       overheard = std::move(overheard)](Socket socket) {
        Intercept(std::move(socket), options, key, *overheard);
      });
}

}  // namespace tlspin
