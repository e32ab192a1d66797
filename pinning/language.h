#ifndef PINNING_LANGUAGE_H_
#define PINNING_LANGUAGE_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace pinning {

// Language is what a diagnosis is put to people in. Codes, names of enumerators
// and JSON keys are the same in all.
enum class Language : uint8_t { kEnglish = 0, kSpanish = 1 };

// LanguageTag returns the BCP 47 tag: "en", "es".
absl::string_view LanguageTag(Language language);

// AllLanguages returns every language, in numeric order.
absl::Span<const Language> AllLanguages();

// LanguageFromLocale returns the language of a POSIX locale or BCP 47 tag,
// whatever its territory, encoding and modifier: "es_MX.UTF-8", "es-419",
// "en". "C" and "POSIX" are English, as the standard's own messages are. It
// returns nothing for a language that is not here.
std::optional<Language> LanguageFromLocale(absl::string_view locale);

}  // namespace pinning

#endif  // PINNING_LANGUAGE_H_
