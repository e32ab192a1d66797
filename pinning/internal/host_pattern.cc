#include "pinning/internal/host_pattern.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "pinning/internal/public_suffix.h"
#include "pinning/server_name.h"

namespace pinning::internal {
namespace {

absl::Status Fault(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

// HostInUrl returns the host that someone who wrote the URL `text` meant, or
// an empty string if even that is no host.
std::string HostInUrl(absl::string_view text) {
  size_t scheme = text.find("://");
  if (scheme != text.npos) {
    text.remove_prefix(scheme + 3);
  }
  text = text.substr(0, text.find_first_of("/?#"));
  size_t at = text.rfind('@');
  if (at != text.npos) {
    text.remove_prefix(at + 1);
  }
  if (!absl::StartsWith(text, "[")) {
    text = text.substr(0, text.find(':'));
  }
  auto host = ServerName::FromString(text);
  return host.ok() ? host->ToString() : "";
}

// CheckShape refuses what is not a name for a reason worth more than
// ServerName's.
absl::Status CheckShape(absl::string_view text, absl::string_view base) {
  if (absl::StrContains(text, '/') || absl::StrContains(text, '@') ||
      absl::StrContains(text, '?') || absl::StrContains(text, '#')) {
    std::string host = HostInUrl(text);
    return Fault(absl::StrCat(
        "a URL or a path is not a host pattern: write the host alone",
        host.empty() ? "" : absl::StrCat(", \"", host, "\"")));
  }
  if (absl::StrContains(base, '*')) {
    return Fault(
        "a malformed wildcard: \"*\" must be the whole first label, as in "
        "\"*.example.com\" (one label) or \"**.example.com\" (any number)");
  }
  if (absl::StartsWith(base, ".")) {
    return Fault(absl::StrCat("a pattern does not begin with a dot: write \"**",
                              base, "\" for the name and all under it"));
  }
  return absl::OkStatus();
}

// PortOrNameFault returns why `base`, which ServerName refused with `reason`,
// is no name.
absl::Status NameFault(absl::string_view base, const absl::Status& reason) {
  size_t colon = base.rfind(':');
  if (colon != base.npos && !absl::StartsWith(reason.message(), "brackets") &&
      ServerName::FromString(base.substr(0, colon)).ok() &&
      base.find_first_not_of("0123456789", colon + 1) == base.npos) {
    return Fault(absl::StrCat("a pattern has no port: write \"",
                              base.substr(0, colon),
                              "\", which covers every port"));
  }
  return Fault(absl::StrCat("not a host pattern: ", reason.message()));
}

absl::Status CheckPublicSuffix(const HostPattern& pattern) {
  bool refused = pattern.kind == HostPattern::Kind::kExact
                     ? IsPublicSuffix(pattern.base)
                     : IsPublicSuffixOrAbove(pattern.base);
  if (refused) {
    return Fault(absl::StrCat(
        "\"", pattern.base,
        "\" is a public suffix or has one under it, so the pattern would cover "
        "domains of strangers: name a registered domain, such as \"",
        pattern.kind == HostPattern::Kind::kAnyLabels ? "**." : "", "example.",
        pattern.base, "\""));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HostPattern> HostPattern::FromString(absl::string_view text) {
  HostPattern pattern;
  absl::string_view base = text;
  if (absl::ConsumePrefix(&base, "**.")) {
    pattern.kind = Kind::kAnyLabels;
  } else if (absl::ConsumePrefix(&base, "*.")) {
    pattern.kind = Kind::kOneLabel;
  }
  auto name = ServerName::FromString(base);
  if (!name.ok()) {
    const absl::Status shape = CheckShape(text, base);
    return shape.ok() ? NameFault(base, name.status()) : shape;
  }
  pattern.base = name->ToString();
  if (name->kind() == ServerName::Kind::kIpAddress) {
    if (pattern.kind != Kind::kExact) {
      return Fault(absl::StrCat("no wildcard over an IP address: write \"",
                                pattern.base, "\""));
    }
    return pattern;
  }
  const absl::Status status = CheckPublicSuffix(pattern);
  if (!status.ok()) {
    return status;
  }
  return pattern;
}

std::string HostPattern::ToString() const {
  return absl::StrCat(PrefixOf(kind), base);
}

bool Covers(const HostPattern& wide, const HostPattern& narrow) {
  const bool below = absl::EndsWith(narrow.base, absl::StrCat(".", wide.base));
  switch (wide.kind) {
    case HostPattern::Kind::kExact:
      return narrow.kind == HostPattern::Kind::kExact &&
             narrow.base == wide.base;
    case HostPattern::Kind::kOneLabel:
      if (narrow.kind == HostPattern::Kind::kOneLabel) {
        return narrow.base == wide.base;
      }
      return narrow.kind == HostPattern::Kind::kExact && below &&
             narrow.base.find('.') == narrow.base.size() - wide.base.size() - 1;
    case HostPattern::Kind::kAnyLabels:
      return below || narrow.base == wide.base;
  }
  return false;
}

std::vector<std::string> WithoutCovered(
    absl::Span<const std::string> patterns) {
  std::vector<HostPattern> kept;
  for (const std::string& text : patterns) {
    const absl::StatusOr<HostPattern> parsed = HostPattern::FromString(text);
    // A name that no pattern may be, such as a single label, covers itself.
    const HostPattern pattern =
        parsed.ok() ? *parsed : HostPattern{HostPattern::Kind::kExact, text};
    bool covered = false, placed = false;
    std::vector<HostPattern> next;
    for (HostPattern& other : kept) {
      covered = covered || Covers(other, pattern);
      if (covered || !Covers(pattern, other)) {
        next.push_back(std::move(other));
      } else if (!placed) {
        next.push_back(pattern);
        placed = true;
      }
    }
    if (!covered && !placed) {
      next.push_back(pattern);
    }
    kept = std::move(next);
  }
  std::vector<std::string> texts;
  for (const HostPattern& pattern : kept) {
    texts.push_back(pattern.ToString());
  }
  return texts;
}

}  // namespace pinning::internal
