#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/process.h"
#include "tests/testing/report_to.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing_support::kReportedAt;
using ::testing_support::kReportedHost;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::ReportToTest;
using Json = nlohmann::ordered_json;

TEST_F(ReportToTest, AFileGetsALineForEachRefusal) {
  const std::string path = directory_.Path("reports.ndjson");
  const std::string other = server_.Target("other.example.com");
  // The second host is refused for its name, which is no failure of pins.
  const ProcessResult result = Check(path, {other});
  EXPECT_EQ(result.exit_code, 1) << result.standard_error;
  EXPECT_THAT(result.standard_error,
              HasSubstr(absl::StrCat("tlspin: reports: 1 to ", path, "\n")));
  const std::vector<Json> lines = LinesOf(path);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["hostname"], kReportedHost);
  EXPECT_EQ(lines[0]["port"], server_.port());
  EXPECT_EQ(lines[0]["date-time"], kReportedAt);
  EXPECT_EQ(lines[0]["error"], "PIN_MISMATCH");
  EXPECT_EQ(lines[0]["pins-updated"], "2026-05-01T00:00:00Z");
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);

  const std::string chain =
      directory_.Write("chain.pem", mint::PemOf(served_.Presented()));
  std::vector<std::string> inspect = {"inspect", chain,
                                      "--host",  kReportedHost,
                                      "--pins",  directory_.Path("pins.json")};
  for (const std::string& word : Common(path)) {
    inspect.push_back(word);
  }
  EXPECT_EQ(testing_support::RunTlspin(inspect).exit_code, 1);
  ASSERT_THAT(LinesOf(path), SizeIs(2));
  EXPECT_EQ(LinesOf(path)[1]["port"], 0);
}

TEST_F(ReportToTest, NothingIsReportedWherePinsRefusedNothing) {
  set_.pins = {{PinTextOf(served_.intermediate), "B Intermediate"}};
  const std::string path = directory_.Path("reports.ndjson");
  const ProcessResult result = Check(path);
  EXPECT_EQ(result.exit_code, 0) << result.standard_output;
  EXPECT_THAT(result.standard_error, HasSubstr("nothing to report"));
  struct stat info;
  EXPECT_NE(stat(path.c_str(), &info), 0);
}

TEST_F(ReportToTest, AFileThatIsNoneOfReportsIsLeftAlone) {
  const ProcessResult result = Check(directory_.Path("pins.json"));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error,
              HasSubstr("warning: reports: 1 of 1 not delivered to "));
  EXPECT_EQ(ReadFile(directory_.Path("pins.json")), PinFileText({set_}));
}

TEST_F(ReportToTest, NotToTheHostUnderTest) {
  for (const std::string& url :
       {absl::StrCat("https://", kReportedHost, "/"),
        absl::StrCat("http://GOOD.example.com.:8080/"),
        absl::StrCat("https://127.0.0.1:", server_.port())}) {
    SCOPED_TRACE(url);
    const ProcessResult result = Check(url);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.standard_error, HasSubstr("is the host under test"));
    EXPECT_THAT(result.standard_output, IsEmpty());
    EXPECT_EQ(
        testing_support::RunTlspin(
            {"inspect", server_.Target(kReportedHost), "--report-to", url})
            .exit_code,
        2);
  }
  // Every host that is asked counts, those of the file too.
  set_.hosts = {"reports.example.com"};
  const ProcessResult all = Check("https://reports.example.com/", {"--all"});
  EXPECT_EQ(all.exit_code, 2) << all.standard_error;
}

TEST_F(ReportToTest, RefusesWhatIsNeitherAFileNorAUrl) {
  for (const char* bad :
       {"ftp://example.com", "-", "http://", "https://a b/", "https://u@h/",
        "http://h:0/", "http://h/#f", "HTTP:/h://", "https://[::1/"}) {
    SCOPED_TRACE(bad);
    const ProcessResult result = Check(bad);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.standard_error, HasSubstr("--report-to: "));
  }
}

}  // namespace
