#ifndef TOOLS_TLSPIN_FORMATS_IMPORT_PINS_H_
#define TOOLS_TLSPIN_FORMATS_IMPORT_PINS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/pin.h"
#include "tools/tlspin/formats/format.h"

// What the readers of several formats have in common.
namespace tlspin {

// PinFromBase64 returns the pin whose digest is `base64`: 44 characters,
// canonical. The error says so, without a place.
absl::StatusOr<pinning::Pin> PinFromBase64(absl::string_view base64);

// AddPin adds `pin` to `pins`, unless it is there: a format may name it twice.
void AddPin(ImportedPin pin, std::vector<ImportedPin>& pins);

// DayFromText returns the first instant, UTC, of "2027-02-20".
absl::StatusOr<absl::Time> DayFromText(absl::string_view text);

// IgnoredAt returns what is to be said of something that is not about pins.
Loss IgnoredAt(const Place& place, absl::string_view message);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_IMPORT_PINS_H_
