#include "pinning/internal/json_reader.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace pinning::internal {
namespace {

TEST(JsonReader, EveryValueAndKeyKnowsItsOffset) {
  auto document = JsonDocument::Parse(
      "{\n  \"a\": [1, -2.5e1, \"x\\u0041\\n\", true, false, null],\n"
      "  \"b\": {}\n}\n",
      "f.json");
  ASSERT_TRUE(document.ok()) << document.status();
  const JsonValue& root = document->root();
  EXPECT_EQ(root.offset(), 0u);
  ASSERT_EQ(root.members().size(), 2u);
  EXPECT_EQ(root.members()[0].key, "a");
  EXPECT_EQ(root.members()[0].key_offset, 4u);
  const JsonRange<JsonValue> elements = root.members()[0].value.elements();
  ASSERT_EQ(elements.size(), 6u);
  EXPECT_EQ(elements[0].number(), 1);
  EXPECT_EQ(elements[0].offset(), 10u);
  EXPECT_EQ(elements[1].number(), -25);
  EXPECT_EQ(elements[2].string(), "xA\n");
  EXPECT_EQ(elements[2].offset(), 21u);
  EXPECT_TRUE(elements[3].boolean());
  EXPECT_EQ(elements[4].kind(), JsonValue::Kind::kBool);
  EXPECT_FALSE(elements[4].boolean());
  EXPECT_EQ(elements[5].kind(), JsonValue::Kind::kNull);
  const std::optional<JsonValue> b = root.Find("b");
  ASSERT_TRUE(b.has_value());
  EXPECT_TRUE(b->is_object());
  EXPECT_TRUE(
      absl::StartsWith(document->ErrorAt(*b, "x").message(), "f.json:3:8: x"));
  EXPECT_FALSE(root.Find("c").has_value());
}

TEST(JsonReader, NulInAStringStaysVisible) {
  auto document = JsonDocument::Parse(R"({"a\u0000b":"c\u0000d"})", "f");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->root().members()[0].key, std::string("a\0b", 3));
  EXPECT_EQ(document->root().members()[0].value.string(),
            std::string("c\0d", 3));
}

TEST(JsonReader, ContainersEndWhereTheyEnd) {
  const auto document = JsonDocument::Parse(
      R"([[], {}, [[]], {"a": [], "b": {"c": {}}, "d": 1}, "\"", "", "\u0061"])",
      "f");
  ASSERT_TRUE(document.ok()) << document.status();
  const std::vector<JsonValue> values = document->root().elements().ToVector();
  ASSERT_EQ(values.size(), 7u);
  EXPECT_TRUE(values[0].elements().empty());
  EXPECT_TRUE(values[1].members().empty());
  EXPECT_EQ(values[2].elements().size(), 1u);
  const std::vector<JsonMember> members = values[3].members().ToVector();
  ASSERT_EQ(members.size(), 3u);
  EXPECT_TRUE(members[1].value.Find("c")->is_object());
  EXPECT_EQ(members[2].value.number(), 1);
  EXPECT_EQ(members[2].value.offset(), 46u);
  EXPECT_EQ(values[4].string(), "\"");
  EXPECT_EQ(values[5].string(), "");
  EXPECT_EQ(values[6].string(), "a");
  EXPECT_TRUE(values[6].elements().empty());
}

TEST(JsonReader, ANumberTooSmallIsZero) {
  const auto document = JsonDocument::Parse("[1e-999, -0, 1E+2]", "f");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->root().elements()[0].number(), 0);
  EXPECT_EQ(document->root().elements()[1].number(), 0);
  EXPECT_EQ(document->root().elements()[2].number(), 100);
}

TEST(JsonReader, AKeyThatComesTwiceAmongManyIsFound) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) {
    absl::StrAppend(&text, "\"", i, "\": 0, ");
  }
  const size_t size = text.size();
  absl::StrAppend(&text, "\"\\u0037\": 0}");
  const auto document = JsonDocument::ParseAllowingDuplicateKeys(text, "f");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->first_duplicate(), size);
}

struct BadCase {
  absl::string_view name;
  std::string text;
  absl::string_view place;
};

TEST(JsonReader, MalformedTextIsRefusedWithItsPlace) {
  const BadCase kCases[] = {
      {"empty", "", "1:1"},
      {"only white space", " \n ", "1:1"},
      {"a scalar at the top", "\n  1", "2:3"},
      {"byte order mark", "\xEF\xBB\xBF[]", "1:1"},
      {"comma before the end of an object", "{\"a\":1,\n}", "2:1"},
      {"comma before the end of an array", "[1,\n ]", "2:2"},
      {"comma at the start", "[\n,1]", "2:1"},
      {"two commas", "{\"a\":1,,\"b\":2}", "1:8"},
      {"no comma in an array", "[1\n2]", "2:1"},
      {"no comma in an object", "{\"a\":1 \"b\":2}", "1:8"},
      {"no colon", "{\"a\" 1}", "1:6"},
      {"two colons", "{\"a\"::1}", "1:6"},
      {"no value", "{\"a\":}", "1:6"},
      {"no colon and no value", "{\"a\"}", "1:5"},
      {"a key that is no string", "{a:1}", "1:2"},
      {"a number as a key", "{1:2}", "1:2"},
      {"brackets that do not match", "[1}", "1:3"},
      {"brackets inside that do not match", "{\"a\":[1}", "1:8"},
      {"content after the end", "{\"a\":1}\nx", "2:1"},
      {"a second document", "[1] [2]", "1:5"},
      {"an extra closing brace", "{\"a\":1}}", "1:8"},
      {"NUL after the end", std::string("[1]\0", 4), "1:4"},
      {"NUL inside", std::string("[\0]", 3), "1:2"},
      {"NUL in a string", std::string("[\"\0\"]", 5), "1:3"},
      {"line feed in a string", "[\"a\nb\"]", "1:4"},
      {"a string without end", "[1,\n \"a]", "2:2"},
      {"the end inside an array", "[1,", "1:4"},
      {"the end after a number", "{\"a\":1", "1:7"},
      {"the end after the brace", "{", "1:2"},
      {"half of true", "{\"a\":tru}", "1:6"},
      {"more than true", "{\"a\":truex}", "1:6"},
      {"half of null", "{\"a\":nul}", "1:6"},
      {"capitals", "[TRUE]", "1:2"},
      {"NaN", "[1,NaN]", "1:4"},
      {"Infinity", "[-Infinity]", "1:2"},
      {"a leading zero", "[01]", "1:2"},
      {"a leading plus", "[+1]", "1:2"},
      {"a point without digits", "[1.]", "1:2"},
      {"an exponent without digits", "[1e]", "1:2"},
      {"a number out of range", "[1e999]", "1:2"},
      {"hexadecimal", "[0x10]", "1:2"},
      {"a comment", "[1,/*x*/2]", "1:4"},
      {"a line comment", "[1] // x", "1:5"},
      {"single quotes", "['a']", "1:2"},
      {"an unknown escape", "[\"\\x\"]", "1:2"},
      {"a bad \\u escape", "[\"\\u00zz\"]", "1:2"},
      {"a lone high surrogate", "[\"\\ud800\"]", "1:2"},
      {"a lone low surrogate", "[\"\\udc00\"]", "1:2"},
      {"a bad escape in a key", "{\"\\q\":1}", "1:2"},
      {"a stray continuation byte", "[\"a\x80\"]", "1:4"},
      {"an overlong encoding", "[\"\xC0\x80\"]", "1:3"},
      {"a surrogate in UTF-8", "[\"\xED\xA0\x80\"]", "1:3"},
      {"UTF-8 cut short", "[\"\xE2\x82\"]", "1:3"},
      {"a key twice", "{\"a\":1,\n\"a\":2}", "2:1"},
      {"a key twice, once escaped", "{\"a\":1,\"\\u0061\":2}", "1:8"},
      {"a key twice further in", "{\"x\":[{\"a\":1,\"a\":2}]}", "1:14"},
      {"65 levels", std::string(65, '[') + std::string(65, ']'), "1:65"},
  };
  for (const BadCase& c : kCases) {
    auto document = JsonDocument::Parse(c.text, "dir/f.json");
    ASSERT_FALSE(document.ok()) << c.name;
    EXPECT_EQ(document.status().code(), absl::StatusCode::kInvalidArgument)
        << c.name;
    EXPECT_TRUE(absl::StartsWith(document.status().message(),
                                 absl::StrCat("dir/f.json:", c.place, ": ")))
        << c.name << ": " << document.status();
  }
}

TEST(JsonReader, ColumnsCountBytes) {
  auto document = JsonDocument::Parse("[\"\u00e9\u20ac\", x]", "f");
  EXPECT_TRUE(absl::StartsWith(document.status().message(), "f:1:11: "))
      << document.status();
}

TEST(JsonReader, SixtyFourLevelsAreAllowed) {
  EXPECT_TRUE(
      JsonDocument::Parse(std::string(64, '[') + std::string(64, ']'), "f")
          .ok());
  EXPECT_FALSE(JsonDocument::Parse(std::string(1'000'000, '['), "f").ok());
}

TEST(JsonReader, FirstDuplicateIsTheFirstInTheText) {
  absl::string_view text = R"({"x":{"b":1,"b":2},"x":{"c":1,"c":2}})";
  auto document = JsonDocument::ParseAllowingDuplicateKeys(text, "f");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->first_duplicate(), 12u);
  EXPECT_FALSE(JsonDocument::Parse(text, "f").ok());
}

TEST(JsonReader, EveryPrefixOfADocumentIsRefused) {
  const std::string text =
      R"({"a": [1, 2.5, "x\n", true, null], "b": {"c": "é"}})";
  ASSERT_TRUE(JsonDocument::Parse(text, "f").ok());
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(JsonDocument::Parse(text.substr(0, size), "f").ok()) << size;
  }
}

TEST(JsonReader, SizeIsBounded) {
  std::string text = "[\"" + std::string(10 * 1024 * 1024, 'a') + "\"]";
  EXPECT_TRUE(JsonDocument::Parse(text, "f").ok());
  text.resize(300 * 1024 * 1024, ' ');
  auto document = JsonDocument::Parse(text, "f");
  EXPECT_EQ(document.status().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace pinning::internal
