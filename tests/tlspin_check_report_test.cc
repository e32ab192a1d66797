#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

// The files of `tlspin check --report`. What is in each is reports_test's.
namespace {

using ::testing::HasSubstr;
using ::testing_support::MakePki;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::TempDirectory;
using ::testing_support::TlsServer;
using Json = nlohmann::ordered_json;

constexpr char kHost[] = "good.example.com";

class CheckReportTest : public ::testing::Test {
 protected:
  CheckReportTest() {
    directory_.Write("roots.pem", pki_.root.Pem());
    set_.pins = {{PinTextOf(pki_.intermediate), "A Intermediate"}};
    set_.backup_pins = {{PinTextOf(mint::Key::Shared("p256-spare")), "Spare"}};
    set_.hosts = {kHost};
    directory_.Write("pins.json", PinFileText({set_}));
  }

  ProcessResult Check(std::vector<std::string> more) {
    more.insert(more.begin(), {"check", directory_.Path("pins.json")});
    more.insert(more.end(), {"--roots", directory_.Path("roots.pem"), "--at",
                             "2026-06-01T00:00:00Z"});
    return testing_support::RunTlspin(more);
  }

  std::string Report(absl::string_view format, absl::string_view name) const {
    return absl::StrCat("--report=", format, "=", directory_.Path(name));
  }

  Pki pki_ = MakePki("A", kHost);
  PinFileSet set_;
  TempDirectory directory_;
  TlsServer server_{pki_.Presented()};
};

TEST_F(CheckReportTest, AllOfThemAtOnceChangeNothingElse) {
  const std::string target = server_.Target(kHost);
  const ProcessResult without = Check({target});
  const ProcessResult with =
      Check({target, Report("junit", "r.xml"), Report("sarif", "r.sarif"),
             Report("json", "r.json"), Report("html", "r.html"),
             Report("prometheus", "r.prom")});
  EXPECT_EQ(with.exit_code, 0) << with.standard_error;
  EXPECT_EQ(with.standard_output, without.standard_output);
  EXPECT_THAT(ReadFile(directory_.Path("r.xml")),
              HasSubstr(absl::StrCat("name=\"", target, " chain\"")));
  const Json sarif = Json::parse(ReadFile(directory_.Path("r.sarif")));
  EXPECT_EQ(sarif["runs"][0]["invocations"][0]["executionSuccessful"], true);
  EXPECT_EQ(Json::parse(ReadFile(directory_.Path("r.json")))["exit_code"], 0);
  EXPECT_THAT(ReadFile(directory_.Path("r.html")), HasSubstr("Check passed"));
  EXPECT_THAT(ReadFile(directory_.Path("r.prom")),
              HasSubstr(absl::StrCat("tlspin_host_accepted{target=\"", target,
                                     "\",host=\"good.example.com\"} 1\n")));
}

TEST_F(CheckReportTest, AreEnglishWhereverTheyAreMade) {
  const std::string target = server_.Target(kHost);
  testing_support::ProcessOptions options;
  options.environment = {{"LC_ALL", "es_MX.UTF-8"}};
  const std::vector<std::string> arguments = {"check",
                                              directory_.Path("pins.json"),
                                              target,
                                              "--roots",
                                              directory_.Path("roots.pem"),
                                              "--at",
                                              "2026-06-01",
                                              "--warn-days=300",
                                              Report("json", "r.json")};
  const ProcessResult result = testing_support::RunTlspin(arguments, options);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_THAT(result.standard_output, HasSubstr("vencen el 2026-12-31"));
  const Json report = Json::parse(ReadFile(directory_.Path("r.json")));
  EXPECT_EQ(report["findings"][0]["message"],
            "the pins of \"example\" expire on 2026-12-31");
  EXPECT_EQ(report["answer"], "the host matches its pins");
}

TEST_F(CheckReportTest, WhatWasNotReachedIsAnErrorInJUnit) {
  const std::string closed =
      absl::StrCat(kHost, "@127.0.0.1:", testing_support::ClosedPort());
  EXPECT_EQ(
      Check({closed, Report("junit", "r.xml"), Report("sarif", "r.sarif")})
          .exit_code,
      3);
  EXPECT_THAT(ReadFile(directory_.Path("r.xml")),
              HasSubstr("failures=\"0\" errors=\"1\""));
  const Json run = Json::parse(ReadFile(directory_.Path("r.sarif")))["runs"][0];
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
  EXPECT_EQ(run["results"][0]["ruleId"], "not-reached");
}

TEST_F(CheckReportTest, OneThatCannotBeWrittenIsUndecided) {
  const ProcessResult result =
      Check({server_.Target(kHost), Report("junit", "no/such/r.xml"),
             Report("json", "r.json")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error, HasSubstr("no/such/r.xml"));
  // The answer was given, and the other report is whole.
  EXPECT_THAT(result.standard_output, HasSubstr("OK"));
  EXPECT_EQ(Json::parse(ReadFile(directory_.Path("r.json")))["exit_code"], 0);
}

TEST_F(CheckReportTest, NeverOverwritesWhatItReads) {
  const std::string pins = ReadFile(directory_.Path("pins.json"));
  EXPECT_EQ(Check({Report("json", "pins.json")}).exit_code, 2);
  EXPECT_EQ(
      Check({Report("json", "s.json"), "--state", directory_.Path("s.json")})
          .exit_code,
      2);
  EXPECT_EQ(ReadFile(directory_.Path("pins.json")), pins);
}

TEST_F(CheckReportTest, AFormatThatThereIsNotIsWrongUsage) {
  const ProcessResult result = Check({Report("xml", "r.xml")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error,
              HasSubstr("junit, sarif, json, html or prometheus"));
}

TEST_F(CheckReportTest, ABrokenPinFileReplacesTheReportsOfBetterDays) {
  EXPECT_EQ(
      Check({server_.Target(kHost), Report("sarif", "r.sarif")}).exit_code, 0);
  directory_.Write("pins.json", "{\n  \"sets\": 1\n}");
  EXPECT_EQ(
      Check({Report("sarif", "r.sarif"), Report("junit", "r.xml")}).exit_code,
      3);
  const Json run = Json::parse(ReadFile(directory_.Path("r.sarif")))["runs"][0];
  ASSERT_EQ(run["results"].size(), 1u);
  EXPECT_EQ(run["results"][0]["ruleId"], "pin-file-unreadable");
  const Json& place = run["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_TRUE(place.contains("region")) << place;
  EXPECT_THAT(ReadFile(directory_.Path("r.xml")), HasSubstr("errors=\"1\""));
}

}  // namespace
