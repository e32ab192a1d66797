#ifndef PINNING_INTERNAL_TEXT_ESCAPE_H_
#define PINNING_INTERNAL_TEXT_ESCAPE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace pinning {
namespace internal {

// EscapeText returns `text`, which came from a certificate or another stranger,
// in a form that is safe on a terminal and in a log: control characters, line
// and paragraph separators, bidirectional and zero-width controls become
// "\u{202e}"; bytes that are not UTF-8 become "\x{ff}"; a backslash becomes
// "\\", so that an escape cannot be forged. What is longer than `max_length`
// bytes is cut on a character and ends in "...".
std::string EscapeText(absl::string_view text, size_t max_length = 512);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_TEXT_ESCAPE_H_
