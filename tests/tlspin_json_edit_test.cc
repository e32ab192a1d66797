// Changes to JSON that leave the rest of the text as it was.

#include <functional>
#include <string>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tools/tlspin/json_edit.h"

namespace {

using Json = nlohmann::ordered_json;
using ::tlspin::EditJson;

struct Row {
  const char* name;
  std::string text;
  std::function<void(Json&)> change;
  std::string expected;
};

void AddPin(Json& json) {
  json["pins"].push_back({{"pin", "c"}, {"name", "C"}});
}

const Row kRows[] = {
    {"NothingChangedIsNothingTouched", " {\"a\" :1 ,\n\t\"b\":[ ] }\n\n",
     [](Json&) {}, " {\"a\" :1 ,\n\t\"b\":[ ] }\n\n"},
    {"AValueAlone", "{\"a\":  \"x\",  \"b\": \"\\u00e9\\/\"}\n",
     [](Json& json) { json["a"] = "y"; },
     "{\"a\":  \"y\",  \"b\": \"\\u00e9\\/\"}\n"},
    {"AnElementLikeThoseOnOneLine",
     "{\n  \"pins\": [\n    {\"pin\": \"a\", \"name\": \"A\"},\n"
     "    {\"pin\": \"b\", \"name\": \"B\"}\n  ]\n}\n",
     AddPin,
     "{\n  \"pins\": [\n    {\"pin\": \"a\", \"name\": \"A\"},\n"
     "    {\"pin\": \"b\", \"name\": \"B\"},\n"
     "    {\"pin\": \"c\", \"name\": \"C\"}\n  ]\n}\n"},
    {"WithSpacesInsideTheBraces", "{\n\"pins\": [\n  { \"pin\": \"a\" }\n]}",
     AddPin,
     "{\n\"pins\": [\n  { \"pin\": \"a\" },\n"
     "  { \"pin\": \"c\", \"name\": \"C\" }\n]}"},
    {"AnElementLikeThoseOnSeveral",
     "{\n    \"pins\": [\n        {\n            \"pin\": \"a\"\n        }\n"
     "    ]\n}",
     AddPin,
     "{\n    \"pins\": [\n        {\n            \"pin\": \"a\"\n        },\n"
     "        {\n            \"pin\": \"c\",\n            \"name\": \"C\"\n"
     "        }\n    ]\n}"},
    {"Tabs", "{\n\t\"pins\": [\n\t\t{\n\t\t\t\"pin\": \"a\"\n\t\t}\n\t]\n}",
     AddPin,
     "{\n\t\"pins\": [\n\t\t{\n\t\t\t\"pin\": \"a\"\n\t\t},\n\t\t{\n"
     "\t\t\t\"pin\": \"c\",\n\t\t\t\"name\": \"C\"\n\t\t}\n\t]\n}"},
    {"AllOnOneLine", R"({"pins":[{"pin":"a"}]})", AddPin,
     R"({"pins":[{"pin":"a"}, {"pin": "c", "name": "C"}]})"},
    {"TheFirstElementGoes",
     "{\"pins\": [\n  {\"pin\": \"a\"},\n  {\"pin\": "
     "\"b\"}\n]}",
     [](Json& json) { json["pins"].erase(0); },
     "{\"pins\": [\n  {\"pin\": \"b\"}\n]}"},
    {"TheLastElementGoes",
     "{\"pins\": [\n  {\"pin\": \"a\"},\n  {\"pin\": "
     "\"b\"}\n]}",
     [](Json& json) { json["pins"].erase(1); },
     "{\"pins\": [\n  {\"pin\": \"a\"}\n]}"},
    {"AMemberOfTheSamePin",
     "{\"pins\": [{\"pin\": \"a\", \"role\": \"leaf\",  \"comment\": \"x\"}]}",
     [](Json& json) { json["pins"][0]["role"] = "any"; },
     "{\"pins\": [{\"pin\": \"a\", \"role\": \"any\",  \"comment\": \"x\"}]}"},
    {"TextBeyondAsciiStays", "{\"a\": \"\xc3\xbc\", \"b\": \"x\"}",
     [](Json& json) { json["b"] = "\xc3\xa9"; },
     "{\"a\": \"\xc3\xbc\", \"b\": \"\xc3\xa9\"}"},
    {"TextInAsciiStaysSo", "{\"a\": \"x\"}",
     [](Json& json) { json["a"] = "\xc3\xa9"; }, "{\"a\": \"\\u00e9\"}"},
    {"BracketsInStringsAreNone", "{\"a]}\\\"\": [\"}\", \"[\"], \"b\": 1}",
     [](Json& json) { json["b"] = 2; },
     "{\"a]}\\\"\": [\"}\", \"[\"], \"b\": 2}"},
    {"AnEmptyArray", "{\"pins\": []}", AddPin,
     R"({"pins": [{"pin":"c","name":"C"}]})"},
};

TEST(JsonEdit, ChangesWhatDiffersAndNothingElse) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    Json wanted = Json::parse(row.text);
    row.change(wanted);
    const std::string edited = EditJson(row.text, wanted);
    EXPECT_EQ(edited, row.expected);
    EXPECT_EQ(Json::parse(edited), wanted);
  }
}

TEST(JsonEdit, WhatItCannotMendIsWrittenAnew) {
  // A member before those that are there.
  const Json wanted = {{"b", 1}, {"a", 2}};
  EXPECT_EQ(Json::parse(EditJson("{\"a\": 2}", wanted)), wanted);
  EXPECT_EQ(Json::parse(EditJson("[1, 2]", Json({2, 1}))), Json({2, 1}));
}

}  // namespace
