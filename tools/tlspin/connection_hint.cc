#include "tools/tlspin/connection_hint.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/net/starttls.h"

namespace tlspin {
namespace {

// What to do. $0 is the host, $1 its port, $2 an endpoint of another name at
// the same address.
struct Hint {
  absl::string_view code;
  absl::string_view direct;
  absl::string_view through_proxy;
};

constexpr absl::string_view kMayBlockName =
    "something on the way may block $0 by its name: see whether another name "
    "is answered there (tlspin inspect $2); if it is, ask the network's "
    "administrator to let $0 pass";
constexpr absl::string_view kProxyMayBlockName =
    "the proxy made a tunnel and the connection ended when the name was seen: "
    "ask the proxy's administrator whether its rules block $0";

constexpr absl::string_view kNotOffered =
    "ask who runs $0 whether TLS is offered on port $1; if it is, something on "
    "the way hides it: ask the network's administrator";
constexpr absl::string_view kAskServer = "ask who runs $0 what its words mean";
constexpr absl::string_view kCheckProtocol =
    "check the port and the protocol given to --starttls";
constexpr absl::string_view kInjected =
    "do not use this connection; from another network, see whether it is the "
    "server or something on the way that sends them";
constexpr absl::string_view kNoGreeting =
    "check the port and the protocol given to --starttls; a server that speaks "
    "TLS from the first byte waits in silence: leave --starttls out";
constexpr absl::string_view kNotTls =
    "check the port; where TLS has to be asked for first, give --starttls";
constexpr absl::string_view kLeaveOut = "leave --starttls out";

constexpr Hint kHints[] = {
    {connection_error::kNameUnresolved,
     "check the name and this machine's name servers; where only a proxy can "
     "look names up, give --proxy",
     ""},
    {connection_error::kConnectionRefused,
     "check the address and the port; where connections must go through a "
     "proxy, give --proxy",
     ""},
    {connection_error::kUnreachable,
     "check this machine's network and routes; where connections must go "
     "through a proxy, give --proxy",
     ""},
    {connection_error::kConnectTimeout,
     "a firewall may drop the connection: ask whether $0 port $1 is open; "
     "where connections must go through a proxy, give --proxy",
     ""},
    {connection_error::kProxyUnreachable, "",
     "check the proxy's name and port"},
    {connection_error::kProxyTimeout, "",
     "the proxy may not get through to $0: ask its administrator whether $0 "
     "port $1 is open"},
    {connection_error::kProxyClosed, "",
     "check that this is an HTTP proxy, and ask its administrator whether its "
     "rules block $0"},
    {connection_error::kProxyNotHttp, "", "check the proxy's name and port"},
    {connection_error::kProxyAuthentication, "",
     "say who is there: --proxy-credentials FILE, or TLSPIN_PROXY_USER and "
     "TLSPIN_PROXY_PASSWORD in the environment; for Negotiate have a ticket "
     "(kinit), and give the proxy by its name"},
    {connection_error::kProxyForbidden, "",
     "the proxy's rules forbid this connection: ask its administrator to allow "
     "$0 port $1"},
    {connection_error::kProxyCannotConnect, "",
     "the proxy could not reach the server: ask its administrator whether $0 "
     "resolves and port $1 is open from there"},
    {connection_error::kProxyRefused, "",
     "ask the proxy's administrator to allow $0 port $1"},
    {connection_error::kProxyCredentials, "",
     "check the user name (an NTLM proxy may want DOMAIN\\user) and the "
     "password of --proxy-credentials, of the environment or of the proxy's "
     "URL; it was tried once, and trying often may lock the account"},
    {connection_error::kProxyCertificate, "",
     "if the proxy's authority is not one of the machine's, give its root: "
     "--proxy-cacert FILE; and give the proxy by the name that is in its "
     "certificate"},
    {connection_error::kProxyTls, "",
     "check the proxy's port, and whether it is an http:// proxy"},
    {connection_error::kProxyNotSocks, "",
     "check the proxy's port, and whether it is an http:// proxy"},
    {connection_error::kProxyLibrary, "",
     "install libcurl (Debian: apt-get install libcurl4)"},
    {connection_error::kStartTlsNotOffered, kNotOffered, kNotOffered},
    {connection_error::kStartTlsRefused, kAskServer, kAskServer},
    {connection_error::kStartTlsMalformed, kCheckProtocol, kCheckProtocol},
    {connection_error::kStartTlsInjected, kInjected, kInjected},
    {connection_error::kStartTlsClosed, kCheckProtocol, kCheckProtocol},
    {connection_error::kStartTlsTimeout, kNoGreeting, kNoGreeting},
    {connection_error::kTlsAtOnce, kLeaveOut, kLeaveOut},
    {connection_error::kHelloReset, kMayBlockName, kProxyMayBlockName},
    {connection_error::kHelloClosed, kMayBlockName, kProxyMayBlockName},
    {connection_error::kHelloTimeout, kMayBlockName, kProxyMayBlockName},
    {connection_error::kPlainHttp,
     "on a guest network a captive portal answers like this: open a web page, "
     "sign in, and try again; else check the port",
     "check the port, and whether the proxy answers in the server's place"},
    {connection_error::kNotTls, kNotTls, kNotTls},
};

std::string Other(const Endpoint& endpoint) {
  Endpoint other = endpoint;
  other.host = kComparedName;
  return other.ToString();
}

}  // namespace

std::string ConnectionHint(const absl::Status& status, const Endpoint& endpoint,
                           const ConnectOptions& options) {
  const std::string code = CodeOf(status);
  const StartTls protocol = UnaskedTls(code, endpoint, options);
  if (protocol != StartTls::kNone) {
    return absl::StrCat("on port ", endpoint.port,
                        " TLS mostly has to be asked for: give --starttls ",
                        StartTlsName(protocol));
  }
  for (const Hint& hint : kHints) {
    if (hint.code == code) {
      return absl::Substitute(ProxyFor(endpoint, options) == nullptr
                                  ? hint.direct
                                  : hint.through_proxy,
                              endpoint.host, endpoint.port, Other(endpoint));
    }
  }
  return "";
}

StartTls UnaskedTls(absl::string_view code, const Endpoint& endpoint,
                    const ConnectOptions& options) {
  const bool no_tls = code == connection_error::kNotTls ||
                      code == connection_error::kHelloReset ||
                      code == connection_error::kHelloClosed ||
                      code == connection_error::kHelloTimeout;
  return no_tls && options.starttls == StartTls::kNone
             ? StartTlsOfPort(endpoint.port)
             : StartTls::kNone;
}

}  // namespace tlspin
