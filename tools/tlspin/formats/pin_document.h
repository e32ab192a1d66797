#ifndef TOOLS_TLSPIN_FORMATS_PIN_DOCUMENT_H_
#define TOOLS_TLSPIN_FORMATS_PIN_DOCUMENT_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/formats/source_text.h"

namespace tlspin {

// The set of a host that has none.
inline constexpr size_t kNoSet = static_cast<size_t>(-1);

struct DocumentPin {
  pinning::NamedPin pin;
  std::string source, comment;
  Place place;
};

struct DocumentSet {
  const pinning::PinSet* set = nullptr;
  std::vector<DocumentPin> pins, backup_pins, blocked_pins;
  std::string comment;
  Place place, mode_place, expires_place, on_expiry_place, comment_place;
};

// AllowedPins returns the pins and the backup pins of `set`: formats without a
// word for backups have one list.
std::vector<const DocumentPin*> AllowedPins(const DocumentSet& set);

struct DocumentHost {
  std::string pattern;  // canonical
  size_t set = kNoSet;
  Place place;
};

// A PinDocument is a pin file with the place of everything that another format
// may not be able to say.
struct PinDocument {
  std::string file_name;
  std::shared_ptr<const pinning::PinStore> store;
  std::vector<DocumentSet> sets;
  std::vector<DocumentHost> hosts;
  std::string comment;
  Place comment_place;
};

// ReadPinDocument returns the pin file `text`, or the error of
// PinStore::FromJson.
absl::StatusOr<PinDocument> ReadPinDocument(absl::string_view text,
                                            absl::string_view file_name);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_PIN_DOCUMENT_H_
