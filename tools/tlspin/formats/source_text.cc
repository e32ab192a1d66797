#include "tools/tlspin/formats/source_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/json_text_fault.h"

namespace tlspin {

std::string PlaceText(absl::string_view file_name, const Place& place) {
  return place.line == 0
             ? std::string(file_name)
             : absl::StrCat(file_name, ":", place.line, ":", place.column);
}

absl::Status ErrorAt(absl::string_view file_name, const Place& place,
                     absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat(PlaceText(file_name, place), ": ", message));
}

SourceText::SourceText(absl::string_view text, absl::string_view file_name)
    : text_(text), file_name_(file_name), lines_({0}) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      lines_.push_back(i + 1);
    }
  }
}

absl::Status SourceText::Check() const {
  for (size_t i = 0; i < text_.size(); ++i) {
    const char c = text_[i];
    if (absl::ascii_iscntrl(c) && c != '\t' && c != '\n' && c != '\r') {
      return Error(i, "a control character: delete it");
    }
  }
  // The offset 0 means that there is no fault, so none may stand there.
  const size_t fault =
      pinning::internal::FirstInvalidUtf8(absl::StrCat(" ", text_));
  if (fault != 0) {
    return Error(fault - 1, "not valid UTF-8: save the file as UTF-8");
  }
  return absl::OkStatus();
}

Place SourceText::PlaceOf(size_t offset) const {
  const auto line = std::upper_bound(lines_.begin(), lines_.end(),
                                     std::min(offset, text_.size())) -
                    1;
  Place place;
  place.line = static_cast<size_t>(line - lines_.begin()) + 1;
  place.column = std::min(offset, text_.size()) - *line + 1;
  return place;
}

}  // namespace tlspin
