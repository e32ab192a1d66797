#include "pinning/internal/pin_decision.h"

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "pinning/internal/status_macros.h"
#include "pinning/internal/utc_time.h"

namespace pinning {
namespace internal {

PathError PathFailure(const PathBuilder::Result& result) {
  PathError error = result.best_error;
  if (result.exhausted_budget && error.code != ErrorCode::kBudgetExhausted) {
    // The error met so far may not be that of the path the peer meant.
    error.detail = absl::StrCat("the search was cut off; so far: ",
                                ErrorCodeName(error.code), " ", error.detail);
    error.code = ErrorCode::kBudgetExhausted;
    error.depth = -1;
  }
  if (error.code == ErrorCode::kUnspecified) {
    error.code = ErrorCode::kNoPath;
  }
  return error;
}

std::optional<PinFailure> FindPinFailure(const PathJudge& judge,
                                         const PinSet* set,
                                         const PathBuilder::Result& result) {
  if (judge.satisfied().has_value()) {
    if (judge.satisfied()->status != PinStatus::kExpired ||
        set->on_expiry() == PinSet::OnExpiry::kStopEnforcing) {
      return std::nullopt;
    }
    return PinFailure{PinStatus::kExpired,
                      {ErrorCode::kPinSetExpired, -1,
                       absl::StrCat("the pin set expired at ",
                                    FormatUtcTime(set->expires()))},
                      &*judge.satisfied()};
  }
  const JudgedPath* path =
      judge.blocked().has_value() ? &*judge.blocked() : &*judge.first();
  if (result.exhausted_budget) {
    return PinFailure{
        PinStatus::kNotEvaluated,
        {ErrorCode::kBudgetExhausted, -1,
         absl::StrCat("the search was cut off; none of the ",
                      result.paths_visited, " valid paths seen matches")},
        path};
  }
  if (judge.blocked().has_value()) {
    return PinFailure{PinStatus::kBlocked,
                      {ErrorCode::kBlockedPin, path->depth,
                       absl::StrCat("a key on the path is blocked; valid "
                                    "paths: ",
                                    result.paths_visited)},
                      path};
  }
  return PinFailure{PinStatus::kMismatch,
                    {ErrorCode::kPinMismatch, -1,
                     absl::StrCat("no pinned key on any of the valid paths: ",
                                  result.paths_visited)},
                    path};
}

absl::StatusOr<HeldPins> LookUpPins(const PinStore& store,
                                    const ServerName& name) {
  HeldPins held;
  PINNING_ASSIGN_OR_RETURN(const std::optional<PinStore::Entry> entry,
                           store.Find(name));
  if (entry.has_value()) {
    held.pattern = std::string(entry->pattern());
    PINNING_ASSIGN_OR_RETURN(held.set, entry->pin_set());
  }
  return held;
}

PinDetails DetailsOf(const HeldPins& held) {
  const auto copy = [](absl::Span<const NamedPin> pins) {
    return std::vector<NamedPin>(pins.begin(), pins.end());
  };
  PinDetails details;
  details.set = held.set->name();
  details.pattern = held.pattern;
  details.mode = held.set->mode();
  details.on_expiry = held.set->on_expiry();
  details.expires = held.set->expires();
  details.pins = copy(held.set->pins());
  details.backup_pins = copy(held.set->backup_pins());
  details.blocked_pins = copy(held.set->blocked_pins());
  return details;
}

}  // namespace internal
}  // namespace pinning
