#ifndef TOOLS_TLSPIN_VERDICT_TEXT_H_
#define TOOLS_TLSPIN_VERDICT_TEXT_H_

#include "pinning/language.h"
#include "pinning/verdict.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {

struct VerdictTextOptions {
  bool full_pins = false;     // else "sha256/afwi…8ig="
  bool failed_paths = false;  // every path that was tried, and why it failed
  bool has_pins = true;       // false: there was no pin file at all
  // Beside each reason its code, and the certificate and field it is about.
  bool evidence_codes = false;
  pinning::Language language = pinning::Language::kEnglish;
};

// PrintVerdict prints `verdict` for people: the path, the pins, what the
// refusal means, and as the last line the answer, ACCEPT or REJECT; then the
// advice as a hint.
void PrintVerdict(const pinning::Verdict& verdict,
                  const VerdictTextOptions& options, Output& out);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_VERDICT_TEXT_H_
