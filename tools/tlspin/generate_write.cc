#include "tools/tlspin/generate_write.h"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/password.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::PinSet;

void AddRows(const std::vector<PinFilePin>& pins, bool backup, bool full,
             Table& table) {
  for (const PinFilePin& pin : pins) {
    table.AddRow({backup ? "backup" : std::string(PinRoleName(pin.pin.role)),
                  PinText(pin.pin.pin, full), pin.pin.name});
  }
}

}  // namespace

absl::StatusOr<std::optional<BackupKey>> MakeBackupKey(
    const GenerateFlags& flags) {
  const std::string& path = flags.new_backup_key;
  if (path.empty()) {
    return std::nullopt;
  }
  struct stat existing;
  if (lstat(path.c_str(), &existing) == 0) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there already; a key is never overwritten"));
  }
  std::string password;
  if (flags.encrypt_backup_key) {
    const absl::StatusOr<Passwords> passwords =
        PasswordsFromFlag(flags.password_file);
    if (!passwords.ok()) {
      return passwords.status();
    }
    absl::StatusOr<std::string> given = NewPassword(*passwords);
    if (!given.ok()) {
      return given.status();
    }
    password = *std::move(given);
  }
  absl::StatusOr<BackupKey> key = BackupKey::Make(
      flags.backup_key_type == "rsa-3072" ? BackupKeyType::kRsa3072
                                          : BackupKeyType::kEcP256,
      password);
  if (!key.ok()) {
    return key.status();
  }
  return std::make_optional(*std::move(key));
}

PinFilePin BackupPinOf(const BackupKey& key, absl::Time now) {
  return {
      {key.pin(), absl::StrCat("backup ", key.key()), pinning::PinRole::kAny},
      absl::StrCat("a key made on ", DateText(now))};
}

absl::Status WriteFiles(Context& context, const GenerateFlags& flags,
                        absl::string_view text,
                        const std::optional<BackupKey>& key) {
  if (flags.pin_file().empty()) {
    context.out.Answer(text);
    return absl::OkStatus();
  }
  if (key.has_value()) {
    const absl::Status written = key->Write(flags.new_backup_key);
    if (!written.ok()) {
      return written;
    }
  }
  const absl::Status written = WriteFileAtomically(flags.pin_file(), text);
  if (!written.ok()) {
    if (key.has_value() && unlink(flags.new_backup_key.c_str()) != 0) {
      return absl::Status(
          written.code(),
          absl::StrCat(written.message(), "; the key ", flags.new_backup_key,
                       ", which is in no pin file, is left"));
    }
    return written;
  }
  if (key.has_value()) {
    context.out.Note(absl::StrCat(
        "made the backup key ", Escape(flags.new_backup_key), " (", key->key(),
        flags.encrypt_backup_key ? ", encrypted" : ", not encrypted",
        "): move it to where it is kept offline; it is of use only where no "
        "server has it, and for as long as it is not lost"));
  }
  return absl::OkStatus();
}

std::string EffectText(const PinFileSet& set) {
  return absl::StrCat(
      set.mode == PinSet::Mode::kEnforce ? "enforced" : "report-only",
      " until ", DateText(set.expires), ", then ",
      set.on_expiry == PinSet::OnExpiry::kReject ? "every connection is refused"
                                                 : "not enforced");
}

void PrintFile(Context& context, const PinFile& file,
               const std::string& output) {
  const bool full = !context.out.answers_to_terminal();
  for (const PinFileSet& set : file.sets) {
    std::string hosts;
    for (const PinFile::Host& host : file.hosts) {
      if (host.set == set.name) {
        absl::StrAppend(&hosts, hosts.empty() ? "" : ", ", host.pattern);
      }
    }
    context.out.Answer(
        Labelled("set", absl::StrCat(Escape(set.name), " for ", hosts)));
    Table table;
    AddRows(set.pins, false, full, table);
    AddRows(set.backup_pins, true, full, table);
    context.out.Answer(table.ToString(""));
  }
  context.out.Answer(absl::StrCat(
      context.out.Paint(Output::Style::kGood, "OK"), "       ", Escape(output),
      ": ", file.hosts.size(), file.hosts.size() == 1 ? " host" : " hosts",
      ", ", file.sets.size(), file.sets.size() == 1 ? " set" : " sets", ", ",
      EffectText(file.sets.front()), "\n"));
}

}  // namespace tlspin
