#include "pinning/internal/circumstance_signs.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/internal/evidence_codes.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/interception_signs.h"
#include "pinning/internal/ip_address.h"
#include "pinning/internal/text_escape.h"
#include "pinning/internal/utc_time.h"

namespace pinning {
namespace internal {
namespace {

// What a login page calls itself: whole words of a name. Lower case.
constexpr absl::string_view kPortalWords[] = {
    "captive",  "captiveportal", "gateway", "guest",       "hotspot",
    "lan",      "local",         "login",   "localdomain", "meraki",
    "mikrotik", "opnsense",      "openwrt", "pfsense",     "portal",
    "router",   "routeros",      "ruckus",  "securelogin", "signin",
    "splash",   "ubiquiti",      "ubnt",    "unifi",       "welcome",
    "wifi",     "wlan",
};

// What a server's software calls the certificate that it comes with: whole
// words of a name. Lower case.
constexpr absl::string_view kDefaultWords[] = {
    "default", "fake",     "ingress",  "kubernetes", "localhost",
    "plesk",   "snakeoil", "synology", "traefik",
};

// HasWord returns whether a whole word of `name` is among `words`.
bool HasWord(absl::string_view name,
             absl::Span<const absl::string_view> words) {
  for (absl::string_view word : absl::StrSplit(name, absl::ByAnyChar(".-_ "))) {
    if (std::find(words.begin(), words.end(), absl::AsciiStrToLower(word)) !=
        words.end()) {
      return true;
    }
  }
  return false;
}

// NamesOf returns every name that `leaf` is for, and who it says it is.
std::vector<std::string> NamesOf(const Certificate& leaf) {
  const std::vector<absl::string_view> presented = leaf.dns_names();
  std::vector<std::string> names(presented.begin(), presented.end());
  for (absl::string_view oid : {"2.5.4.3", "2.5.4.10"}) {
    const std::vector<std::string> values = leaf.SubjectAttribute(oid);
    names.insert(names.end(), values.begin(), values.end());
  }
  return names;
}

// IsPrivateAddress: RFC 1918, RFC 3927, RFC 6598, loopback, RFC 4193, and of
// RFC 5737 the first, at which a well-known maker's login pages answer.
bool IsPrivateAddress(absl::string_view octets) {
  const auto at = [octets](size_t i) {
    return static_cast<uint8_t>(octets[i]);
  };
  if (octets.size() == 4) {
    return at(0) == 10 || at(0) == 127 || (at(0) == 172 && at(1) / 16 == 1) ||
           (at(0) == 192 && at(1) == 168) || (at(0) == 169 && at(1) == 254) ||
           (at(0) == 100 && at(1) / 64 == 1) ||
           (at(0) == 192 && at(1) == 0 && at(2) == 2);
  }
  return octets.size() == 16 && (at(0) == 0xfc || at(0) == 0xfd);
}

}  // namespace

TimeSigns FindTimeSigns(const Scene& scene) {
  TimeSigns times;
  times.latest_start = absl::InfinitePast();
  absl::Time earliest_end = absl::InfiniteFuture();
  const size_t count = std::max<size_t>(scene.proven.size(), 2) - 1;
  for (size_t i = 0; i < count && i < scene.proven.size(); ++i) {
    const Certificate& certificate = *scene.proven[i];
    const int depth = static_cast<int>(i);
    times.latest_start = std::max(times.latest_start, certificate.not_before());
    earliest_end = std::min(earliest_end, certificate.not_after());
    if (scene.now > certificate.not_after()) {
      ++times.expired;
      times.signs.push_back(
          MakeEvidence(evidence::kExpired, EvidenceWeight::kContext, depth,
                       "notAfter", {FormatUtcTime(certificate.not_after())}));
    } else if (scene.now < certificate.not_before()) {
      ++times.not_yet_valid;
      times.signs.push_back(
          MakeEvidence(evidence::kNotYetValid, EvidenceWeight::kContext, depth,
                       "notBefore", {FormatUtcTime(certificate.not_before())}));
    }
  }
  times.one_time_explains = times.latest_start <= earliest_end;
  return times;
}

std::vector<Evidence> FindPortalSigns(const Scene& scene) {
  std::vector<Evidence> signs;
  const Certificate& leaf = scene.leaf();
  if (scene.name_matches) {
    return signs;  // a portal answers for names that are not its own
  }
  const std::vector<absl::string_view> presented = leaf.ip_addresses();
  std::vector<std::string> addresses(presented.begin(), presented.end());
  for (const std::string& name : leaf.SubjectAttribute("2.5.4.3")) {
    const absl::StatusOr<std::string> address = IpAddressFromString(name);
    if (address.ok()) {
      addresses.push_back(*address);
    }
  }
  for (const std::string& octets : addresses) {
    if (IsPrivateAddress(octets)) {
      signs.push_back(
          MakeEvidence(evidence::kPrivateAddress, EvidenceWeight::kContext, 0,
                       "subjectAltName", {IpAddressToString(octets)}));
      break;
    }
  }
  for (const std::string& name : NamesOf(leaf)) {
    if (HasWord(name, kPortalWords)) {
      signs.push_back(MakeEvidence(evidence::kPortalName,
                                   EvidenceWeight::kContext, 0,
                                   "subjectAltName", {EscapeText(name, 128)}));
      break;
    }
  }
  return signs;
}

std::vector<Evidence> FindDefaultSigns(const Scene& scene) {
  const Certificate& leaf = scene.leaf();
  if (scene.name_matches || !scene.self_signed_leaf) {
    return {};
  }
  for (const std::string& name : NamesOf(leaf)) {
    if (HasWord(name, kDefaultWords)) {
      return {MakeEvidence(evidence::kDefaultCertificate,
                           EvidenceWeight::kContext, 0, "subject",
                           {EscapeText(name, 128)})};
    }
  }
  return {};
}

}  // namespace internal
}  // namespace pinning
