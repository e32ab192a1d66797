#ifndef TOOLS_TLSPIN_OUTPUT_H_
#define TOOLS_TLSPIN_OUTPUT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "tools/tlspin/escape.h"

namespace tlspin {

// The exit codes, the same for every command.
enum ExitCode {
  kYes = 0,        // accepted, clean, no difference
  kNo = 1,         // rejected, errors found, differences
  kUsage = 2,      // the command line is wrong
  kUndecided = 3,  // unreadable, malformed, no connection: never a yes
};

using Json = nlohmann::ordered_json;

// JsonLine returns `json` as one line of ASCII, invalid UTF-8 replaced.
std::string JsonLine(const Json& json);

// WithKeys returns the line of the JSON object `object`, a text that the
// library wrote, with the keys of `more` after its own. Those stay byte for
// byte.
std::string WithKeys(absl::string_view object, const Json& more);

// An Output holds back what a command prints until it is flushed, so that
// `-q` can drop it on success, and keeps account of what could not be written.
// Used by one thread.
class Output {
 public:
  enum class Color { kAuto, kAlways, kNever };
  enum class Style { kGood, kBad, kWarning, kFaint };

  // Looks at the standard streams, NO_COLOR and TERM. Create before any file is
  // opened: a standard stream that is closed is replaced, so that no file of
  // ours takes its number.
  Output();

  void set_color(Color color) { color_ = color; }
  void set_quiet(bool quiet) { quiet_ = quiet; }
  bool quiet() const { return quiet_; }

  // Answer appends to standard output; `text` brings its own line ends.
  void Answer(absl::string_view text);
  // Note appends the line "tlspin: TEXT" to standard error.
  void Note(absl::string_view text);
  // Hint appends the line "tlspin: hint: TEXT" to standard error.
  void Hint(absl::string_view text);

  // Paint returns `text` coloured for standard output, or as it is.
  std::string Paint(Style style, absl::string_view text) const;

  // answers_to_terminal returns whether standard output is a terminal.
  bool answers_to_terminal() const { return terminal_; }

  // Flush writes what is held back. Under -q it writes nothing: what is held
  // then goes with Drop or with Finish. It returns an error, once and for all
  // later calls too, if standard output could not be written.
  absl::Status Flush();

  // Finish ends the program's output: under -q and `code` kYes it drops what is
  // held back. It returns `code`, or kUndecided if an answer was lost.
  int Finish(int code);

 private:
  enum class Stream { kAnswer, kNote };

  void Write();

  std::vector<std::pair<Stream, std::string>> held_;
  Color color_ = Color::kAuto;
  bool quiet_ = false;
  bool terminal_ = false;
  bool color_terminal_ = false;
  bool closed_ = false;
  absl::Status status_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_OUTPUT_H_
