#include "pinning/interceptor_catalogue.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/certificate.h"
#include "pinning/internal/interceptor_parser.h"
#include "pinning/internal/interceptor_rules.h"
#include "pinning/internal/interceptors_data.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/status_macros.h"
#include "pinning/pin.h"

namespace pinning {

using internal::InterceptorParts;
using internal::Name;
using internal::NameRule;
using internal::ParsedCertificate;
using internal::StructureRule;

struct InterceptorCatalogue::Rep {
  explicit Rep(InterceptorParts all) : parts(std::move(all)) {
    for (const std::pair<Pin, size_t>& key : parts.keys) {
      by_key.emplace(key.first, key.second);
    }
  }

  const InterceptorParts parts;
  absl::flat_hash_map<Pin, size_t> by_key;  // to an index of a product
};

namespace {

// AddRules copies the rules of products that `index` has a new number for.
template <typename Rule>
void AddRules(const std::vector<Rule>& from,
              const absl::flat_hash_map<size_t, size_t>& index,
              std::vector<Rule>* to) {
  for (const Rule& rule : from) {
    const auto it = index.find(rule.product);
    if (it != index.end()) {
      to->push_back(rule);
      to->back().product = it->second;
    }
  }
}

// AddMissing adds to `parts` the products of `base` that it has none of the
// name of, with their rules and with those keys of theirs that it lacks.
void AddMissing(const InterceptorParts& base, InterceptorParts* parts) {
  absl::flat_hash_set<std::string> names;
  for (const InterceptorProduct& product : parts->products) {
    names.insert(product.name);
  }
  absl::flat_hash_set<Pin> keys;
  for (const std::pair<Pin, size_t>& key : parts->keys) {
    keys.insert(key.first);
  }
  absl::flat_hash_map<size_t, size_t> index;
  for (size_t i = 0; i < base.products.size(); ++i) {
    if (!names.contains(base.products[i].name)) {
      index.emplace(i, parts->products.size());
      parts->products.push_back(base.products[i]);
    }
  }
  AddRules(base.issuer_rules, index, &parts->issuer_rules);
  AddRules(base.subject_rules, index, &parts->subject_rules);
  AddRules(base.structure_rules, index, &parts->structure_rules);
  for (const std::pair<Pin, size_t>& key : base.keys) {
    const auto it = index.find(key.second);
    if (it != index.end() && !keys.contains(key.first)) {
      parts->keys.emplace_back(key.first, it->second);
    }
  }
}

bool AnyHolds(const NameRule& rule, const ParsedCertificate& certificate) {
  const bool is_authority = certificate.basic_constraints.has_value() &&
                            certificate.basic_constraints->is_ca;
  return Holds(rule, certificate.issuer) ||
         (is_authority && Holds(rule, certificate.subject));
}

}  // namespace

InterceptorCatalogue::InterceptorCatalogue(std::unique_ptr<const Rep> rep)
    : rep_(std::move(rep)) {}
InterceptorCatalogue::~InterceptorCatalogue() = default;

absl::StatusOr<std::shared_ptr<const InterceptorCatalogue>>
InterceptorCatalogue::FromJson(absl::string_view text,
                               absl::string_view file_name) {
  PINNING_ASSIGN_OR_RETURN(InterceptorParts parts,
                           internal::ParseInterceptors(text, file_name));
  return std::shared_ptr<const InterceptorCatalogue>(
      new InterceptorCatalogue(std::make_unique<Rep>(std::move(parts))));
}

std::shared_ptr<const InterceptorCatalogue> InterceptorCatalogue::BuiltIn() {
  absl::StatusOr<std::shared_ptr<const InterceptorCatalogue>> catalogue =
      FromJson(internal::InterceptorsJson(), "pins/interceptors.json");
  if (!catalogue.ok()) {
    // A test holds that the built-in text parses. Without it refusals are still
    // refusals; only the product's name is missing from them.
    return std::shared_ptr<const InterceptorCatalogue>(
        new InterceptorCatalogue(std::make_unique<Rep>(InterceptorParts())));
  }
  return *std::move(catalogue);
}

std::shared_ptr<const InterceptorCatalogue> InterceptorCatalogue::Merge(
    const InterceptorCatalogue& own, const InterceptorCatalogue& base) {
  InterceptorParts parts = own.rep_->parts;
  AddMissing(base.rep_->parts, &parts);
  return std::shared_ptr<const InterceptorCatalogue>(
      new InterceptorCatalogue(std::make_unique<Rep>(std::move(parts))));
}

const InterceptorCatalogue::Product* InterceptorCatalogue::FindByKey(
    const Pin& spki) const {
  const auto it = rep_->by_key.find(spki);
  return it == rep_->by_key.end() ? nullptr : &products()[it->second];
}

const InterceptorCatalogue::Product* InterceptorCatalogue::FindByIssuer(
    const Certificate& certificate) const {
  for (const NameRule& rule : rep_->parts.issuer_rules) {
    if (AnyHolds(rule, certificate.parsed())) {
      return &products()[rule.product];
    }
  }
  return nullptr;
}

const InterceptorCatalogue::Product* InterceptorCatalogue::FindBySubject(
    const Certificate& certificate) const {
  for (const NameRule& rule : rep_->parts.subject_rules) {
    if (Holds(rule, certificate.parsed().subject)) {
      return &products()[rule.product];
    }
  }
  return nullptr;
}

const InterceptorCatalogue::Product* InterceptorCatalogue::FindByName(
    const Certificate& certificate) const {
  const Product* product = FindByIssuer(certificate);
  return product != nullptr ? product : FindBySubject(certificate);
}

const InterceptorCatalogue::Product* InterceptorCatalogue::FindByStructure(
    const Certificate& leaf, const Certificate* issuer) const {
  for (const StructureRule& rule : rep_->parts.structure_rules) {
    if (Holds(rule, leaf, issuer)) {
      return &products()[rule.product];
    }
  }
  return nullptr;
}

const std::vector<InterceptorCatalogue::Product>&
InterceptorCatalogue::products() const {
  return rep_->parts.products;
}

std::vector<std::string> InterceptorCatalogue::SharedWith(
    const InterceptorCatalogue& other) const {
  absl::flat_hash_set<std::string> names;
  for (const Product& product : other.products()) {
    names.insert(product.name);
  }
  std::vector<std::string> shared;
  for (const Product& product : products()) {
    if (names.contains(product.name)) {
      shared.push_back(product.name);
    }
  }
  for (const std::pair<Pin, size_t>& key : rep_->parts.keys) {
    if (other.rep_->by_key.contains(key.first)) {
      shared.push_back(key.first.ToString());
    }
  }
  return shared;
}

}  // namespace pinning
