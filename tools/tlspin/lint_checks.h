#ifndef TOOLS_TLSPIN_LINT_CHECKS_H_
#define TOOLS_TLSPIN_LINT_CHECKS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/pin_store.h"

// What is wrong or weak in a pin file, and where.
namespace tlspin {

// A TextEdit puts `with` in the place of the bytes [begin, end).
struct TextEdit {
  size_t begin = 0, end = 0;
  std::string with;
};

// A LintFinding is one thing that calls for attention. Codes are stable:
// programs that read `--json` compare them (docs/tlspin.md).
struct LintFinding {
  // An error keeps the file from being read.
  enum class Severity { kError, kWarning };

  Severity severity = Severity::kWarning;
  std::string code;     // "expires-soon"
  std::string set;      // of the file, as it is; empty: the file as a whole
  std::string message;  // a sentence whose subject is the set or the file
  size_t offset = 0;    // in bytes
  int line = 0;         // both from 1, columns in bytes; 0: not known
  int column = 0;
  // What mends it without another decision on any host; empty: nothing does.
  std::vector<TextEdit> fix;
};

struct LintResult {
  // Null if the file cannot be read; there is an error then.
  std::shared_ptr<const pinning::PinStore> store;
  std::vector<LintFinding> findings;  // in the order of the file
};

// LintPinFile returns what is to be said of the pin file `text`, at `now`.
// `name` is what to call the file in messages.
LintResult LintPinFile(absl::string_view text, const std::string& name,
                       absl::Time now);

// AllLintCodes returns every code: for tests and for documentation.
absl::Span<const absl::string_view> AllLintCodes();

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_LINT_CHECKS_H_
