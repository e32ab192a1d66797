#ifndef PINNING_INTERNAL_PIN_SET_READER_H_
#define PINNING_INTERNAL_PIN_SET_READER_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/json_checker.h"
#include "pinning/internal/json_reader.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"

// The parts of a pin file (docs/pin-file.md) that are not about hosts. What is
// wrong is reported to `checker`, with its place.
namespace pinning::internal {

// A PinSetReader reads the sets of one document, one after the other.
class PinSetReader {
 public:
  explicit PinSetReader(JsonChecker& checker) : checker_(checker) {}

  // Read reads a member of "sets": the name of a set, and the set. It returns
  // nothing if anything in the document was reported, now or before.
  std::optional<PinSet> Read(const JsonMember& member);

 private:
  // The lists of pins that a set has.
  enum class List { kPins, kBackupPins, kBlockedPins };

  struct SeenPin {
    Pin pin;
    List list;
    size_t offset;
  };

  static absl::string_view ListName(List list);
  static absl::string_view FaultOfPair(List first, List second);

  void ReadKeys(const JsonMember& member, PinSet::Builder& builder);
  void ReadPins(const std::optional<JsonValue>& array, List list,
                PinSet::Builder& builder);
  void ReadPin(const JsonValue& value, List list, PinSet::Builder& builder);
  PinRole ReadRole(const std::optional<JsonValue>& value, List list);
  std::optional<Pin> ReadDigest(const std::optional<JsonValue>& value,
                                List list);
  void ReportRepeats();

  JsonChecker& checker_;
  std::vector<SeenPin> seen_;  // the pins of the set, in the order of reading
};

// ReadTime reads the time `value`, called `what`, unless it is null. It returns
// nothing if there is none.
std::optional<absl::Time> ReadTime(const std::optional<JsonValue>& value,
                                   absl::string_view what,
                                   JsonChecker& checker);

// CheckText reports `value`, called `what`, unless it is null or a string.
void CheckText(const std::optional<JsonValue>& value, absl::string_view what,
               JsonChecker& checker);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_PIN_SET_READER_H_
