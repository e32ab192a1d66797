#include "tools/tlspin/password.h"

#include <fcntl.h>
#include <openssl/mem.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/files.h"

namespace tlspin {
namespace {

constexpr size_t kMaxPassword = 4096;

// A QuietTerminal shows nothing of what is typed on it while it lives, and
// holds back the signals that would leave it so.
class QuietTerminal {
 public:
  explicit QuietTerminal(int fd) : fd_(fd) {
    sigset_t held;
    sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) {
      sigaddset(&held, number);
    }
    pthread_sigmask(SIG_BLOCK, &held, &mask_);
    is_terminal_ = tcgetattr(fd_, &state_) == 0;
    if (is_terminal_) {
      termios quiet = state_;
      quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      quiet.c_lflag |= ICANON | ECHONL | ISIG;
      // What was typed ahead was shown; it is no password.
      is_terminal_ = tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
    }
  }
  ~QuietTerminal() {
    if (is_terminal_) {
      tcsetattr(fd_, TCSAFLUSH, &state_);
    }
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  bool is_terminal() const { return is_terminal_; }

  // WasSignalled returns whether a signal is held back.
  bool WasSignalled() const {
    sigset_t pending;
    sigpending(&pending);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) {
      if (sigismember(&pending, number) == 1) {
        return true;
      }
    }
    return false;
  }

 private:
  int fd_;
  bool is_terminal_ = false;
  termios state_;
  sigset_t mask_;
};

// ReadLine reads what is typed up to the end of the line.
absl::StatusOr<std::string> ReadLine(int fd, const QuietTerminal& terminal) {
  std::string line;
  while (true) {
    pollfd ready = {fd, POLLIN, 0};
    const int count = poll(&ready, 1, /*timeout=*/200);
    if (terminal.WasSignalled()) {
      return absl::CancelledError("interrupted");
    }
    if (count <= 0) {
      continue;
    }
    char byte = 0;
    const ssize_t got = read(fd, &byte, 1);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return absl::CancelledError("no password was typed");
    }
    if (byte == '\n') {
      return line;
    }
    if (line.size() == kMaxPassword) {
      return absl::CancelledError("the password is too long");
    }
    line.push_back(byte);
  }
}

absl::StatusOr<std::string> FirstLine(const std::string& path) {
  absl::StatusOr<std::string> text = ReadInput(path, 16 * kMaxPassword);
  if (!text.ok()) {
    return text.status();
  }
  text->resize(std::min(text->find('\n'), text->size()));
  if (!text->empty() && text->back() == '\r') {
    text->pop_back();
  }
  if (text->find('\0') != std::string::npos || text->size() > kMaxPassword) {
    return InFile(path,
                  absl::InvalidArgumentError("the first line is no password"));
  }
  return text;
}

}  // namespace

absl::StatusOr<Passwords> PasswordsFromFlag(const std::string& path) {
  Passwords passwords;
  if (!path.empty()) {
    absl::StatusOr<std::string> line = FirstLine(path);
    if (!line.ok()) {
      return line.status();
    }
    passwords.given = *std::move(line);
    return passwords;
  }
  if (const char* value = std::getenv(kPasswordVariable)) {
    passwords.given = value;
    return passwords;
  }
  passwords.ask = [] { return AskPassword("password: "); };
  return passwords;
}

absl::StatusOr<std::string> AskPassword(const std::string& prompt) {
  const int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) {
    return absl::UnauthenticatedError("no terminal to ask for a password on");
  }
  absl::StatusOr<std::string> line =
      absl::UnauthenticatedError("no terminal to ask for a password on");
  {
    const QuietTerminal terminal(fd);
    if (terminal.is_terminal() && write(fd, prompt.data(), prompt.size()) ==
                                      static_cast<ssize_t>(prompt.size())) {
      line = ReadLine(fd, terminal);
    }
  }
  close(fd);
  return line;
}

absl::Status TryPasswords(
    const Passwords& passwords,
    absl::FunctionRef<absl::Status(const std::string& password)> open) {
  if (passwords.given.has_value()) {
    return open(*passwords.given);
  }
  const absl::Status empty = open("");
  if (!absl::IsUnauthenticated(empty)) {
    return empty;
  }
  if (passwords.ask == nullptr) {
    return absl::UnauthenticatedError("encrypted, and no password was given");
  }
  absl::StatusOr<std::string> typed = passwords.ask();
  if (!typed.ok()) {
    return absl::Status(typed.status().code(),
                        absl::StrCat("encrypted: ", typed.status().message()));
  }
  const absl::Status status = open(*typed);
  OPENSSL_cleanse(typed->data(), typed->size());
  return status;
}

}  // namespace tlspin
