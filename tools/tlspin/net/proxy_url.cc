#include "tools/tlspin/net/proxy_url.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace tlspin {
namespace {

struct Scheme {
  absl::string_view name;
  ProxyScheme scheme;
  int port;
};

constexpr Scheme kSchemes[] = {
    {"http", ProxyScheme::kHttp, 80},
    {"https", ProxyScheme::kHttps, 443},
    {"socks4a", ProxyScheme::kSocks4a, 1080},
    {"socks5", ProxyScheme::kSocks5, 1080},
    {"socks5h", ProxyScheme::kSocks5h, 1080},
};

absl::Status Invalid(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      "a proxy is given as http://HOST[:PORT], or with https, socks5, socks5h "
      "or socks4a: ",
      what));
}

// TakeScheme removes the scheme from the beginning of `*rest`.
absl::StatusOr<Scheme> TakeScheme(absl::string_view* rest) {
  const size_t end = rest->find("://");
  if (end == absl::string_view::npos) {
    return kSchemes[0];
  }
  const absl::string_view name = rest->substr(0, end);
  for (const Scheme& scheme : kSchemes) {
    if (absl::EqualsIgnoreCase(name, scheme.name)) {
      rest->remove_prefix(end + 3);
      return scheme;
    }
  }
  return Invalid("no other scheme is supported");
}

absl::StatusOr<std::string> Decoded(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    const absl::string_view digits = text.substr(i + 1, 2);
    if (digits.size() != 2 || !absl::ascii_isxdigit(digits[0]) ||
        !absl::ascii_isxdigit(digits[1])) {
      return Invalid("a % in the user name or password begins two hex digits");
    }
    decoded += absl::HexStringToBytes(digits);
    i += 2;
  }
  // They go into lines of HTTP and into C strings.
  if (std::any_of(decoded.begin(), decoded.end(), absl::ascii_iscntrl)) {
    return Invalid("a user name or password holds no control characters");
  }
  return decoded;
}

// TakeCredentials removes USER:PASSWORD@ from the beginning of `*authority`. A
// password may hold an @ that is not encoded.
absl::StatusOr<std::optional<ProxyCredentials>> TakeCredentials(
    absl::string_view* authority) {
  const size_t end = authority->rfind('@');
  if (end == absl::string_view::npos) {
    return std::optional<ProxyCredentials>();
  }
  const absl::string_view both = authority->substr(0, end);
  authority->remove_prefix(end + 1);
  const size_t colon = both.find(':');
  absl::StatusOr<std::string> user = Decoded(both.substr(0, colon));
  absl::StatusOr<std::string> password =
      Decoded(colon == absl::string_view::npos ? "" : both.substr(colon + 1));
  if (!user.ok() || !password.ok()) {
    return user.ok() ? password.status() : user.status();
  }
  if (user->empty() && password->empty()) {
    return std::optional<ProxyCredentials>();
  }
  return std::optional<ProxyCredentials>(
      {*std::move(user), *std::move(password)});
}

bool IsHostByte(char c) {
  return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_';
}

bool IsAddressByte(char c) {
  return absl::ascii_isxdigit(c) || c == ':' || c == '.';
}

// TakeHost removes the host from the beginning of `*rest`.
absl::StatusOr<std::string> TakeHost(absl::string_view* rest) {
  std::string host;
  if (absl::ConsumePrefix(rest, "[")) {
    const size_t end = rest->find(']');
    if (end == absl::string_view::npos) {
      return Invalid("a bracket is not closed");
    }
    host = std::string(rest->substr(0, end));
    rest->remove_prefix(end + 1);
    if (!absl::StrContains(host, ':') ||
        !std::all_of(host.begin(), host.end(), IsAddressByte)) {
      return Invalid("brackets are for IPv6 addresses only");
    }
    return host;
  }
  host = std::string(rest->substr(0, rest->find(':')));
  rest->remove_prefix(host.size());
  if (host.empty()) {
    return Invalid("the host is missing");
  }
  if (!std::all_of(host.begin(), host.end(), IsHostByte)) {
    return Invalid("the host is not one");
  }
  return absl::AsciiStrToLower(host);
}

absl::StatusOr<int> TakePort(absl::string_view rest, int usual) {
  if (rest.empty()) {
    return usual;
  }
  int port = 0;
  const absl::string_view digits = rest.substr(1);
  if (rest[0] != ':' || digits.empty() || digits.size() > 5 ||
      !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(digits, &port) || port < 1 || port > 65535) {
    return Invalid("a port is a number from 1 to 65535");
  }
  return port;
}

}  // namespace

absl::string_view ProxySchemeName(ProxyScheme scheme) {
  return std::find_if(
             std::begin(kSchemes), std::end(kSchemes),
             [scheme](const Scheme& row) { return row.scheme == scheme; })
      ->name;
}

std::string ProxyUrl::ToString() const {
  return absl::StrCat(
      ProxySchemeName(scheme), "://",
      absl::StrContains(host, ':') ? absl::StrCat("[", host, "]") : host, ":",
      port);
}

absl::StatusOr<ProxyUrl> ParseProxyUrl(absl::string_view url) {
  absl::string_view rest = url;
  const absl::StatusOr<Scheme> scheme = TakeScheme(&rest);
  if (!scheme.ok()) {
    return scheme.status();
  }
  absl::ConsumeSuffix(&rest, "/");
  absl::StatusOr<std::optional<ProxyCredentials>> credentials =
      TakeCredentials(&rest);
  if (!credentials.ok()) {
    return credentials.status();
  }
  absl::StatusOr<std::string> host = TakeHost(&rest);
  if (!host.ok()) {
    return host.status();
  }
  const absl::StatusOr<int> port = TakePort(rest, scheme->port);
  if (!port.ok()) {
    return port.status();
  }
  ProxyUrl proxy;
  proxy.scheme = scheme->scheme;
  proxy.host = *std::move(host);
  proxy.port = *port;
  proxy.credentials = *std::move(credentials);
  return proxy;
}

}  // namespace tlspin
