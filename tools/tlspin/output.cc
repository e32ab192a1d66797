#include "tools/tlspin/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tools/tlspin/terminal.h"
#include "tools/tlspin/text_wrap.h"

namespace tlspin {
namespace {

// WriteAll returns 0, or the errno of the write that failed.
int WriteAll(int file, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(file, text.data(), text.size());
    if (count < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno;
    }
    text.remove_prefix(static_cast<size_t>(count));
  }
  return 0;
}

// MayColor returns whether the environment lets a terminal be coloured
// (https://no-color.org: set and not empty).
bool MayColor() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return (no_color == nullptr || *no_color == '\0') && term != nullptr &&
         std::strcmp(term, "dumb") != 0;
}

}  // namespace

std::string JsonLine(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/true,
                   Json::error_handler_t::replace) +
         "\n";
}

std::string WithKeys(absl::string_view object, const Json& more) {
  object = absl::StripTrailingAsciiWhitespace(object);
  absl::ConsumeSuffix(&object, "}");
  return absl::StrCat(object, ",", JsonLine(more).substr(1));
}

Output::Output() {
  for (int file = 0; file <= 2; ++file) {
    if (fcntl(file, F_GETFD) < 0 && errno == EBADF) {
      closed_ = closed_ || file == 1;
      // open takes the lowest free number: `file`.
      if (open("/dev/null", O_RDWR) != file) {
        std::abort();
      }
    }
  }
  terminal_ = isatty(STDOUT_FILENO) != 0;
  color_terminal_ = terminal_ && MayColor();
}

void Output::Answer(absl::string_view text) {
  held_.emplace_back(Stream::kAnswer, terminal_
                                          ? FitLabelled(text, OutputWidth())
                                          : std::string(text));
}

void Output::Note(absl::string_view text) {
  held_.emplace_back(Stream::kNote, absl::StrCat("tlspin: ", text, "\n"));
}

void Output::Hint(absl::string_view text) {
  Note(absl::StrCat("hint: ", text));
}

std::string Output::Paint(Style style, absl::string_view text) const {
  if (color_ == Color::kNever || (color_ == Color::kAuto && !color_terminal_)) {
    return std::string(text);
  }
  const char* code = "2";
  switch (style) {
    case Style::kGood:
      code = "1;32";
      break;
    case Style::kBad:
      code = "1;31";
      break;
    case Style::kWarning:
      code = "33";
      break;
    case Style::kFaint:
      code = "2";
      break;
  }
  return absl::StrCat("\033[", code, "m", text, "\033[0m");
}

absl::Status Output::Flush() {
  if (!quiet_) {
    Write();
  }
  return status_;
}

int Output::Finish(int code) {
  if (quiet_ && code == kYes) {
    held_.clear();
  }
  const bool lost_before = !status_.ok();
  Write();
  // Some file systems tell of a full disk only here.
  if (!closed_ && status_.ok() && close(STDOUT_FILENO) != 0) {
    status_ = absl::ErrnoToStatus(errno, "cannot write standard output");
  }
  closed_ = true;
  if (!status_.ok() && !lost_before) {
    (void)WriteAll(STDERR_FILENO,
                   absl::StrCat("tlspin: ", status_.message(), "\n"));
  }
  return status_.ok() ? code : kUndecided;
}

void Output::Write() {
  for (const auto& [stream, text] : held_) {
    if (stream == Stream::kNote) {
      // Notes that cannot be written change no answer.
      (void)WriteAll(STDERR_FILENO, text);
    } else if (status_.ok() && !text.empty()) {
      const int error = closed_ ? EBADF : WriteAll(STDOUT_FILENO, text);
      if (error != 0) {
        status_ = absl::ErrnoToStatus(error, "cannot write standard output");
      }
    }
  }
  held_.clear();
}

}  // namespace tlspin
