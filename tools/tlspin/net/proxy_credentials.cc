#include "tools/tlspin/net/proxy_credentials.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/tlspin/escape.h"

namespace tlspin {
namespace {

constexpr size_t kMaxFile = 64 * 1024;
constexpr char kControlC = '\x03';

absl::Status Invalid(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

absl::StatusOr<ProxyCredentials> Checked(ProxyCredentials credentials) {
  for (const std::string* part : {&credentials.user, &credentials.password}) {
    for (const char c : *part) {
      if (absl::ascii_iscntrl(c)) {
        return Invalid("a user name or password holds no control characters");
      }
    }
  }
  return credentials;
}

// FromNetrc takes the words of a netrc file.
absl::StatusOr<ProxyCredentials> FromNetrc(
    const std::vector<absl::string_view>& words, absl::string_view host) {
  std::optional<ProxyCredentials> found;
  bool counts = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const absl::string_view word = words[i];
    if (word == "default" || word == "machine") {
      if (found.has_value()) {
        break;  // the first that is for this host
      }
      counts = word == "default";
    }
    if (word == "default") {
      continue;
    }
    if (i + 1 == words.size() || (word != "machine" && word != "login" &&
                                  word != "password" && word != "account")) {
      return Invalid("a netrc file has machine, login and password only");
    }
    const absl::string_view value = words[++i];
    if (word == "machine") {
      counts = absl::EqualsIgnoreCase(value, host);
    } else if (counts && word != "account") {
      if (!found.has_value()) {
        found.emplace();
      }
      (word == "login" ? found->user : found->password) = std::string(value);
    }
  }
  if (!found.has_value() || found->user.empty()) {
    return Invalid(absl::StrCat("it has no login for the machine ", host));
  }
  return Checked(*std::move(found));
}

// A HiddenInput does not show what is typed, until its end.
class HiddenInput {
 public:
  explicit HiddenInput(int terminal) : terminal_(terminal) {
    changed_ = tcgetattr(terminal_, &before_) == 0;
    // A person who ends tlspin here would be left with a terminal that shows
    // nothing: the signal waits until the terminal is as it was.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGTSTP, SIGHUP, SIGQUIT}) {
      sigaddset(&signals, signal);
    }
    pthread_sigmask(SIG_BLOCK, &signals, &mask_);
    if (changed_) {
      termios hidden = before_;
      hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
      hidden.c_cc[VEOL] = kControlC;  // ends the line, as it ends the question
      tcsetattr(terminal_, TCSAFLUSH, &hidden);
    }
  }
  ~HiddenInput() {
    if (changed_) {
      tcsetattr(terminal_, TCSAFLUSH, &before_);
    }
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;

 private:
  const int terminal_;
  bool changed_ = false;
  termios before_ = {};
  sigset_t mask_ = {};
};

void Say(int terminal, const std::string& text) {
  // A terminal that cannot be written to shows as one that is not answered.
  [[maybe_unused]] const ssize_t n = write(terminal, text.data(), text.size());
}

// ReadLine returns the line that is typed, or CANCELLED at the end of the input
// or on Control-C, which comes as a byte while the input is hidden.
absl::StatusOr<std::string> ReadLine(int terminal) {
  std::string line;
  for (;;) {
    char c = 0;
    const ssize_t n = read(terminal, &c, 1);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0 || c == kControlC) {
      return absl::CancelledError("no user name and password were given");
    }
    if (c == '\n') {
      return line;
    }
    line.push_back(c);
  }
}

// AskHidden shows `prompt` once nothing is shown of what is typed, and lets
// nothing that is typed then get lost.
absl::StatusOr<std::string> AskHidden(int terminal, const std::string& prompt) {
  const HiddenInput hidden(terminal);
  Say(STDERR_FILENO, prompt);
  return ReadLine(terminal);
}

}  // namespace

absl::StatusOr<ProxyCredentials> ParseCredentials(
    absl::string_view text, absl::string_view proxy_host) {
  std::vector<absl::string_view> lines;
  std::vector<absl::string_view> words;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::ConsumeSuffix(&line, "\r");
    if (absl::StripAsciiWhitespace(line).empty() ||
        absl::StartsWith(line, "#")) {
      continue;
    }
    lines.push_back(line);
    for (const absl::string_view word :
         absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty())) {
      words.push_back(word);
    }
  }
  if (lines.empty()) {
    return Invalid("it is empty: write USER:PASSWORD on one line");
  }
  if (words[0] == "machine" || words[0] == "default") {
    return FromNetrc(words, proxy_host);
  }
  const size_t colon = lines[0].find(':');
  if (lines.size() > 1 || colon == 0 || colon == absl::string_view::npos) {
    return Invalid("it is neither one line USER:PASSWORD nor a netrc file");
  }
  return Checked({std::string(lines[0].substr(0, colon)),
                  std::string(lines[0].substr(colon + 1))});
}

absl::StatusOr<ProxyCredentials> ReadCredentials(const std::string& path,
                                                 absl::string_view proxy_host,
                                                 std::string* warning) {
  warning->clear();
  const std::string place = Escape(path);
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info = {};
  if (fd < 0 || fstat(fd, &info) != 0) {
    const std::string why = std::strerror(errno);
    if (fd >= 0) {
      close(fd);
    }
    return absl::NotFoundError(absl::StrCat(place, ": ", why));
  }
  // A pipe, as of `<(command)`, is nobody else's.
  if (S_ISREG(info.st_mode) && (info.st_mode & (S_IRGRP | S_IROTH)) != 0) {
    *warning = absl::StrCat(place,
                            " holds a password and others may read it: "
                            "chmod 600 ",
                            place);
  }
  std::string text;
  char buffer[4096];
  ssize_t n = 0;
  while (text.size() <= kMaxFile &&
         (n = read(fd, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<size_t>(n));
  }
  const int error = errno;
  close(fd);
  if (n < 0) {
    return absl::NotFoundError(absl::StrCat(place, ": ", std::strerror(error)));
  }
  if (text.size() > kMaxFile) {
    return Invalid(absl::StrCat(place, ": it is too long"));
  }
  absl::StatusOr<ProxyCredentials> credentials =
      ParseCredentials(text, proxy_host);
  if (!credentials.ok()) {
    return Invalid(absl::StrCat(place, ": ", credentials.status().message()));
  }
  return credentials;
}

bool CanAsk() { return isatty(STDIN_FILENO) && isatty(STDERR_FILENO); }

absl::StatusOr<ProxyCredentials> AskForCredentials(const std::string& question,
                                                   const std::string& user) {
  ProxyCredentials credentials;
  credentials.user = user;
  Say(STDERR_FILENO, absl::StrCat(question, "\n"));
  if (user.empty()) {
    Say(STDERR_FILENO, "User name: ");
    absl::StatusOr<std::string> line = ReadLine(STDIN_FILENO);
    if (!line.ok() || line->empty()) {
      return absl::CancelledError("no user name was given");
    }
    credentials.user = *std::move(line);
  }
  absl::StatusOr<std::string> line = AskHidden(
      STDIN_FILENO,
      absl::StrCat("Password of ", Escape(credentials.user), " (not shown): "));
  Say(STDERR_FILENO, "\n");
  if (!line.ok()) {
    return line.status();
  }
  credentials.password = *std::move(line);
  return Checked(std::move(credentials));
}

}  // namespace tlspin
