#include "pinning/internal/interceptor_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "pinning/certificate.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/raw_extension.h"

namespace pinning {
namespace internal {
namespace {

struct NamedOid {
  absl::string_view name;
  absl::string_view octets;
};

// 2.5.29.x but for authorityInfoAccess, 1.3.6.1.5.5.7.1.1, and nsCertType,
// 2.16.840.1.113730.1.1.
constexpr NamedOid kExtensions[] = {
    {"authorityInfoAccess", "\x2b\x06\x01\x05\x05\x07\x01\x01"},
    {"authorityKeyIdentifier", "\x55\x1d\x23"},
    {"basicConstraints", "\x55\x1d\x13"},
    {"cRLDistributionPoints", "\x55\x1d\x1f"},
    {"certificatePolicies", "\x55\x1d\x20"},
    {"extKeyUsage", "\x55\x1d\x25"},
    {"keyUsage", "\x55\x1d\x0f"},
    {"nsCertType", "\x60\x86\x48\x01\x86\xf8\x42\x01\x01"},
    {"subjectAltName", "\x55\x1d\x11"},
    {"subjectKeyIdentifier", "\x55\x1d\x0e"},
};

bool Holds(const NameCondition& condition, absl::string_view value) {
  switch (condition.kind) {
    case NameCondition::Kind::kExact:
      return absl::EqualsIgnoreCase(value, condition.text);
    case NameCondition::Kind::kPrefix:
      return absl::StartsWithIgnoreCase(value, condition.text);
    case NameCondition::Kind::kSuffix:
      return absl::EndsWithIgnoreCase(value, condition.text);
    case NameCondition::Kind::kContains:
      return absl::StrContains(absl::AsciiStrToLower(value), condition.text);
  }
  return false;
}

bool HasExtensions(const StructureRule& rule, const Certificate& leaf) {
  const ExtensionList& actual = leaf.parsed().extensions;
  return std::equal(actual.begin(), actual.end(), rule.extensions.begin(),
                    rule.extensions.end(),
                    [](const RawExtension& is, const LeafExtension& wanted) {
                      return is.critical == wanted.critical &&
                             std::equal(is.oid.begin(), is.oid.end(),
                                        wanted.oid.begin(), wanted.oid.end(),
                                        [](uint8_t a, char b) {
                                          return a == static_cast<uint8_t>(b);
                                        });
                    });
}

bool NamesIssuer(const Certificate& leaf) {
  const std::optional<AuthorityKeyId>& key_id = leaf.parsed().authority_key_id;
  return key_id.has_value() && key_id->has_issuer && key_id->has_serial;
}

}  // namespace

bool Holds(const NameRule& rule, const Name& name) {
  const std::vector<NameAttribute>& attributes = AttributesOf(name);
  return std::all_of(rule.conditions.begin(), rule.conditions.end(),
                     [&attributes](const NameCondition& condition) {
                       return std::any_of(
                           attributes.begin(), attributes.end(),
                           [&condition](const NameAttribute& attribute) {
                             return attribute.is_text &&
                                    attribute.oid == condition.oid &&
                                    Holds(condition, attribute.value);
                           });
                     });
}

bool Holds(const StructureRule& rule, const Certificate& leaf,
           const Certificate* issuer) {
  if (!HasExtensions(rule, leaf)) {
    return false;
  }
  if (issuer == nullptr &&
      (rule.leaf_key_is_issuer_key || rule.valid_as_issuer)) {
    return false;
  }
  if (rule.leaf_key_is_issuer_key && leaf.pin() != issuer->pin()) {
    return false;
  }
  if (rule.valid_as_issuer && (leaf.not_before() != issuer->not_before() ||
                               leaf.not_after() != issuer->not_after())) {
    return false;
  }
  if (rule.authority_key_names_issuer && !NamesIssuer(leaf)) {
    return false;
  }
  if (rule.valid_for.has_value() &&
      leaf.not_after() - leaf.not_before() != *rule.valid_for) {
    return false;
  }
  return !rule.serial_octets_at_most.has_value() ||
         leaf.serial().size() <= *rule.serial_octets_at_most;
}

std::optional<std::string> ExtensionOid(absl::string_view name) {
  for (const NamedOid& extension : kExtensions) {
    if (extension.name == name) {
      return std::string(extension.octets);
    }
  }
  return std::nullopt;
}

}  // namespace internal
}  // namespace pinning
