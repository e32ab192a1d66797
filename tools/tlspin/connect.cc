#include "tools/tlspin/connect.h"

#include <openssl/bytestring.h>
#include <openssl/pool.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "pinning/server_name.h"
#include "tools/tlspin/channel.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/connection_hint.h"
#include "tools/tlspin/socket.h"

namespace tlspin {
namespace {

constexpr size_t kMaxProxyAnswer = 16 * 1024;
// What a web client offers; a server that selects by ALPN presents to a web
// client what it would to others.
constexpr uint8_t kAlpn[] = "\x02h2\x08http/1.1";

struct HostPort {
  absl::string_view host;
  std::optional<int> port;
};

absl::StatusOr<HostPort> SplitHostPort(absl::string_view text) {
  HostPort result;
  absl::string_view rest;
  if (absl::StartsWith(text, "[")) {
    const size_t end = text.find(']');
    if (end == absl::string_view::npos) {
      return absl::InvalidArgumentError("a bracket is not closed");
    }
    result.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!absl::StrContains(result.host, ':')) {
      return absl::InvalidArgumentError("brackets are for IPv6 addresses only");
    }
  } else {
    const size_t colon = text.find(':');
    result.host = text.substr(0, colon);
    rest = colon == absl::string_view::npos ? "" : text.substr(colon);
    if (absl::StrContains(rest.substr(rest.empty() ? 0 : 1), ':')) {
      return absl::InvalidArgumentError(
          "an IPv6 address needs brackets: [2001:db8::1]:443");
    }
  }
  if (result.host.empty()) {
    return absl::InvalidArgumentError("the host is missing");
  }
  if (rest.empty()) {
    return result;
  }
  int port = 0;
  const absl::string_view digits = rest.substr(1);
  if (rest[0] != ':' || digits.empty() || digits.size() > 5 ||
      !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(digits, &port) || port < 1 || port > 65535) {
    return absl::InvalidArgumentError("a port is a number from 1 to 65535");
  }
  result.port = port;
  return result;
}

std::string Bracketed(absl::string_view host) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]")
                                      : std::string(host);
}

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

// ReadProxyAnswer reads to the end of the header. What follows the header goes
// to `*rest`.
absl::StatusOr<std::string> ReadProxyAnswer(Socket& socket, Deadline deadline,
                                            std::string* rest) {
  std::string answer;
  for (;;) {
    absl::StatusOr<std::string> more = socket.Receive(1024, deadline);
    if (absl::IsDeadlineExceeded(more.status())) {
      return Coded(connection_error::kProxyTimeout,
                   absl::StatusCode::kDeadlineExceeded,
                   "timed out while waiting for the proxy's answer to CONNECT");
    }
    if (!more.ok()) {
      return Coded(connection_error::kProxyClosed, absl::StatusCode::kAborted,
                   "the proxy reset the connection before it answered CONNECT");
    }
    if (more->empty()) {
      return Coded(
          connection_error::kProxyClosed, absl::StatusCode::kAborted,
          "the proxy closed the connection before it answered CONNECT");
    }
    answer += *more;
    if (!absl::StartsWith(answer, "HTTP/") &&
        !absl::StartsWith("HTTP/", answer)) {
      return NoHttpProxy();
    }
    const size_t end = answer.find("\r\n\r\n");
    if (end != std::string::npos) {
      *rest = answer.substr(end + 4);
      answer.resize(end);
      return answer;
    }
    if (answer.size() > kMaxProxyAnswer) {
      return Coded(connection_error::kProxyNotHttp,
                   absl::StatusCode::kUnavailable,
                   "the proxy's answer is too long");
    }
  }
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

absl::StatusOr<Tunnel> ConnectThroughProxy(const Endpoint& endpoint,
                                           const ProxyUrl& proxy,
                                           Deadline deadline) {
  absl::StatusOr<Socket> socket =
      Socket::Connect(proxy.host, proxy.port, deadline);
  if (!socket.ok()) {
    return ProxyUnreachable(socket.status());
  }
  const std::string target =
      absl::StrCat(Bracketed(endpoint.address), ":", endpoint.port);
  const absl::Status sent =
      socket->Send(absl::StrCat("CONNECT ", target,
                                " HTTP/1.1\r\nHost: ", target, "\r\n\r\n"),
                   deadline);
  if (!sent.ok()) {
    return ProxyUnreachable(sent);
  }
  std::string rest;
  const absl::StatusOr<std::string> answer =
      ReadProxyAnswer(*socket, deadline, &rest);
  if (!answer.ok()) {
    return answer.status();
  }
  const absl::Status made = CheckProxyAnswer(*answer);
  if (!made.ok()) {
    return made;
  }
  return Tunnel{*std::move(socket), std::move(rest)};
}

// LetThrough accepts every chain, so that the handshake runs to its end and the
// peer has to prove that it holds the leaf's key. Nothing is sent or believed
// on the strength of it: see the top of connect.h.
ssl_verify_result_t LetThrough(SSL*, uint8_t*) { return ssl_verify_ok; }

// Whether a handshake is ended over a key usage that forbids the server's
// certificate what it does with it. TLS 1.3 always ends it.
enum class KeyUsage { kEnforced, kLetThrough };

absl::StatusOr<bssl::UniquePtr<SSL>> NewClient(const Endpoint& endpoint,
                                               const ConnectOptions& options,
                                               KeyUsage key_usage) {
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(endpoint.host);
  if (!name.ok()) {
    return name.status();
  }
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  if (!ctx || !SSL_CTX_set_min_proto_version(ctx.get(), options.min_version) ||
      !SSL_CTX_set_max_proto_version(ctx.get(), options.max_version)) {
    return absl::InvalidArgumentError("the TLS versions are not valid");
  }
  SSL_CTX_set_custom_verify(ctx.get(), SSL_VERIFY_PEER, LetThrough);
  SSL_CTX_enable_ocsp_stapling(ctx.get());
  SSL_CTX_enable_signed_cert_timestamps(ctx.get());
  // Returns zero on success, unlike its neighbours.
  if (SSL_CTX_set_alpn_protos(ctx.get(), kAlpn, sizeof(kAlpn) - 1) != 0) {
    return absl::InternalError("out of memory");
  }
  bssl::UniquePtr<SSL> ssl(SSL_new(ctx.get()));
  // RFC 6066, section 3: no SNI for an address.
  if (!ssl ||
      (name->kind() == pinning::ServerName::Kind::kDns &&
       !SSL_set_tlsext_host_name(ssl.get(), name->ToString().c_str()))) {
    return absl::InternalError("out of memory");
  }
  SSL_set_enforce_rsa_key_usage(ssl.get(), key_usage == KeyUsage::kEnforced);
  SSL_set_connect_state(ssl.get());
  return ssl;
}

std::vector<uint8_t> Bytes(const uint8_t* data, size_t size) {
  return std::vector<uint8_t>(data, data + size);
}

Served WhatWasServed(SSL* ssl) {
  Served served;
  const STACK_OF(CRYPTO_BUFFER)* chain = SSL_get0_peer_certificates(ssl);
  for (size_t i = 0; i < sk_CRYPTO_BUFFER_num(chain); ++i) {
    const CRYPTO_BUFFER* der = sk_CRYPTO_BUFFER_value(chain, i);
    served.certificates.push_back(
        Bytes(CRYPTO_BUFFER_data(der), CRYPTO_BUFFER_len(der)));
  }
  served.tls_version = SSL_get_version(ssl);
  served.version = static_cast<uint16_t>(SSL_version(ssl));
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl)) {
    served.cipher = SSL_CIPHER_standard_name(cipher);
  }
  const uint8_t* data = nullptr;
  unsigned alpn_size = 0;
  SSL_get0_alpn_selected(ssl, &data, &alpn_size);
  for (const uint8_t byte : Bytes(data, alpn_size)) {
    served.alpn.push_back(static_cast<char>(byte));
  }
  size_t size = 0;
  SSL_get0_ocsp_response(ssl, &data, &size);
  served.ocsp = Bytes(data, size);
  SSL_get0_signed_cert_timestamp_list(ssl, &data, &size);
  served.scts = Bytes(data, size);
  return served;
}

absl::StatusOr<Served> Fetch(const Endpoint& endpoint,
                             const ConnectOptions& options,
                             KeyUsage key_usage) {
  if (options.timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the time-out is not positive");
  }
  const Deadline deadline = Deadline::After(options.timeout);
  absl::StatusOr<bssl::UniquePtr<SSL>> ssl =
      NewClient(endpoint, options, key_usage);
  if (!ssl.ok()) {
    return ssl.status();
  }
  absl::StatusOr<Tunnel> tunnel = OpenTunnel(endpoint, options, deadline);
  if (!tunnel.ok()) {
    return tunnel.status();
  }
  Channel channel(std::move(tunnel->socket), *std::move(ssl), deadline,
                  tunnel->received);
  const absl::Status shaken = channel.Handshake();
  if (!shaken.ok()) {
    return ProxyFor(endpoint, options) == nullptr
               ? shaken
               : Located("through the proxy", shaken);
  }
  Served served = WhatWasServed(channel.ssl());
  channel.Close();
  return served;
}

}  // namespace

std::string Endpoint::ToString() const {
  const std::string at =
      address == host ? "" : absl::StrCat("@", Bracketed(address));
  return absl::StrCat(at.empty() ? Bracketed(host) : host, at, ":", port);
}

absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text) {
  const std::string place = absl::CHexEscape(text);
  if (absl::StrContains(text, "/")) {
    return absl::InvalidArgumentError(
        absl::StrCat(place, ": an endpoint is HOST[:PORT], not a URL"));
  }
  const size_t at = text.find('@');
  const bool has_address = at != absl::string_view::npos;
  const absl::StatusOr<HostPort> target =
      SplitHostPort(has_address ? text.substr(at + 1) : text);
  if (!target.ok()) {
    return Located(place, target.status());
  }
  absl::string_view host = has_address ? text.substr(0, at) : target->host;
  if (has_address && absl::ConsumePrefix(&host, "[")) {
    absl::ConsumeSuffix(&host, "]");
  }
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(host);
  if (!name.ok()) {
    return Located(place, name.status());
  }
  const absl::StatusOr<pinning::ServerName> address =
      pinning::ServerName::FromString(target->host);
  if (!address.ok()) {
    return Located(place, address.status());
  }
  Endpoint endpoint;
  endpoint.host = name->ToString();
  endpoint.address = address->ToString();
  endpoint.port = target->port.value_or(443);
  return endpoint;
}

const ProxySettings* ProxyFor(const Endpoint& endpoint,
                              const ConnectOptions& options) {
  return options.proxy != nullptr && options.proxy->Serves(endpoint.address)
             ? options.proxy.get()
             : nullptr;
}

absl::StatusOr<Tunnel> OpenTunnel(const Endpoint& endpoint,
                                  const ConnectOptions& options,
                                  Deadline deadline) {
  const ProxySettings* proxy = ProxyFor(endpoint, options);
  if (proxy == nullptr) {
    absl::StatusOr<Socket> socket =
        Socket::Connect(endpoint.address, endpoint.port, deadline);
    if (!socket.ok()) {
      return socket.status();
    }
    return Tunnel{*std::move(socket), ""};
  }
  if (proxy->url.scheme != ProxyScheme::kHttp) {
    return absl::FailedPreconditionError("only http proxies can be used yet");
  }
  return ConnectThroughProxy(endpoint, proxy->url, deadline);
}

absl::StatusOr<Served> FetchChain(const Endpoint& endpoint,
                                  const ConnectOptions& options) {
  absl::StatusOr<Served> served = Fetch(endpoint, options, KeyUsage::kEnforced);
  if (served.ok()) {
    return served;
  }
  const absl::Status located = Located(endpoint.ToString(), served.status());
  // Some interceptors serve such a certificate: ask once more, to say whose it
  // is. It stays refused.
  if (absl::StrContains(located.message(), "KEY_USAGE_BIT_INCORRECT") &&
      options.min_version <= TLS1_2_VERSION) {
    ConnectOptions older = options;
    older.max_version = TLS1_2_VERSION;
    served = Fetch(endpoint, older, KeyUsage::kLetThrough);
  }
  const absl::Status failure =
      Hinted(located, ConnectionHint(located, endpoint, options));
  if (!served.ok()) {
    return failure;
  }
  served->objection = failure;
  return served;
}

}  // namespace tlspin
