#ifndef TESTS_FUZZ_PLACES_H_
#define TESTS_FUZZ_PLACES_H_

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "pinning/internal/json_reader.h"
#include "tests/fuzz/fuzz.h"

namespace fuzz {

// OffsetOf returns the offset of `place` in `text`, or npos if the text does
// not reach so far. The end of the text is a place.
inline size_t OffsetOf(absl::string_view text,
                       const pinning::internal::JsonPlace& place) {
  size_t start = 0;
  for (size_t line = 1; line < place.line; ++line) {
    const size_t end = text.find('\n', start);
    if (end == absl::string_view::npos) {
      return std::string::npos;
    }
    start = end + 1;
  }
  const size_t end = std::min(text.find('\n', start), text.size());
  const size_t offset = start + place.column - 1;
  return place.column >= 1 && offset <= end ? offset : std::string::npos;
}

// ConsumeNumber removes digits and a ":" from the front of `text`.
inline size_t ConsumeNumber(absl::string_view* text) {
  size_t number = 0;
  const size_t colon = text->find(':');
  Require(colon != absl::string_view::npos &&
              absl::SimpleAtoi(text->substr(0, colon), &number),
          "a message begins FILE:LINE:COLUMN");
  text->remove_prefix(colon + 1);
  return number;
}

// RequirePlace holds `status` to INVALID_ARGUMENT "FILE:LINE:COLUMN: ...", the
// place being in `text`.
inline void RequirePlace(const absl::Status& status, absl::string_view file,
                         absl::string_view text) {
  Require(status.code() == absl::StatusCode::kInvalidArgument,
          "a refusal is INVALID_ARGUMENT");
  absl::string_view message = status.message();
  Require(absl::ConsumePrefix(&message, absl::StrCat(file, ":")),
          "a message begins with the file");
  pinning::internal::JsonPlace place;
  place.line = ConsumeNumber(&message);
  place.column = ConsumeNumber(&message);
  Require(!message.empty() && message.front() == ' ', "and goes on in words");
  Require(OffsetOf(text, place) != std::string::npos,
          "the place is in the text");
}

}  // namespace fuzz

#endif  // TESTS_FUZZ_PLACES_H_
