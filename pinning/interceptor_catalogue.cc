#include "pinning/interceptor_catalogue.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/internal/interceptors_data.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/status_macros.h"
#include "pinning/pin.h"

namespace pinning {

using internal::JsonDocument;
using internal::JsonMember;
using internal::JsonValue;

namespace {

constexpr VendorKind kAllVendorKinds[] = {
    VendorKind::kUnknown,        VendorKind::kEnterpriseProxy,
    VendorKind::kFirewall,       VendorKind::kAntivirus,
    VendorKind::kDeveloperProxy, VendorKind::kParentalControl,
    VendorKind::kMalware,        VendorKind::kState,
};

constexpr absl::string_view kSchema = "pinning.interceptors/1";

// A shorter fragment would match names that only happen to hold it.
constexpr size_t kMinFragment = 4;

struct Condition {
  enum class Kind { kExact, kPrefix, kContains };

  std::string oid;
  Kind kind = Kind::kExact;
  std::string text;
};

// A Rule holds if all of its conditions do.
struct Rule {
  std::vector<Condition> conditions;
  size_t product = 0;
};

bool Holds(const Condition& condition, absl::string_view value) {
  switch (condition.kind) {
    case Condition::Kind::kExact:
      return absl::EqualsIgnoreCase(value, condition.text);
    case Condition::Kind::kPrefix:
      return absl::StartsWithIgnoreCase(value, condition.text);
    case Condition::Kind::kContains:
      return absl::StrContains(absl::AsciiStrToLower(value),
                               absl::AsciiStrToLower(condition.text));
  }
  return false;
}

bool Holds(const Rule& rule, const Certificate& certificate) {
  for (const Condition& condition : rule.conditions) {
    bool any = false;
    for (const std::string& value :
         certificate.IssuerAttribute(condition.oid)) {
      any = any || Holds(condition, value);
    }
    if (!any) {
      return false;
    }
  }
  return true;
}

}  // namespace

struct InterceptorCatalogue::Rep {
  std::vector<Product> products;
  std::vector<Rule> rules;
  absl::flat_hash_map<Pin, size_t> keys;  // to an index in `products`
};

namespace {

// A CatalogueParser fills the parts of a catalogue from one document. Each
// Parse function refuses what the schema does not name.
class CatalogueParser {
 public:
  explicit CatalogueParser(const JsonDocument& document)
      : document_(document) {}

  absl::Status Parse() {
    const JsonValue& root = document_.root();
    if (!root.is_object()) {
      return document_.ErrorAt(root, "expected an object");
    }
    PINNING_RETURN_IF_ERROR(CheckKeys(root, {"schema", "products"}));
    const JsonValue* schema = root.Find("schema");
    if (schema == nullptr || !schema->is_string() ||
        schema->string() != kSchema) {
      return document_.ErrorAt(
          schema == nullptr ? root : *schema,
          absl::StrCat("\"schema\" must be \"", kSchema, "\""));
    }
    const JsonValue* list = root.Find("products");
    if (list == nullptr || !list->is_array() || list->elements().empty()) {
      return document_.ErrorAt(list == nullptr ? root : *list,
                               "\"products\" must be a list that is not empty");
    }
    for (const JsonValue& value : list->elements()) {
      PINNING_RETURN_IF_ERROR(ParseProduct(value));
    }
    return absl::OkStatus();
  }

  std::vector<InterceptorCatalogue::Product> products;
  std::vector<Rule> rules;
  absl::flat_hash_map<Pin, size_t> keys;

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
    const JsonValue* value = object.Find(key);
    if (value == nullptr || !value->is_string() || value->string().empty()) {
      return document_.ErrorAt(
          value == nullptr ? object : *value,
          absl::StrCat("\"", key, "\" must be a string that is not empty"));
    }
    return value->string();
  }

  absl::Status ParseProduct(const JsonValue& value) {
    if (!value.is_object()) {
      return document_.ErrorAt(value, "expected an object");
    }
    PINNING_RETURN_IF_ERROR(
        CheckKeys(value, {"name", "kind", "source", "issuer", "keys"}));
    InterceptorCatalogue::Product product;
    PINNING_ASSIGN_OR_RETURN(product.name, RequiredString(value, "name"));
    for (const InterceptorCatalogue::Product& other : products) {
      if (other.name == product.name) {
        return document_.ErrorAt(*value.Find("name"),
                                 "this product is listed twice");
      }
    }
    PINNING_ASSIGN_OR_RETURN(const std::string kind,
                             RequiredString(value, "kind"));
    PINNING_ASSIGN_OR_RETURN(product.kind,
                             ParseKind(*value.Find("kind"), kind));
    PINNING_ASSIGN_OR_RETURN(const std::string source,
                             RequiredString(value, "source"));
    if (!absl::StartsWith(source, "https://")) {
      return document_.ErrorAt(*value.Find("source"),
                               "\"source\" must begin https://");
    }
    products.push_back(std::move(product));
    PINNING_RETURN_IF_ERROR(ParseRules(value));
    return ParseKeys(value);
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

  absl::Status ParseRules(const JsonValue& product) {
    const JsonValue* list = product.Find("issuer");
    if (list == nullptr || !list->is_array()) {
      return document_.ErrorAt(list == nullptr ? product : *list,
                               "\"issuer\" must be a list");
    }
    for (const JsonValue& value : list->elements()) {
      if (!value.is_object() || value.members().empty()) {
        return document_.ErrorAt(value, "expected an object that is not empty");
      }
      Rule rule;
      rule.product = products.size() - 1;
      for (const JsonMember& member : value.members()) {
        PINNING_ASSIGN_OR_RETURN(Condition condition, ParseCondition(member));
        rule.conditions.push_back(std::move(condition));
      }
      rules.push_back(std::move(rule));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Condition> ParseCondition(const JsonMember& member) const {
    Condition condition;
    if (member.key == "cn") {
      condition.oid = "2.5.4.3";
    } else if (member.key == "o") {
      condition.oid = "2.5.4.10";
    } else if (member.key == "ou") {
      condition.oid = "2.5.4.11";
    } else {
      return document_.ErrorAt(member.key_offset, "unknown attribute");
    }
    const JsonValue& value = member.value;
    if (!value.is_object() || value.members().size() != 1 ||
        !value.members()[0].value.is_string()) {
      return document_.ErrorAt(
          value, "expected exactly one of \"exact\", \"prefix\", \"contains\"");
    }
    const JsonMember& test = value.members()[0];
    condition.text = test.value.string();
    if (test.key == "exact") {
      condition.kind = Condition::Kind::kExact;
    } else if (test.key == "prefix") {
      condition.kind = Condition::Kind::kPrefix;
    } else if (test.key == "contains") {
      condition.kind = Condition::Kind::kContains;
    } else {
      return document_.ErrorAt(test.key_offset, "unknown comparison");
    }
    const size_t least =
        condition.kind == Condition::Kind::kExact ? 1 : kMinFragment;
    if (condition.text.size() < least) {
      return document_.ErrorAt(
          test.value, absl::StrCat("needs ", least, " characters or more"));
    }
    return condition;
  }

  absl::Status ParseKeys(const JsonValue& product) {
    const JsonValue* list = product.Find("keys");
    if (list == nullptr) {
      return absl::OkStatus();
    }
    if (!list->is_array()) {
      return document_.ErrorAt(*list, "\"keys\" must be a list");
    }
    for (const JsonValue& value : list->elements()) {
      if (!value.is_string()) {
        return document_.ErrorAt(value, "expected a pin");
      }
      const absl::StatusOr<Pin> pin = Pin::FromString(value.string());
      if (!pin.ok()) {
        return document_.ErrorAt(value, pin.status().message());
      }
      if (!keys.emplace(*pin, products.size() - 1).second) {
        return document_.ErrorAt(value, "this key is listed twice");
      }
    }
    return absl::OkStatus();
  }

  const JsonDocument& document_;
};

}  // namespace

InterceptorCatalogue::InterceptorCatalogue(std::unique_ptr<const Rep> rep)
    : rep_(std::move(rep)) {}
InterceptorCatalogue::~InterceptorCatalogue() = default;

absl::StatusOr<std::shared_ptr<const InterceptorCatalogue>>
InterceptorCatalogue::FromJson(absl::string_view text,
                               absl::string_view file_name) {
  PINNING_ASSIGN_OR_RETURN(const JsonDocument document,
                           JsonDocument::Parse(text, file_name));
  CatalogueParser parser(document);
  PINNING_RETURN_IF_ERROR(parser.Parse());
  auto rep = std::make_unique<Rep>();
  rep->products = std::move(parser.products);
  rep->rules = std::move(parser.rules);
  rep->keys = std::move(parser.keys);
  return std::shared_ptr<const InterceptorCatalogue>(
      new InterceptorCatalogue(std::move(rep)));
}

std::shared_ptr<const InterceptorCatalogue> InterceptorCatalogue::BuiltIn() {
  absl::StatusOr<std::shared_ptr<const InterceptorCatalogue>> catalogue =
      FromJson(internal::InterceptorsJson(), "pins/interceptors.json");
  if (!catalogue.ok()) {
    // A test holds that the built-in text parses. Without it refusals are still
    // refusals; only the product's name is missing from them.
    return std::shared_ptr<const InterceptorCatalogue>(
        new InterceptorCatalogue(std::make_unique<Rep>()));
  }
  return *std::move(catalogue);
}

const InterceptorCatalogue::Product* InterceptorCatalogue::FindByIssuer(
    const Certificate& certificate) const {
  for (const Rule& rule : rep_->rules) {
    if (Holds(rule, certificate)) {
      return &rep_->products[rule.product];
    }
  }
  return nullptr;
}

const InterceptorCatalogue::Product* InterceptorCatalogue::FindByKey(
    const Pin& spki) const {
  const auto it = rep_->keys.find(spki);
  return it == rep_->keys.end() ? nullptr : &rep_->products[it->second];
}

size_t InterceptorCatalogue::size() const { return rep_->products.size(); }

absl::Span<const VendorKind> AllVendorKinds() { return kAllVendorKinds; }

absl::string_view VendorKindName(VendorKind kind) {
  switch (kind) {
    case VendorKind::kUnknown:
      return "unknown";
    case VendorKind::kEnterpriseProxy:
      return "enterprise-proxy";
    case VendorKind::kFirewall:
      return "firewall";
    case VendorKind::kAntivirus:
      return "antivirus";
    case VendorKind::kDeveloperProxy:
      return "developer-proxy";
    case VendorKind::kParentalControl:
      return "parental-control";
    case VendorKind::kMalware:
      return "malware";
    case VendorKind::kState:
      return "state";
  }
  return "unknown";
}

}  // namespace pinning
