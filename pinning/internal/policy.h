#ifndef PINNING_INTERNAL_POLICY_H_
#define PINNING_INTERNAL_POLICY_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/path_checks.h"
#include "pinning/policy_options.h"

// Certificate policies (RFC 5280, 6.1, as updated by RFC 9618): the policies
// under which a path is valid are the nodes of a graph, one level for each
// certificate, and not of a tree. A node is there once however many ways lead
// to it, so the graph grows with what the certificates list and not with its
// power.
//
// Decided here:
//
//   - The graph is made only if some policy is required, as it refuses no path
//     otherwise. So what a server lists costs nothing where nobody asks.
//   - An anchor whose constraints are enforced is the first certificate of the
//     path (RFC 5937): its policies, its mappings and its constraints count. If
//     it lists no policy, it is good for any. Of other anchors nothing counts.
//   - Qualifiers decide nothing (4.2.1.4), as nothing here returns them.
namespace pinning {
namespace internal {

// CheckPolicies checks that `path`, a whole path, leaf first, is valid for a
// policy where one is required (RFC 5280, 6.1.2 to 6.1.5). kPolicy is at the
// first certificate, from the top, that leaves no policy valid, or at the leaf.
// It takes what it handles off `nodes_left`: policies and mappings read, nodes
// and edges made. If they do not suffice it returns kBudgetExhausted.
CheckResult CheckPolicies(absl::Span<const Position> path,
                          const PolicyOptions& options, int64_t* nodes_left);

// IsDottedOid returns whether `text` is an OBJECT IDENTIFIER in dotted form, as
// OidToString writes it.
bool IsDottedOid(absl::string_view text);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_POLICY_H_
