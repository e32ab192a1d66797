#ifndef TOOLS_TLSPIN_LINT_SOURCE_H_
#define TOOLS_TLSPIN_LINT_SOURCE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "pinning/internal/json_reader.h"
#include "pinning/pin.h"
#include "tools/tlspin/lint_checks.h"

namespace tlspin {

// LintSource returns what can be mended in the text of a pin file, which
// `document` was read from, keys given twice allowed. It has no lines and
// columns yet.
std::vector<LintFinding> LintSource(
    absl::string_view text, const pinning::internal::JsonDocument& document);

// GuessPin returns the pin that `text` means beyond doubt, though it is not
// written as pins are: in hexadecimal digits, with or without colons; in
// base64url; without padding or "sha256/"; as curl writes it, "sha256//"; or
// with blanks around it.
std::optional<pinning::Pin> GuessPin(absl::string_view text);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_LINT_SOURCE_H_
