#include "pinning/internal/config_digest.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/path_builder.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/policy_options.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace internal {
namespace {

using Digest = std::array<uint8_t, SHA256_DIGEST_LENGTH>;

// A Hasher hashes fields, each with its length in eight octets before it, so
// that no two lists of fields are the same bytes.
class Hasher {
 public:
  explicit Hasher(absl::string_view domain) {
    SHA256_Init(&context_);
    Add(domain);
  }

  void Add(absl::Span<const uint8_t> field) {
    uint8_t length[8];
    for (int i = 0; i < 8; ++i) {
      length[i] = static_cast<uint8_t>(uint64_t{field.size()} >> (56 - 8 * i));
    }
    SHA256_Update(&context_, length, sizeof(length));
    SHA256_Update(&context_, field.data(), field.size());
  }

  void Add(absl::string_view field) {
    Add(absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(field.data()),
                            field.size()));
  }

  void AddNumber(int64_t number) { Add(absl::StrCat(number)); }

  // AddList sorts `digests` first: a list is hashed as a set.
  void AddList(std::vector<Digest> digests) {
    std::sort(digests.begin(), digests.end());
    AddNumber(static_cast<int64_t>(digests.size()));
    for (const Digest& digest : digests) {
      Add(digest);
    }
  }

  Digest Finish() {
    Digest digest;
    SHA256_Final(digest.data(), &context_);
    return digest;
  }

 private:
  SHA256_CTX context_;
};

Digest HashAnchor(const TrustAnchor& anchor) {
  Hasher hasher("anchor");
  hasher.Add(anchor.certificate.der());
  hasher.AddNumber(anchor.origin == TrustAnchor::Origin::kLocal ? 1 : 0);
  hasher.AddNumber(anchor.enforce_expiry ? 1 : 0);
  hasher.AddNumber(anchor.enforce_constraints ? 1 : 0);
  return hasher.Finish();
}

std::vector<Digest> HashPins(absl::Span<const NamedPin> pins) {
  std::vector<Digest> digests;
  for (const NamedPin& pin : pins) {
    Hasher hasher("pin");
    hasher.Add(pin.pin.digest());
    hasher.Add(PinRoleName(pin.role));
    digests.push_back(hasher.Finish());
  }
  return digests;
}

Digest HashPinSet(const PinSet& set) {
  Hasher hasher("set");
  hasher.AddNumber(set.mode() == PinSet::Mode::kReportOnly ? 1 : 0);
  hasher.AddNumber(set.on_expiry() == PinSet::OnExpiry::kReject ? 1 : 0);
  hasher.Add(
      absl::FormatTime(absl::RFC3339_full, set.expires(), absl::UTCTimeZone()));
  hasher.AddList(HashPins(set.pins()));
  hasher.AddList(HashPins(set.backup_pins()));
  hasher.AddList(HashPins(set.blocked_pins()));
  return hasher.Finish();
}

Digest HashPolicies(const PolicyOptions& policies) {
  Hasher hasher("policies");
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

std::vector<Digest> HashEntries(const PinStore& pin_store) {
  std::map<const PinSet*, Digest> sets;
  for (const PinSet* set : pin_store.pin_sets()) {
    sets.emplace(set, HashPinSet(*set));
  }
  std::vector<Digest> digests;
  digests.reserve(pin_store.entries().size());
  for (const PinStore::Entry& entry : pin_store.entries()) {
    Hasher hasher("entry");
    hasher.Add(entry.pattern);
    // A carved-out pattern has no set, which is not the same as an empty one.
    const auto it = sets.find(entry.pin_set);
    hasher.AddNumber(it == sets.end() ? 0 : 1);
    if (it != sets.end()) {
      hasher.Add(it->second);
    }
    digests.push_back(hasher.Finish());
  }
  return digests;
}

}  // namespace

std::array<uint8_t, 32> ConfigDigest(const TrustStore& trust_store,
                                     const PinStore& pin_store,
                                     KeyPurpose purpose, Profile profile,
                                     const PolicyOptions& policies,
                                     const Limits& limits,
                                     absl::Span<const std::string> weakenings) {
  Hasher hasher("pinning.config/1");
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
  hasher.AddList(HashEntries(pin_store));
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
