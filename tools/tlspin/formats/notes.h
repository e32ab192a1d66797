#ifndef TOOLS_TLSPIN_FORMATS_NOTES_H_
#define TOOLS_TLSPIN_FORMATS_NOTES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/tlspin/formats/pin_document.h"

// What a pin file says for people, as text of comments in other formats.
namespace tlspin {

// NoteText returns `text` on one line, without anything that could end a
// comment of XML, Kotlin, Java, YAML or JSON or act in one: control and
// bidirectional characters are escaped with "%" and hyphens are set apart.
std::string NoteText(absl::string_view text);

// PinNote returns the note of `pin`, which is one of `set`: its name, whether
// it is a backup, its source and its comment.
std::string PinNote(const DocumentSet& set, const DocumentPin& pin);

// SetNote returns the note of `set`: its name and comment.
std::string SetNote(const DocumentSet& set);

// Base64Of returns the digest of `pin` in base64, 44 characters.
std::string Base64Of(const DocumentPin& pin);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_NOTES_H_
