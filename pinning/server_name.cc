#include "pinning/server_name.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "pinning/internal/general_names.h"
#include "pinning/internal/ip_address.h"
#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace {

// RFC 1035, 2.3.4, without the root label.
constexpr size_t kMaxNameLength = 253;
constexpr size_t kMaxLabelLength = 63;

absl::Status Fault(size_t offset, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("host name, offset ", offset, ": ", what));
}

bool IsLabelCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
         c == '_';
}

absl::string_view FaultOfCharacter(char c) {
  switch (c) {
    case '\0':
      return "a NUL byte";
    case '*':
      return "a wildcard is not a host name";
    case '/':
      return "a host is wanted, not a URL or a path";
    case '@':
      return "a host is wanted, without user name";
    case ':':
      return "a host is wanted, without port";
    case '%':
      return "a zone or percent-encoding is not part of a host name";
    default:
      return static_cast<unsigned char>(c) >= 0x80
                 ? "not ASCII: write the name in A-labels (xn--...)"
                 : "not a letter, digit, hyphen, underscore or dot";
  }
}

absl::Status CheckLabel(absl::string_view label, size_t offset) {
  if (label.empty()) {
    return Fault(offset, "an empty label");
  }
  if (label.size() > kMaxLabelLength) {
    return Fault(offset, "a label of more than 63 bytes");
  }
  if (label.front() == '-' || label.back() == '-') {
    return Fault(offset, "a label begins or ends with a hyphen");
  }
  return absl::OkStatus();
}

// CheckDnsName checks a name without trailing dot.
absl::Status CheckDnsName(absl::string_view name) {
  if (name.empty()) {
    return Fault(0, "the name is empty");
  }
  if (name.size() > kMaxNameLength) {
    return Fault(kMaxNameLength, "the name has more than 253 bytes");
  }
  size_t begin = 0;
  for (size_t i = 0; i <= name.size(); ++i) {
    if (i == name.size() || name[i] == '.') {
      const absl::Status label =
          CheckLabel(name.substr(begin, i - begin), begin);
      if (!label.ok()) {
        return label;
      }
      begin = i + 1;
    } else if (!IsLabelCharacter(name[i])) {
      return Fault(i, FaultOfCharacter(name[i]));
    }
  }
  return absl::OkStatus();
}

// EndsInNumber returns whether the last label of `host` is a number, so that
// some resolvers would read `host` as an IPv4 address (URL Standard, 3.5).
bool EndsInNumber(absl::string_view host) {
  absl::ConsumeSuffix(&host, ".");
  const size_t dot = host.rfind('.');
  absl::string_view last =
      dot == absl::string_view::npos ? host : host.substr(dot + 1);
  const auto all = [](absl::string_view text, int (*is)(int)) {
    return std::all_of(text.begin(), text.end(),
                       [&](unsigned char c) { return is(c) != 0; });
  };
  if (absl::ConsumePrefix(&last, "0x") || absl::ConsumePrefix(&last, "0X")) {
    return all(last, [](int c) -> int {
      return absl::ascii_isxdigit(static_cast<unsigned char>(c));
    });
  }
  return !last.empty() && all(last, [](int c) -> int {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// LooksLikeIpv6 returns whether `host` can only be meant as an IPv6 address: a
// host with one colon is a host with a port.
bool LooksLikeIpv6(absl::string_view host) {
  return absl::StartsWith(host, "[") ||
         std::count(host.begin(), host.end(), ':') >= 2;
}

absl::string_view WithoutFirstLabel(absl::string_view name) {
  const size_t dot = name.find('.');
  return dot == absl::string_view::npos ? absl::string_view()
                                        : name.substr(dot + 1);
}

// MatchesDns returns whether the presented identifier `presented`, as it stands
// in a certificate, covers the canonical name `name` (RFC 9525, 6.3).
bool MatchesDns(absl::string_view presented, absl::string_view name) {
  if (absl::ConsumePrefix(&presented, "*.")) {
    name = WithoutFirstLabel(name);
    if (!absl::StrContains(presented, '.')) {
      return false;
    }
  }
  // In this order: a certificate may hold thousands of names.
  return absl::EqualsIgnoreCase(presented, name) &&
         CheckDnsName(presented).ok();
}

}  // namespace

ServerName::ServerName(Kind kind, std::string text)
    : kind_(kind), text_(std::move(text)) {}

absl::StatusOr<ServerName> ServerName::FromString(absl::string_view host) {
  if (LooksLikeIpv6(host) || EndsInNumber(host)) {
    absl::string_view address = host;
    if (absl::ConsumePrefix(&address, "[") &&
        (!absl::ConsumeSuffix(&address, "]") ||
         !absl::StrContains(address, ':'))) {
      return Fault(0, "brackets hold an IPv6 address and nothing follows them");
    }
    auto octets = internal::IpAddressFromString(address);
    if (!octets.ok()) {
      return Fault(0, octets.status().message());
    }
    return ServerName(Kind::kIpAddress, internal::IpAddressToString(*octets));
  }
  absl::ConsumeSuffix(&host, ".");
  const absl::Status status = CheckDnsName(host);
  if (!status.ok()) {
    return status;
  }
  return ServerName(Kind::kDns, absl::AsciiStrToLower(host));
}

bool ServerName::Matches(const Certificate& leaf) const {
  using internal::GeneralNameKind;
  const auto& presented = leaf.parsed().subject_alt_names;
  if (kind_ == Kind::kDns) {
    const auto names = internal::NamesOf(presented, GeneralNameKind::kDnsName);
    return std::any_of(names.begin(), names.end(), [&](absl::string_view name) {
      return MatchesDns(name, text_);
    });
  }
  const auto octets = internal::IpAddressFromString(text_);
  const auto addresses =
      internal::NamesOf(presented, GeneralNameKind::kIpAddress);
  return octets.ok() && std::find(addresses.begin(), addresses.end(),
                                  *octets) != addresses.end();
}

}  // namespace pinning
