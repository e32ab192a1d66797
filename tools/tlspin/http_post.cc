#include "tools/tlspin/http_post.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "pinning/boringssl.h"
#include "pinning/error.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "tools/tlspin/channel.h"
#include "tools/tlspin/socket.h"

namespace tlspin {
namespace {

constexpr size_t kMaxAnswer = 16 * 1024;  // the header; the rest is not read

// How the answer is read, whatever it comes over.
using Read = std::function<absl::StatusOr<std::string>()>;

std::string Bracketed(const std::string& host) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]") : host;
}

std::string RequestFor(const Collector& collector, absl::string_view json) {
  const bool usual = collector.port == (collector.tls ? 443 : 80);
  return absl::StrCat(
      "POST ", collector.path, " HTTP/1.1\r\nHost: ", Bracketed(collector.host),
      usual ? "" : absl::StrCat(":", collector.port),
      "\r\nUser-Agent: tlspin\r\nContent-Type: application/json\r\n"
      "Content-Length: ",
      json.size(), "\r\nConnection: close\r\n\r\n", json);
}

// StatusCode returns the status of a status line (RFC 9112, section 4), or -1.
int StatusCode(absl::string_view line) {
  int code = -1;
  if (!absl::ConsumePrefix(&line, "HTTP/1.") || line.size() < 5 ||
      !absl::ascii_isdigit(line[0]) || line[1] != ' ' ||
      !std::all_of(line.begin() + 2, line.begin() + 5, absl::ascii_isdigit) ||
      (line.size() > 5 && line[5] != ' ') ||
      !absl::SimpleAtoi(line.substr(2, 3), &code) || code < 100) {
    return -1;
  }
  return code;
}

// Judge says what the header of an answer means for the report.
absl::Status JudgeStatus(absl::string_view line) {
  const int code = StatusCode(line);
  if (code < 0) {
    return absl::InternalError(
        absl::StrCat("the answer is not HTTP: it begins with \"",
                     absl::CHexEscape(line.substr(0, 48)), "\""));
  }
  if (code >= 200 && code < 300) {
    return absl::OkStatus();
  }
  return absl::CancelledError(absl::StrCat(
      "it answers \"", absl::CHexEscape(line.substr(9, 80)), "\"",
      code >= 300 && code < 400 ? "; redirects are not followed" : ""));
}

// ReadAnswer reads headers until one that is not of an interim answer (RFC
// 9110, 15.2), and returns what it means.
absl::Status ReadAnswer(const Read& read) {
  std::string answer;
  size_t seen = 0;
  for (;;) {
    const size_t end = answer.find("\r\n\r\n");
    if (end != std::string::npos) {
      const absl::string_view line =
          absl::string_view(answer).substr(0, answer.find("\r\n"));
      const int code = StatusCode(line);
      if (code < 100 || code > 199) {
        return JudgeStatus(line);
      }
      answer.erase(0, end + 4);
      continue;
    }
    if (seen > kMaxAnswer) {
      return absl::InternalError("the answer's header is too long");
    }
    absl::StatusOr<std::string> more = read();
    if (!more.ok()) {
      return more.status();
    }
    if (more->empty()) {
      return answer.empty()
                 ? absl::AbortedError("it closed the connection, no answer")
                 : JudgeStatus(answer.substr(0, answer.find('\n')));
    }
    seen += more->size();
    answer += *more;
    if (!absl::StartsWith(answer, "HTTP/") &&
        !absl::StartsWith("HTTP/", answer)) {
      return JudgeStatus(answer);
    }
  }
}

absl::StatusOr<bssl::UniquePtr<SSL>> NewClient(const Collector& collector,
                                               const PostOptions& options) {
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(collector.host);
  if (!name.ok()) {
    return name.status();
  }
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  if (!ctx) {
    return absl::InternalError("out of memory");
  }
  // Judged by the clock of the machine, not by --at: that is for the server
  // under test, and the report goes out now.
  const absl::Status installed =
      pinning::InstallVerifier(ctx.get(), options.verifier);
  if (!installed.ok()) {
    return installed;
  }
  bssl::UniquePtr<SSL> ssl(SSL_new(ctx.get()));
  if (!ssl) {
    return absl::InternalError("out of memory");
  }
  const absl::Status named = pinning::SetServerName(ssl.get(), *name);
  if (!named.ok()) {
    return named;
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

// WhyRefused returns `status`, or if the verifier refused, what it says.
absl::Status WhyRefused(const SSL* ssl, const absl::Status& status) {
  const pinning::Verdict* verdict = pinning::LastVerdict(ssl);
  if (verdict == nullptr || verdict->accepted()) {
    return status;
  }
  return absl::PermissionDeniedError(
      absl::StrCat("its certificate is refused: ",
                   pinning::ErrorCodeName(verdict->error().code), ", ",
                   verdict->error().detail));
}

absl::Status PostOverTls(const Collector& collector, Tunnel tunnel,
                         absl::string_view json, const PostOptions& options,
                         Deadline deadline) {
  absl::StatusOr<bssl::UniquePtr<SSL>> ssl = NewClient(collector, options);
  if (!ssl.ok()) {
    return ssl.status();
  }
  Channel channel(std::move(tunnel.socket), *std::move(ssl), deadline,
                  tunnel.received);
  const absl::Status shaken = channel.Handshake();
  if (!shaken.ok()) {
    return WhyRefused(channel.ssl(), shaken);
  }
  const absl::Status sent = channel.Write(RequestFor(collector, json));
  if (!sent.ok()) {
    return sent;
  }
  const absl::Status answered =
      ReadAnswer([&channel] { return channel.Read(); });
  channel.Close();
  return answered;
}

absl::Status PostInTheClear(const Collector& collector, Tunnel tunnel,
                            absl::string_view json, Deadline deadline) {
  Socket& socket = tunnel.socket;
  const absl::Status sent = socket.Send(RequestFor(collector, json), deadline);
  if (!sent.ok()) {
    return sent;
  }
  return ReadAnswer(
      [&socket, deadline] { return socket.Receive(4096, deadline); });
}

}  // namespace

std::string Collector::Origin() const {
  return absl::StrCat(tls ? "https" : "http", "://", Bracketed(host), ":",
                      port);
}

absl::StatusOr<Collector> ParseCollector(absl::string_view url) {
  Collector collector;
  absl::string_view rest = url;
  collector.tls = absl::ConsumePrefix(&rest, "https://");
  if (!collector.tls && !absl::ConsumePrefix(&rest, "http://")) {
    return absl::InvalidArgumentError(
        "reports are posted to http:// or https:// and no other scheme");
  }
  if (!std::all_of(rest.begin(), rest.end(), absl::ascii_isgraph)) {
    return absl::InvalidArgumentError(
        "a URL has printable ASCII only; encode the rest");
  }
  if (absl::StrContains(rest, '#')) {
    return absl::InvalidArgumentError("a URL to post to has no fragment");
  }
  const absl::string_view authority =
      rest.substr(0, std::min(rest.size(), rest.find_first_of("/?")));
  if (absl::StrContains(authority, '@')) {
    return absl::InvalidArgumentError("a user name is not supported");
  }
  const absl::StatusOr<Endpoint> endpoint = ParseEndpoint(authority);
  if (!endpoint.ok()) {
    return endpoint.status();
  }
  // ParseEndpoint puts 443 where no port is given.
  const bool has_port = !absl::EndsWith(authority, "]") &&
                        authority.rfind(':') != absl::string_view::npos;
  collector.host = endpoint->host;
  collector.port = has_port || collector.tls ? endpoint->port : 80;
  const absl::string_view path = rest.substr(authority.size());
  collector.path = absl::StrCat(absl::StartsWith(path, "/") ? "" : "/", path);
  return collector;
}

absl::Status PostReport(const Collector& collector, absl::string_view json,
                        const PostOptions& options) {
  const Deadline deadline = Deadline::After(options.connect.timeout);
  Endpoint endpoint;
  endpoint.host = endpoint.address = collector.host;
  endpoint.port = collector.port;
  absl::StatusOr<Tunnel> tunnel =
      OpenTunnel(endpoint, options.connect, deadline);
  if (!tunnel.ok()) {
    return tunnel.status();
  }
  return collector.tls
             ? PostOverTls(collector, *std::move(tunnel), json, options,
                           deadline)
             : PostInTheClear(collector, *std::move(tunnel), json, deadline);
}

}  // namespace tlspin
