#ifndef TOOLS_TLSPIN_PIN_DIFF_PRINT_H_
#define TOOLS_TLSPIN_PIN_DIFF_PRINT_H_

#include <string>

#include "tools/tlspin/output.h"
#include "tools/tlspin/pin_diff.h"

// What is said of a PinDiff, in `diff` and wherever a pin file is changed.
namespace tlspin {

// AddDiffKeys appends the keys of tlspin.diff/1 after "new" to `json`.
void AddDiffKeys(const PinDiff& diff, Json& json);

// DiffEffectText says what a change does: the words carry it, not the signs.
std::string DiffEffectText(bool accepts_more, bool refuses_more);

// DiffText returns the lines for each host whose pins differ; "" if none do.
std::string DiffText(const PinDiff& diff);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PIN_DIFF_PRINT_H_
