#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace internal {

void ParsedCertificate::BorrowFrom(Bytes copy) {
  const auto move = [from = der.data(), to = copy.data()](Bytes& part) {
    if (part.data() != nullptr) {
      part = Bytes(to + (part.data() - from), part.size());
    }
  };
  move(tbs);
  move(signature_algorithm);
  move(tbs_signature_algorithm);
  move(signature);
  move(serial);
  move(issuer.der);
  move(subject.der);
  move(spki);
  move(policy_mappings);
  move(unhandled_critical);
  const auto moved = [&move](Bytes part) {
    move(part);
    return part;
  };
  extensions = ExtensionList(moved(extensions.content()));
  if (extended_key_usage.has_value()) {
    extended_key_usage.emplace(moved(extended_key_usage->content()));
  }
  if (subject_alt_names.has_value()) {
    move(subject_alt_names->content);
  }
  if (name_constraints.has_value()) {
    move(name_constraints->permitted.content);
    move(name_constraints->excluded.content);
  }
  if (policies.has_value()) {
    move(*policies);
  }
  if (authority_key_id.has_value() && authority_key_id->key_id.has_value()) {
    move(*authority_key_id->key_id);
  }
  if (subject_key_id.has_value()) {
    move(*subject_key_id);
  }
  der = copy;
}

}  // namespace internal
}  // namespace pinning
