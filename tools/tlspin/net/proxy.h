#ifndef TOOLS_TLSPIN_NET_PROXY_H_
#define TOOLS_TLSPIN_NET_PROXY_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/net/no_proxy.h"
#include "tools/tlspin/net/proxy_url.h"

// Through which proxy connections go, and as whom (docs/proxies.md).
namespace tlspin {

// The ways to say to an HTTP proxy who is there: bits.
enum ProxyAuth : unsigned {
  kProxyBasic = 1,      // RFC 7617: the password itself
  kProxyDigest = 2,     // RFC 7616
  kProxyNtlm = 4,       // of a connection, not of a request
  kProxyNegotiate = 8,  // RFC 4559: Kerberos, without a password
  kProxyAnyAuth = 15,
};

// ProxyAuthNames returns "Basic, Digest" for those bits.
std::string ProxyAuthNames(unsigned auth);

struct ProxySettings {
  ProxyUrl url;        // its credentials are in `credentials`
  std::string source;  // "--proxy", or the variable's name
  NoProxy direct;      // what is reached without it
  unsigned auth = kProxyAnyAuth;
  std::optional<ProxyCredentials> credentials;
  std::string ca_file;  // what an https proxy is checked against; empty: what
                        // the machine trusts
  std::vector<std::string> warnings;  // for people

  // Serves is whether connections to `host`, a name or an address without
  // brackets, go through the proxy.
  bool Serves(absl::string_view host) const { return !direct.Covers(host); }

  // ToString returns "http://HOST:PORT", without the credentials.
  std::string ToString() const { return url.ToString(); }
};

// ThroughProxy returns "through http://HOST:PORT", the place of an error.
std::string ThroughProxy(const ProxySettings& settings);

// ProxyFlags are the values of the flags; empty ones were not given.
struct ProxyFlags {
  std::string proxy;        // --proxy URL
  std::string noproxy;      // --noproxy HOSTS
  std::string auth;         // --proxy-auth SCHEMES
  std::string credentials;  // --proxy-credentials FILE
  std::string ca_file;      // --proxy-cacert FILE
};

// GetVariable returns the value of an environment variable, or none.
using GetVariable =
    std::function<std::optional<std::string>(const std::string& name)>;

// ChooseProxy returns the proxy that the flags name, else the one that the
// environment names, as curl reads it: the first of https_proxy, HTTPS_PROXY,
// all_proxy and ALL_PROXY that is not empty, but for the hosts of no_proxy or
// NO_PROXY. It returns null if there is none, and INVALID_ARGUMENT, naming the
// flag or the variable and never quoting a password, if a value is not valid.
absl::StatusOr<std::shared_ptr<const ProxySettings>> ChooseProxy(
    const ProxyFlags& flags, const GetVariable& variable);

// ProcessVariable is the GetVariable of this process.
std::optional<std::string> ProcessVariable(const std::string& name);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_PROXY_H_
