#include "tools/tlspin/net/proxy.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/net/proxy_credentials.h"

namespace tlspin {
namespace {

constexpr std::pair<absl::string_view, unsigned> kAuthNames[] = {
    {"Basic", kProxyBasic},
    {"Digest", kProxyDigest},
    {"NTLM", kProxyNtlm},
    {"Negotiate", kProxyNegotiate},
};

absl::Status Invalid(absl::string_view place, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(place, ": ", what));
}

absl::StatusOr<unsigned> ParseAuth(absl::string_view text) {
  if (text.empty() || absl::EqualsIgnoreCase(text, "any")) {
    return kProxyAnyAuth;
  }
  unsigned auth = 0;
  for (const absl::string_view word : absl::StrSplit(text, ',')) {
    unsigned bit = 0;
    for (const auto& [name, value] : kAuthNames) {
      if (absl::EqualsIgnoreCase(word, name)) {
        bit = value;
      }
    }
    if (bit == 0) {
      return Invalid("--proxy-auth",
                     "give any, or some of basic, digest, ntlm and negotiate "
                     "with commas between");
    }
    auth |= bit;
  }
  return auth;
}

// FirstOf returns the first of the variables that is set and not empty.
std::optional<std::pair<std::string, std::string>> FirstOf(
    std::initializer_list<const char*> names, const GetVariable& variable) {
  for (const char* name : names) {
    std::optional<std::string> value = variable(name);
    if (value.has_value() && !value->empty()) {
      return std::make_pair(std::string(name), *std::move(value));
    }
  }
  return std::nullopt;
}

// The flags before the environment, and of each what was made for credentials
// before what was made for a place.
absl::Status ChooseCredentials(const ProxyFlags& flags,
                               const GetVariable& variable,
                               ProxySettings* settings) {
  const bool from_flag = settings->source == "--proxy";
  if (from_flag && settings->credentials.has_value()) {
    settings->warnings.push_back(
        "--proxy holds a password, which other users of this machine can see "
        "and the shell remembers: use --proxy-credentials");
  }
  if (!flags.credentials.empty()) {
    std::string warning;
    absl::StatusOr<ProxyCredentials> read =
        ReadCredentials(flags.credentials, settings->url.host, &warning);
    if (!read.ok()) {
      return Invalid("--proxy-credentials", read.status().message());
    }
    if (!warning.empty()) {
      settings->warnings.push_back(warning);
    }
    settings->credentials = *std::move(read);
    return absl::OkStatus();
  }
  const auto user = FirstOf({"TLSPIN_PROXY_USER"}, variable);
  if (user.has_value() && !(from_flag && settings->credentials.has_value())) {
    settings->credentials = {user->second,
                             variable("TLSPIN_PROXY_PASSWORD").value_or("")};
  }
  return absl::OkStatus();
}

}  // namespace

std::string ProxyAuthNames(unsigned auth) {
  std::vector<absl::string_view> names;
  for (const auto& [name, value] : kAuthNames) {
    if ((auth & value) != 0) {
      names.push_back(name);
    }
  }
  return absl::StrJoin(names, ", ");
}

std::string ThroughProxy(const ProxySettings& settings) {
  return absl::StrCat("through ", settings.ToString());
}

absl::StatusOr<std::shared_ptr<const ProxySettings>> ChooseProxy(
    const ProxyFlags& flags, const GetVariable& variable) {
  const auto settings = std::make_shared<ProxySettings>();
  const absl::StatusOr<unsigned> auth = ParseAuth(flags.auth);
  if (!auth.ok()) {
    return auth.status();
  }
  settings->auth = *auth;
  std::string text = flags.proxy;
  std::string direct = flags.noproxy;
  settings->source = "--proxy";
  if (text.empty()) {
    const auto found = FirstOf(
        {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}, variable);
    if (!found.has_value()) {
      return nullptr;
    }
    settings->source = found->first;
    text = found->second;
    if (direct.empty()) {
      const auto hosts = FirstOf({"no_proxy", "NO_PROXY"}, variable);
      direct = hosts.has_value() ? hosts->second : "";
    }
  }
  settings->direct = NoProxy(direct);
  if (settings->direct.everything()) {
    return nullptr;
  }
  absl::StatusOr<ProxyUrl> url = ParseProxyUrl(text);
  if (!url.ok()) {
    return Invalid(settings->source, url.status().message());
  }
  settings->credentials = std::exchange(url->credentials, std::nullopt);
  settings->url = *std::move(url);
  const absl::Status chosen = ChooseCredentials(flags, variable, &*settings);
  if (!chosen.ok()) {
    return chosen;
  }
  settings->ca_file = flags.ca_file;
  if (!flags.ca_file.empty() && access(flags.ca_file.c_str(), R_OK) != 0) {
    return Invalid("--proxy-cacert", absl::StrCat(Escape(flags.ca_file), ": ",
                                                  std::strerror(errno)));
  }
  return settings;
}

std::optional<std::string> ProcessVariable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace tlspin
