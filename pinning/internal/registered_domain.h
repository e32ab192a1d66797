#ifndef PINNING_INTERNAL_REGISTERED_DOMAIN_H_
#define PINNING_INTERNAL_REGISTERED_DOMAIN_H_

#include "absl/strings/string_view.h"

// Who a DNS name belongs to, as far as names tell. `name` is in lower-case
// A-labels without a trailing dot. For evidence: none of this decides trust.
namespace pinning::internal {

// IsPrivateName returns whether no public authority would issue for `name`: it
// has one label, or its top-level name is kept for private use.
bool IsPrivateName(absl::string_view name);

// RegisteredDomain returns the part of `name` that someone registered: its
// public suffix and one label more. Empty for a private name and for one that
// is itself a public suffix. It points into `name`.
absl::string_view RegisteredDomain(absl::string_view name);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_REGISTERED_DOMAIN_H_
