#ifndef TOOLS_TLSPIN_SUGGEST_H_
#define TOOLS_TLSPIN_SUGGEST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tlspin {

// Nearest returns the candidate that `word` was most likely meant to be, or an
// empty string if none is near.
std::string Nearest(absl::string_view word,
                    const std::vector<std::string>& candidates);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_SUGGEST_H_
