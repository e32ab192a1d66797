#ifndef PINNING_INTERNAL_PIN_DECISION_H_
#define PINNING_INTERNAL_PIN_DECISION_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "pinning/error.h"
#include "pinning/internal/path_judge.h"
#include "pinning/path_builder.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"

// What a finished search comes to.
namespace pinning {
namespace internal {

// PathFailure returns why no path was valid. It never returns kUnspecified.
PathError PathFailure(const PathBuilder::Result& result);

// A PinFailure is a refusal by pins, before the set's mode is considered.
struct PinFailure {
  PinStatus status;
  PathError error;
  const JudgedPath* path;  // the judge's
};

// FindPinFailure returns what pins have against every path that `judge` saw, of
// which there is one at least, or nothing if one of them satisfies `set`.
std::optional<PinFailure> FindPinFailure(const PathJudge& judge,
                                         const PinSet* set,
                                         const PathBuilder::Result& result);

// HeldPins are the pins of one name, held for as long as one verification.
struct HeldPins {
  std::string pattern;                // empty: no entry covers the name
  std::shared_ptr<const PinSet> set;  // null: the name is not pinned
};

// LookUpPins returns the pins of `name`, or DATA_LOSS if `store` is damaged
// where it would say what they are.
absl::StatusOr<HeldPins> LookUpPins(const PinStore& store,
                                    const ServerName& name);

// DetailsOf copies the pin set of `held`, which has one.
PinDetails DetailsOf(const HeldPins& held);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_PIN_DECISION_H_
