#ifndef PINNING_INTERNAL_NEAREST_WORD_H_
#define PINNING_INTERNAL_NEAREST_WORD_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning::internal {

// NearestWord returns the one of `words` that `text` is most likely a slip for,
// or an empty string if none is near. It looks at the first 64 words, and at
// words of at most 64 bytes: `text` may be anyone's.
absl::string_view NearestWord(absl::string_view text,
                              absl::Span<const absl::string_view> words);

// DidYouMean returns `; did you mean "..."?`, or an empty string.
std::string DidYouMean(absl::string_view text,
                       absl::Span<const absl::string_view> words);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_NEAREST_WORD_H_
