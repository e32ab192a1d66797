#ifndef TOOLS_TLSPIN_FORMATS_CHROMIUM_H_
#define TOOLS_TLSPIN_FORMATS_CHROMIUM_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "pinning/pin.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/source_text.h"

namespace tlspin {

// A ChromiumKey is one entry of a .pins file.
struct ChromiumKey {
  pinning::Pin pin;
  Place place;
};

// A ChromiumPins is a .pins file.
struct ChromiumPins {
  absl::Time timestamp;
  std::map<std::string, ChromiumKey> keys;  // by name
};

// ReadChromiumPins reads a .pins file: comments, one PinsListTimestamp, and
// entries of a name and a digest, a certificate or a public key.
absl::StatusOr<ChromiumPins> ReadChromiumPins(const SourceText& source);

// WriteChromium returns the JSON and the .pins file of `plan`.
absl::StatusOr<std::vector<std::string>> WriteChromium(const ExportPlan& plan);

// WithoutJsonExtensions returns `text` with comments ("//") and trailing commas
// made blanks, so that every offset stays what it was.
std::string WithoutJsonExtensions(absl::string_view text);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_CHROMIUM_H_
