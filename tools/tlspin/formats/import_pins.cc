#include "tools/tlspin/formats/import_pins.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {

absl::StatusOr<pinning::Pin> PinFromBase64(absl::string_view base64) {
  absl::StatusOr<pinning::Pin> pin =
      pinning::Pin::FromString(absl::StrCat("sha256/", base64));
  if (!pin.ok()) {
    return absl::InvalidArgumentError(
        "not the padded base64 of 32 bytes, 44 characters");
  }
  return pin;
}

void AddPin(ImportedPin pin, std::vector<ImportedPin>& pins) {
  for (const ImportedPin& known : pins) {
    if (known.pin == pin.pin && known.role == pin.role) {
      return;
    }
  }
  pins.push_back(std::move(pin));
}

absl::StatusOr<absl::Time> DayFromText(absl::string_view text) {
  const absl::StatusOr<absl::Time> time = ParseTime(text);
  if (!time.ok() || DateText(*time) != text) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", text, "\" is no day of the calendar: write 2027-01-31"));
  }
  return time;
}

Loss IgnoredAt(const Place& place, absl::string_view message) {
  return {place, "ignored", std::string(message), LossEffect::kNothing};
}

}  // namespace tlspin
