#ifndef TOOLS_TLSPIN_PIN_FILE_H_
#define TOOLS_TLSPIN_PIN_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "pinning/pin.h"
#include "pinning/pin_set.h"

// Writes pin files (docs/pin-file.md).
namespace tlspin {

struct PinFilePin {
  pinning::NamedPin pin;
  std::string source;  // where it was learned from; empty: left out
};

struct PinFileSet {
  std::string name;
  pinning::PinSet::Mode mode = pinning::PinSet::Mode::kEnforce;
  absl::Time expires;
  pinning::PinSet::OnExpiry on_expiry = pinning::PinSet::OnExpiry::kReject;
  std::vector<PinFilePin> pins, backup_pins;
  std::vector<PinFilePin> blocked_pins;  // their role is not written
};

struct PinFile {
  struct Host {
    std::string pattern;
    std::string set;
  };

  absl::Time updated;
  std::vector<PinFileSet> sets;
  std::vector<Host> hosts;
};

// PinFilePinJson returns `pin` as a pin file has it.
nlohmann::ordered_json PinFilePinJson(const PinFilePin& pin,
                                      bool with_role = true);

// PinFileSetJson returns `set` as a pin file has it, without its name.
nlohmann::ordered_json PinFileSetJson(const PinFileSet& set);

// PinFileToJson returns `file` as JSON for people to review and for tools to
// compare: the same `file` always gives the same text, in the order given. It
// returns the error of PinStore::FromJson if a store would not
// take the text, so that what is written can be read.
absl::StatusOr<std::string> PinFileToJson(const PinFile& file);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PIN_FILE_H_
