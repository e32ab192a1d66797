#include "pinning/internal/path_examiner.h"

#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/internal/crl_parser.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/policy.h"
#include "pinning/internal/signature.h"
#include "pinning/revocation.h"
#include "pinning/signature_memo.h"

namespace pinning {
namespace internal {
namespace {

// A check of one certificate in its place.
using Check = CheckResult (*)(const Position&, const Environment&);

// CheckEach makes `check` of each certificate, leaf first.
CheckResult CheckEach(const PathGraph& graph, absl::Span<const int> path,
                      const Environment& environment, Check check) {
  for (size_t depth = 0; depth < path.size(); ++depth) {
    const CheckResult result = check(graph.At(path[depth]), environment);
    if (!result.passed()) {
      return result.AtDepth(static_cast<int>(depth));
    }
  }
  return CheckResult::Pass();
}

}  // namespace

PathExaminer::PathExaminer(const PathGraph& graph,
                           const Environment& environment, int max_signatures,
                           int64_t max_name_comparisons,
                           int64_t max_policy_nodes)
    : graph_(graph),
      environment_(environment),
      max_signatures_(max_signatures),
      comparisons_left_(max_name_comparisons),
      policy_nodes_left_(max_policy_nodes),
      revocation_(environment.revocation, environment.now),
      findings_(kUsualNodes) {}

PathExaminer::Findings& PathExaminer::FindingsOf(int node) {
  if (findings_.size() <= static_cast<size_t>(node)) {
    findings_.resize(node + 1);
  }
  return findings_[node];
}

// KnownSignature returns what was found of the signature on `issued` by `key`,
// a number of PathGraph's; null if it was not verified.
const CheckResult* PathExaminer::KnownSignature(int issued, int key) {
  for (const auto& [by, result] : FindingsOf(issued).signatures) {
    if (by == key) {
      return &result;
    }
  }
  return nullptr;
}

CheckResult PathExaminer::CheckLast(absl::Span<const int> path) {
  const size_t depth = path.size() - 1;
  const CheckResult alone = CheckAlone(path[depth]);
  if (!alone.passed() || depth == 0) {
    return alone.AtDepth(static_cast<int>(depth));
  }
  const CheckResult* signature =
      KnownSignature(path[depth - 1], graph_.KeyOf(path[depth]));
  if (signature != nullptr && !signature->passed()) {
    return signature->AtDepth(static_cast<int>(depth) - 1);
  }
  return CheckConstraints(path, depth);
}

// CheckAlone makes the checks that do not depend on the rest of the path.
CheckResult PathExaminer::CheckAlone(int node) {
  std::optional<CheckResult>& alone = FindingsOf(node).alone;
  if (!alone.has_value()) {
    const Position& position = graph_.At(node);
    alone = CheckKey(position, environment_);
    if (alone->passed()) {
      alone = CheckExtensions(position, environment_);
    }
    if (alone->passed()) {
      alone = CheckValidity(position, environment_);
    }
  }
  return *alone;
}

// CheckConstraints checks what the authority at `depth` says of the path below
// it.
CheckResult PathExaminer::CheckConstraints(absl::Span<const int> path,
                                           size_t depth) {
  const Position& issuer = graph_.At(path[depth]);
  const Positions below = PositionsOf(path.first(depth));
  CheckResult result = CheckPathLength(issuer, below);
  if (result.passed()) {
    result = CheckIntermediates(environment_, below);
  }
  const size_t named = ConstrainsNames(issuer) ? depth : 0;
  for (size_t i = 0; i < named && result.passed(); ++i) {
    const std::pair<int, int> key(path[depth], path[i]);
    auto known = names_.find(key);
    if (known == names_.end()) {
      const CheckResult names =
          CheckNamesAgainst(issuer, below[i], &comparisons_left_);
      known = names_.emplace(key, names).first;
    }
    result = known->second.AtDepth(static_cast<int>(i));
  }
  return result;
}

CheckResult PathExaminer::CheckWhole(absl::Span<const int> path) {
  CheckResult result = CheckSignatures(path);
  return result.passed() ? CheckPoliciesAndRevocation(path) : result;
}

CheckResult PathExaminer::CheckPoliciesAndRevocation(
    absl::Span<const int> path) {
  const Positions positions = PositionsOf(path);
  CheckResult result =
      CheckPolicies(positions, *environment_.policies, &policy_nodes_left_);
  return result.passed() ? revocation_.CheckPath(positions, max_signatures_,
                                                 &signatures_checked_)
                         : result;
}

PathExaminer::Positions PathExaminer::PositionsOf(
    absl::Span<const int> path) const {
  Positions positions;
  for (const int node : path) {
    positions.push_back(graph_.At(node));
  }
  return positions;
}

CheckResult PathExaminer::CheckSignatures(absl::Span<const int> path) {
  // What costs nothing first.
  for (size_t depth = 0; depth + 1 < path.size(); ++depth) {
    const CheckResult result =
        CheckSignatureAlgorithm(graph_.At(path[depth]).certificate->parsed());
    if (!result.passed()) {
      return result.AtDepth(static_cast<int>(depth));
    }
  }
  for (size_t depth = path.size() - 1; depth-- > 0;) {
    const CheckResult result = CheckEdge(path[depth], path[depth + 1]);
    if (!result.passed()) {
      return result.AtDepth(static_cast<int>(depth));
    }
  }
  return CheckResult::Pass();
}

CheckResult PathExaminer::CheckEdge(int issued, int issuer) {
  const Certificate& authority = *graph_.At(issuer).certificate;
  const int key = graph_.KeyOf(issuer);
  const CheckResult* known = KnownSignature(issued, key);
  if (known != nullptr) {
    return *known;
  }
  if (signatures_checked_ >= max_signatures_) {
    return CheckResult::Refuse(ErrorCode::kBudgetExhausted,
                               "no more signatures may be verified");
  }
  ++signatures_checked_;
  const CheckResult result =
      VerifyOrRemember(*graph_.At(issued).certificate, authority);
  FindingsOf(issued).signatures.emplace_back(key, result);
  return result;
}

CheckResult PathExaminer::VerifyOrRemember(const Certificate& issued,
                                           const Certificate& issuer) {
  SignatureMemo* memo = environment_.memo;
  const SignedData data = SignedDataOf(issued.parsed());
  const uint64_t hash = memo == nullptr ? 0 : memo->HashOf(data);
  if (memo != nullptr && memo->Knows(hash, data, issuer.spki_der())) {
    ++signatures_remembered_;
    return CheckResult::Pass();
  }
  CheckResult result = VerifySignature(data, issuer.parsed());
  if (memo != nullptr && result.passed()) {
    memo->Remember(hash, data, issuer.spki_der());
  }
  return result;
}

TimeWindow PathExaminer::Unchanged() const {
  constexpr absl::Duration kWholeSecond = absl::Seconds(1);
  TimeWindow window;
  for (int node = 0; node < graph_.size(); ++node) {
    const ParsedCertificate& certificate =
        graph_.At(node).certificate->parsed();
    window.EndAt(certificate.not_before, environment_.now);
    window.EndAt(certificate.not_after + kWholeSecond, environment_.now);
    if (environment_.revocation == nullptr) {
      continue;
    }
    for (const std::shared_ptr<const ParsedCrl>& crl :
         environment_.revocation->CrlsOf(NormalizedOf(certificate.issuer))) {
      window.EndAt(crl->this_update, environment_.now);
      window.EndAt(crl->next_update + kWholeSecond, environment_.now);
    }
  }
  return window;
}

CheckResult PathExaminer::Explain(absl::Span<const int> path) {
  CheckResult result = CheckEach(graph_, path, environment_, CheckKey);
  if (result.passed()) {
    result = CheckSignatures(path);
  }
  if (result.passed()) {
    result = CheckEach(graph_, path, environment_, CheckExtensions);
  }
  for (size_t depth = 1; depth < path.size() && result.passed(); ++depth) {
    result = CheckConstraints(path, depth);
  }
  if (result.passed()) {
    result = CheckPoliciesAndRevocation(path);
  }
  return result.passed() ? CheckEach(graph_, path, environment_, CheckValidity)
                         : result;
}

}  // namespace internal
}  // namespace pinning
