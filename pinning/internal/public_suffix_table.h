#ifndef PINNING_INTERNAL_PUBLIC_SUFFIX_TABLE_H_
#define PINNING_INTERNAL_PUBLIC_SUFFIX_TABLE_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// The Public Suffix List as sorted tables of names in A-labels. The build makes
// their source with make_public_suffix_table.py.
namespace pinning::internal {

// PublicSuffixRules returns the rules: "com", "*.ck", "!www.ck".
absl::Span<const absl::string_view> PublicSuffixRules();

// NamesAbovePublicSuffixes returns the names that are no rule, but have a rule
// under them.
absl::Span<const absl::string_view> NamesAbovePublicSuffixes();

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_PUBLIC_SUFFIX_TABLE_H_
