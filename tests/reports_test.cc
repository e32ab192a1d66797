#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "pinning/language.h"
#include "tests/testing/process.h"
#include "tools/tlspin/finding_words.h"
#include "tools/tlspin/reports/check_report.h"
#include "tools/tlspin/reports/html_report.h"
#include "tools/tlspin/reports/json_report.h"
#include "tools/tlspin/reports/junit.h"
#include "tools/tlspin/reports/prometheus.h"
#include "tools/tlspin/reports/report_files.h"
#include "tools/tlspin/reports/sarif.h"

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::TempDirectory;
using ::tlspin::CheckedHost;
using ::tlspin::CheckedPattern;
using ::tlspin::CheckedPin;
using ::tlspin::CheckedSet;
using ::tlspin::CheckReport;
using ::tlspin::Finding;
using ::tlspin::FindingRule;
using ::tlspin::FindingWords;
using ::tlspin::ReportFile;
using ::tlspin::Severity;
using Json = nlohmann::json;

absl::Time At(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text;
  return time;
}

CheckedPin PinOf(const std::string& name, CheckedPin::Kind kind, bool seen) {
  CheckedPin pin;
  pin.name = name;
  pin.pin = absl::StrCat("sha256/", name);
  pin.role = kind == CheckedPin::Kind::kPin ? "issuer" : "any";
  pin.kind = kind;
  pin.seen = seen;
  return pin;
}

Finding FindingOf(const std::string& code, const std::string& target,
                  const std::string& message, int line) {
  Finding finding;
  finding.code = code;
  finding.severity = tlspin::RuleOf(code)->severity;
  finding.target = target;
  finding.set = "app";
  finding.message = message;
  if (line > 0) {
    finding.place = {line, 7, 6};
  }
  return finding;
}

// A report with something of each kind, and with text that would do harm in
// one format or another.
CheckReport Sample() {
  CheckReport report;
  report.tool = "tlspin 9.9.9";
  report.pin_file = "./pins of/app&ü.json";
  report.time = At("2026-06-01T12:00:00Z");
  report.exit_code = 1;
  report.answer = "of 3 hosts 1 refused, 1 could not be checked";

  CheckedHost good;
  good.target = "good.example.com:443";
  good.host = good.address = "good.example.com";
  good.port = 443;
  good.peer = "192.0.2.7";
  good.result = "accepted";
  good.message = "matches \"A\" (depth 1), app has 213 days left";
  good.set = "app";
  good.pattern = "*.example.com";
  good.matched = "A";
  good.path = {{0, "CN=good", "sha256/g", At("2026-06-08T00:00:00Z")},
               {1, "CN=]]> <b>\"A\" & 'B'\\u{202e}", "sha256/A",
                At("2030-01-01T00:00:00Z")}};
  CheckedHost bad = good;
  bad.target = "bad.example.com@127.0.0.1:8443";
  bad.host = "bad.example.com";
  bad.address = "127.0.0.1";
  bad.port = 8443;
  bad.result = "refused";
  bad.message = "no key of the path is one that \"app\" pins";
  bad.error_code = "PIN_MISMATCH";
  bad.matched.clear();
  CheckedHost lost;
  lost.target = "lost.example.com:443";
  lost.host = lost.address = "lost.example.com";
  lost.port = 443;
  lost.result = "not-reached";
  lost.message = "lost.example.com:443: connection refused";
  lost.error_code = "connection-refused";
  report.hosts = {good, bad, lost};

  CheckedSet set;
  set.name = "app";
  set.mode = "enforce";
  set.expires = At("2026-12-31T00:00:00Z");
  set.place = {5, 5, 5};
  set.pins = {PinOf("A", CheckedPin::Kind::kPin, true),
              PinOf("B\"\\\n", CheckedPin::Kind::kBackup, false),
              PinOf("C", CheckedPin::Kind::kBlocked, false)};
  set.pins[1].runs = 12;
  set.pins[1].since = At("2026-05-01T00:00:00Z");
  report.sets = {set};
  report.patterns = {{"*.example.com", "app", true, {20, 5, 5}},
                     {"other.example.com", "app", false, {21, 5, 5}}};

  report.findings = {
      FindingOf("certificate-expires-soon", good.target,
                "the certificate \"CN=good\" (depth 0) expires on 2026-06-08, "
                "in 6 days",
                20),
      FindingOf("pin-mismatch", bad.target, bad.message, 5),
      FindingOf("not-reached", lost.target, lost.message, 20),
      FindingOf("backup-not-seen", "", "no server showed <B>", 9),
      FindingOf("pattern-not-asked", "",
                "no host that was asked is looked up under the pattern "
                "other.example.com",
                21)};
  report.findings[0].item = "depth 0";
  report.findings[2].undecided = true;
  report.findings[3].item = "B";
  report.findings[4].item = "other.example.com";
  return report;
}

struct Golden {
  const char* file;
  ReportFile::Writer writer;
};

constexpr Golden kGolden[] = {{"report.xml", tlspin::JUnitReport},
                              {"report.sarif", tlspin::SarifReport},
                              {"report.json", tlspin::JsonReport},
                              {"report.html", tlspin::HtmlReport},
                              {"report.prom", tlspin::PrometheusReport}};

TEST(Reports, AreWhatTheyWere) {
  const char* const output = std::getenv("GOLDEN_OUTPUT");
  for (const Golden& golden : kGolden) {
    SCOPED_TRACE(golden.file);
    const std::string text = golden.writer(Sample());
    if (output != nullptr) {
      std::ofstream(absl::StrCat(output, "/", golden.file)) << text;
      continue;
    }
    EXPECT_EQ(text, testing_support::ReadFile(testing_support::FromRunfiles(
                        absl::StrCat("tests/golden/check/", golden.file))));
  }
}

TEST(Reports, AReportOnNothingIsWhole) {
  CheckReport report;
  report.tool = "tlspin 9.9.9";
  report.pin_file = "-";
  report.time = At("2026-06-01T12:00:00Z");
  report.exit_code = 3;
  EXPECT_THAT(tlspin::JUnitReport(report), HasSubstr("tests=\"0\""));
  const Json sarif = Json::parse(tlspin::SarifReport(report));
  EXPECT_TRUE(sarif["runs"][0]["results"].empty());
  // Standard input has no address.
  EXPECT_FALSE(sarif["runs"][0].contains("artifacts"));
  EXPECT_TRUE(Json::parse(tlspin::JsonReport(report))["hosts"].empty());
  EXPECT_THAT(tlspin::HtmlReport(report), HasSubstr("Check undecided"));
  EXPECT_THAT(tlspin::PrometheusReport(report),
              HasSubstr("tlspin_check_exit_code 3\n"));
}

TEST(Reports, StrictnessMakesWarningsFailures) {
  CheckReport report = Sample();
  const std::string warning =
      "good.example.com:443 certificate-expires-soon app depth 0\" "
      "time=\"0\">\n      <";
  EXPECT_THAT(tlspin::JUnitReport(report),
              HasSubstr(absl::StrCat(warning, "system-out>")));
  report.strict = true;
  EXPECT_THAT(tlspin::JUnitReport(report),
              HasSubstr(absl::StrCat(warning, "failure ")));
  const Json sarif = Json::parse(tlspin::SarifReport(report));
  EXPECT_EQ(sarif["runs"][0]["results"][0]["level"], "error");
  // What is undecided fails nothing.
  EXPECT_EQ(sarif["runs"][0]["results"][2]["level"], "warning");
}

TEST(Reports, PrometheusHasNoSampleTwice) {
  CheckReport report = Sample();
  report.hosts.push_back(report.hosts[0]);
  report.hosts[1].host = "a\"b\\c\nd";
  const std::string text = tlspin::PrometheusReport(report);
  std::set<std::string> samples;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (line[0] != '#') {
      EXPECT_TRUE(samples.emplace(line.substr(0, line.rfind(' '))).second)
          << line;
    }
  }
  EXPECT_THAT(text, HasSubstr(R"(host="a\"b\\c\nd")"));
}

TEST(FindingRules, EachCodeHasOne) {
  std::string last;
  for (const FindingRule& rule : tlspin::FindingRules()) {
    const std::string code(rule.code);
    EXPECT_LT(last, code);
    EXPECT_FALSE(rule.summary.empty()) << code;
    EXPECT_FALSE(rule.advice.empty()) << code;
    EXPECT_EQ(tlspin::RuleOf(code), &rule);
    last = code;
  }
  EXPECT_EQ(tlspin::RuleOf("no-such-code"), nullptr);
}

TEST(FindingWordsTest, BothLanguagesSayTheSame) {
  for (size_t i = 0; i < tlspin::kFindingWordsCount; ++i) {
    const auto words = static_cast<FindingWords>(i);
    const absl::string_view english =
        tlspin::FindingTemplate(words, pinning::Language::kEnglish);
    const absl::string_view spanish =
        tlspin::FindingTemplate(words, pinning::Language::kSpanish);
    EXPECT_NE(english, spanish);
    for (const char* placeholder : {"$0", "$1", "$2", "$3", "$4"}) {
      EXPECT_EQ(english.find(placeholder) == english.npos,
                spanish.find(placeholder) == spanish.npos)
          << english << "\n"
          << spanish;
    }
  }
}

TEST(ReportFiles, RefusesWhatItCannotDo) {
  const TempDirectory directory;
  const std::string pins = directory.Write("pins.json", "{}");
  const std::vector<std::vector<std::string>> rows = {
      {""},
      {"out.xml"},
      {"junit"},
      {"junit="},
      {"xml=out.xml"},
      {"json=-"},
      {"JSON=out.json"},
      {"json=out", "html=out"},
      {absl::StrCat("json=", pins)},
      {absl::StrCat("json=", directory.path(), "/./pins.json")},
  };
  for (const std::vector<std::string>& row : rows) {
    EXPECT_EQ(tlspin::ParseReportFiles(row, {pins, ""}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << row.front();
  }
  const absl::StatusOr<std::vector<ReportFile>> good =
      tlspin::ParseReportFiles({"json=a=b.json", "html=out.html"}, {pins, ""});
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ((*good)[0].path, "a=b.json");
  EXPECT_EQ((*good)[1].writer, tlspin::HtmlReport);
}

TEST(ReportFiles, WritesWhatItCanAndSaysWhatNot) {
  const TempDirectory directory;
  const std::string good = directory.Path("good.json");
  const absl::StatusOr<std::vector<ReportFile>> files =
      tlspin::ParseReportFiles(
          {absl::StrCat("junit=", directory.Path("no/such/out.xml")),
           absl::StrCat("json=", good)},
          {});
  ASSERT_TRUE(files.ok());
  const absl::Status status = tlspin::WriteReports(*files, Sample());
  EXPECT_THAT(std::string(status.message()), HasSubstr("no/such/out.xml"));
  EXPECT_EQ(testing_support::ReadFile(good), tlspin::JsonReport(Sample()));
}

}  // namespace
