// `tlspin lint --fix` mends, decides nothing, and touches nothing else.

#include <sys/stat.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/pin_store.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/tlspin/lint_checks.h"
#include "tools/tlspin/lint_fix.h"
#include "tools/tlspin/pin_diff.h"

namespace {

using ::pinning::PinStore;
using ::testing::HasSubstr;
using ::testing_support::Masked;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;
using ::tlspin::FixedFile;
using ::tlspin::FixPinFile;
using ::tlspin::LintPinFile;
using ::tlspin::LintResult;

// Nothing is to be said of this one. Blanks, escapes and the order of the keys
// are to be kept.
constexpr char kGood[] = R"({
  "schema": "pinning.pins/1",
  "hosts": {
    "www.example.com": "app",	"*.example.com": "app",
    "**.example.net" :"app", "status.example.net":"none"
  },
  "updated": "2026-05-01",
  "sets": {
    "app": {"mode": "enforce", "expires": "2026-12-31", "on-expiry": "reject",
      "pins": [
        {"pin": "sha256/+/+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=", "name": "Root \u00e9"},
        {"pin": "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=", "name": "Issuer", "role": "issuer"}
      ],
      "backup-pins": [{"name": "Spare", "pin": "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAM="}]
    }
  }
}
)";

constexpr char kRoot[] = "sha256/+/+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";

absl::Time Now() { return absl::FromUnixSeconds(1780272000); }  // 2026-06-01

std::string Changed(const std::string& from, const std::string& to) {
  EXPECT_THAT(kGood, HasSubstr(from));
  return absl::StrReplaceAll(kGood, {{from, to}});
}

std::string Digest() {
  std::string bytes;
  EXPECT_TRUE(absl::Base64Unescape(std::string(kRoot).substr(7), &bytes));
  return bytes;
}

struct FixRow {
  std::string name;
  std::string text;   // before
  std::string code;   // of the one finding
  bool is_error;      // the file could not be read before
  std::string after;  // empty: kGood
};

void PrintTo(const FixRow& row, std::ostream* out) { *out << row.name; }

class LintFixTest : public testing::TestWithParam<FixRow> {};

TEST_P(LintFixTest, MendsAndDecidesNothing) {
  const FixRow& row = GetParam();
  const std::string after = row.after.empty() ? kGood : row.after;
  const LintResult before = LintPinFile(row.text, "FILE", Now());
  ASSERT_EQ(before.findings.size(), 1u);
  EXPECT_EQ(before.findings[0].code, row.code);
  EXPECT_EQ(before.store == nullptr, row.is_error);
  EXPECT_EQ(
      before.findings[0].severity == tlspin::LintFinding::Severity::kError,
      row.is_error);

  const absl::StatusOr<FixedFile> fixed = FixPinFile(row.text, "FILE", Now());
  ASSERT_TRUE(fixed.ok()) << fixed.status();
  EXPECT_EQ(fixed->text, after);
  ASSERT_EQ(fixed->fixed.size(), 1u);
  EXPECT_EQ(fixed->fixed[0].code, row.code);
  EXPECT_TRUE(fixed->left.findings.empty());

  // What is decided is what the good file decides, and what the file did
  // before if it could be read.
  const auto good = PinStore::FromJson(kGood);
  const auto store = PinStore::FromJson(fixed->text);
  ASSERT_TRUE(good.ok() && store.ok()) << store.status();
  EXPECT_TRUE(tlspin::ComparePins(**good, **store).same());
  if (before.store != nullptr) {
    EXPECT_TRUE(tlspin::ComparePins(*before.store, **store).same());
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, LintFixTest,
    testing::Values(
        FixRow{"PinInHex", Changed(kRoot, absl::BytesToHexString(Digest())),
               "pin-form", true, ""},
        FixRow{
            "PinInUpperHexWithColons",
            Changed(kRoot,
                    absl::StrCat("SHA256:FB:FF:BF:00:00:00:00:00:00:00:00:00:"
                                 "00:00:00:00:00:00:00:00:00:00:00:00:00:00:"
                                 "00:00:00:00:00:01")),
            "pin-form", true, ""},
        FixRow{"PinInBase64Url",
               Changed(kRoot,
                       "sha256/-_-_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"),
               "pin-form", true, ""},
        FixRow{"PinWithoutPadding",
               Changed(kRoot,
                       "sha256/+/+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"),
               "pin-form", true, ""},
        FixRow{"PinAsCurlWritesIt",
               Changed(kRoot,
                       "sha256//+/+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE="),
               "pin-form", true, ""},
        FixRow{"PinWithoutPrefix", Changed(kRoot, std::string(kRoot).substr(7)),
               "pin-form", true, ""},
        FixRow{"PinWithBlanks", Changed(kRoot, absl::StrCat(" ", kRoot, "\\n")),
               "pin-form", true, ""},
        FixRow{"NameWithBlanks", Changed("\"Spare\"", "\" Spare  \""),
               "name-spaces", true, ""},
        FixRow{"LastPinTwice",
               Changed("\"role\": \"issuer\"}",
                       absl::StrCat("\"role\": \"issuer\"},\n  {\"pin\":\n\"",
                                    kRoot, "\", \"name\": \"again\"}")),
               "duplicate-pin", true, ""},
        FixRow{"FirstPinTwiceInAnotherForm",
               Changed("\"Spare\", \"pin\": \"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAA"
                       "AAAAAAAAAAAAAAAAM=\"}",
                       "\"Spare\", \"pin\": \"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAA"
                       "AAAAAAAAAAAAAAAAM=\"}, {\"role\": \"any\", \"name\": "
                       "\"S\", \"pin\": \"sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                       "AAAAAAAAAAAAM=\"}"),
               "duplicate-pin", true, ""},
        FixRow{"HostTwice",
               Changed("\"*.example.com\": \"app\"",
                       "\"*.example.com\": \"app\", \"WWW.example.com.\" : "
                       "\"app\""),
               "duplicate-host", true, ""},
        FixRow{"KeyTwice",
               Changed("\"mode\": \"enforce\"",
                       "\"mode\": \"enforce\", \"mode\": \"enforce\""),
               "duplicate-key", true, ""},
        FixRow{"ByteOrderMark", absl::StrCat("\xef\xbb\xbf", kGood),
               "byte-order-mark", true, ""},
        FixRow{"HostInCapitalsWithADot",
               Changed("\"www.example.com\"", "\"WWW.Example.COM.\""),
               "host-form", false, ""},
        FixRow{"PatternUnderAWiderOne",
               Changed("\"**.example.net\" :\"app\"",
                       "\"**.a.example.net\": \"app\",\n    \"**.example.net\" "
                       ":\"app\""),
               "redundant-pattern", false, ""},
        FixRow{"OneLabelUnderAWiderOne",
               Changed("\"status.example.net\":\"none\"",
                       "\"status.example.net\":\"none\", \"*.example.net\" "
                       ": \"app\""),
               "redundant-pattern", false, ""},
        FixRow{"FirstOfTheHosts",
               Changed("\"www.example.com\": \"app\"",
                       "\"*.b.example.net\": \"app\",\n    "
                       "\"www.example.com\": \"app\""),
               "redundant-pattern", false, ""}),
    [](const testing::TestParamInfo<FixRow>& row) { return row.param.name; });

TEST(LintFixTest, NothingToMendLeavesEveryByte) {
  const auto fixed = FixPinFile(kGood, "FILE", Now());
  ASSERT_TRUE(fixed.ok());
  EXPECT_EQ(fixed->text, kGood);
  EXPECT_TRUE(fixed->fixed.empty());
}

TEST(LintFixTest, WhatIsNotSafeIsLeft) {
  const std::string kTexts[] = {
      // The same pin in two roles: one of them is meant.
      Changed("\"role\": \"issuer\"}",
              absl::StrCat("\"role\": \"issuer\"}, {\"pin\": \"", kRoot,
                           "\", \"name\": \"again\", \"role\": \"leaf\"}")),
      // The same host with two sets, and the same key with two values.
      Changed("\"status.example.net\":\"none\"",
              "\"status.example.net\":\"none\", \"status.example.net\": "
              "\"app\""),
      Changed("\"mode\": \"enforce\"",
              "\"mode\": \"enforce\", \"mode\": \"report-only\""),
      // A pin that is a bit short, and one with bits that are to be zero.
      Changed(kRoot, absl::BytesToHexString(Digest()).substr(2)),
      Changed(kRoot, "sha256/+/+/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAF="),
      // Both a pin and a backup pin.
      Changed("AAAAAAAAAAAAAAM=", "AAAAAAAAAAAAAAI="),
      // One that could be mended beside one that could not.
      absl::StrReplaceAll(Changed("\"www.example.com\"", "\"WWW.example.com\""),
                          {{"\"enforce\"", "\"enfroce\""}}),
      "{",
      "",
      "[]",
      "{}",
  };
  for (const std::string& text : kTexts) {
    const auto fixed = FixPinFile(text, "FILE", Now());
    ASSERT_TRUE(fixed.ok());
    EXPECT_EQ(fixed->text, text);
    EXPECT_TRUE(fixed->fixed.empty()) << text;
    EXPECT_EQ(fixed->left.store, nullptr);
    EXPECT_FALSE(fixed->left.findings.empty());
  }
  // A wildcard that decides: another set, or none, would take its place.
  const std::string kDeciding[] = {
      Changed("\"status.example.net\":\"none\"",
              "\"**.a.example.net\":\"none\", \"*.example.net\": \"app\""),
      Changed("\"status.example.net\":\"none\"",
              "\"**.a.example.net\":\"none\", \"**.b.a.example.net\": \"app\""),
  };
  for (const std::string& text : kDeciding) {
    EXPECT_TRUE(LintPinFile(text, "FILE", Now()).findings.empty()) << text;
  }
}

TEST(LintFixTest, ManyAtOnce) {
  std::string text = absl::StrReplaceAll(
      kGood, {{kRoot, absl::BytesToHexString(Digest())},
              {"\"Spare\"", "\" Spare\""},
              {"\"www.example.com\": \"app\"",
               "\"www.example.com\": \"app\", \"www.example.com\": \"app\", "
               "\"*.example.com.\": \"app\", \"**.c.example.net\": \"app\""}});
  text.insert(0, "\xef\xbb\xbf");
  const auto fixed = FixPinFile(text, "FILE", Now());
  ASSERT_TRUE(fixed.ok()) << fixed.status();
  EXPECT_GE(fixed->fixed.size(), 6u);
  EXPECT_TRUE(fixed->left.findings.empty());
  const auto good = PinStore::FromJson(kGood);
  EXPECT_TRUE(tlspin::ComparePins(**good, *fixed->left.store).same());
}

TEST(LintFixTest, TheCommandWritesTheFile) {
  const TempDirectory directory;
  const std::string text =
      Changed("\"www.example.com\"", "\"WWW.example.com\"");
  const std::string file = directory.Write("pins.json", text);
  ASSERT_EQ(chmod(file.c_str(), 0640), 0);

  ProcessResult result = RunTlspin({"lint", "--at=2026-06-01", file});
  EXPECT_THAT(result.standard_error,
              HasSubstr("hint: tlspin lint --fix mends"));

  result = RunTlspin({"lint", "--fix", "--dry-run", "--at=2026-06-01", file});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(Masked(result.standard_output, {{file, "FILE"}}),
            "to fix   FILE:4:5: has the pattern \"WWW.example.com\", which is "
            "read \"www.example.com\" [host-form]\n"
            "OK       FILE: 1 pin set, 4 host patterns, 0 warnings\n");
  EXPECT_EQ(ReadFile(file), text);

  result = RunTlspin({"lint", "--fix", "--json", "--at=2026-06-01", file});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output,
              HasSubstr(R"("clean":true,"errors":[],"warnings":[],"fixed":[)"
                        R"({"code":"host-form","set":null,)"));
  EXPECT_THAT(result.standard_output, HasSubstr(R"("written":true})"));
  EXPECT_EQ(ReadFile(file), kGood);
  struct stat info;
  ASSERT_EQ(stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);

  result = RunTlspin({"lint", "--fix", "--json", "--at=2026-06-01", file});
  EXPECT_THAT(result.standard_output,
              HasSubstr(R"("fixed":[],"written":false})"));
}

TEST(LintFixTest, TheCommandLeavesWhatItCannotMend) {
  const TempDirectory directory;
  const std::string text =
      absl::StrReplaceAll(Changed("\"enforce\"", "\"enfroce\""),
                          {{"\"www.example.com\"", "\"WWW.example.com\""}});
  const std::string file = directory.Write("pins.json", text);
  const ProcessResult result = RunTlspin({"lint", "--fix", file});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(ReadFile(file), text);

  ProcessOptions options;
  options.standard_input = text;
  EXPECT_EQ(RunTlspin({"lint", "--fix", "-"}, options).exit_code, 2);
  EXPECT_EQ(RunTlspin({"lint", "--fix", "--dry-run", "-"}, options).exit_code,
            1);
  EXPECT_EQ(RunTlspin({"lint", "--dry-run", file}).exit_code, 2);
}

}  // namespace
