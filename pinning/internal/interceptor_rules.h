#ifndef PINNING_INTERNAL_INTERCEPTOR_RULES_H_
#define PINNING_INTERNAL_INTERCEPTOR_RULES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/internal/parsed_certificate.h"

// The rules of a catalogue of interceptors. A rule is cheap, has no regular
// expressions, and decides nothing but which product is named.
namespace pinning {
namespace internal {

// A NameCondition holds on a name that has an attribute of type `oid` with a
// value that compares. ASCII case is disregarded.
struct NameCondition {
  enum class Kind { kExact, kPrefix, kSuffix, kContains };

  std::string oid;  // dotted
  Kind kind = Kind::kExact;
  std::string text;  // lower case
};

// A NameRule holds if all of its conditions do.
struct NameRule {
  std::vector<NameCondition> conditions;
  size_t product = 0;  // an index
};

bool Holds(const NameRule& rule, const Name& name);

// A LeafExtension is one extension of a leaf, as a StructureRule lists it.
struct LeafExtension {
  std::string oid;  // content octets
  bool critical = false;
};

// A StructureRule holds if a leaf has just these extensions in this order and
// meets every condition that is set.
struct StructureRule {
  std::vector<LeafExtension> extensions;
  bool leaf_key_is_issuer_key = false;
  bool valid_as_issuer = false;             // both dates are the issuer's
  bool authority_key_names_issuer = false;  // by name and serial number
  std::optional<absl::Duration> valid_for;  // notAfter less notBefore
  std::optional<size_t> serial_octets_at_most;
  size_t product = 0;  // an index
};

// `issuer` may be null: what a rule asks of it then does not hold.
bool Holds(const StructureRule& rule, const Certificate& leaf,
           const Certificate* issuer);

// ExtensionOid returns the content octets of the OID of the extension that
// RFC 5280, 4.2 calls `name`, without "id-ce-", or nothing.
std::optional<std::string> ExtensionOid(absl::string_view name);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_INTERCEPTOR_RULES_H_
