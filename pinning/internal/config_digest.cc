#include "pinning/internal/config_digest.h"

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "pinning/internal/field_hasher.h"
#include "pinning/path_builder.h"
#include "pinning/pin.h"
#include "pinning/pin_store.h"
#include "pinning/policy_options.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace internal {
namespace {

Digest HashAnchor(const TrustAnchor& anchor) {
  FieldHasher hasher("anchor");
  hasher.Add(anchor.certificate.der());
  hasher.AddNumber(anchor.origin == TrustAnchor::Origin::kLocal ? 1 : 0);
  hasher.AddNumber(anchor.enforce_expiry ? 1 : 0);
  hasher.AddNumber(anchor.enforce_constraints ? 1 : 0);
  return hasher.Finish();
}

Digest HashPolicies(const PolicyOptions& policies) {
  FieldHasher hasher("policies");
  const std::set<std::string> acceptable(policies.acceptable.begin(),
                                         policies.acceptable.end());
  hasher.AddNumber(static_cast<int64_t>(acceptable.size()));
  for (const std::string& oid : acceptable) {
    hasher.Add(oid);
  }
  hasher.AddNumber(policies.require_explicit_policy ? 1 : 0);
  hasher.AddNumber(policies.inhibit_policy_mapping ? 1 : 0);
  hasher.AddNumber(policies.inhibit_any_policy ? 1 : 0);
  return hasher.Finish();
}

}  // namespace

std::array<uint8_t, 32> ConfigDigest(const TrustStore& trust_store,
                                     const PinStore& pin_store,
                                     KeyPurpose purpose, Profile profile,
                                     const PolicyOptions& policies,
                                     const Limits& limits,
                                     absl::Span<const std::string> weakenings) {
  FieldHasher hasher("pinning.config/1");
  std::vector<Digest> anchors;
  for (const TrustAnchor& anchor : trust_store.anchors()) {
    anchors.push_back(HashAnchor(anchor));
  }
  hasher.AddList(std::move(anchors));
  const std::vector<Pin> distrusted = trust_store.distrusted();
  hasher.AddNumber(static_cast<int64_t>(distrusted.size()));
  for (const Pin& pin : distrusted) {
    hasher.Add(pin.digest());
  }
  hasher.Add(pin_store.Digest());
  hasher.AddNumber(purpose == KeyPurpose::kClientAuth ? 1 : 0);
  hasher.AddNumber(static_cast<int64_t>(profile));
  hasher.Add(HashPolicies(policies));
  hasher.AddNumber(limits.max_depth);
  hasher.AddNumber(limits.max_signatures);
  hasher.AddNumber(limits.max_build_calls);
  hasher.AddNumber(limits.max_name_comparisons);
  hasher.AddNumber(limits.max_policy_nodes);
  hasher.AddNumber(limits.max_path_length.value_or(-1));
  hasher.AddNumber(static_cast<int64_t>(weakenings.size()));
  for (const std::string& weakening : weakenings) {
    hasher.Add(weakening);
  }
  return hasher.Finish();
}

}  // namespace internal
}  // namespace pinning
