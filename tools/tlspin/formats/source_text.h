#ifndef TOOLS_TLSPIN_FORMATS_SOURCE_TEXT_H_
#define TOOLS_TLSPIN_FORMATS_SOURCE_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tlspin {

// A Place is a place in a file; both numbers begin at 1, columns count bytes,
// and zero is no place: the file as a whole.
struct Place {
  size_t line = 0;
  size_t column = 0;
};

// PlaceText returns "FILE:LINE:COLUMN", or "FILE" for no place.
std::string PlaceText(absl::string_view file_name, const Place& place);

// ErrorAt returns INVALID_ARGUMENT "FILE:LINE:COLUMN: `message`".
absl::Status ErrorAt(absl::string_view file_name, const Place& place,
                     absl::string_view message);

// A SourceText is the text of a file, and finds places in it. It does not own
// the
// text.
class SourceText {
 public:
  SourceText(absl::string_view text, absl::string_view file_name);

  // Check returns an error at the first byte that is not UTF-8 or is a control
  // character other than tab, line feed and carriage return.
  absl::Status Check() const;

  Place PlaceOf(size_t offset) const;
  absl::Status Error(size_t offset, absl::string_view message) const {
    return ErrorAt(file_name_, PlaceOf(offset), message);
  }

  absl::string_view text() const { return text_; }
  absl::string_view file_name() const { return file_name_; }

 private:
  absl::string_view text_;
  absl::string_view file_name_;
  std::vector<size_t> lines_;  // where each begins
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_SOURCE_TEXT_H_
