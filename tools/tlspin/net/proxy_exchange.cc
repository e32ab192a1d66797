#include "tools/tlspin/net/proxy_exchange.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {
namespace {

using absl::StatusCode;

// What a proxy or libcurl said is quoted no longer than this.
constexpr size_t kQuoted = 160;

std::string Quoted(absl::string_view text) {
  return absl::CHexEscape(text.substr(0, kQuoted));
}

absl::Status Unavailable(absl::string_view code, absl::string_view message) {
  return Coded(code, StatusCode::kUnavailable, message);
}

// StatusOf returns the status of "HTTP/1.1 407 Proxy Authentication Required",
// or 0.
int StatusOf(absl::string_view line) {
  const size_t space = line.find(' ');
  int status = 0;
  const bool valid = space != absl::string_view::npos &&
                     absl::SimpleAtoi(line.substr(space + 1, 3), &status);
  return valid && status >= 100 ? status : 0;
}

// OffersIn returns the schemes that the value of a Proxy-Authenticate begins
// with. Each has a line of its own from every proxy that was met.
unsigned OffersIn(absl::string_view value) {
  const absl::string_view word = value.substr(0, value.find_first_of(" ,"));
  return absl::EqualsIgnoreCase(word, "basic")       ? kProxyBasic
         : absl::EqualsIgnoreCase(word, "digest")    ? kProxyDigest
         : absl::EqualsIgnoreCase(word, "ntlm")      ? kProxyNtlm
         : absl::EqualsIgnoreCase(word, "negotiate") ? kProxyNegotiate
                                                     : 0u;
}

absl::Status NotHttp(absl::string_view message) {
  return Unavailable(connection_error::kProxyNotHttp, message);
}

// AsksWho returns what an answer of 407 means.
absl::Status AsksWho(const ProxyExchange& exchange,
                     const ProxySettings& settings, unsigned scheme) {
  const std::string offered = exchange.offers == 0
                                  ? "by no way that tlspin knows"
                                  : ProxyAuthNames(exchange.offers);
  const std::string asks =
      absl::StrCat("the proxy asks who is there (", offered, ")");
  const bool has_ticket = exchange.no_ticket.empty();
  if (exchange.authorized && scheme == kProxyNegotiate && has_ticket) {
    return Unavailable(connection_error::kProxyCredentials,
                       "the proxy refused the ticket (Negotiate)");
  }
  if (exchange.authorized && scheme != kProxyNegotiate) {
    return Unavailable(
        connection_error::kProxyCredentials,
        absl::StrCat("the proxy refused the user name or the password of ",
                     settings.credentials.has_value()
                         ? Quoted(settings.credentials->user)
                         : "nobody",
                     " (", ProxyAuthNames(scheme), "; it offers ", offered,
                     ")"));
  }
  if (scheme == kProxyNegotiate || !has_ticket) {
    return Unavailable(
        connection_error::kProxyAuthentication,
        absl::StrCat(asks, " and there is no ticket for it",
                     has_ticket ? "" : ": ", exchange.no_ticket));
  }
  if (exchange.offers != 0 && (exchange.offers & settings.auth) == 0) {
    return Unavailable(
        connection_error::kProxyAuthentication,
        absl::StrCat(asks, ", and only ", ProxyAuthNames(settings.auth),
                     " may be used"));
  }
  return Unavailable(connection_error::kProxyAuthentication,
                     settings.credentials.has_value()
                         ? asks
                         : absl::StrCat(asks, ", and no user name was given"));
}

absl::Status RefusedByHttp(const ProxyExchange& exchange) {
  absl::string_view code = connection_error::kProxyRefused;
  switch (exchange.status) {
    case 403:
      code = connection_error::kProxyForbidden;
      break;
    case 500:
    case 502:
    case 503:
    case 504:
      code = connection_error::kProxyCannotConnect;
      break;
    default:
      break;
  }
  const absl::string_view line = exchange.status_line;
  return Unavailable(
      code, absl::StrCat("the proxy would not connect: it answers \"",
                         Quoted(line.substr(line.find(' ') + 1)), "\""));
}

absl::Status RefusedBySocks(const ProxyExchange& exchange,
                            const ProxySettings& settings) {
  const auto would_not = [](absl::string_view code, absl::string_view why) {
    return Unavailable(
        code, absl::StrCat("the proxy would not connect: it answers ", why));
  };
  switch (exchange.socks) {
    case CURLPX_USER_REJECTED:
      return Unavailable(
          connection_error::kProxyCredentials,
          absl::StrCat("the proxy refused the user name or the password of ",
                       settings.credentials.has_value()
                           ? Quoted(settings.credentials->user)
                           : "nobody",
                       " (SOCKS)"));
    case CURLPX_NO_AUTH:
      return Unavailable(
          connection_error::kProxyAuthentication,
          settings.credentials.has_value()
              ? "the proxy takes no user name and password (SOCKS)"
              : "the proxy asks who is there (SOCKS), and no user name was "
                "given");
    case CURLPX_REPLY_NOT_ALLOWED:
      return would_not(connection_error::kProxyForbidden,
                       "that its rules do not allow it");
    case CURLPX_REPLY_CONNECTION_REFUSED:
      return would_not(connection_error::kProxyCannotConnect,
                       "that the connection was refused");
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_TTL_EXPIRED:
      return would_not(connection_error::kProxyCannotConnect,
                       "that it cannot reach the server");
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
    case CURLPX_REQUEST_FAILED:
      return would_not(connection_error::kProxyCannotConnect, "that it failed");
    case CURLPX_BAD_VERSION:
      return Unavailable(connection_error::kProxyNotSocks,
                         "the proxy does not speak SOCKS");
    case CURLPX_RESOLVE_HOST:
      return Coded(connection_error::kNameUnresolved, StatusCode::kNotFound,
                   "the name does not resolve on this machine");
    case CURLPX_CLOSED:
    case CURLPX_RECV_ADDRESS:
    case CURLPX_RECV_AUTH:
    case CURLPX_RECV_CONNECT:
    case CURLPX_RECV_REQACK:
    case CURLPX_SEND_AUTH:
    case CURLPX_SEND_CONNECT:
    case CURLPX_SEND_REQUEST:
      return Coded(
          connection_error::kProxyClosed, StatusCode::kAborted,
          "the proxy closed the connection before it answered (SOCKS)");
    default:
      return would_not(connection_error::kProxyRefused,
                       absl::StrCat("\"", Quoted(exchange.curl_error), "\""));
  }
}

// NoTls returns what kept the TLS connection to an https proxy from being made.
absl::Status NoTls(const ProxyExchange& exchange) {
  if (exchange.result == CURLE_SSL_CACERT_BADFILE) {
    return Coded(connection_error::kProxyCertificate,
                 StatusCode::kFailedPrecondition,
                 absl::StrCat("the roots for the proxy cannot be read: ",
                              Quoted(exchange.curl_error)));
  }
  if (exchange.result == CURLE_PEER_FAILED_VERIFICATION) {
    return Unavailable(connection_error::kProxyCertificate,
                       absl::StrCat("the proxy's own certificate is refused: ",
                                    Quoted(exchange.curl_error)));
  }
  if (absl::StrContains(exchange.curl_error, "wrong version number") ||
      absl::StrContains(exchange.curl_error, "packet length too long")) {
    return Unavailable(connection_error::kProxyTls,
                       "the proxy does not speak TLS: it is no https proxy");
  }
  return Unavailable(
      connection_error::kProxyTls,
      absl::StrCat("no TLS connection to the proxy: ",
                   exchange.curl_error.empty() ? "it closed the connection"
                                               : Quoted(exchange.curl_error)));
}

absl::Status NotReached(const ProxyExchange& exchange,
                        const ProxySettings& settings) {
  std::string why;
  StatusCode code = StatusCode::kUnavailable;
  if (exchange.timed_out) {
    why = "timed out while connecting";
    code = StatusCode::kDeadlineExceeded;
  } else if (exchange.result == CURLE_COULDNT_RESOLVE_PROXY ||
             exchange.result == CURLE_COULDNT_RESOLVE_HOST) {
    why = absl::StrCat("the name ", settings.url.host, " does not resolve");
    code = StatusCode::kNotFound;
  } else if (exchange.os_error == ECONNREFUSED) {
    why = "connection refused";
  } else if (exchange.os_error == EHOSTUNREACH ||
             exchange.os_error == ENETUNREACH) {
    why = "no route to it";
  } else {
    why = Quoted(exchange.curl_error);
  }
  return Coded(connection_error::kProxyUnreachable, code,
               absl::StrCat("no connection to the proxy: ", why));
}

// CutOff returns what an end of the connection means that came before a
// whole answer.
absl::Status CutOff(const ProxyExchange& exchange) {
  const bool reset =
      exchange.os_error == ECONNRESET || exchange.os_error == EPIPE;
  return Coded(connection_error::kProxyClosed, StatusCode::kAborted,
               absl::StrCat("the proxy ", reset ? "reset" : "closed",
                            " the connection before it answered CONNECT"));
}

}  // namespace

void ProxyExchange::Sent(absl::string_view request) {
  constexpr absl::string_view kAuthorization = "\r\nProxy-Authorization: ";
  const size_t at = request.find(kAuthorization);
  authorized = at != absl::string_view::npos;
  if (!authorized) {
    return;
  }
  absl::string_view value = request.substr(at + kAuthorization.size());
  value = value.substr(0, value.find('\r'));
  std::string token;
  if (absl::ConsumePrefix(&value, "Negotiate ") &&
      absl::Base64Unescape(value, &token) &&
      absl::StrContains(token, "NTLMSSP")) {
    no_ticket = "NTLM was tried in its place";
  }
}

void ProxyExchange::Note(absl::string_view line) {
  constexpr absl::string_view kNoContext = "gss_init_sec_context() failed: ";
  if (absl::ConsumePrefix(&line, kNoContext)) {
    no_ticket = Quoted(absl::StripAsciiWhitespace(line));
  } else if (absl::StartsWith(line, "Connected to ")) {
    connected = true;
  }
}

bool ProxyExchange::Received(absl::string_view line) {
  while (absl::ConsumeSuffix(&line, "\n") || absl::ConsumeSuffix(&line, "\r")) {
  }
  if (!in_header_) {
    in_header_ = true;
    offers = 0;
    status_line = std::string(line);
    status = StatusOf(line);
    not_http = !absl::StartsWith(line, "HTTP/") || status == 0;
    return !not_http;
  }
  if (line.empty()) {
    in_header_ = false;
  }
  constexpr absl::string_view kAsks = "proxy-authenticate:";
  if (absl::StartsWithIgnoreCase(line, kAsks)) {
    offers |= OffersIn(absl::StripAsciiWhitespace(line.substr(kAsks.size())));
  }
  return true;
}

absl::Status ExplainExchange(const ProxyExchange& exchange,
                             const ProxySettings& settings, unsigned scheme) {
  if (exchange.not_http) {
    return NotHttp("the proxy does not speak HTTP");
  }
  // A line or a header that goes on and on.
  if (absl::StrContains(exchange.curl_error, "response too large")) {
    return NotHttp("the proxy's answer is too long");
  }
  if (exchange.timed_out) {
    return exchange.connected
               ? Coded(connection_error::kProxyTimeout,
                       StatusCode::kDeadlineExceeded,
                       settings.url.is_socks()
                           ? "timed out while waiting for the proxy's answer "
                             "(SOCKS)"
                           : "timed out while waiting for the proxy's answer "
                             "to CONNECT")
               : NotReached(exchange, settings);
  }
  switch (exchange.result) {
    case CURLE_PROXY:
      return RefusedBySocks(exchange, settings);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
      return NoTls(exchange);
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return NotReached(exchange, settings);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_NOT_BUILT_IN:
      return Coded(connection_error::kProxyLibrary,
                   StatusCode::kFailedPrecondition,
                   absl::StrCat("this machine's libcurl cannot use such a "
                                "proxy: ",
                                Quoted(exchange.curl_error)));
    default:
      break;
  }
  if (exchange.status == 407) {
    return AsksWho(exchange, settings, scheme);
  }
  if (exchange.status >= 300) {
    return RefusedByHttp(exchange);
  }
  return CutOff(exchange);
}

}  // namespace tlspin
