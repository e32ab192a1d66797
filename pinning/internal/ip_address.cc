#include "pinning/internal/ip_address.h"

#include <arpa/inet.h>

#include "absl/status/status.h"
#include "absl/strings/match.h"

namespace pinning {
namespace internal {
namespace {

constexpr absl::string_view kMappedPrefix("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

}  // namespace

absl::StatusOr<std::string> IpAddressFromString(absl::string_view text) {
  // inet_pton reads a C string: a NUL inside would hide what follows it.
  if (absl::StrContains(text, '\0')) {
    return absl::InvalidArgumentError("a NUL in an IP address");
  }
  const std::string c_text(text);
  if (!absl::StrContains(text, ':')) {
    std::string octets(4, '\0');
    if (inet_pton(AF_INET, c_text.c_str(), &octets[0]) == 1 &&
        IpAddressToString(octets) == text) {
      return octets;
    }
    return absl::InvalidArgumentError("not an IPv4 address");
  }
  std::string octets(16, '\0');
  if (inet_pton(AF_INET6, c_text.c_str(), &octets[0]) != 1) {
    return absl::InvalidArgumentError("not an IPv6 address");
  }
  if (absl::StartsWith(octets, kMappedPrefix)) {
    return octets.substr(kMappedPrefix.size());
  }
  return octets;
}

std::string IpAddressToString(absl::string_view octets) {
  if (octets.size() != 4 && octets.size() != 16) {
    return "";
  }
  char text[INET6_ADDRSTRLEN] = {};
  const int family = octets.size() == 4 ? AF_INET : AF_INET6;
  if (inet_ntop(family, octets.data(), text, sizeof(text)) == nullptr) {
    return "";
  }
  return text;
}

}  // namespace internal
}  // namespace pinning
