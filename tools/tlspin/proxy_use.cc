#include "tools/tlspin/proxy_use.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/net/proxy_credentials.h"
#include "tools/tlspin/output.h"

namespace tlspin {
namespace {

bool IsLoopback(absl::string_view host) {
  return host == "localhost" || host == "::1" ||
         (absl::StartsWith(host, "127.") &&
          host.find_first_not_of("0123456789.") == absl::string_view::npos);
}

// MayTellPassword is whether what is on the way to the proxy may get to see the
// password itself: SOCKS has no other way, and HTTP has one that is used where
// the proxy offers no better.
bool MayTellPassword(const ProxySettings& settings) {
  return settings.credentials.has_value() && !IsLoopback(settings.url.host) &&
         (settings.url.is_socks() ||
          (settings.url.scheme == ProxyScheme::kHttp &&
           (settings.auth & kProxyBasic) != 0));
}

std::string PasswordWarning(const ProxySettings& settings) {
  return settings.url.is_socks()
             ? absl::StrCat("warning: the password goes to ",
                            settings.ToString(),
                            " in the clear, as it does with SOCKS")
             : absl::StrCat("warning: if ", settings.ToString(),
                            " offers nothing better than Basic, the password "
                            "goes to it in the clear; --proxy-auth "
                            "digest,ntlm,negotiate forbids that");
}

// Ask asks the person at the terminal, if the proxy asks when it is to connect
// to `endpoint`.
absl::Status Ask(const Endpoint& endpoint, ConnectOptions* options) {
  const absl::Status asked =
      OpenTunnel(endpoint, *options, Deadline::After(options->timeout))
          .status();
  if (CodeOf(asked) != connection_error::kProxyAuthentication) {
    return absl::OkStatus();  // whatever it is, it is told of the host itself
  }
  const auto settings = std::make_shared<ProxySettings>(*options->proxy);
  absl::StatusOr<ProxyCredentials> credentials = AskForCredentials(
      absl::StrCat("tlspin: ", EscapeMessage(asked.message())), "");
  if (!credentials.ok()) {
    return credentials.status();
  }
  settings->credentials = *std::move(credentials);
  options->proxy = settings;
  return absl::OkStatus();
}

}  // namespace

absl::Status PrepareProxy(Context& context,
                          const std::vector<Endpoint>& endpoints,
                          ConnectOptions* options) {
  const auto served = std::find_if(
      endpoints.begin(), endpoints.end(), [options](const Endpoint& endpoint) {
        return ProxyFor(endpoint, *options) != nullptr;
      });
  if (served == endpoints.end()) {
    return absl::OkStatus();
  }
  context.out.Note(absl::StrCat("through the proxy ",
                                options->proxy->ToString(), " (",
                                options->proxy->source, ")"));
  for (const std::string& warning : options->proxy->warnings) {
    context.out.Note(absl::StrCat("warning: ", warning));
  }
  if (!options->proxy->credentials.has_value() && CanAsk()) {
    context.out.Flush().IgnoreError();  // kept by Output, told by Finish
    const absl::Status asked = Ask(*served, options);
    if (!asked.ok()) {
      return asked;
    }
  }
  if (MayTellPassword(*options->proxy)) {
    context.out.Note(PasswordWarning(*options->proxy));
  }
  return absl::OkStatus();
}

}  // namespace tlspin
