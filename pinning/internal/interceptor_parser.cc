#include "pinning/internal/interceptor_parser.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/interceptor_product.h"
#include "pinning/internal/interceptor_rules.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/status_macros.h"
#include "pinning/pin.h"

namespace pinning {
namespace internal {
namespace {

constexpr absl::string_view kSchema = "pinning.interceptors/1";

// Shorter ones would match names that only happen to begin so, or to hold them.
constexpr size_t kMinEnd = 2;
constexpr size_t kMinFragment = 4;

constexpr double kMaxValidSeconds = 4e9;  // over a century
constexpr double kMaxSerialOctets = 64;

struct Attribute {
  absl::string_view key;
  absl::string_view oid;
};

constexpr Attribute kAttributes[] = {
    {"cn", "2.5.4.3"},
    {"o", "2.5.4.10"},
    {"ou", "2.5.4.11"},
    {"c", "2.5.4.6"},
    {"email", "1.2.840.113549.1.9.1"},
};

struct Comparison {
  absl::string_view key;
  NameCondition::Kind kind;
};

constexpr Comparison kComparisons[] = {
    {"exact", NameCondition::Kind::kExact},
    {"prefix", NameCondition::Kind::kPrefix},
    {"suffix", NameCondition::Kind::kSuffix},
    {"contains", NameCondition::Kind::kContains},
};

// What says how sure a row is, and whether somebody read its source.
struct EvidenceName {
  absl::string_view name;
  bool confirmed;
};

constexpr EvidenceName kEvidence[] = {
    {"code", true},         {"vendor", true}, {"seen", true},
    {"certificate", true},  {"quoted", true}, {"own", true},
    {"unconfirmed", false},
};

size_t LeastSize(NameCondition::Kind kind) {
  switch (kind) {
    case NameCondition::Kind::kExact:
      return 1;
    case NameCondition::Kind::kPrefix:
    case NameCondition::Kind::kSuffix:
      return kMinEnd;
    case NameCondition::Kind::kContains:
      return kMinFragment;
  }
  return kMinFragment;
}

// A Parser fills `parts` from one document. Each Parse function refuses what
// the schema does not name.
class Parser {
 public:
  explicit Parser(const JsonDocument& document) : document_(document) {}

  absl::Status Parse() {
    const JsonValue& root = document_.root();
    if (!root.is_object()) {
      return document_.ErrorAt(root, "expected an object");
    }
    PINNING_RETURN_IF_ERROR(CheckKeys(root, {"schema", "products"}));
    const std::optional<JsonValue> schema = root.Find("schema");
    if (!schema.has_value() || !schema->is_string() ||
        schema->string() != kSchema) {
      return document_.ErrorAt(
          !schema.has_value() ? root : *schema,
          absl::StrCat("\"schema\" must be \"", kSchema, "\""));
    }
    const std::optional<JsonValue> list = root.Find("products");
    if (!list.has_value() || !list->is_array() || list->elements().empty()) {
      return document_.ErrorAt(!list.has_value() ? root : *list,
                               "\"products\" must be a list that is not empty");
    }
    for (const JsonValue& value : list->elements()) {
      PINNING_RETURN_IF_ERROR(ParseProduct(value));
    }
    return absl::OkStatus();
  }

  InterceptorParts parts;

 private:
  absl::Status CheckKeys(const JsonValue& object,
                         const std::vector<absl::string_view>& known) const {
    for (const JsonMember& member : object.members()) {
      bool found = false;
      for (absl::string_view key : known) {
        found = found || member.key == key;
      }
      if (!found) {
        return document_.ErrorAt(member.key_offset, "unknown key");
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> RequiredString(const JsonValue& object,
                                             absl::string_view key) const {
    const std::optional<JsonValue> value = object.Find(key);
    if (!value.has_value() || !value->is_string() || value->string().empty()) {
      return document_.ErrorAt(
          !value.has_value() ? object : *value,
          absl::StrCat("\"", key, "\" must be a string that is not empty"));
    }
    return std::string(value->string());
  }

  size_t current() const { return parts.products.size() - 1; }

  absl::Status ParseProduct(const JsonValue& value) {
    if (!value.is_object()) {
      return document_.ErrorAt(value, "expected an object");
    }
    PINNING_RETURN_IF_ERROR(
        CheckKeys(value, {"name", "kind", "source", "evidence", "says",
                          "issuer", "subject", "structure", "keys"}));
    InterceptorProduct product;
    PINNING_ASSIGN_OR_RETURN(product.name, RequiredString(value, "name"));
    if (!names_.insert(product.name).second) {
      return document_.ErrorAt(*value.Find("name"),
                               "this product is listed twice");
    }
    PINNING_ASSIGN_OR_RETURN(const std::string kind,
                             RequiredString(value, "kind"));
    PINNING_ASSIGN_OR_RETURN(product.kind,
                             ParseKind(*value.Find("kind"), kind));
    PINNING_ASSIGN_OR_RETURN(product.source, RequiredString(value, "source"));
    if (!absl::StartsWith(product.source, "https://")) {
      return document_.ErrorAt(*value.Find("source"),
                               "\"source\" must begin https://");
    }
    PINNING_ASSIGN_OR_RETURN(product.confirmed, ParseEvidence(value));
    if (value.Find("says").has_value()) {
      PINNING_RETURN_IF_ERROR(RequiredString(value, "says").status());
    }
    parts.products.push_back(std::move(product));
    return ParseRules(value);
  }

  absl::Status ParseRules(const JsonValue& product) {
    if (!product.Find("issuer").has_value()) {
      return document_.ErrorAt(product, "\"issuer\" must be a list");
    }
    PINNING_RETURN_IF_ERROR(
        ParseNameRules(product, "issuer", &parts.issuer_rules));
    PINNING_RETURN_IF_ERROR(
        ParseNameRules(product, "subject", &parts.subject_rules));
    PINNING_RETURN_IF_ERROR(ParseStructures(product));
    return ParseKeys(product);
  }

  absl::StatusOr<VendorKind> ParseKind(const JsonValue& value,
                                       absl::string_view name) const {
    for (VendorKind kind : AllVendorKinds()) {
      if (VendorKindName(kind) == name) {
        return kind;
      }
    }
    return document_.ErrorAt(value, "unknown kind of product");
  }

  absl::StatusOr<bool> ParseEvidence(const JsonValue& product) const {
    const std::optional<JsonValue> value = product.Find("evidence");
    if (!value.has_value()) {
      return true;  // a row of one's own
    }
    for (const EvidenceName& evidence : kEvidence) {
      if (value->is_string() && value->string() == evidence.name) {
        return evidence.confirmed;
      }
    }
    return document_.ErrorAt(*value, "unknown kind of evidence");
  }

  absl::StatusOr<std::vector<JsonValue>> OptionalList(
      const JsonValue& object, absl::string_view key) const {
    const std::optional<JsonValue> list = object.Find(key);
    if (!list.has_value()) {
      return std::vector<JsonValue>();
    }
    if (!list->is_array()) {
      return document_.ErrorAt(*list,
                               absl::StrCat("\"", key, "\" must be a list"));
    }
    return list->elements().ToVector();
  }

  absl::Status ParseNameRules(const JsonValue& product, absl::string_view key,
                              std::vector<NameRule>* rules) {
    PINNING_ASSIGN_OR_RETURN(const std::vector<JsonValue> list,
                             OptionalList(product, key));
    for (const JsonValue& value : list) {
      if (!value.is_object() || value.members().empty()) {
        return document_.ErrorAt(value, "expected an object that is not empty");
      }
      NameRule rule;
      rule.product = current();
      for (const JsonMember& member : value.members()) {
        PINNING_ASSIGN_OR_RETURN(NameCondition condition,
                                 ParseCondition(member));
        rule.conditions.push_back(std::move(condition));
      }
      rules->push_back(std::move(rule));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<NameCondition> ParseCondition(const JsonMember& member) const {
    NameCondition condition;
    for (const Attribute& attribute : kAttributes) {
      if (attribute.key == member.key) {
        condition.oid = std::string(attribute.oid);
      }
    }
    if (condition.oid.empty()) {
      return document_.ErrorAt(member.key_offset, "unknown attribute");
    }
    const JsonValue& value = member.value;
    if (!value.is_object() || value.members().size() != 1 ||
        !value.members()[0].value.is_string()) {
      return document_.ErrorAt(value,
                               "expected exactly one of \"exact\", "
                               "\"prefix\", \"suffix\", \"contains\"");
    }
    const JsonMember test = value.members()[0];
    bool known = false;
    for (const Comparison& comparison : kComparisons) {
      if (comparison.key == test.key) {
        condition.kind = comparison.kind;
        known = true;
      }
    }
    if (!known) {
      return document_.ErrorAt(test.key_offset, "unknown comparison");
    }
    condition.text = absl::AsciiStrToLower(test.value.string());
    const size_t least = LeastSize(condition.kind);
    if (condition.text.size() < least) {
      return document_.ErrorAt(
          test.value, absl::StrCat("needs ", least, " characters or more"));
    }
    return condition;
  }

  absl::Status ParseStructures(const JsonValue& product) {
    PINNING_ASSIGN_OR_RETURN(const std::vector<JsonValue> list,
                             OptionalList(product, "structure"));
    for (const JsonValue& value : list) {
      StructureRule rule;
      rule.product = current();
      PINNING_RETURN_IF_ERROR(ParseStructure(value, &rule));
      parts.structure_rules.push_back(std::move(rule));
    }
    return absl::OkStatus();
  }

  absl::Status ParseStructure(const JsonValue& value, StructureRule* rule) {
    // A list of extensions alone is what many honest programs write.
    if (!value.is_object() || !value.Find("extensions").has_value() ||
        value.members().size() < 2) {
      return document_.ErrorAt(value,
                               "expected an object with \"extensions\" and "
                               "one condition more");
    }
    for (const JsonMember& member : value.members()) {
      if (member.key == "extensions") {
        PINNING_RETURN_IF_ERROR(ParseExtensions(member.value, rule));
      } else if (member.key == "leaf-key-is-issuer-key") {
        PINNING_RETURN_IF_ERROR(RequireTrue(member.value));
        rule->leaf_key_is_issuer_key = true;
      } else if (member.key == "valid-as-issuer") {
        PINNING_RETURN_IF_ERROR(RequireTrue(member.value));
        rule->valid_as_issuer = true;
      } else if (member.key == "authority-key-names-issuer") {
        PINNING_RETURN_IF_ERROR(RequireTrue(member.value));
        rule->authority_key_names_issuer = true;
      } else if (member.key == "valid-seconds") {
        PINNING_ASSIGN_OR_RETURN(const int64_t seconds,
                                 ParseCount(member.value, kMaxValidSeconds));
        rule->valid_for = absl::Seconds(seconds);
      } else if (member.key == "serial-octets-at-most") {
        PINNING_ASSIGN_OR_RETURN(rule->serial_octets_at_most,
                                 ParseCount(member.value, kMaxSerialOctets));
      } else {
        return document_.ErrorAt(member.key_offset, "unknown key");
      }
    }
    return absl::OkStatus();
  }

  absl::Status RequireTrue(const JsonValue& value) const {
    return value.boolean() ? absl::OkStatus()
                           : document_.ErrorAt(value, "must be true");
  }

  absl::StatusOr<int64_t> ParseCount(const JsonValue& value,
                                     double most) const {
    const double number = value.number();
    if (value.kind() != JsonValue::Kind::kNumber || number < 1 ||
        number > most || number != std::floor(number)) {
      return document_.ErrorAt(value,
                               absl::StrCat("must be a whole number from 1 to ",
                                            static_cast<int64_t>(most)));
    }
    return static_cast<int64_t>(number);
  }

  // Each is a name of RFC 5280, with "!" after it if it is critical.
  absl::Status ParseExtensions(const JsonValue& list, StructureRule* rule) {
    if (!list.is_array() || list.elements().empty()) {
      return document_.ErrorAt(
          list, "\"extensions\" must be a list that is not empty");
    }
    for (const JsonValue& value : list.elements()) {
      absl::string_view name = value.string();
      const bool critical = !name.empty() && name.back() == '!';
      if (critical) {
        name.remove_suffix(1);
      }
      const std::optional<std::string> oid = ExtensionOid(name);
      if (!oid.has_value()) {
        return document_.ErrorAt(value, "unknown extension");
      }
      rule->extensions.push_back({*oid, critical});
    }
    return absl::OkStatus();
  }

  absl::Status ParseKeys(const JsonValue& product) {
    PINNING_ASSIGN_OR_RETURN(const std::vector<JsonValue> list,
                             OptionalList(product, "keys"));
    for (const JsonValue& value : list) {
      if (!value.is_string()) {
        return document_.ErrorAt(value, "expected a pin");
      }
      const absl::StatusOr<Pin> pin = Pin::FromString(value.string());
      if (!pin.ok()) {
        return document_.ErrorAt(value, pin.status().message());
      }
      if (!keys_.insert(*pin).second) {
        return document_.ErrorAt(value, "this key is listed twice");
      }
      parts.keys.emplace_back(*pin, current());
    }
    return absl::OkStatus();
  }

  const JsonDocument& document_;
  absl::flat_hash_set<std::string> names_;
  absl::flat_hash_set<Pin> keys_;
};

}  // namespace

absl::StatusOr<InterceptorParts> ParseInterceptors(
    absl::string_view text, absl::string_view file_name) {
  PINNING_ASSIGN_OR_RETURN(const JsonDocument document,
                           JsonDocument::Parse(text, file_name));
  Parser parser(document);
  PINNING_RETURN_IF_ERROR(parser.Parse());
  return std::move(parser.parts);
}

}  // namespace internal
}  // namespace pinning
