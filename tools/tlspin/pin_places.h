#ifndef TOOLS_TLSPIN_PIN_PLACES_H_
#define TOOLS_TLSPIN_PIN_PLACES_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "pinning/internal/json_reader.h"

namespace tlspin {

// A FilePlace is a place in a text. All begin at 1; zero: not known.
struct FilePlace {
  int line = 0;
  int column = 0;     // in bytes, as in the errors of the library
  int character = 0;  // the same, in Unicode code points
};

// A PinPlaces knows where the parts of a pin file stand in its text, so that
// what is said of a set, a pin or a host can name the line. Immutable.
class PinPlaces {
 public:
  enum class List { kPins, kBackupPins, kBlockedPins };

  // Of reads `text`, a pin file that PinStore::FromJson accepts. Of anything
  // else no place is known.
  static PinPlaces Of(absl::string_view text);

  // Byte returns the place of the byte at `offset`.
  FilePlace Byte(size_t offset) const;

  // File returns the beginning of the file; Updated where it says when it was.
  FilePlace File() const;
  FilePlace Updated() const;

  // Set returns where the set `name` begins: its name. Member returns its value
  // of `key`, such as "expires".
  FilePlace Set(absl::string_view name) const;
  FilePlace Member(absl::string_view set, absl::string_view key) const;

  // Pin returns the `index`th pin of a list of `set`, counted as in PinSet.
  FilePlace Pin(absl::string_view set, List list, size_t index) const;

  // Host returns the `index`th host pattern, counted as in PinStore::entries.
  FilePlace Host(size_t index) const;

 private:
  std::optional<pinning::internal::JsonValue> Root(absl::string_view key) const;
  std::optional<pinning::internal::JsonMember> SetMember(
      absl::string_view name) const;
  std::optional<pinning::internal::JsonValue> ValueIn(
      absl::string_view set, absl::string_view key) const;
  FilePlace At(size_t offset) const;

  std::shared_ptr<const std::string> text_;                  // of the document
  std::optional<pinning::internal::JsonDocument> document_;  // none: not JSON
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PIN_PLACES_H_
