#include "tools/tlspin/connect_flags.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace tlspin {

void AddConnectFlags(Command& command, ConnectFlags* flags) {
  command.Option("--proxy", "URL", &flags->proxy,
                 "Connect through this HTTP proxy, http://HOST[:PORT]; "
                 "the environment's proxies are not used");
  command.Option("--timeout", "TIME", &flags->timeout,
                 "Seconds to give each host, or 500ms, 1m; default 10");
}

absl::StatusOr<ConnectOptions> ConnectOptionsFromFlags(
    const ConnectFlags& flags) {
  ConnectOptions options;
  if (!flags.proxy.empty()) {
    const absl::Status valid = CheckProxy(flags.proxy);
    if (!valid.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--proxy: ", valid.message()));
    }
    options.proxy = flags.proxy;
  }
  if (!flags.timeout.empty()) {
    const absl::StatusOr<absl::Duration> timeout = ParseTimeout(flags.timeout);
    if (!timeout.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--timeout: ", timeout.status().message()));
    }
    options.timeout = *timeout;
  }
  return options;
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
