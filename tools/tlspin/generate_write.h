#ifndef TOOLS_TLSPIN_GENERATE_WRITE_H_
#define TOOLS_TLSPIN_GENERATE_WRITE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/tlspin/backup_key.h"
#include "tools/tlspin/command.h"
#include "tools/tlspin/generate_flags.h"
#include "tools/tlspin/pin_file.h"

namespace tlspin {

// MakeBackupKey makes the key that `flags` ask for, in memory, so that it is
// known before a host is asked whether it can be; null if they ask for none. It
// returns ALREADY_EXISTS if there is a file where it is to go.
absl::StatusOr<std::optional<BackupKey>> MakeBackupKey(
    const GenerateFlags& flags);

// BackupPinOf returns the pin of `key`.
PinFilePin BackupPinOf(const BackupKey& key, absl::Time now);

// WriteFiles writes the key, if there is one, and then the pin file `text`, to
// standard output if the flags say so. If the pin file cannot be written the
// key is removed again: no file of pins has it.
absl::Status WriteFiles(Context& context, const GenerateFlags& flags,
                        absl::string_view text,
                        const std::optional<BackupKey>& key);

// EffectText says what the mode and the expiry of `set` do.
std::string EffectText(const PinFileSet& set);

// PrintFile prints for people what is in `file`, which was written.
void PrintFile(Context& context, const PinFile& file,
               const std::string& output);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_GENERATE_WRITE_H_
