#include <openssl/bytestring.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/internal/interception_questions.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/text_escape.h"

// What other hosts and earlier connections tell, and what was served besides
// the path. Nothing follows from what is not known.
namespace pinning {
namespace internal {
namespace {

// An interceptor that adds a random number to the genuine serial leaves all but
// these last octets as they were; that many must be left to be no accident.
constexpr size_t kSerialTail = 5;
constexpr size_t kSerialHead = 7;

const SeenElsewhere* Elsewhere(const Scene& scene) {
  return scene.facts != nullptr && scene.facts->seen_elsewhere.has_value()
             ? &*scene.facts->seen_elsewhere
             : nullptr;
}

const LastSeen* Last(const Scene& scene) {
  const SeenElsewhere* elsewhere = Elsewhere(scene);
  return elsewhere != nullptr && elsewhere->last_seen.has_value()
             ? &*elsewhere->last_seen
             : nullptr;
}

std::string HostList(const std::vector<std::string>& hosts) {
  return EscapeText(absl::StrJoin(hosts, ", "), 256);
}

bool IsNear(absl::Span<const uint8_t> serial, absl::Span<const uint8_t> other) {
  if (serial.size() != other.size() || serial == other ||
      serial.size() < kSerialHead + kSerialTail) {
    return false;
  }
  const size_t head = serial.size() - kSerialTail;
  return std::equal(serial.begin(), serial.begin() + head, other.begin());
}

std::vector<uint8_t> Octets(absl::string_view hex) {
  const std::string text = absl::HexStringToBytes(hex);
  return std::vector<uint8_t>(text.begin(), text.end());
}

std::string Hex(absl::Span<const uint8_t> octets) {
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(octets.data()), octets.size()));
}

// IsNextTo returns whether two serials are at most 16 apart.
bool IsNextTo(absl::Span<const uint8_t> a, absl::Span<const uint8_t> b) {
  if (a.size() != b.size() || a.empty() || a == b ||
      !std::equal(a.begin(), a.end() - 1, b.begin())) {
    return false;
  }
  const int apart = static_cast<int>(a.back()) - static_cast<int>(b.back());
  return apart >= -16 && apart <= 16;
}

// DescribeKey returns "RSA 2048", as LastSeen has it; empty for other keys.
std::string DescribeKey(const Certificate& certificate) {
  CBS cbs;
  CBS_init(&cbs, certificate.spki_der().data(), certificate.spki_der().size());
  const bssl::UniquePtr<EVP_PKEY> key(EVP_parse_public_key(&cbs));
  ERR_clear_error();
  if (key == nullptr) {
    return "";
  }
  const int bits = EVP_PKEY_bits(key.get());
  switch (EVP_PKEY_id(key.get())) {
    case EVP_PKEY_RSA:
      return absl::StrCat("RSA ", bits);
    case EVP_PKEY_EC:
      return absl::StrCat("EC ", bits);
    default:
      return "";
  }
}

bool IsOnPath(const Scene& scene, const Certificate& certificate) {
  return std::any_of(
      scene.proven.begin(), scene.proven.end(),
      [&](const Certificate* proven) { return *proven == certificate; });
}

}  // namespace

std::optional<Found> BadTimestamps(const Scene& scene) {
  if (scene.scts == nullptr || LeadsToBundled(scene)) {
    return std::nullopt;
  }
  const size_t bad = scene.scts->CountOf(SctStatus::kBadSignature);
  if (bad == 0) {
    return std::nullopt;
  }
  return Found{"", {absl::StrCat(bad)}, 0, "extensions"};
}

std::optional<Found> LeafKeyElsewhere(const Scene& scene) {
  const SeenElsewhere* elsewhere = Elsewhere(scene);
  if (elsewhere == nullptr || elsewhere->leaf_key_hosts.empty() ||
      LeadsToBundled(scene)) {
    return std::nullopt;
  }
  return Found{
      "",
      {EscapeText(scene.name->ToString()), HostList(elsewhere->leaf_key_hosts)},
      0,
      "subjectPublicKeyInfo"};
}

std::optional<Found> IssuerElsewhere(const Scene& scene) {
  const SeenElsewhere* elsewhere = Elsewhere(scene);
  if (elsewhere == nullptr || elsewhere->issuer_key_hosts.empty() ||
      LeadsToBundled(scene) || !scene.public_name) {
    return std::nullopt;
  }
  Found found{"",
              {AuthorityName(scene.leaf()), EscapeText(scene.name->ToString()),
               HostList(elsewhere->issuer_key_hosts)},
              0,
              "issuer"};
  // A company may have two domains and one authority.
  if (!elsewhere->issuer_key_proved || elsewhere->issuer_key_hosts.size() < 2) {
    found.weight = EvidenceWeight::kWeak;
  }
  return found;
}

std::optional<Found> SerialNearGenuine(const Scene& scene) {
  if (LeadsToBundled(scene)) {
    return std::nullopt;
  }
  const absl::Span<const uint8_t> serial = scene.leaf().serial();
  const LastSeen* last = Last(scene);
  if (last != nullptr && last->accepted && !last->same_key &&
      IsNear(serial, Octets(last->serial))) {
    return Found{"", {EscapeText(last->serial)}, 0, "serialNumber"};
  }
  for (const Certificate& served : scene.chain->intermediates()) {
    if (!IsOnPath(scene, served) && IsNear(serial, served.serial())) {
      return Found{"", {Hex(served.serial())}, 0, "serialNumber"};
    }
  }
  return std::nullopt;
}

std::optional<Found> SerialSequential(const Scene& scene) {
  if (LeadsToBundled(scene)) {
    return std::nullopt;
  }
  const absl::Span<const uint8_t> serial = scene.leaf().serial();
  const LastSeen* last = Last(scene);
  if (last != nullptr && IsNextTo(serial, Octets(last->serial))) {
    return Found{"", {EscapeText(last->serial)}, 0, "serialNumber"};
  }
  if (scene.issuer_signed && IsNextTo(serial, scene.issuer->serial())) {
    return Found{"serial-sequential.issuer",
                 {Hex(scene.issuer->serial())},
                 0,
                 "serialNumber"};
  }
  return std::nullopt;
}

std::optional<Found> KeyUnlikeLastSeen(const Scene& scene) {
  const LastSeen* last = Last(scene);
  if (last == nullptr || !last->accepted || last->key_type.empty() ||
      LeadsToBundled(scene)) {
    return std::nullopt;
  }
  const std::string before = absl::StrCat(last->key_type, " ", last->key_bits);
  const std::string now = DescribeKey(scene.leaf());
  if (now.empty() || now == before) {
    return std::nullopt;
  }
  return Found{"", {now, EscapeText(before)}, 0, "subjectPublicKeyInfo"};
}

std::optional<Found> NoAlpn(const Scene& scene) {
  const LastSeen* last = Last(scene);
  if (last == nullptr || !last->accepted || last->had_alpn != true ||
      !scene.facts->alpn.has_value() || !scene.facts->alpn->empty() ||
      scene.facts->offered_alpn == false) {
    return std::nullopt;
  }
  return Found{};
}

std::optional<Found> NoStaple(const Scene& scene) {
  const LastSeen* last = Last(scene);
  if (last == nullptr || !last->accepted || last->had_staple != true ||
      !scene.facts->ocsp_response.has_value() ||
      !scene.facts->ocsp_response->empty()) {
    return std::nullopt;
  }
  return Found{};
}

std::optional<Found> ServedTwice(const Scene& scene) {
  if (LeadsToBundled(scene)) {
    return std::nullopt;
  }
  const absl::Span<const Certificate> served = scene.chain->certificates();
  for (size_t i = 1; i < served.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (served[i] == served[j]) {
        return Found{
            "", {QuotedSubject(served[i])}, static_cast<int>(i), "subject"};
      }
    }
  }
  return std::nullopt;
}

std::optional<Found> ServedUnrelated(const Scene& scene) {
  if (LeadsToBundled(scene) || GenuineAppended(scene).has_value()) {
    return std::nullopt;
  }
  const absl::Span<const Certificate> served = scene.chain->certificates();
  for (size_t i = 1; i < served.size(); ++i) {
    if (!IsOnPath(scene, served[i])) {
      return Found{
          "", {QuotedSubject(served[i])}, static_cast<int>(i), "subject"};
    }
  }
  return std::nullopt;
}

}  // namespace internal
}  // namespace pinning
