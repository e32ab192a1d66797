#include "tools/tlspin/progress_line.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/phrases.h"

namespace tlspin {
namespace {

// What is done sooner needs no line.
constexpr std::chrono::milliseconds kQuietFor(500);
constexpr size_t kNamed = 5;  // of the hosts that were not asked

}  // namespace

ProgressLine::ProgressLine(const Context& context)
    : enabled_(!context.quiet && isatty(STDERR_FILENO) == 1),
      language_(context.language),
      start_(std::chrono::steady_clock::now()) {}

void ProgressLine::Show(const ProbeProgress& progress) {
  if (!enabled_ || std::chrono::steady_clock::now() - start_ < kQuietFor) {
    return;
  }
  // To the start of the line, the text, and nothing behind it.
  Write(absl::StrCat("\r", "tlspin: ",
                     Say(Phrase::kProgress, language_, progress.done,
                         progress.total, progress.failed, progress.in_flight),
                     "\x1b[K"));
  shown_ = true;
}

void ProgressLine::Clear() {
  if (shown_) {
    Write("\r\x1b[K");
    shown_ = false;
  }
}

void ProgressLine::Write(const std::string& text) {
  // What is lost is but a line that goes away.
  const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(written);
}

bool SayInterrupted(Context& context, const std::vector<Probe>& probes) {
  size_t count = 0;
  std::string names;
  for (const Probe& probe : probes) {
    if (!probe.interrupted) {
      continue;
    }
    if (++count <= kNamed) {
      absl::StrAppend(&names, count == 1 ? "" : ", ", probe.Target());
    }
  }
  if (count == 0) {
    return false;
  }
  context.out.Note(Say(Phrase::kInterrupted, context.language, count, names,
                       count > kNamed ? ", …" : ""));
  return true;
}

}  // namespace tlspin
