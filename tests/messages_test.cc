#include "pinning/internal/messages.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "pinning/language.h"

namespace pinning {
namespace {

using internal::AllMessages;
using internal::FormatMessage;
using internal::JoinList;
using internal::Message;

// PlacesIn returns the digits that follow a "$" in `text`.
std::set<char> PlacesIn(absl::string_view text) {
  std::set<char> places;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$') {
      EXPECT_LT(i + 1, text.size()) << text;
      places.insert(text[i + 1]);
    }
  }
  return places;
}

TEST(Messages, AreInEveryLanguageWithTheSamePlaces) {
  std::set<absl::string_view> ids;
  for (const Message& message : AllMessages()) {
    SCOPED_TRACE(message.id);
    EXPECT_TRUE(ids.insert(message.id).second) << "twice";
    EXPECT_FALSE(message.english.empty());
    EXPECT_FALSE(message.spanish.empty());
    EXPECT_NE(message.english, message.spanish);
    std::set<char> expected;
    for (int i = 0; i < message.arguments; ++i) {
      expected.insert(static_cast<char>('0' + i));
    }
    EXPECT_EQ(PlacesIn(message.english), expected);
    EXPECT_EQ(PlacesIn(message.spanish), expected);
    // Sentences are joined to others by whoever prints them.
    EXPECT_FALSE(absl::EndsWith(message.english, "."));
    EXPECT_FALSE(absl::EndsWith(message.spanish, "."));
  }
}

TEST(Messages, PutArgumentsInTheirPlacesOnce) {
  const std::vector<std::string> arguments = {"$1", "proxy"};
  EXPECT_EQ(FormatMessage("known-product", arguments, Language::kEnglish),
            "the issuer \"$1\" is what proxy calls itself");
  EXPECT_EQ(FormatMessage("known-product", arguments, Language::kSpanish),
            "el emisor «$1» es el nombre que usa proxy");
  EXPECT_EQ(FormatMessage("no-such-message", arguments, Language::kEnglish),
            "no-such-message");
}

TEST(Messages, JoinListsAsTheLanguageDoes) {
  const Language english = Language::kEnglish;
  const Language spanish = Language::kSpanish;
  EXPECT_EQ(JoinList({}, english), "");
  EXPECT_EQ(JoinList({"a"}, english), "a");
  EXPECT_EQ(JoinList({"a", "b"}, english), "a and b");
  EXPECT_EQ(JoinList({"a", "b", "c"}, english), "a, b and c");
  EXPECT_EQ(JoinList({"a", "b", "c"}, spanish), "a, b y c");
  EXPECT_EQ(JoinList({"a", "idbroker.example"}, spanish),
            "a e idbroker.example");
  EXPECT_EQ(JoinList({"a", "hielo.example"}, spanish), "a y hielo.example");
}

TEST(LanguageNames, AreFoundInLocales) {
  for (Language language : AllLanguages()) {
    EXPECT_EQ(LanguageFromLocale(LanguageTag(language)), language);
  }
  for (const char* spanish : {"es_MX.UTF-8", "es-419", "ES", "es@euro"}) {
    EXPECT_EQ(LanguageFromLocale(spanish), Language::kSpanish) << spanish;
  }
  for (const char* english : {"en_US.UTF-8", "C", "POSIX", "C.UTF-8"}) {
    EXPECT_EQ(LanguageFromLocale(english), Language::kEnglish) << english;
  }
  for (const char* neither : {"", "de_DE.UTF-8", "est", "_es"}) {
    EXPECT_EQ(LanguageFromLocale(neither), std::nullopt) << neither;
  }
}

}  // namespace
}  // namespace pinning
