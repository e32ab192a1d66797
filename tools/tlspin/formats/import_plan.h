#ifndef TOOLS_TLSPIN_FORMATS_IMPORT_PLAN_H_
#define TOOLS_TLSPIN_FORMATS_IMPORT_PLAN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/pin_file.h"

namespace tlspin {

// What a pin file needs and another format may not say.
struct ImportOptions {
  std::string file_name;           // of the other format, for errors and names
  absl::Time updated;              // unless the file says
  std::vector<std::string> hosts;  // patterns, for a format without hosts
  // Keys that are not in service: those of these that a set has are its backup
  // pins; a set that has none of them gets those that no set has.
  std::vector<PinFilePin> backups;
  std::optional<absl::Time> expires;  // of sets whose file does not say
  std::optional<pinning::PinSet::OnExpiry> on_expiry;
};

// MakePinFile returns the pin file that decides as `imported` does, but for its
// losses; more may be added to them. Hosts are written with as few patterns as
// say the same. It returns INVALID_ARGUMENT "FILE:LINE:COLUMN: ..." for what no
// pin file takes, and FAILED_PRECONDITION, naming the flag, for what an option
// has to say.
absl::StatusOr<PinFile> MakePinFile(const FormatSpec& format,
                                    Imported& imported,
                                    const ImportOptions& options);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_IMPORT_PLAN_H_
