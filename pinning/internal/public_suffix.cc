#include "pinning/internal/public_suffix.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/public_suffix_table.h"

namespace pinning::internal {
namespace {

bool Contains(absl::Span<const absl::string_view> sorted,
              absl::string_view name) {
  return std::binary_search(sorted.begin(), sorted.end(), name);
}

bool IsRule(absl::string_view rule) {
  return Contains(PublicSuffixRules(), rule);
}

// Parent returns `name` without its first label; empty if it has one label.
absl::string_view Parent(absl::string_view name) {
  size_t dot = name.find('.');
  return dot == name.npos ? absl::string_view() : name.substr(dot + 1);
}

// IsExcepted returns whether an exception rule covers `name`. It prevails over
// every other rule, and says that its own name can be registered.
bool IsExcepted(absl::string_view name) {
  for (; !name.empty(); name = Parent(name)) {
    if (IsRule(absl::StrCat("!", name))) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool IsPublicSuffix(absl::string_view name) {
  absl::string_view parent = Parent(name);
  if (parent.empty()) {
    return true;  // listed or not: the list's last rule is "*"
  }
  // The longest rule prevails, so a rule as long as `name` does.
  return (IsRule(name) || IsRule(absl::StrCat("*.", parent))) &&
         !IsExcepted(name);
}

bool IsPublicSuffixOrAbove(absl::string_view name) {
  return IsPublicSuffix(name) || Contains(NamesAbovePublicSuffixes(), name);
}

}  // namespace pinning::internal
