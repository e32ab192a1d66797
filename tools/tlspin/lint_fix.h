#ifndef TOOLS_TLSPIN_LINT_FIX_H_
#define TOOLS_TLSPIN_LINT_FIX_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/tlspin/lint_checks.h"

namespace tlspin {

// A FixedFile is a pin file with what can be mended mended.
struct FixedFile {
  std::string text;                // as it was, if nothing could be
  std::vector<LintFinding> fixed;  // places are those of the file as it was
                                   // when each was found
  LintResult left;                 // what there is to say of `text`
};

// FixPinFile mends the pin file `text` and keeps every byte that it need not
// touch. What could be read before decides every host as it did: that is
// compared, and INTERNAL is returned if it does not hold. What could not be
// read, and could not be read then either, is left as it was.
absl::StatusOr<FixedFile> FixPinFile(absl::string_view text,
                                     const std::string& name, absl::Time now);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_LINT_FIX_H_
