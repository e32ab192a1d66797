#include "pinning/language.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning {
namespace {

constexpr Language kAllLanguages[] = {Language::kEnglish, Language::kSpanish};

}  // namespace

absl::string_view LanguageTag(Language language) {
  switch (language) {
    case Language::kEnglish:
      return "en";
    case Language::kSpanish:
      return "es";
  }
  return "en";
}

absl::Span<const Language> AllLanguages() { return kAllLanguages; }

std::optional<Language> LanguageFromLocale(absl::string_view locale) {
  const absl::string_view primary =
      locale.substr(0, locale.find_first_of("_-.@"));
  if (primary == "C" || primary == "POSIX") {
    return Language::kEnglish;
  }
  for (Language language : kAllLanguages) {
    if (absl::EqualsIgnoreCase(primary, LanguageTag(language))) {
      return language;
    }
  }
  return std::nullopt;
}

}  // namespace pinning
