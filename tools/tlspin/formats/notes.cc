#include "tools/tlspin/formats/notes.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "pinning/internal/text_escape.h"
#include "pinning/pin.h"

namespace tlspin {

std::string NoteText(absl::string_view text) {
  std::string note = pinning::internal::EscapeText(text);
  // A backslash begins an escape in a Java comment too, and "--" may not stand
  // in one of XML.
  note = absl::StrReplaceAll(note, {{"\\\\", "/"}, {"\\", "%"}, {"*/", "* /"}});
  while (note.find("--") != std::string::npos) {
    note = absl::StrReplaceAll(note, {{"--", "- -"}});
  }
  return note;
}

std::string PinNote(const DocumentSet& set, const DocumentPin& pin) {
  std::string note = NoteText(pin.pin.name);
  for (const DocumentPin& backup : set.backup_pins) {
    if (&backup == &pin) {
      absl::StrAppend(&note, "; backup");
    }
  }
  for (const std::string* part : {&pin.source, &pin.comment}) {
    if (!part->empty()) {
      absl::StrAppend(&note, "; ", NoteText(*part));
    }
  }
  return note;
}

std::string SetNote(const DocumentSet& set) {
  std::string note = NoteText(set.set->name());
  if (!set.comment.empty()) {
    absl::StrAppend(&note, ": ", NoteText(set.comment));
  }
  return note;
}

std::string Base64Of(const DocumentPin& pin) {
  return pin.pin.pin.ToString().substr(sizeof("sha256/") - 1);
}

}  // namespace tlspin
