#ifndef TOOLS_TLSPIN_MDOC_H_
#define TOOLS_TLSPIN_MDOC_H_

#include <string>

#include "absl/strings/string_view.h"

// The language of manual pages: plain text into lines of mdoc.
namespace tlspin {

// MdocText returns `text`, which may have several lines, so that it shows as it
// is: no character of it is taken for a macro, an escape or typography. What is
// not ASCII is named by its code point. `text` is UTF-8.
std::string MdocText(absl::string_view text);

// MdocSentences is MdocText for prose: each sentence begins a line, so that the
// formatter knows where one ends.
std::string MdocSentences(absl::string_view text);

// MdocWord returns a single word as an argument of a macro.
std::string MdocWord(absl::string_view word);

// MdocProse returns paragraphs as HelpText has them: lines that begin with a
// space become a list of terms, or stand as they are.
std::string MdocProse(absl::string_view text);

// MdocLiteral returns `text` displayed line by line.
std::string MdocLiteral(absl::string_view text);

// MdocItems returns lines "  0  accepted" as a list.
std::string MdocItems(absl::string_view lines);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_MDOC_H_
