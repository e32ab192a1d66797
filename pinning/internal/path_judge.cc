#include "pinning/internal/path_judge.h"

#include "absl/time/time.h"
#include "pinning/path.h"
#include "pinning/path_builder.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"

namespace pinning {
namespace internal {
namespace {

bool Satisfies(PinStatus status) {
  switch (status) {
    case PinStatus::kNotPinned:
    case PinStatus::kMatched:
    case PinStatus::kMatchedBackup:
    case PinStatus::kExpired:
    case PinStatus::kBypassed:
      return true;
    case PinStatus::kNotEvaluated:
    case PinStatus::kMismatch:
    case PinStatus::kBlocked:
      return false;
  }
  return false;
}

}  // namespace

PathJudge::PathJudge(const ServerName& name, const PinSet* set, absl::Time now,
                     bool bypass_local)
    : name_(name),
      set_(set),
      set_expired_(set != nullptr && set->IsExpired(now)),
      bypass_local_(bypass_local) {}

PathBuilder::Visit PathJudge::Visit(const VerifiedPath& path) {
  if (valid_paths_.size() < kMaxPathsKept) {
    valid_paths_.push_back(path);
  }
  // Every path has the same leaf: its names, of which there may be thousands,
  // are looked at once, and if none will do no other path can do better.
  if (!first_.has_value() && !name_.Matches(path.leaf())) {
    name_mismatch_ = true;
    first_ = JudgedPath{path};
    return PathBuilder::Visit::kStop;
  }
  const JudgedPath judged = Judge(path);
  if (Satisfies(judged.status)) {
    satisfied_ = judged;
    return PathBuilder::Visit::kStop;
  }
  if (!first_.has_value()) {
    first_ = judged;
  }
  if (judged.status == PinStatus::kBlocked && !blocked_.has_value()) {
    blocked_ = judged;
  }
  return PathBuilder::Visit::kContinue;
}

JudgedPath PathJudge::Judge(const VerifiedPath& path) const {
  if (set_ == nullptr) {
    return {path, PinStatus::kNotPinned};
  }
  if (set_expired_) {
    return {path, PinStatus::kExpired};
  }
  const PinSet::MatchResult result = set_->MatchPath(path);
  switch (result.match) {
    case PinSet::Match::kMatched:
      return {path, PinStatus::kMatched, result.pin, result.depth};
    case PinSet::Match::kMatchedBackup:
      return {path, PinStatus::kMatchedBackup, result.pin, result.depth};
    case PinSet::Match::kBlocked:
      return {path, PinStatus::kBlocked, result.pin, result.depth};
    case PinSet::Match::kMismatch:
      break;
  }
  if (bypass_local_ && path.anchor_origin() == TrustAnchor::Origin::kLocal) {
    return {path, PinStatus::kBypassed};
  }
  return {path, PinStatus::kMismatch};
}

}  // namespace internal
}  // namespace pinning
