#include "pinning/path_builder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/path_checks.h"
#include "pinning/internal/signature.h"

namespace pinning {

using internal::CheckResult;
using internal::Environment;
using internal::ParsedCertificate;
using internal::Position;

// A SearchRun is one search: a depth-first walk from the leaf, along issuer
// names, to the anchors (RFC 4158, 2.4.2).
//
// It walks twice at most. To find paths it cuts off a branch at the first check
// that fails, whatever is above it. Only if there is no path at all does it
// walk again to explain: then it follows what it would have cut off, so that an
// expired certificate on an otherwise good path is told from one that leads
// nowhere, and orders the checks of a whole path by how much they tell.
//
// Signatures come last, from the anchor downward. So each key that is used has
// been vouched for by an anchor, and a peer cannot make this code compute with
// keys of its own choosing: certificates it made up cost at most one signature
// for each genuine authority whose name they take, whatever they sign among
// themselves.
class PathBuilder::SearchRun {
 public:
  SearchRun(const PathBuilder& builder, const Chain& chain, KeyPurpose purpose,
            absl::Time now);

  Result Run(absl::FunctionRef<Visit(const VerifiedPath&)> visit);

 private:
  // A Node is a certificate in a role; `path_` holds indices of nodes. Memos
  // are by node.
  struct Node {
    Position position;
    std::optional<std::vector<int>> issuers;
    std::optional<CheckResult> alone;
  };

  enum class Mode { kFind, kExplain };

  void AddNode(const Certificate& certificate, bool is_leaf,
               const TrustAnchor* anchor);
  const TrustAnchor* FindExact(const Certificate& leaf) const;
  int NodeOf(const TrustAnchor& anchor);
  const std::vector<int>& IssuersOf(int node);
  void AppendSorted(int node, std::vector<int> candidates,
                    std::vector<int>* out) const;
  int HintOf(int node, int candidate) const;
  const Position& At(size_t depth) const {
    return nodes_[path_[depth]].position;
  }
  bool IsOnPath(int candidate) const;

  // The walk. Each returns false to end it.
  bool Walk(Mode mode);
  bool Extend();
  bool IsAnchored() const;
  bool Reach(int candidate);
  bool Complete(const TrustAnchor& anchor);

  // The checks of a path, in the order of each mode.
  CheckResult CheckNewest();
  CheckResult CheckAlone(int node);
  CheckResult CheckSignatures();
  CheckResult CheckEdge(size_t depth);
  CheckResult CheckConstraintsOf(size_t depth);
  CheckResult ExplainPath();

  // How a path, or the walk, is given up.
  bool Refuse(const CheckResult& result, const TrustAnchor* anchor);
  bool RefuseDepth();
  bool CutOff();
  bool Record(const PathError& error, const TrustAnchor* anchor);
  std::vector<Certificate> Certificates() const;

  const TrustStore& store_;
  const Limits& limits_;
  Environment environment_;
  absl::FunctionRef<Visit(const VerifiedPath&)>* visit_ = nullptr;

  std::vector<Node> nodes_;
  size_t presented_ = 0;  // nodes_[0, presented_) are the chain's
  std::vector<int> path_;
  Mode mode_ = Mode::kFind;

  // Signatures by certificate and issuer's key; names by issuer and subject.
  std::map<std::pair<int, Pin>, CheckResult> signatures_;
  std::map<std::pair<int, int>, CheckResult> names_;

  int build_calls_left_;
  int64_t comparisons_left_;
  bool out_of_budget_ = false;
  bool cut_at_depth_ = false;
  bool reached_anchor_ = false;
  Result result_;
};

PathBuilder::SearchRun::SearchRun(const PathBuilder& builder,
                                  const Chain& chain, KeyPurpose purpose,
                                  absl::Time now)
    : store_(*builder.trust_store_),
      limits_(builder.limits_),
      build_calls_left_(builder.limits_.max_build_calls),
      comparisons_left_(builder.limits_.max_name_comparisons) {
  environment_.trust_store = &store_;
  environment_.client_auth = purpose == KeyPurpose::kClientAuth;
  environment_.enforce_validity = builder.validity_ == ValidityPeriod::kEnforce;
  environment_.now = now;
  AddNode(chain.leaf(), /*is_leaf=*/true, FindExact(chain.leaf()));
  for (const Certificate& certificate : chain.intermediates()) {
    const bool known =
        std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
          return *node.position.certificate == certificate;
        });
    if (!known) {  // one served thirty times is one
      AddNode(certificate, /*is_leaf=*/false, nullptr);
    }
  }
  presented_ = nodes_.size();
}

PathBuilder::Result PathBuilder::SearchRun::Run(
    absl::FunctionRef<Visit(const VerifiedPath&)> visit) {
  visit_ = &visit;
  Walk(Mode::kFind);
  result_.exhausted_budget = out_of_budget_ || cut_at_depth_;
  if (result_.paths_visited == 0 && !out_of_budget_) {
    // What the first walk cut off, the second one records better.
    const PathError found = std::exchange(result_.best_error, PathError());
    result_.failed_paths.clear();
    Walk(Mode::kExplain);
    if (result_.best_error.code == ErrorCode::kUnspecified) {
      result_.best_error = found;
    }
  }
  // A path that is too long is no reason if another reached an anchor.
  if (result_.paths_visited == 0 &&
      (out_of_budget_ || (cut_at_depth_ && !reached_anchor_))) {
    result_.best_error.code = ErrorCode::kBudgetExhausted;
    result_.best_error.depth = -1;
    result_.best_error.detail = "the search for a path was cut off";
  }
  return std::move(result_);
}

void PathBuilder::SearchRun::AddNode(const Certificate& certificate,
                                     bool is_leaf, const TrustAnchor* anchor) {
  Node node;
  node.position.certificate = &certificate;
  node.position.is_leaf = is_leaf;
  node.position.anchor = anchor;
  nodes_.push_back(std::move(node));
}

// FindExact returns the anchor that is `leaf` itself, or null. A leaf that is
// an anchor needs no issuer, but has to be that very certificate: a name and a
// key do for an authority, while the other names in a leaf are nobody's word
// but its own.
const TrustAnchor* PathBuilder::SearchRun::FindExact(
    const Certificate& leaf) const {
  if (store_.FindKey(leaf) != nullptr) {
    for (const TrustAnchor& anchor : store_.anchors()) {
      if (anchor.certificate == leaf) {
        return &anchor;
      }
    }
  }
  return nullptr;
}

int PathBuilder::SearchRun::NodeOf(const TrustAnchor& anchor) {
  for (size_t i = presented_; i < nodes_.size(); ++i) {
    if (nodes_[i].position.anchor == &anchor) {
      return static_cast<int>(i);
    }
  }
  AddNode(anchor.certificate, /*is_leaf=*/false, &anchor);
  return static_cast<int>(nodes_.size()) - 1;
}

// IssuersOf returns the nodes whose subject is the issuer of `node` (RFC 5280,
// 7.1): anchors first, as they end the walk.
const std::vector<int>& PathBuilder::SearchRun::IssuersOf(int node) {
  if (!nodes_[node].issuers.has_value()) {
    const Certificate& issued = *nodes_[node].position.certificate;
    std::vector<int> anchors;
    for (const TrustAnchor* anchor : store_.AnchorsFor(issued)) {
      anchors.push_back(NodeOf(*anchor));
    }
    std::vector<int> intermediates;
    for (size_t i = 1; i < presented_; ++i) {  // the leaf issues nothing
      const ParsedCertificate& candidate =
          nodes_[i].position.certificate->parsed();
      if (candidate.subject.normalized == issued.parsed().issuer.normalized) {
        intermediates.push_back(static_cast<int>(i));
      }
    }
    std::vector<int> issuers;
    AppendSorted(node, std::move(anchors), &issuers);
    AppendSorted(node, std::move(intermediates), &issuers);
    nodes_[node].issuers = std::move(issuers);
  }
  return *nodes_[node].issuers;
}

void PathBuilder::SearchRun::AppendSorted(int node, std::vector<int> candidates,
                                          std::vector<int>* out) const {
  std::stable_sort(candidates.begin(), candidates.end(), [&](int a, int b) {
    return HintOf(node, a) < HintOf(node, b);
  });
  out->insert(out->end(), candidates.begin(), candidates.end());
}

// HintOf returns 0 if the key identifiers of `node` and `candidate` agree, 1 if
// one is missing, 2 if they differ. They put candidates in order and never
// exclude one: authorities do get them wrong (RFC 4158, 3.5.12).
int PathBuilder::SearchRun::HintOf(int node, int candidate) const {
  const auto& wanted =
      nodes_[node].position.certificate->parsed().authority_key_id;
  const auto& had =
      nodes_[candidate].position.certificate->parsed().subject_key_id;
  if (!wanted.has_value() || !wanted->key_id.has_value() || !had.has_value()) {
    return 1;
  }
  return *wanted->key_id == *had ? 0 : 2;
}

// IsOnPath returns whether the path holds the subject and key of `candidate`
// already: another certificate for them adds nothing but a loop (RFC 4158,
// 5.2).
bool PathBuilder::SearchRun::IsOnPath(int candidate) const {
  const Certificate& sought = *nodes_[candidate].position.certificate;
  return std::any_of(path_.begin(), path_.end(), [&](int node) {
    const Certificate& held = *nodes_[node].position.certificate;
    return held.pin() == sought.pin() && held.parsed().subject.normalized ==
                                             sought.parsed().subject.normalized;
  });
}

bool PathBuilder::SearchRun::Walk(Mode mode) {
  mode_ = mode;
  path_.assign(1, 0);
  if (mode == Mode::kFind) {
    const CheckResult alone = CheckAlone(0);
    if (!alone.passed()) {
      return Refuse(alone, nullptr);
    }
  }
  if (At(0).anchor != nullptr && !Complete(*At(0).anchor)) {
    return false;
  }
  return Extend();
}

// Extend tries every issuer of the last certificate on the path.
bool PathBuilder::SearchRun::Extend() {
  const int last = path_.back();
  bool dead_end = true;
  // By value: a node that is added may move the list.
  const std::vector<int> issuers = IssuersOf(last);
  for (const int candidate : issuers) {
    if (IsOnPath(candidate)) {
      continue;
    }
    dead_end = false;
    if (build_calls_left_ == 0) {
      return CutOff();
    }
    --build_calls_left_;
    if (path_.size() >= static_cast<size_t>(limits_.max_depth)) {
      return RefuseDepth();
    }
    path_.push_back(candidate);
    const bool go_on = Reach(candidate);
    path_.pop_back();
    if (!go_on) {
      return false;
    }
  }
  if (dead_end && !IsAnchored()) {
    return Refuse(CheckResult::Refuse(ErrorCode::kNoPath,
                                      "its issuer is neither presented nor "
                                      "trusted"),
                  nullptr);
  }
  return true;
}

// IsAnchored returns whether the last certificate on the path is no dead end,
// though nothing leads on from it: it is an anchor, or the copy of one that a
// server sends along.
bool PathBuilder::SearchRun::IsAnchored() const {
  const Position& last = At(path_.size() - 1);
  return last.is_leaf ? last.anchor != nullptr
                      : store_.FindKey(*last.certificate) != nullptr;
}

// Reach goes on from `candidate`, which was just put on the path.
bool PathBuilder::SearchRun::Reach(int candidate) {
  const TrustAnchor* anchor = nodes_[candidate].position.anchor;
  if (mode_ == Mode::kFind) {
    const CheckResult newest = CheckNewest();
    if (!newest.passed()) {
      return Refuse(newest, anchor);
    }
  }
  return anchor != nullptr ? Complete(*anchor) : Extend();
}

// Complete finishes the checks of a path that ends in `anchor`.
bool PathBuilder::SearchRun::Complete(const TrustAnchor& anchor) {
  const CheckResult checked =
      mode_ == Mode::kFind ? CheckSignatures() : ExplainPath();
  if (!checked.passed()) {
    return Refuse(checked, &anchor);
  }
  if (mode_ == Mode::kExplain) {
    return true;  // not reached: the first walk would have visited it
  }
  ++result_.paths_visited;
  return (*visit_)(VerifiedPath(Certificates(), anchor.origin)) ==
         Visit::kContinue;
}

// CheckNewest makes every check but signatures that the certificate last put on
// the path can fail, by itself or by what it issued. What is below it has
// passed.
CheckResult PathBuilder::SearchRun::CheckNewest() {
  const size_t depth = path_.size() - 1;
  CheckResult result =
      CheckAlone(path_.back()).AtDepth(static_cast<int>(depth));
  if (!result.passed()) {
    return result;
  }
  const auto known =
      signatures_.find({path_[depth - 1], At(depth).certificate->pin()});
  if (known != signatures_.end() && !known->second.passed()) {
    return known->second.AtDepth(static_cast<int>(depth) - 1);
  }
  return CheckConstraintsOf(depth);
}

// CheckAlone makes the checks that do not depend on the rest of the path, once
// for each node.
CheckResult PathBuilder::SearchRun::CheckAlone(int node) {
  const Position& position = nodes_[node].position;
  if (!nodes_[node].alone.has_value()) {
    CheckResult result = CheckKey(position, environment_);
    if (result.passed()) {
      result = CheckExtensions(position, environment_);
    }
    if (result.passed()) {
      result = CheckValidity(position, environment_);
    }
    nodes_[node].alone = std::move(result);
  }
  return *nodes_[node].alone;
}

// CheckConstraintsOf checks what the authority at `depth` says of the path
// below it.
CheckResult PathBuilder::SearchRun::CheckConstraintsOf(size_t depth) {
  std::vector<Position> below;
  for (size_t i = 0; i < depth; ++i) {
    below.push_back(At(i));
  }
  CheckResult result = CheckPathLength(At(depth), below);
  for (size_t i = 0; i < depth && result.passed(); ++i) {
    const std::pair<int, int> key(path_[depth], path_[i]);
    auto known = names_.find(key);
    if (known == names_.end()) {
      known = names_
                  .emplace(key, CheckNamesAgainst(At(depth), At(i),
                                                  &comparisons_left_))
                  .first;
    }
    result = known->second.AtDepth(static_cast<int>(i));
  }
  return result;
}

// CheckSignatures verifies the path from the anchor downward.
CheckResult PathBuilder::SearchRun::CheckSignatures() {
  for (size_t depth = 0; depth + 1 < path_.size(); ++depth) {
    const CheckResult result =
        internal::CheckSignatureAlgorithm(At(depth).certificate->parsed());
    if (!result.passed()) {
      return result.AtDepth(static_cast<int>(depth));
    }
  }
  for (size_t depth = path_.size() - 1; depth-- > 0;) {
    const CheckResult result = CheckEdge(depth);
    if (!result.passed()) {
      return result.AtDepth(static_cast<int>(depth));
    }
  }
  return CheckResult::Pass();
}

// CheckEdge verifies the signature on the certificate at `depth` by the one
// above it, once for each certificate and key.
CheckResult PathBuilder::SearchRun::CheckEdge(size_t depth) {
  const Certificate& issuer = *At(depth + 1).certificate;
  const std::pair<int, Pin> key(path_[depth], issuer.pin());
  const auto known = signatures_.find(key);
  if (known != signatures_.end()) {
    return known->second;
  }
  if (result_.signatures_checked >= limits_.max_signatures) {
    return CheckResult::Refuse(ErrorCode::kBudgetExhausted,
                               "no more signatures may be verified");
  }
  ++result_.signatures_checked;
  CheckResult result = internal::VerifySignature(
      At(depth).certificate->parsed(), issuer.spki_der());
  signatures_.emplace(key, result);
  return result;
}

// ExplainPath returns the fault of a whole path that tells most. That a key is
// distrusted comes first; then who signed what, without which nothing in a
// certificate is known to be true; then what it says; and last the time, so
// that "expired" means that nothing else is wrong.
CheckResult PathBuilder::SearchRun::ExplainPath() {
  for (size_t depth = 0; depth < path_.size(); ++depth) {
    CheckResult result = CheckKey(At(depth), environment_);
    if (!result.passed()) {
      return result.AtDepth(static_cast<int>(depth));
    }
  }
  CheckResult result = CheckSignatures();
  for (size_t depth = 0; depth < path_.size() && result.passed(); ++depth) {
    result = CheckExtensions(At(depth), environment_)
                 .AtDepth(static_cast<int>(depth));
  }
  for (size_t depth = 1; depth < path_.size() && result.passed(); ++depth) {
    result = CheckConstraintsOf(depth);
  }
  for (size_t depth = 0; depth < path_.size() && result.passed(); ++depth) {
    result =
        CheckValidity(At(depth), environment_).AtDepth(static_cast<int>(depth));
  }
  return result;
}

// Refuse gives up the path, as far as it went, for `result`. It returns false
// if the walk is to end.
bool PathBuilder::SearchRun::Refuse(const CheckResult& result,
                                    const TrustAnchor* anchor) {
  if (result.error().code == ErrorCode::kBudgetExhausted) {
    return CutOff();
  }
  const PathError error =
      result.AtDepth(static_cast<int>(path_.size()) - 1).error();
  result_.best_error = MoreSpecific(result_.best_error, error);
  // A name that leads to an anchor which did not sign is no path to it.
  reached_anchor_ |=
      anchor != nullptr && error.code != ErrorCode::kBadSignature;
  return Record(error, anchor);
}

// CutOff ends the walk for want of budget. Only that the first walk was cut off
// means that a path may have been missed.
bool PathBuilder::SearchRun::CutOff() {
  out_of_budget_ |= mode_ == Mode::kFind;
  return false;
}

bool PathBuilder::SearchRun::RefuseDepth() {
  cut_at_depth_ |= mode_ == Mode::kFind;
  PathError error;
  error.code = ErrorCode::kBudgetExhausted;
  error.depth = static_cast<int>(path_.size()) - 1;
  error.detail = absl::StrCat("paths of more than ", limits_.max_depth,
                              " certificates are not followed");
  return Record(error, nullptr);
}

bool PathBuilder::SearchRun::Record(const PathError& error,
                                    const TrustAnchor* anchor) {
  if (result_.failed_paths.size() < kMaxFailedPaths) {
    FailedPath failed;
    failed.certificates = Certificates();
    failed.reached_anchor = anchor != nullptr;
    if (anchor != nullptr) {
      failed.anchor_origin = anchor->origin;
    }
    failed.error = error;
    result_.failed_paths.push_back(std::move(failed));
  }
  // An explanation is long enough when no more of it is kept.
  return mode_ == Mode::kFind || result_.failed_paths.size() < kMaxFailedPaths;
}

std::vector<Certificate> PathBuilder::SearchRun::Certificates() const {
  std::vector<Certificate> certificates;
  certificates.reserve(path_.size());
  for (size_t depth = 0; depth < path_.size(); ++depth) {
    certificates.push_back(*At(depth).certificate);
  }
  return certificates;
}

PathBuilder::PathBuilder(std::shared_ptr<const TrustStore> trust_store,
                         Limits limits, ValidityPeriod validity)
    : trust_store_(std::move(trust_store)),
      limits_(limits),
      validity_(validity) {}

PathBuilder::Result PathBuilder::Search(
    const Chain& chain, KeyPurpose purpose, absl::Time now,
    absl::FunctionRef<Visit(const VerifiedPath&)> visit) const {
  return SearchRun(*this, chain, purpose, now).Run(visit);
}

}  // namespace pinning
