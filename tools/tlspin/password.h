#ifndef TOOLS_TLSPIN_PASSWORD_H_
#define TOOLS_TLSPIN_PASSWORD_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Passwords of files, from wherever the user keeps them. None is ever printed.
namespace tlspin {

constexpr char kPasswordVariable[] = "TLSPIN_PASSWORD";

// Passwords are what may open one file.
struct Passwords {
  // Given beforehand, and the only one to try; may be empty.
  std::optional<std::string> given;
  // Else the empty password is tried, and then what this returns. Null: nobody
  // can be asked.
  std::function<absl::StatusOr<std::string>()> ask;
};

// PasswordsFromFlag returns the first line of the file `path`; without a
// `path`, the value of the environment variable TLSPIN_PASSWORD, which may be
// empty; and if that is not set, passwords to ask for on the terminal. It
// returns an error if the file cannot be read or its first line holds a NUL.
absl::StatusOr<Passwords> PasswordsFromFlag(const std::string& path);

// AskPassword asks for a password on the terminal of the process, with what is
// typed not shown. It returns UNAUTHENTICATED if there is no terminal and
// CANCELLED if it was interrupted; the terminal is then as it was.
absl::StatusOr<std::string> AskPassword(const std::string& prompt);

// TryPasswords calls `open` with one password after the other until it returns
// anything but UNAUTHENTICATED, which means that the password is wrong. It
// returns the last status, or UNAUTHENTICATED if nobody can be asked.
absl::Status TryPasswords(
    const Passwords& passwords,
    absl::FunctionRef<absl::Status(const std::string& password)> open);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_PASSWORD_H_
