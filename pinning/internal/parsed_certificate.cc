#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace internal {

void ParsedCertificate::BorrowFrom(Bytes copy) {
  const uint8_t* const from = der.data();
  const auto move = [from, copy](Bytes& part) {
    if (part.data() != nullptr) {
      part = copy.subspan(part.data() - from, part.size());
    }
  };
  for (Bytes* part : {&tbs, &signature_algorithm, &tbs_signature_algorithm,
                      &signature, &serial, &issuer.der, &subject.der, &spki,
                      &policy_mappings, &unhandled_critical}) {
    move(*part);
  }
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
