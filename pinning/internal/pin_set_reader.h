#ifndef PINNING_INTERNAL_PIN_SET_READER_H_
#define PINNING_INTERNAL_PIN_SET_READER_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/json_checker.h"
#include "pinning/internal/json_reader.h"
#include "pinning/pin_set.h"

// The parts of a pin file (docs/pin-file.md) that are not about hosts. What is
// wrong is reported to `checker`, with its place.
namespace pinning::internal {

// ReadPinSet reads a member of "sets": the name of a set, and the set. It
// returns nothing if anything in the document was reported, now or before.
std::optional<PinSet> ReadPinSet(const JsonMember& member,
                                 JsonChecker& checker);

// ReadTime reads the time `value`, called `what`, unless it is null. It returns
// nothing if there is none.
std::optional<absl::Time> ReadTime(const JsonValue* value,
                                   absl::string_view what,
                                   JsonChecker& checker);

// CheckText reports `value`, called `what`, unless it is null or a string.
void CheckText(const JsonValue* value, absl::string_view what,
               JsonChecker& checker);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_PIN_SET_READER_H_
