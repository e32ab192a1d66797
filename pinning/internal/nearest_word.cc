#include "pinning/internal/nearest_word.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning::internal {
namespace {

// EditDistance returns how many insertions, deletions and substitutions lead
// from `a` to `b`.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1,
                         diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

absl::string_view NearestWord(absl::string_view text,
                              absl::Span<const absl::string_view> words) {
  constexpr size_t kMax = 64;
  absl::string_view best;
  size_t best_distance = std::min<size_t>(text.size() / 2, 4) + 1;
  for (absl::string_view word :
       words.first(std::min<size_t>(words.size(), kMax))) {
    if (text.size() > kMax || word.size() > kMax) {
      continue;
    }
    size_t distance = EditDistance(text, word);
    if (distance < best_distance) {
      best = word;
      best_distance = distance;
    }
  }
  return best;
}

std::string DidYouMean(absl::string_view text,
                       absl::Span<const absl::string_view> words) {
  absl::string_view nearest = NearestWord(text, words);
  return nearest.empty() ? ""
                         : absl::StrCat("; did you mean \"", nearest, "\"?");
}

}  // namespace pinning::internal
