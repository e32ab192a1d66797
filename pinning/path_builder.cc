#include "pinning/path_builder.h"

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pinning/certificate.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/path_checks.h"
#include "pinning/internal/path_examiner.h"
#include "pinning/internal/path_graph.h"

namespace pinning {
namespace {

using internal::CheckResult;
using internal::Environment;
using internal::Nodes;
using internal::PathExaminer;
using internal::PathGraph;
using internal::Position;

}  // namespace

// A SearchRun is one search: a depth-first walk from the leaf, along issuer
// names, to the anchors (RFC 4158, 2.4.2). What a path is checked for, and in
// which order, is PathExaminer's business.
//
// It walks twice at most. To find paths it cuts off a branch at the first check
// that fails, whatever is above it. Only if there is no path at all does it
// walk again to explain: then it follows what it would have cut off, so that an
// expired certificate on an otherwise good path is told from one that leads
// nowhere.
class PathBuilder::SearchRun {
 public:
  SearchRun(const PathBuilder& builder, const Chain& chain,
            const Environment& environment);

  Result Run(absl::FunctionRef<Visit(const VerifiedPath&)> visit);

 private:
  enum class Mode { kFind, kExplain };

  // The walk. Each returns false to end it.
  bool Walk(Mode mode);
  bool Extend();
  bool Reach(int candidate);
  bool Complete(const TrustAnchor& anchor);

  // How a path, or the walk, is given up. Each returns false to end it.
  bool Refuse(const CheckResult& result, const TrustAnchor* anchor);
  bool RefuseDepth();
  bool CutOff();
  bool Record(const PathError& error, const TrustAnchor* anchor);

  bool IsAnchored() const;
  int Depth() const { return static_cast<int>(path_.size()) - 1; }
  template <typename Container>
  void AppendCertificates(Container* out) const;

  const TrustStore& trust_store_;
  const Limits& limits_;
  absl::FunctionRef<Visit(const VerifiedPath&)>* visit_ = nullptr;

  PathGraph graph_;
  PathExaminer examiner_;
  Nodes path_;  // of `graph_`, leaf first
  Mode mode_ = Mode::kFind;

  int build_calls_left_;
  bool out_of_budget_ = false;   // the first walk was cut off
  bool cut_at_depth_ = false;    // and some paths of it
  bool reached_anchor_ = false;  // by a path that was refused
  Result result_;
};

PathBuilder::SearchRun::SearchRun(const PathBuilder& builder,
                                  const Chain& chain,
                                  const Environment& environment)
    : trust_store_(*builder.trust_store_),
      limits_(builder.limits_),
      graph_(trust_store_, chain),
      examiner_(graph_, environment, limits_.max_signatures,
                limits_.max_name_comparisons, limits_.max_policy_nodes),
      build_calls_left_(limits_.max_build_calls) {}

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
  result_.signatures_checked = examiner_.signatures_checked();
  result_.signatures_remembered = examiner_.signatures_remembered();
  result_.unchanged = examiner_.Unchanged();
  return std::move(result_);
}

bool PathBuilder::SearchRun::Walk(Mode mode) {
  mode_ = mode;
  path_.assign(1, 0);
  if (mode == Mode::kFind) {
    const CheckResult leaf = examiner_.CheckLast(path_);
    if (!leaf.passed()) {
      return Refuse(leaf, nullptr);
    }
  }
  const TrustAnchor* anchor = graph_.At(0).anchor;
  if (anchor != nullptr && !Complete(*anchor)) {
    return false;
  }
  return Extend();
}

// Extend tries every issuer of the last certificate on the path.
bool PathBuilder::SearchRun::Extend() {
  bool dead_end = true;
  for (const int candidate : graph_.IssuersOf(path_.back())) {
    if (graph_.IsOnPath(path_, candidate)) {
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
    return Refuse(
        CheckResult::Refuse(ErrorCode::kNoPath,
                            "its issuer is neither presented nor trusted"),
        nullptr);
  }
  return true;
}

// Reach goes on from `candidate`, which was just put on the path.
bool PathBuilder::SearchRun::Reach(int candidate) {
  const TrustAnchor* anchor = graph_.At(candidate).anchor;
  if (mode_ == Mode::kFind) {
    const CheckResult last = examiner_.CheckLast(path_);
    if (!last.passed()) {
      return Refuse(last, anchor);
    }
  }
  return anchor != nullptr ? Complete(*anchor) : Extend();
}

// Complete finishes the checks of a path that ends in `anchor`.
bool PathBuilder::SearchRun::Complete(const TrustAnchor& anchor) {
  const CheckResult checked = mode_ == Mode::kFind ? examiner_.CheckWhole(path_)
                                                   : examiner_.Explain(path_);
  if (!checked.passed()) {
    return Refuse(checked, &anchor);
  }
  if (mode_ == Mode::kExplain) {
    return true;  // not reached: the first walk would have visited it
  }
  ++result_.paths_visited;
  auto certificates = std::make_shared<VerifiedPath::Certificates>();
  AppendCertificates(certificates.get());
  return (*visit_)(VerifiedPath(std::move(certificates), anchor.origin)) ==
         Visit::kContinue;
}

// IsAnchored returns whether the last certificate on the path is no dead end,
// though nothing leads on from it: it is an anchor, or the copy of one that a
// server sends along.
bool PathBuilder::SearchRun::IsAnchored() const {
  const Position& last = graph_.At(path_.back());
  return last.is_leaf ? last.anchor != nullptr
                      : trust_store_.FindKey(*last.certificate) != nullptr;
}

// Refuse gives up the path, as far as it went, for `result`.
bool PathBuilder::SearchRun::Refuse(const CheckResult& result,
                                    const TrustAnchor* anchor) {
  if (result.IsOf(ErrorCode::kBudgetExhausted)) {
    return CutOff();
  }
  const PathError error = result.AtDepth(Depth()).error();
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
  error.depth = Depth();
  error.detail = absl::StrCat("paths of more than ", limits_.max_depth,
                              " certificates are not followed");
  return Record(error, nullptr);
}

bool PathBuilder::SearchRun::Record(const PathError& error,
                                    const TrustAnchor* anchor) {
  if (result_.failed_paths.size() < kMaxFailedPaths) {
    FailedPath failed;
    AppendCertificates(&failed.certificates);
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

template <typename Container>
void PathBuilder::SearchRun::AppendCertificates(Container* out) const {
  out->reserve(path_.size());
  for (const int node : path_) {
    out->push_back(*graph_.At(node).certificate);
  }
}

PathBuilder::PathBuilder(std::shared_ptr<const TrustStore> trust_store,
                         Limits limits, ValidityPeriod validity,
                         Profile profile, PolicyOptions policies,
                         std::shared_ptr<SignatureMemo> memo)
    : trust_store_(std::move(trust_store)),
      limits_(limits),
      validity_(validity),
      profile_(profile),
      policies_(std::move(policies)),
      memo_(std::move(memo)) {}

PathBuilder::Result PathBuilder::Search(
    const Chain& chain, KeyPurpose purpose, absl::Time now,
    absl::FunctionRef<Visit(const VerifiedPath&)> visit,
    const RevocationData* revocation) const {
  Environment environment;
  environment.trust_store = trust_store_.get();
  environment.client_auth = purpose == KeyPurpose::kClientAuth;
  environment.enforce_validity = validity_ == ValidityPeriod::kEnforce;
  environment.strict = profile_ != Profile::kRfc5280;
  environment.web_pki = profile_ == Profile::kWebPki;
  environment.max_path_length = limits_.max_path_length;
  environment.policies = &policies_;
  environment.revocation = revocation;
  environment.memo = memo_.get();
  environment.now = now;
  return SearchRun(*this, chain, environment).Run(visit);
}

}  // namespace pinning
