#include "pinning/internal/policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/internal/der_reader.h"
#include "pinning/internal/extensions.h"
#include "pinning/internal/parsed_certificate.h"

namespace pinning {
namespace internal {
namespace {

// A Budget is what is left of the work that one search may do.
class Budget {
 public:
  explicit Budget(int64_t* left) : left_(left) {}

  // Take returns false, now and from now on, if there is not `amount` left.
  bool Take(size_t amount) {
    if (static_cast<int64_t>(amount) > *left_) {
      *left_ = -1;
      return false;
    }
    *left_ -= static_cast<int64_t>(amount);
    return true;
  }

  bool exhausted() const { return *left_ < 0; }

 private:
  int64_t* left_;
};

// Counters are how many certificates are left before a rule holds
// (explicit_policy, policy_mapping and inhibit_anyPolicy; 6.1.2(d) to (f)).
struct Counters {
  int explicit_policy;
  int policy_mapping;
  int any_policy;

  Counters(const PolicyOptions& options, size_t path_length) {
    const int never = static_cast<int>(path_length) + 1;
    explicit_policy = options.require_explicit_policy ? 0 : never;
    policy_mapping = options.inhibit_policy_mapping ? 0 : never;
    any_policy = options.inhibit_any_policy ? 0 : never;
  }

  // Prepare is 6.1.4(h) to (j): after `authority`, before the next one.
  void Prepare(const Certificate& authority) {
    if (!authority.IsSelfIssued()) {
      explicit_policy -= explicit_policy > 0;
      policy_mapping -= policy_mapping > 0;
      any_policy -= any_policy > 0;
    }
    const ParsedCertificate& parsed = authority.parsed();
    Lower(parsed.require_explicit_policy, &explicit_policy);
    Lower(parsed.inhibit_policy_mapping, &policy_mapping);
    Lower(parsed.inhibit_any_policy, &any_policy);
  }

  // WrapUp is 6.1.5(a) and (b).
  void WrapUp(const Certificate& leaf) {
    explicit_policy -= explicit_policy > 0;
    if (leaf.parsed().require_explicit_policy == 0) {
      explicit_policy = 0;
    }
  }

 private:
  static void Lower(const std::optional<int16_t>& skip, int* counter) {
    if (skip.has_value()) {
      *counter = std::min<int>(*counter, *skip);
    }
  }
};

std::string Dotted(absl::string_view oid) {
  return OidToString(
      Bytes(reinterpret_cast<const uint8_t*>(oid.data()), oid.size()));
}

// A PolicyGraph is valid_policy_graph. Nodes know their parents and not their
// children: whether a node leads anywhere is asked but once, from the last
// level upward, so that nothing has to be pruned. Policies are spans of the
// certificates, which outlive it.
class PolicyGraph {
 public:
  explicit PolicyGraph(Budget* budget) : budget_(budget) {
    any_ = AddNode(kAnyPolicyOctets, {});
  }

  // IsNull returns whether no policy is left.
  bool IsNull() const { return any_ < 0 && expected_.empty(); }

  // Enter adds the level of `policies` (6.1.3(d)). anyPolicy among them stands
  // for others if `any_counts`.
  void Enter(absl::Span<const absl::string_view> policies, bool any_counts);

  // EnterNone is the certificate that has no policies (6.1.3(e)).
  void EnterNone() {
    any_ = -1;
    expected_.clear();
  }

  // Map applies the mappings of the certificate last entered (6.1.4(b)).
  void Map(const std::vector<PolicyMapping>& mappings, bool allowed);

  // Meets returns whether one of `acceptable` is left (6.1.5(g)).
  bool Meets(const std::vector<std::string>& acceptable) const;

 private:
  struct Node {
    absl::string_view policy;
    std::vector<int> parents;  // of the level before
  };
  // From a policy to the nodes of the last level that expect it next.
  using Expected = absl::flat_hash_map<absl::string_view, std::vector<int>>;

  int AddNode(absl::string_view policy, std::vector<int> parents) {
    budget_->Take(1 + parents.size());
    nodes_.push_back(Node{policy, std::move(parents)});
    return static_cast<int>(nodes_.size()) - 1;
  }

  Budget* budget_;
  std::vector<Node> nodes_;
  Expected expected_;  // of all nodes of the last level but anyPolicy's
  int any_;            // the last level's node of anyPolicy, or -1
};

void PolicyGraph::Enter(absl::Span<const absl::string_view> policies,
                        bool any_counts) {
  budget_->Take(policies.size());
  Expected level;
  bool lists_any = false;
  for (const absl::string_view policy : policies) {
    if (budget_->exhausted()) {
      return;
    }
    if (policy == kAnyPolicyOctets) {
      lists_any = true;
      continue;
    }
    const auto known = expected_.find(policy);
    if (known != expected_.end()) {
      level[policy] = {AddNode(policy, known->second)};
    } else if (any_ >= 0) {
      level[policy] = {AddNode(policy, {any_})};
    }
  }
  int any = -1;
  if (lists_any && any_counts) {
    for (const auto& [policy, parents] : expected_) {
      if (budget_->exhausted()) {
        return;
      }
      if (!level.contains(policy)) {
        level[policy] = {AddNode(policy, parents)};
      }
    }
    any = any_ < 0 ? -1 : AddNode(kAnyPolicyOctets, {any_});
  }
  expected_ = std::move(level);
  any_ = any;
}

void PolicyGraph::Map(const std::vector<PolicyMapping>& mappings,
                      bool allowed) {
  // After Enter, each node expects its own policy and nothing else.
  budget_->Take(mappings.size());
  Expected level = expected_;
  for (const PolicyMapping& mapping : mappings) {
    level.erase(mapping.from);
  }
  absl::flat_hash_map<absl::string_view, int> from_any;
  for (const PolicyMapping& mapping : mappings) {
    if (!allowed || budget_->exhausted()) {
      break;
    }
    const auto node = expected_.find(mapping.from);
    if (node != expected_.end()) {
      level[mapping.to].push_back(node->second.front());
    } else if (any_ >= 0) {
      const auto made = from_any.try_emplace(mapping.from, -1).first;
      if (made->second < 0) {
        made->second = AddNode(mapping.from, nodes_[any_].parents);
      }
      level[mapping.to].push_back(made->second);
    }
  }
  expected_ = std::move(level);
}

bool PolicyGraph::Meets(const std::vector<std::string>& acceptable) const {
  const absl::flat_hash_set<absl::string_view> wanted(acceptable.begin(),
                                                      acceptable.end());
  if (any_ >= 0) {
    return !wanted.empty();
  }
  if (wanted.contains(kAnyPolicyOid)) {
    return !IsNull();
  }
  // The policies to compare are those of the topmost domain: of the nodes below
  // one of anyPolicy.
  std::vector<bool> reached(nodes_.size(), false);
  std::vector<int> pending;
  const auto reach = [&](const std::vector<int>& nodes) {
    for (const int node : nodes) {
      if (!reached[node]) {
        reached[node] = true;
        pending.push_back(node);
      }
    }
  };
  for (const auto& [policy, nodes] : expected_) {
    reach(nodes);
  }
  while (!pending.empty()) {
    const Node& node = nodes_[pending.back()];
    pending.pop_back();
    if (nodes_[node.parents.front()].policy != kAnyPolicyOctets) {
      reach(node.parents);
    } else if (wanted.contains(Dotted(node.policy))) {
      return true;
    }
  }
  return false;
}

CheckResult OutOfBudget() {
  return CheckResult::Refuse(ErrorCode::kBudgetExhausted,
                             "no more certificate policies may be processed");
}

// IsRequired returns whether a policy is required at the end of `path`.
bool IsRequired(absl::Span<const Position> path, const PolicyOptions& options) {
  Counters counters(options, path.size());
  for (size_t depth = path.size() - 1; depth > 0; --depth) {
    counters.Prepare(*path[depth].certificate);
  }
  counters.WrapUp(*path.front().certificate);
  return counters.explicit_policy == 0;
}

// EnterCertificate is 6.1.3(d) and (e) for the certificate at `depth`.
void EnterCertificate(const Position& position, bool is_last,
                      const Counters& counters, PolicyGraph* graph) {
  const bool any_counts = counters.any_policy > 0 ||
                          (!is_last && position.certificate->IsSelfIssued());
  const ParsedCertificate& certificate = position.certificate->parsed();
  if (certificate.policies.has_value()) {
    graph->Enter(PoliciesOf(certificate), any_counts);
  } else if (position.anchor != nullptr && !is_last) {
    graph->Enter({kAnyPolicyOctets}, /*any_counts=*/true);
  } else {
    graph->EnterNone();
  }
}

}  // namespace

CheckResult CheckPolicies(absl::Span<const Position> path,
                          const PolicyOptions& options, int64_t* nodes_left) {
  if (!SpeaksForItself(path.back())) {
    path.remove_suffix(1);
  }
  if (!IsRequired(path, options)) {
    return CheckResult::Pass();
  }
  Counters counters(options, path.size());
  Budget budget(nodes_left);
  PolicyGraph graph(&budget);
  for (size_t depth = path.size(); depth-- > 0;) {
    EnterCertificate(path[depth], depth == 0, counters, &graph);
    if (budget.exhausted()) {
      return OutOfBudget();
    }
    if (counters.explicit_policy == 0 && graph.IsNull()) {  // 6.1.3(f)
      return CheckResult::Refuse(ErrorCode::kPolicy,
                                 "a policy is required and none is valid here",
                                 static_cast<int>(depth));
    }
    if (depth > 0) {
      const Certificate& authority = *path[depth].certificate;
      graph.Map(PolicyMappingsOf(authority.parsed()),
                counters.policy_mapping > 0);
      if (budget.exhausted()) {
        return OutOfBudget();
      }
      counters.Prepare(authority);
    }
  }
  return graph.Meets(options.acceptable)
             ? CheckResult::Pass()
             : CheckResult::Refuse(ErrorCode::kPolicy,
                                   "valid for no policy that is acceptable", 0);
}

bool IsDottedOid(absl::string_view text) {
  const std::vector<absl::string_view> arcs = absl::StrSplit(text, '.');
  for (const absl::string_view arc : arcs) {
    if (arc.empty() ||
        !std::all_of(arc.begin(), arc.end(), absl::ascii_isdigit) ||
        (arc.size() > 1 && arc.front() == '0')) {
      return false;
    }
  }
  // The second arc is below 40 under 0 and 1 (X.690, 8.19.4).
  return arcs.size() >= 2 &&
         (arcs[0] == "2" ||
          ((arcs[0] == "0" || arcs[0] == "1") &&
           (arcs[1].size() == 1 || (arcs[1].size() == 2 && arcs[1] < "40"))));
}

}  // namespace internal
}  // namespace pinning
