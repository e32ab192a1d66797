#ifndef TOOLS_TLSPIN_BACKUP_KEY_H_
#define TOOLS_TLSPIN_BACKUP_KEY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/pin.h"
#include "tools/tlspin/password.h"

// Makes the key whose pin is a backup pin (RFC 7469, section 4.3): one that is
// kept offline until the key in service is lost.
namespace tlspin {

enum class BackupKeyType { kEcP256, kRsa3072 };

// NewPassword returns what `passwords` give to encrypt a new key with; who is
// asked types it twice. It returns INVALID_ARGUMENT if that is nothing, or the
// two differ, and the error of the terminal.
absl::StatusOr<std::string> NewPassword(const Passwords& passwords);

// A BackupKey is a private key that is in no file yet. It is moved, not copied,
// and what it holds is wiped when it ends.
class BackupKey {
 public:
  // Make makes a key of `type`, to be written encrypted with `password`, or
  // as it is if that is empty; `password` is wiped. It returns INTERNAL if
  // there is no randomness or no memory.
  static absl::StatusOr<BackupKey> Make(BackupKeyType type,
                                        std::string password);

  BackupKey(BackupKey&& other) = default;
  BackupKey& operator=(BackupKey&& other) = default;
  ~BackupKey();

  const pinning::Pin& pin() const { return pin_; }
  const std::string& key() const { return key_; }  // "EC P-256"

  // Write makes the file `path`, PKCS #8 in PEM, which only its owner may read.
  // It returns ALREADY_EXISTS if anything is there, a dangling link included:
  // nothing is ever overwritten. On an error it leaves no file.
  absl::Status Write(const std::string& path) const;

 private:
  BackupKey(std::string pem, pinning::Pin pin, std::string key);

  std::string pem_;
  pinning::Pin pin_;
  std::string key_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_BACKUP_KEY_H_
