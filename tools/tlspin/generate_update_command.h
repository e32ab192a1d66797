#ifndef TOOLS_TLSPIN_GENERATE_UPDATE_COMMAND_H_
#define TOOLS_TLSPIN_GENERATE_UPDATE_COMMAND_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "pinning/pin_store.h"
#include "tools/tlspin/backup_key.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/generate_flags.h"
#include "tools/tlspin/generate_probe.h"
#include "tools/tlspin/judge.h"

// `generate --update`.
namespace tlspin {

// An OldPinFile is the pin file to be brought up to date.
struct OldPinFile {
  std::string text;
  std::shared_ptr<const pinning::PinStore> store;
  bool whole = false;  // no host was named: all of the file is meant
};

// ReadOldPinFile reads the pin file `path`, and makes its hosts those to ask if
// `plan` has none. It returns NOT_FOUND if there is nothing to ask,
// FAILED_PRECONDITION if the file maps one of the hosts to "none", and
// OUT_OF_RANGE, an error of usage, if a set is named for new hosts and there
// are none.
absl::StatusOr<OldPinFile> ReadOldPinFile(const std::string& path,
                                          GeneratePlan& plan);

// WriteUpdate writes the file brought up to date, prints what changed, and
// returns the exit code: kUndecided if a host or a set could not be asked.
int WriteUpdate(Context& context, const GenerateFlags& flags,
                const GeneratePlan& plan, const Judge& judge,
                const OldPinFile& old, const ProbeResult& asked,
                const std::optional<BackupKey>& key);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_UPDATE_COMMAND_H_
