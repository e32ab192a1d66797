#include "tools/tlspin/compare_names.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/server_name.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/connection_hint.h"
#include "tools/tlspin/net/starttls.h"

namespace tlspin {
namespace {

bool LostAfterHello(absl::string_view code) {
  return code == connection_error::kHelloReset ||
         code == connection_error::kHelloClosed ||
         code == connection_error::kHelloTimeout;
}

bool IsDnsName(const std::string& host) {
  const auto name = pinning::ServerName::FromString(host);
  return name.ok() && name->kind() == pinning::ServerName::Kind::kDns;
}

}  // namespace

absl::Status CompareNames(const absl::Status& status, const Endpoint& endpoint,
                          const ConnectOptions& options) {
  if (!LostAfterHello(CodeOf(status)) || !IsDnsName(endpoint.host) ||
      endpoint.host == kComparedName ||
      UnaskedTls(CodeOf(status), endpoint, options) != StartTls::kNone) {
    return status;
  }
  Endpoint other = endpoint;
  other.host = kComparedName;
  const absl::Status compared = FetchChain(other, options).status();
  const std::string code = CodeOf(compared);
  if (LostAfterHello(code)) {
    return Hinted(
        status,
        absl::StrCat(
            "it ends the same way for ", kComparedName,
            ", so it does not hang on the name: ask who runs the server",
            ProxyFor(endpoint, options) == nullptr ? "" : " or the proxy",
            ", or whether a firewall forbids TLS to it"));
  }
  // Any answer in TLS counts, a refusal as well.
  if (compared.ok() || code == connection_error::kTlsAlert) {
    return Hinted(
        Coded(CodeOf(status), status.code(),
              absl::StrCat(status.message(), "; for ", kComparedName,
                           " the same address answers")),
        absl::StrCat(
            "the connection hangs on the name, most likely because something "
            "on the way blocks ",
            endpoint.host, " by its name: ask the administrator of the ",
            ProxyFor(endpoint, options) == nullptr ? "network" : "proxy",
            " to let ", endpoint.host, " pass"));
  }
  return status;
}

}  // namespace tlspin
