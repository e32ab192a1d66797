#include "pinning/internal/messages.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "absl/types/span.h"
#include "pinning/language.h"

namespace pinning {
namespace internal {
namespace {

// SoundsLikeI returns whether Spanish says "e", not "y", before `word`: before
// the sound of i, but not of a diphthong ("hierro").
bool SoundsLikeI(absl::string_view word) {
  return absl::StartsWithIgnoreCase(word, "i") ||
         (absl::StartsWithIgnoreCase(word, "hi") &&
          !absl::StartsWithIgnoreCase(word, "hia") &&
          !absl::StartsWithIgnoreCase(word, "hie"));
}

absl::string_view And(absl::string_view next, Language language) {
  switch (language) {
    case Language::kEnglish:
      return " and ";
    case Language::kSpanish:
      return SoundsLikeI(next) ? " e " : " y ";
  }
  return " and ";
}

}  // namespace

const Message* FindMessage(absl::string_view id) {
  for (const Message& message : AllMessages()) {
    if (message.id == id) {
      return &message;
    }
  }
  return nullptr;
}

std::string FormatMessage(absl::string_view id,
                          absl::Span<const std::string> arguments,
                          Language language) {
  const Message* message = FindMessage(id);
  if (message == nullptr) {
    return std::string(id);
  }
  const auto at = [arguments](size_t i) {
    return i < arguments.size() ? absl::string_view(arguments[i]) : "";
  };
  return absl::Substitute(
      language == Language::kSpanish ? message->spanish : message->english,
      at(0), at(1), at(2), at(3));
}

std::string JoinList(absl::Span<const std::string> items, Language language) {
  if (items.size() < 2) {
    return absl::StrJoin(items, "");
  }
  return absl::StrCat(absl::StrJoin(items.first(items.size() - 1), ", "),
                      And(items.back(), language), items.back());
}

}  // namespace internal
}  // namespace pinning
