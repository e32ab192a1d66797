#ifndef TOOLS_TLSPIN_NET_PROXY_URL_H_
#define TOOLS_TLSPIN_NET_PROXY_URL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tlspin {

enum class ProxyScheme : uint8_t {
  kHttp,     // CONNECT (RFC 9110, 9.3.6)
  kHttps,    // the same, in a TLS connection to the proxy
  kSocks4a,  // the proxy resolves names
  kSocks5,   // RFC 1928; this machine resolves names
  kSocks5h,  // RFC 1928; the proxy resolves names
};

// ProxySchemeName returns "http", "socks5h" and so on.
absl::string_view ProxySchemeName(ProxyScheme scheme);

// ProxyCredentials are what a proxy is told of who is there.
struct ProxyCredentials {
  std::string user;  // DOMAIN\user too
  std::string password;
};

// A ProxyUrl is where a proxy is, and as whom to use it if the URL says that.
struct ProxyUrl {
  ProxyScheme scheme = ProxyScheme::kHttp;
  std::string host;  // a name or an address, without brackets
  int port = 0;
  std::optional<ProxyCredentials> credentials;

  // ToString returns "http://HOST:PORT". It never holds the credentials.
  std::string ToString() const;

  bool is_socks() const {
    return scheme != ProxyScheme::kHttp && scheme != ProxyScheme::kHttps;
  }
};

// ParseProxyUrl parses [SCHEME://][USER[:PASSWORD]@]HOST[:PORT][/], where HOST
// may be [IPv6], the scheme is http unless given, USER and PASSWORD are
// percent-encoded, and the port is 80 for http, 443 for https and 1080 for the
// others unless given. It returns INVALID_ARGUMENT, saying what is wrong
// without quoting the URL, which may hold a password, otherwise.
absl::StatusOr<ProxyUrl> ParseProxyUrl(absl::string_view url);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_PROXY_URL_H_
