#ifndef TOOLS_TLSPIN_VERDICT_TEXT_H_
#define TOOLS_TLSPIN_VERDICT_TEXT_H_

#include "pinning/verdict.h"
#include "tools/tlspin/output.h"

namespace tlspin {

struct VerdictTextOptions {
  bool full_pins = false;     // else "sha256/afwi…8ig="
  bool failed_paths = false;  // every path that was tried, and why it failed
  bool has_pins = true;       // false: there was no pin file at all
};

// PrintVerdict prints `verdict` for people: the path, the pins, what the
// refusal means, and as the last line the answer, ACCEPT or REJECT; then the
// advice as a hint.
void PrintVerdict(const pinning::Verdict& verdict,
                  const VerdictTextOptions& options, Output& out);

// PinText returns the whole pin, or its first and last four characters.
std::string PinText(const pinning::Pin& pin, bool full);

// SubjectText returns what to call `certificate` in a line: its common name if
// it has one, else its whole subject; escaped.
std::string SubjectText(const pinning::Certificate& certificate);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_VERDICT_TEXT_H_
