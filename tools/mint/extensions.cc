#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tools/mint/der_writer.h"
#include "tools/mint/mint.h"

namespace mint {
namespace {

// GeneralName tags (RFC 5280, 4.2.1.6).
constexpr uint8_t kEmail = 1;
constexpr uint8_t kDns = 2;
constexpr uint8_t kDirectory = 4;
constexpr uint8_t kUri = 6;
constexpr uint8_t kIp = 7;

Bytes ExtensionDer(absl::string_view oid, bool critical, const Bytes& value) {
  return DerSequence(
      {DerOid(oid), critical ? DerTrue() : Bytes{}, DerOctetString(value)});
}

// IpOctets returns the 4 or 16 octets of `text`.
Bytes IpOctets(const std::string& text) {
  std::array<uint8_t, 16> octets;
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    return Bytes(octets.begin(), octets.begin() + 4);
  }
  Check(inet_pton(AF_INET6, text.c_str(), octets.data()) == 1,
        absl::StrCat("reading the address ", text));
  return Bytes(octets.begin(), octets.end());
}

// IpRange returns address and mask of `text`, "10.0.0.0/8".
Bytes IpRange(absl::string_view text) {
  const size_t slash = text.find('/');
  int prefix = 0;
  Check(slash != absl::string_view::npos &&
            absl::SimpleAtoi(text.substr(slash + 1), &prefix),
        absl::StrCat("reading the range ", text));
  Bytes octets = IpOctets(std::string(text.substr(0, slash)));
  const int bits = static_cast<int>(octets.size()) * 8;
  Check(prefix >= 0 && prefix <= bits, "reading a prefix length");
  for (int i = 0; i < bits; i += 8) {
    const int ones = std::min(8, std::max(0, prefix - i));
    octets.push_back(static_cast<uint8_t>(0xff00 >> ones));
  }
  return octets;
}

void AppendNames(uint8_t tag, const std::vector<std::string>& names,
                 std::vector<Bytes>* out) {
  for (const std::string& name : names) {
    out->push_back(
        DerContext(tag, false, tag == kIp ? IpOctets(name) : ToBytes(name)));
  }
}

// SubtreeDer returns a GeneralSubtree for `text`, in the form of
// Spec::permitted.
Bytes SubtreeDer(absl::string_view text) {
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "dns:")) {
    return DerSequence({DerContext(kDns, false, ToBytes(rest))});
  }
  if (absl::ConsumePrefix(&rest, "ip:")) {
    return DerSequence({DerContext(kIp, false, IpRange(rest))});
  }
  if (absl::ConsumePrefix(&rest, "email:")) {
    return DerSequence({DerContext(kEmail, false, ToBytes(rest))});
  }
  if (absl::ConsumePrefix(&rest, "uri:")) {
    return DerSequence({DerContext(kUri, false, ToBytes(rest))});
  }
  Check(absl::ConsumePrefix(&rest, "cn:"),
        absl::StrCat("reading the name constraint ", text));
  return DerSequence({DerContext(kDirectory, true,
                                 DerName({{"2.5.4.3", std::string(rest)}}))});
}

Bytes SubtreesDer(uint8_t tag, const std::vector<std::string>& names) {
  if (names.empty()) {
    return {};
  }
  std::vector<Bytes> subtrees;
  for (const std::string& name : names) {
    subtrees.push_back(SubtreeDer(name));
  }
  return DerContext(tag, true, Concat(subtrees));
}

Bytes SubjectAltName(const Spec& spec) {
  std::vector<Bytes> names;
  AppendNames(kDns, spec.dns_names, &names);
  AppendNames(kIp, spec.ip_addresses, &names);
  AppendNames(kEmail, spec.emails, &names);
  AppendNames(kUri, spec.uris, &names);
  if (names.empty()) {
    return {};
  }
  return ExtensionDer("2.5.29.17", spec.san_critical, DerSequence(names));
}

Bytes BasicConstraints(const Spec& spec) {
  if (!spec.is_ca.has_value()) {
    return {};
  }
  std::vector<Bytes> parts;
  if (*spec.is_ca) {
    parts.push_back(DerTrue());
  }
  if (spec.path_length.has_value()) {
    parts.push_back(DerInteger(*spec.path_length));
  }
  return ExtensionDer("2.5.29.19", true, DerSequence(parts));
}

Bytes ExtendedKeyUsage(const Spec& spec) {
  if (spec.extended_key_usage.empty()) {
    return {};
  }
  std::vector<Bytes> oids;
  for (const std::string& oid : spec.extended_key_usage) {
    oids.push_back(DerOid(oid));
  }
  return ExtensionDer("2.5.29.37", false, DerSequence(oids));
}

Bytes NameConstraints(const Spec& spec) {
  if (spec.permitted.empty() && spec.excluded.empty()) {
    return {};
  }
  return ExtensionDer("2.5.29.30", true,
                      DerSequence({SubtreesDer(0, spec.permitted),
                                   SubtreesDer(1, spec.excluded)}));
}

}  // namespace

Bytes ExtensionsDer(const Spec& spec, const Bytes& spki,
                    const Bytes& issuer_key_id) {
  std::vector<Bytes> all;
  // A certificate before version 3 has no extensions (RFC 5280, 4.1.2.1); if
  // it is to have some all the same, `extra` says which.
  if (spec.version >= 3) {
    all.push_back(BasicConstraints(spec));
    if (spec.key_usage.has_value()) {
      all.push_back(
          ExtensionDer("2.5.29.15", true, DerNamedBits(*spec.key_usage)));
    }
    all.push_back(ExtendedKeyUsage(spec));
    all.push_back(SubjectAltName(spec));
    all.push_back(NameConstraints(spec));
    if (spec.subject_key_id) {
      all.push_back(
          ExtensionDer("2.5.29.14", false, DerOctetString(KeyId(spki))));
    }
    if (spec.authority_key_id) {
      all.push_back(
          ExtensionDer("2.5.29.35", false,
                       DerSequence({DerContext(0, false, issuer_key_id)})));
    }
  }
  for (const Extension& extension : spec.extra) {
    all.push_back(
        ExtensionDer(extension.oid, extension.critical, extension.value));
  }
  return Concat(all);
}

}  // namespace mint
