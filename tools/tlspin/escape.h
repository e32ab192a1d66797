#ifndef TOOLS_TLSPIN_ESCAPE_H_
#define TOOLS_TLSPIN_ESCAPE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace tlspin {

// Escape returns `text`, which may come from a certificate or a file, with
// control and bidirectional characters and invalid UTF-8 escaped.
std::string Escape(absl::string_view text);

// EscapeMessage is Escape for the message of a Status: what is escaped in it
// already is not escaped again.
std::string EscapeMessage(absl::string_view message);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_ESCAPE_H_
