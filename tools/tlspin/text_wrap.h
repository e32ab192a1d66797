#ifndef TOOLS_TLSPIN_TEXT_WRAP_H_
#define TOOLS_TLSPIN_TEXT_WRAP_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

// Text for people, filled to a width. A width is in code points.
namespace tlspin {

// TextWidth returns the number of code points of `text`, which is UTF-8.
size_t TextWidth(absl::string_view text);

// Wrap fills lines with the words of `text`, each line at most `width` wide
// unless one word is wider. The first line goes on where something `used` wide
// stands already, all others are indented by `indent`. Without a line end at
// the end.
std::string Wrap(absl::string_view text, size_t width, size_t indent,
                 size_t used);

// WrapItem wraps the line "  word  what it means" so that what it means stays
// in its column.
std::string WrapItem(absl::string_view line, size_t width);

// JoinItems returns `text` with each item on one line: a line that is indented
// deeper than the item above it goes on with that item.
std::string JoinItems(absl::string_view text);

// WrapProse fills paragraphs anew. Lines that begin with a space are items; an
// empty line stays, and there is one after items. Each line of the result has a
// line end.
std::string WrapProse(absl::string_view text, size_t width);

// FitLabelled breaks the lines that are wider than `width` where they have a
// label and then text, as Labelled and Table write them, and those below that
// go on; what follows a break is indented below the text. All other lines stay.
// Escapes for colours take no room.
std::string FitLabelled(absl::string_view text, size_t width);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_TEXT_WRAP_H_
