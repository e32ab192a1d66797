#ifndef TOOLS_TLSPIN_EXPLAIN_CODE_H_
#define TOOLS_TLSPIN_EXPLAIN_CODE_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace tlspin {

// A CodeEntry is what the documents say of one code. The table is made from
// them (make_code_table.py), so that there is one text.
struct CodeEntry {
  absl::string_view code;     // "PIN_MISMATCH", "expires-soon"
  absl::string_view kind;     // "error", "evidence", "lint warning" and so on
  absl::string_view meaning;  // a sentence or part of one
  absl::string_view advice;   // what to do; may be empty
  absl::string_view more;     // "number 40, RFC 7469 2.6"; may be empty
  absl::string_view see;      // "docs/verdicts.md#errors"
};

// AllCodeEntries returns the table, in the order of the documents.
absl::Span<const CodeEntry> AllCodeEntries();

// FindCodes returns the entries of `code`, which may be of several kinds, as it
// is written; if there are none, those that differ in case alone. Whether words
// are joined by "-" or "_" does not count.
std::vector<const CodeEntry*> FindCodes(absl::string_view code);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_EXPLAIN_CODE_H_
