#include "pinning/internal/pin_file_parser.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/internal/host_index.h"
#include "pinning/internal/utc_time.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"

namespace pinning::internal {
namespace {

// Pins A to F differ in one character; each is the base64 of 32 bytes.
constexpr absl::string_view kPinA =
    "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
constexpr absl::string_view kPinB =
    "sha256/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";
constexpr absl::string_view kPinC =
    "sha256/CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA=";

// A good file. The cases below change one thing in it.
std::string GoodFile() {
  return absl::StrReplaceAll(
      R"({
  "schema": "pinning.pins/1",
  "updated": "2026-01-31T12:00:00Z",
  "comment": "The pins of example.com.",
  "sets": {
    "main": {
      "mode": "enforce",
      "expires": "2027-01-31",
      "on-expiry": "reject",
      "pins": [
        {"name": "Root A", "pin": "PIN-A", "role": "any"}
      ],
      "backup-pins": [
        {"name": "Root B", "pin": "PIN-B", "role": "anchor", "source": "x"}
      ],
      "blocked-pins": [
        {"name": "Lost key", "pin": "PIN-C", "comment": "stolen"}
      ],
      "comment": "c"
    }
  },
  "hosts": {
    "*.example.com": "main",
    "a.example": "main",
    "free.example.com": "none"
  }
}
)",
      {{"PIN-A", kPinA}, {"PIN-B", kPinB}, {"PIN-C", kPinC}});
}

TEST(PinFileParser, ReadsAGoodFileWhole) {
  auto file = ParsePinFile(GoodFile(), "f");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->updated, absl::FromCivil(absl::CivilHour(2026, 1, 31, 12),
                                           absl::UTCTimeZone()));
  ASSERT_EQ(file->sets.size(), 1u);
  const PinSet& set = file->sets[0];
  EXPECT_EQ(set.name(), "main");
  EXPECT_EQ(set.mode(), PinSet::Mode::kEnforce);
  EXPECT_EQ(set.on_expiry(), PinSet::OnExpiry::kReject);
  EXPECT_EQ(set.expires(),
            absl::FromCivil(absl::CivilDay(2027, 1, 31), absl::UTCTimeZone()));
  ASSERT_EQ(set.pins().size(), 1u);
  EXPECT_EQ(set.pins()[0].name, "Root A");
  EXPECT_EQ(set.pins()[0].pin.ToString(), kPinA);
  EXPECT_EQ(set.pins()[0].role, PinRole::kAny);
  ASSERT_EQ(set.backup_pins().size(), 1u);
  EXPECT_EQ(set.backup_pins()[0].role, PinRole::kAnchor);
  ASSERT_EQ(set.blocked_pins().size(), 1u);
  EXPECT_EQ(set.blocked_pins()[0].name, "Lost key");
  const absl::Span<const HostIndex::Row> hosts = file->hosts.rows();
  ASSERT_EQ(hosts.size(), 3u);
  EXPECT_EQ(file->hosts.TextOf(hosts[0]), "*.example.com");
  EXPECT_EQ(hosts[0].set, 0u);
  EXPECT_EQ(hosts[2].set, HostIndex::kNoSet);
}

struct GoodCase {
  absl::string_view what;
  absl::string_view from, to;
};

TEST(PinFileParser, AcceptsWhatIsAllowedToVary) {
  const GoodCase kCases[] = {
      {"report-only", "\"enforce\"", "\"report-only\""},
      {"stop-enforcing", "\"reject\"", "\"stop-enforcing\""},
      {"an expiry long past", "2027-01-31", "1999-12-31"},
      {"an expiry with a time", "2027-01-31", "2027-01-31T23:59:59.5Z"},
      {"29 February of a leap year", "2027-01-31", "2028-02-29"},
      {"no comment", "  \"comment\": \"The pins of example.com.\",\n", ""},
      {"no role", ", \"role\": \"anchor\"", ""},
      {"no blocked pins in the list",
       R"({"name": "Lost key", "pin": "sha256/CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA=", "comment": "stolen"})",
       ""},
      {"role any of a blocked pin", "\"comment\": \"stolen\"",
       "\"role\": \"any\""},
      {"IPv4 as a pattern", "a.example\"", "192.0.2.1\""},
      {"IPv6 as a pattern", "a.example\"", "[2001:db8::1]\""},
      {"an A-label", "a.example\"", "xn--mnchen-3ya.example\""},
      {"any number of labels", "a.example\"", "**.a.example\""},
      {"a name in another script", "Root A", "Wurzel \u00c4\u2014\u6839"},
      {"an escape in a pin", "sha256/A", "sha256\\/A"},
  };
  for (const GoodCase& c : kCases) {
    std::string text = absl::StrReplaceAll(GoodFile(), {{c.from, c.to}});
    ASSERT_NE(text, GoodFile()) << c.what;
    auto file = ParsePinFile(text, "f");
    EXPECT_TRUE(file.ok()) << c.what << ": " << file.status();
  }
}

// A BadCase replaces `from` by `to`. The caret in `to` is no part of the text:
// it marks the place that the error must name.
struct BadCase {
  absl::string_view what;
  std::string from, to;
  absl::string_view hint;  // a part of the message: the way out
};

// ExpectRefused expects `marked`, less its caret, to be refused at the caret.
void ExpectRefused(absl::string_view what, absl::string_view marked,
                   absl::string_view hint) {
  size_t at = marked.find('^');
  ASSERT_NE(at, marked.npos) << what;
  std::string text = absl::StrCat(marked.substr(0, at), marked.substr(at + 1));
  size_t line = 1, column = 1;
  for (char c : marked.substr(0, at)) {
    line += c == '\n';
    column = c == '\n' ? 1 : column + 1;
  }
  auto file = ParsePinFile(text, "dir/pins.json");
  ASSERT_FALSE(file.ok()) << what;
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(
      absl::StartsWith(file.status().message(),
                       absl::StrCat("dir/pins.json:", line, ":", column, ": ")))
      << what << ", wanted " << line << ":" << column << ": " << file.status();
  EXPECT_TRUE(absl::StrContains(file.status().message(), hint))
      << what << ": " << file.status();
}

void ExpectRefusals(const std::vector<BadCase>& cases) {
  for (const BadCase& c : cases) {
    std::string text = GoodFile();
    size_t at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.what;
    ExpectRefused(c.what, text.replace(at, c.from.size(), c.to), c.hint);
  }
}

TEST(PinFileParser, RefusesKeysThatAreUnknownTwiceOrMissing) {
  ExpectRefusals({
      {"a misspelt key of the file", "\"updated\"", "^\"update\"",
       "did you mean \"updated\"?"},
      {"a misspelt key of a set", "\"expires\"", "^\"exipres\"",
       "did you mean \"expires\"?"},
      {"an underscore for a hyphen", "\"on-expiry\"", "^\"on_expiry\"",
       "did you mean \"on-expiry\"?"},
      {"upper case", "\"mode\"", "^\"Mode\"", "did you mean \"mode\"?"},
      {"a misspelt key of a pin", "\"role\"", "^\"roll\"",
       "did you mean \"role\"?"},
      {"a key like no other", "\"comment\": \"c\"", "^\"zzzzzzzz\": \"c\"",
       "has the keys mode, expires, on-expiry"},
      {"a key of another level", "\"comment\": \"c\"", "^\"hosts\": {}",
       "unknown key"},
      {"a key twice", "\"mode\": \"enforce\",",
       "\"mode\": \"enforce\", ^\"mode\": \"enforce\",", "delete one"},
      {"a set twice", "\"comment\": \"c\"\n    }",
       "\"comment\": \"c\"\n    }, ^\"main\": {}", "delete one"},
      {"a host twice", "\"a.example\": \"main\"",
       "\"a.example\": \"main\", ^\"a.example\": \"none\"", "delete one"},
      {"no schema", "{\n  \"schema\": \"pinning.pins/1\",", "^{",
       "lacks \"schema\": write"},
      {"no update",
       "{\n  \"schema\": \"pinning.pins/1\",\n"
       "  \"updated\": \"2026-01-31T12:00:00Z\",",
       "^{\n  \"schema\": \"pinning.pins/1\",", "lacks \"updated\""},
      {"no mode", "\"main\": {\n      \"mode\": \"enforce\",", "^\"main\": {",
       "lacks \"mode\": write \"mode\": \"enforce\" or"},
      {"no expiry",
       "\"main\": {\n      \"mode\": \"enforce\",\n"
       "      \"expires\": \"2027-01-31\",",
       "^\"main\": {\"mode\": \"enforce\",", "lacks \"expires\""},
      {"no effect of expiry",
       "\"main\": {\n      \"mode\": \"enforce\",\n"
       "      \"expires\": \"2027-01-31\",\n      \"on-expiry\": \"reject\",",
       "^\"main\": {\"mode\": \"enforce\", \"expires\": \"2027-01-31\",",
       "lacks \"on-expiry\""},
      {"no name of a pin", "{\"name\": \"Root A\", ", "^{", "lacks \"name\""},
      {"no pin of a pin",
       absl::StrCat("{\"name\": \"Root A\", \"pin\": \"", kPinA, "\","),
       "^{\"name\": \"Root A\",", "lacks \"pin\""},
  });
}

TEST(PinFileParser, RefusesValuesThatAreNone) {
  ExpectRefusals({
      {"another schema", "\"pinning.pins/1\"", "^\"pinning.pins/2\"",
       "this version reads \"pinning.pins/1\""},
      {"a schema that is a number", "\"pinning.pins/1\"", "^1",
       "is a string, not a number"},
      {"an unknown mode", "\"enforce\"", "^\"enforced\"",
       "did you mean \"enforce\"?"},
      {"a boolean for a mode", "\"enforce\"", "^true",
       "is a string, not a boolean"},
      {"an unknown effect", "\"reject\"", "^\"fail\"", "\"stop-enforcing\""},
      {"an unknown role", "\"role\": \"any\"", "\"role\": ^\"root\"",
       "\"anchor\""},
      {"a role of a blocked pin", "\"comment\": \"stolen\"",
       "\"role\": ^\"leaf\"", "delete its role"},
      {"null for a comment", "\"comment\": \"c\"", "\"comment\": ^null",
       "not null"},
      {"a number for a source", "\"source\": \"x\"", "\"source\": ^7",
       "not a number"},
      {"an object for pins", "\"pins\": [", "\"pins\": ^{}, \"comment\": [",
       "is an array, not an object"},
      {"a string for a pin",
       absl::StrCat("{\"name\": \"Root A\", \"pin\": \"", kPinA,
                    "\", \"role\": \"any\"}"),
       absl::StrCat("^\"", kPinA, "\""), "is an object, not a string"},
      {"an array for a host", "\"a.example\": \"main\"",
       "\"a.example\": ^[\"main\"]", "is a string, not an array"},
      {"an empty name of a pin", "\"Root A\"", "^\"\"", "empty"},
      {"NUL in the name of a pin", "\"Root A\"", "^\"Root\\u0000A\"",
       "control character"},
      {"a line feed in the name of a pin", "\"Root A\"", "^\"Root\\nA\"",
       "control character"},
      {"a space at the end of a name", "\"Root A\"", "^\"Root A \"", "space"},
      {"NUL in the name of a set", "\"main\": {", "^\"ma\\u0000in\": {",
       "control character"},
      {"an empty name of a set", "\"main\": {", "^\"\": {", "empty"},
      {"a set named none", "\"main\": {", "^\"none\": {", "another name"},
  });
}

TEST(PinFileParser, RefusesDatesThatAreNone) {
  std::vector<BadCase> cases;
  for (absl::string_view date : {"2027-02-29",
                                 "2027-04-31",
                                 "2027-13-01",
                                 "2027-00-10",
                                 "2027-01-00",
                                 "2100-02-29",
                                 "",
                                 "never",
                                 "2027-1-31",
                                 "27-01-31",
                                 "31.01.2027",
                                 "2027-01-31 12:00:00Z",
                                 "2027-01-31T12:00:00",
                                 "2027-01-31T12:00Z",
                                 "2027-01-31T12:00:00+00:00",
                                 "2027-01-31T12:00:00+02:00",
                                 "2027-01-31T12:00:00-08:00",
                                 "2027-01-31t12:00:00z",
                                 "2027-01-31T24:00:00Z",
                                 "2027-01-31T12:60:00Z",
                                 "2027-01-31T23:59:60Z",
                                 "2027-01-31T12:00:00.Z",
                                 "2027-01-31T12:00:00.1234567890Z",
                                 "2027-01-31T12:00:00ZZ",
                                 "2027-01-31Z",
                                 " 2027-01-31",
                                 "2027-01-31 ",
                                 "2027-01-31\\u0000",
                                 "+027-01-31",
                                 "1801353600"}) {
    cases.push_back(
        {date, "\"2027-01-31\"", absl::StrCat("^\"", date, "\""), "expires: "});
    cases.push_back({date, "\"2026-01-31T12:00:00Z\"",
                     absl::StrCat("^\"", date, "\""), "updated: "});
  }
  cases.push_back({"a number", "\"2027-01-31\"", "^1801353600", "a string"});
  cases.push_back({"a local time", "\"2027-01-31\"",
                   "^\"2027-01-31T12:00:00+02:00\"", "convert it to UTC"});
  ExpectRefusals(cases);
}

TEST(PinFileParser, RefusesPinsThatAreMalformedOrDoNotFitTogether) {
  const std::string a(kPinA), b(kPinB), c(kPinC);
  std::vector<BadCase> cases = {
      {"a pin twice", absl::StrCat("{\"name\": \"Root A\", \"pin\": \"", a),
       absl::StrCat("{\"name\": \"Again\", \"pin\": \"", a,
                    "\"}, {\"name\": \"Root A\", \"pin\": ^\"", a),
       "already in the list"},
      {"a backup that is a pin", "\"" + b, "^\"" + a, "not in service"},
      {"a blocked pin that is a pin", "\"" + c, "^\"" + a,
       "both allowed and blocked"},
      {"a blocked pin that is a backup", "\"" + c, "^\"" + b,
       "both allowed and blocked"},
      {"no pin",
       "[\n        {\"name\": \"Root A\", \"pin\": \"" + a +
           "\", \"role\": \"any\"}\n      ]",
       "^[]", "at least one pin"},
      {"no backup pin",
       "[\n        {\"name\": \"Root B\", \"pin\": \"" + b +
           "\", \"role\": \"anchor\", \"source\": \"x\"}\n      ]",
       "^[]", "at least one backup pin"},
  };
  for (absl::string_view pin :
       {"", "sha256/", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
        "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
        "sha256/AAAA AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "sha256/-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "SHA256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "sha1/AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\n",
        "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\u0000"}) {
    cases.push_back({pin, "\"" + a, absl::StrCat("^\"", pin),
                     "write \"sha256/\" and the padded base64"});
  }
  ExpectRefusals(cases);
}

TEST(PinFileParser, RefusesHostsThatDoNotFit) {
  std::vector<BadCase> cases = {
      {"a set that is not there", "\"a.example\": \"main\"",
       "\"a.example\": ^\"mian\"", "did you mean \"main\"?"},
      {"an empty set name", "\"a.example\": \"main\"", "\"a.example\": ^\"\"",
       "no such set"},
      {"the same host in upper case", "\"a.example\": \"main\"",
       "\"a.example\": \"main\", ^\"A.Example\": \"main\"", "already mapped"},
      {"the same host with a trailing dot", "\"a.example\": \"main\"",
       "\"a.example\": \"main\", ^\"a.example.\": \"main\"",
       "already mapped on line 24"},
      {"the same address in another form", "\"a.example\": \"main\"",
       "\"::1\": \"main\", ^\"[0:0::1]\": \"main\"", "already mapped"},
      {"the same address mapped into IPv6", "\"a.example\": \"main\"",
       "\"192.0.2.1\": \"main\", ^\"::ffff:192.0.2.1\": \"main\"",
       "already mapped"},
      {"a URL", "\"a.example\"", "^\"https://a.example/path\"",
       "write the host alone, \"a.example\""},
      {"a path", "\"a.example\"", "^\"a.example/\"", "write the host alone"},
      {"a port", "\"a.example\"", "^\"a.example:443\"",
       "has no port: write \"a.example\""},
      {"a user", "\"a.example\"", "^\"me@a.example\"", "the host alone"},
      {"a leading dot", "\"a.example\"", "^\".a.example\"", "\"**.a.example\""},
      {"two trailing dots", "\"a.example\"", "^\"a.example..\"", "empty label"},
      {"a bare wildcard", "\"a.example\"", "^\"*\"", "whole first label"},
      {"a wildcard in a label", "\"a.example\"", "^\"w*.a.example\"",
       "whole first label"},
      {"a wildcard without dot", "\"a.example\"", "^\"*a.example\"",
       "whole first label"},
      {"a wildcard further in", "\"a.example\"", "^\"www.*.example\"",
       "whole first label"},
      {"two wildcards", "\"a.example\"", "^\"*.*.a.example\"",
       "whole first label"},
      {"three stars", "\"a.example\"", "^\"***.a.example\"",
       "whole first label"},
      {"a wildcard over an address", "\"a.example\"", "^\"*.192.0.2.1\"",
       "no wildcard over an IP address"},
      {"a U-label", "\"a.example\"", "^\"m\u00fcnchen.example\"", "A-labels"},
      {"a fullwidth dot", "\"a.example\"", "^\"a\uff0eexample\"", "A-labels"},
      {"the Kelvin sign", "\"a.example\"", "^\"\u212a.example\"", "A-labels"},
      {"NUL", "\"a.example\"", "^\"a.example\\u0000.com\"", "NUL"},
      {"a space", "\"a.example\"", "^\"a.example \"", "not a host pattern"},
      {"empty", "\"a.example\"", "^\"\"", "not a host pattern"},
  };
  for (absl::string_view pattern :
       {"com", "*.com", "**.com", "co.uk", "*.co.uk", "**.co.uk", "**.kobe.jp",
        "azurewebsites.net", "*.azurewebsites.net", "**.amazonaws.com",
        "*.unlisted", "localhost"}) {
    cases.push_back({pattern, "\"a.example\"",
                     absl::StrCat("^\"", pattern, "\""), "public suffix"});
  }
  ExpectRefusals(cases);
}

TEST(PinFileParser, RefusesASetThatNoHostUses) {
  ExpectRefused(
      "unused",
      absl::StrReplaceAll(GoodFile(), {{"\"main\": {", "^\"main\": {"},
                                       {": \"main\"", ": \"none\""}}),
      "no host uses this set");
}

TEST(PinFileParser, RefusesTextThatIsNoPinFile) {
  ExpectRefused("empty", "^", "holds no JSON");
  ExpectRefused("an array", "^[]", "a pin file is an object");
  ExpectRefused("an empty object", "^{}", "lacks \"schema\"");
  ExpectRefused("a scalar", "^1", "object or array");
  ExpectRefused("not JSON", "{\"schema\": \"pinning.pins/1\", ^}", "comma");
  ExpectRefused("too deep", std::string(64, '[') + "^[", "nested deeper");
  ExpectRefused("content after the end", GoodFile() + "^{}", "has ended");
}

TEST(PinFileParser, ReportsTheFirstErrorInTheFile) {
  struct Case {
    absl::string_view what;
    std::vector<std::pair<absl::string_view, absl::string_view>> changes;
  };
  const Case kCases[] = {
      {"pin before host",
       {{"\"sha256/AAAA", "^\"sha256/?"}, {"\"a.example\"", "\"com\""}}},
      {"date before pin",
       {{"\"2027-01-31\"", "^\"2027-02-30\""}, {"sha256/AAAA", "sha256/?"}}},
      {"unknown key before duplicate key",
       {{"\"comment\": \"The", "^\"coment\": \"The"},
        {"\"a.example\": \"main\"",
         "\"a.example\": \"main\", \"a.example\": \"main\""}}},
      {"duplicate key before bad pattern",
       {{"\"a.example\": \"main\"",
         "\"a.example\": \"main\", ^\"a.example\": \"main\", "
         "\"com\": \"main\""}}},
      {"hosts before sets, if they stand so",
       {{"  \"sets\": {", "  \"hosts\": {^\"com\": \"main\"},\n  \"sets\": {"},
        {"\"hosts\": {\n    \"*.example.com\"",
         "\"comment\": 1, \"x\": {\n    \"*.example.com\""},
        {"sha256/AAAA", "sha256/?"}}},
  };
  for (const Case& c : kCases) {
    std::vector<std::pair<absl::string_view, absl::string_view>> changes(
        c.changes.begin(), c.changes.end());
    ExpectRefused(c.what, absl::StrReplaceAll(GoodFile(), changes), "");
  }
}

// LargeFile returns a good file of `sets` sets with a host each.
std::string LargeFile(int sets) {
  std::string text =
      R"({"schema": "pinning.pins/1", "updated": "2026-01-31", "sets": {)";
  for (int i = 0; i < sets; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ",\n", "\"set-", i,
                    R"(": {"mode": "enforce", "expires": "2027-01-31", )",
                    R"("on-expiry": "reject", "pins": [{"name": "a", )",
                    "\"pin\": \"", kPinA, R"("}], "backup-pins": )",
                    R"([{"name": "b", "pin": ")", kPinB, "\"}]}");
  }
  absl::StrAppend(&text, "}, \"hosts\": {");
  for (int i = 0; i < sets; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ",\n", "\"host-", i,
                    ".example.com\": \"set-", i, "\"");
  }
  return absl::StrCat(text, "}}");
}

TEST(PinFileParser, ReadsTenMegabytesInSeconds) {
  constexpr int kSets = 36'000;
  std::string text = LargeFile(kSets);
  ASSERT_GT(text.size(), 10'000'000u);
  absl::Time start = absl::Now();
  auto file = ParsePinFile(text, "f");
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));  // a second or less
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->sets.size(), static_cast<size_t>(kSets));
  EXPECT_EQ(file->hosts.rows().back().set, static_cast<uint32_t>(kSets) - 1);
}

TEST(PinFileParser, RefusesTenMegabytesOfErrorsInSeconds) {
  std::string text = "{";
  for (int i = 0; text.size() < 10'000'000; ++i) {
    absl::StrAppend(&text, "\"unknown key number ", i, "\": 1,\n");
  }
  absl::StrAppend(&text, "\"x\": 1}");
  absl::Time start = absl::Now();
  EXPECT_EQ(ParsePinFile(text, "f").status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST(PinFileParser, RefusesAFileThatIsTooLarge) {
  std::string text(300 * 1024 * 1024, ' ');
  EXPECT_EQ(ParsePinFile(text, "f").status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(UtcTime, ADateIsItsFirstInstant) {
  EXPECT_EQ(*ParseUtcTime("1970-01-02"), absl::FromUnixSeconds(86400));
  EXPECT_EQ(*ParseUtcTime("1970-01-02T00:00:01.25Z"),
            absl::FromUnixSeconds(86401) + absl::Milliseconds(250));
  EXPECT_EQ(*ParseUtcTime("1970-01-02T00:00:00.000000001Z"),
            absl::FromUnixSeconds(86400) + absl::Nanoseconds(1));
  EXPECT_EQ(*ParseUtcTime("0001-01-01"),
            absl::FromCivil(absl::CivilDay(1, 1, 1), absl::UTCTimeZone()));
  EXPECT_LT(*ParseUtcTime("9999-12-31T23:59:59Z"), absl::InfiniteFuture());
  EXPECT_FALSE(ParseUtcTime("0000-01-01").ok() &&
               *ParseUtcTime("0000-01-01") == absl::InfinitePast());
}

}  // namespace
}  // namespace pinning::internal
