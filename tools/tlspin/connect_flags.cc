#include "tools/tlspin/connect_flags.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/net/starttls.h"

namespace tlspin {
namespace {

void AddProxyFlags(Command& command, ProxyFlags* flags) {
  command.Option("--proxy", "URL", &flags->proxy,
                 "Connect through this proxy: http://HOST[:PORT], or https, "
                 "socks5, socks5h, socks4a; default: that of https_proxy or "
                 "all_proxy in the environment");
  command.Option("--noproxy", "HOSTS", &flags->noproxy,
                 "Connect to these without a proxy, in place of no_proxy: "
                 "names, addresses and networks with commas between; \"*\": "
                 "use no proxy at all");
  command.Option("--proxy-auth", "SCHEMES", &flags->auth,
                 "How to say to an HTTP proxy who is there: any, or some of "
                 "basic,digest,ntlm,negotiate; default any, the strongest "
                 "that it offers");
  command.Option(
      "--proxy-credentials", "FILE", &flags->credentials,
      "The user and password for the proxy: USER:PASSWORD on one line, "
      "or netrc; default: those of the proxy's URL, or "
      "TLSPIN_PROXY_USER and TLSPIN_PROXY_PASSWORD, or a prompt");
  command.Option("--proxy-cacert", "FILE", &flags->ca_file,
                 "PEM roots that an https proxy is checked against; default: "
                 "the machine's");
}

}  // namespace

void AddConnectFlags(Command& command, ConnectFlags* flags) {
  AddProxyFlags(command, &flags->proxy);
  command.Option("--timeout", "TIME", &flags->timeout,
                 "Seconds to give each host, or 500ms, 1m; default 10");
  std::vector<std::string> protocols;
  for (const StartTls protocol : AllStartTls()) {
    protocols.emplace_back(StartTlsName(protocol));
  }
  command
      .Option("--starttls", "PROTOCOL", &flags->starttls,
              "Ask for TLS in this protocol first; the port is then that of "
              "the protocol unless given")
      .OneOf(std::move(protocols));
}

absl::StatusOr<ConnectOptions> ConnectOptionsFromFlags(
    const ConnectFlags& flags) {
  ConnectOptions options;
  absl::StatusOr<std::shared_ptr<const ProxySettings>> proxy =
      ChooseProxy(flags.proxy, ProcessVariable);
  if (!proxy.ok()) {
    return proxy.status();
  }
  options.proxy = *std::move(proxy);
  if (!flags.timeout.empty()) {
    const absl::StatusOr<absl::Duration> timeout = ParseTimeout(flags.timeout);
    if (!timeout.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--timeout: ", timeout.status().message()));
    }
    options.timeout = *timeout;
  }
  if (!flags.starttls.empty()) {
    const absl::StatusOr<StartTls> protocol = ParseStartTls(flags.starttls);
    if (!protocol.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--starttls: ", protocol.status().message()));
    }
    options.starttls = *protocol;
  }
  return options;
}

int DefaultPortOf(const ConnectFlags& flags) {
  const absl::StatusOr<StartTls> protocol = ParseStartTls(flags.starttls);
  return DefaultPort(protocol.ok() ? *protocol : StartTls::kNone);
}

absl::StatusOr<absl::Duration> ParseTimeout(absl::string_view text) {
  const bool has_unit = !text.empty() && absl::ascii_isalpha(text.back());
  absl::Duration duration;
  if (!absl::ParseDuration(
          has_unit ? std::string(text) : absl::StrCat(text, "s"), &duration) ||
      duration <= absl::ZeroDuration() ||
      duration == absl::InfiniteDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", absl::CHexEscape(text),
                     "\" is not a time such as 10, 500ms or 1m"));
  }
  return duration;
}

}  // namespace tlspin
