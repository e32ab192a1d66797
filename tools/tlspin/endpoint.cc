#include "tools/tlspin/endpoint.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "pinning/server_name.h"
#include "tools/tlspin/connection_error.h"

namespace tlspin {

absl::StatusOr<HostPort> SplitHostPort(absl::string_view text) {
  HostPort result;
  absl::string_view rest;
  if (absl::StartsWith(text, "[")) {
    const size_t end = text.find(']');
    if (end == absl::string_view::npos) {
      return absl::InvalidArgumentError("a bracket is not closed");
    }
    result.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!absl::StrContains(result.host, ':')) {
      return absl::InvalidArgumentError("brackets are for IPv6 addresses only");
    }
  } else {
    const size_t colon = text.find(':');
    result.host = text.substr(0, colon);
    rest = colon == absl::string_view::npos ? "" : text.substr(colon);
    if (absl::StrContains(rest.substr(rest.empty() ? 0 : 1), ':')) {
      return absl::InvalidArgumentError(
          "an IPv6 address needs brackets: [2001:db8::1]:443");
    }
  }
  if (result.host.empty()) {
    return absl::InvalidArgumentError("the host is missing");
  }
  if (rest.empty()) {
    return result;
  }
  int port = 0;
  const absl::string_view digits = rest.substr(1);
  if (rest[0] != ':' || digits.empty() || digits.size() > 5 ||
      !std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ||
      !absl::SimpleAtoi(digits, &port) || port < 1 || port > 65535) {
    return absl::InvalidArgumentError("a port is a number from 1 to 65535");
  }
  result.port = port;
  return result;
}

std::string Bracketed(absl::string_view host) {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]")
                                      : std::string(host);
}

std::string Endpoint::ToString() const {
  const std::string at =
      address == host ? "" : absl::StrCat("@", Bracketed(address));
  return absl::StrCat(at.empty() ? Bracketed(host) : host, at, ":", port);
}

absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text,
                                       int default_port) {
  const std::string place = absl::CHexEscape(text);
  if (absl::StrContains(text, "/")) {
    return absl::InvalidArgumentError(
        absl::StrCat(place, ": an endpoint is HOST[:PORT], not a URL"));
  }
  const size_t at = text.find('@');
  const bool has_address = at != absl::string_view::npos;
  const absl::StatusOr<HostPort> target =
      SplitHostPort(has_address ? text.substr(at + 1) : text);
  if (!target.ok()) {
    return Located(place, target.status());
  }
  absl::string_view host = has_address ? text.substr(0, at) : target->host;
  if (has_address && absl::ConsumePrefix(&host, "[")) {
    absl::ConsumeSuffix(&host, "]");
  }
  const absl::StatusOr<pinning::ServerName> name =
      pinning::ServerName::FromString(host);
  if (!name.ok()) {
    return Located(place, name.status());
  }
  const absl::StatusOr<pinning::ServerName> address =
      pinning::ServerName::FromString(target->host);
  if (!address.ok()) {
    return Located(place, address.status());
  }
  Endpoint endpoint;
  endpoint.host = name->ToString();
  endpoint.address = address->ToString();
  endpoint.port = target->port.value_or(default_port);
  return endpoint;
}

}  // namespace tlspin
