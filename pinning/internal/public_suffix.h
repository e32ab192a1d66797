#ifndef PINNING_INTERNAL_PUBLIC_SUFFIX_H_
#define PINNING_INTERNAL_PUBLIC_SUFFIX_H_

#include "absl/strings/string_view.h"

// Answers from the Public Suffix List, ICANN and private sections both, as it
// was on the machine that built this library. `name` is a DNS name in
// lower-case A-labels without a trailing dot.
namespace pinning::internal {

// IsPublicSuffix returns whether anyone can register names directly under
// `name`: "com", "co.uk", "azurewebsites.net". As the list's algorithm has it,
// a top-level name that it does not know is a public suffix too.
bool IsPublicSuffix(absl::string_view name);

// IsPublicSuffixOrAbove returns whether `name` is a public suffix or has one
// under it: "kobe.jp", under which every name is a suffix, and "amazonaws.com",
// under which some are.
bool IsPublicSuffixOrAbove(absl::string_view name);

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_PUBLIC_SUFFIX_H_
