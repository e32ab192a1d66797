#ifndef PINNING_INTERNAL_IP_ADDRESS_H_
#define PINNING_INTERNAL_IP_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace pinning {
namespace internal {

// IpAddressFromString returns the 4 or 16 octets that `text` stands for. It
// accepts four decimal numbers without leading zeros, or RFC 4291, 2.2 forms
// without brackets and without a zone; an IPv4-mapped IPv6 address
// (::ffff:192.0.2.1) is returned as the IPv4 address, so that one host has one
// form. Everything else, octal, hexadecimal and shortened IPv4 included, is
// INVALID_ARGUMENT.
absl::StatusOr<std::string> IpAddressFromString(absl::string_view text);

// IpAddressToString returns the canonical text of 4 or 16 octets (RFC 5952), or
// an empty string for any other number of them.
std::string IpAddressToString(absl::string_view octets);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_IP_ADDRESS_H_
