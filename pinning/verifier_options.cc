#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/policy.h"
#include "pinning/internal/text_escape.h"
#include "pinning/verifier.h"

namespace pinning {

absl::Status Verifier::CheckOptions(const Options& options) {
  if (options.trust_store == nullptr) {
    return absl::InvalidArgumentError("trust_store is required");
  }
  if (options.trust_store->anchors().empty()) {
    return absl::InvalidArgumentError("trust_store is empty");
  }
  if (options.pin_store == nullptr) {
    return absl::InvalidArgumentError(
        "pin_store is required; to verify without pins, pass "
        "PinStore::Empty()");
  }
  const Limits& limits = options.limits;
  if (limits.max_depth <= 0 || limits.max_signatures <= 0 ||
      limits.max_build_calls <= 0 || limits.max_name_comparisons <= 0 ||
      limits.max_policy_nodes <= 0) {
    return absl::InvalidArgumentError("limits: every limit must be positive");
  }
  if (limits.max_path_length.value_or(0) < 0) {
    return absl::InvalidArgumentError(
        "limits: max_path_length must not be negative");
  }
  if (options.policies.acceptable.empty()) {
    return absl::InvalidArgumentError("policies: none would be acceptable");
  }
  for (const std::string& oid : options.policies.acceptable) {
    if (!internal::IsDottedOid(oid)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "policies: not an OBJECT IDENTIFIER: ", internal::EscapeText(oid)));
    }
  }
  return absl::OkStatus();
}

}  // namespace pinning
