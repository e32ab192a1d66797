#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/report_to.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/loopback.h"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing_support::BackgroundProcess;
using ::testing_support::ClosedPort;
using ::testing_support::kReportedHost;
using ::testing_support::kThanks;
using ::testing_support::PinFileText;
using ::testing_support::Post;
using ::testing_support::ProcessResult;
using ::testing_support::ReportToTest;
using ::testing_support::TestCollector;
using ::testing_support::TestProxy;
using ::testing_support::TlsServer;
using Json = nlohmann::ordered_json;

// Served by Python's own HTTP server, which is no code of ours.
TEST_F(ReportToTest, PostsToAServerOfAnotherMake) {
  const std::string script = directory_.Write("collector.py", R"(
import http.server
class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open("posts", "ab") as posts:
            posts.write(body + b"\n")
        print("got", self.path, self.headers["Content-Type"], flush=True)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"thanks\n" * 100000)
server = http.server.HTTPServer(("127.0.0.1", 0), Collector)
print("port", server.server_port, flush=True)
server.serve_forever()
)");
  testing_support::ProcessOptions options;
  options.working_directory = directory_.path();
  BackgroundProcess python("/usr/bin/python3", {script}, options);
  ASSERT_TRUE(python.WaitForOutput("port ")) << python.standard_error();
  ASSERT_TRUE(python.WaitForOutput("\n"));
  int port = 0;
  ASSERT_TRUE(absl::SimpleAtoi(python.standard_output().substr(5), &port));

  // Two names, so two failures.
  const mint::Minted both =
      mint::Issue(mint::Leaf({kReportedHost, "also.example.com"}),
                  mint::Key::Shared("p256-leaf-both"), served_.intermediate);
  const TlsServer server({both, served_.intermediate});
  const ProcessResult result =
      Check(Url("http", port), {server.Target("also.example.com"), "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error,
              HasSubstr(absl::StrCat(
                  "tlspin: reports: 2 to http://127.0.0.1:", port, "\n")));
  EXPECT_THAT(result.standard_error, Not(HasSubstr("secret")));
  const std::vector<Json> posts = LinesOf(directory_.Path("posts"));
  ASSERT_THAT(posts, SizeIs(2));
  EXPECT_EQ(posts[0]["hostname"], kReportedHost);
  EXPECT_EQ(posts[1]["hostname"], "also.example.com");
  EXPECT_EQ(posts[1]["port"], server.port());
  EXPECT_THAT(python.standard_output(),
              HasSubstr("got /pins?token=secret application/json\n"));
}

TEST_F(ReportToTest, WhatACollectorAnswersChangesNoExitCode) {
  const struct {
    const char* name;
    std::string answer;
    const char* said;  // on standard error
  } kRows[] = {
      {"no content", kThanks, "reports: 1 to"},
      {"continue first", absl::StrCat("HTTP/1.1 100 Continue\r\n\r\n", kThanks),
       "reports: 1 to"},
      {"error", "HTTP/1.1 500 Internal\r\n\r\n", "it answers \"500 Internal\""},
      {"no reason phrase", "HTTP/1.1 503\r\n\r\n", "it answers \"503\""},
      {"redirect", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n",
       "redirects are not followed"},
      {"escape", "HTTP/1.1 500 \x1b[2J\r\n\r\n", "500 \\x1b[2J"},
      {"garbage", "220 mail.example.com ESMTP\r\n", "the answer is not HTTP"},
      {"not a number", "HTTP/1.1 2OO OK\r\n\r\n", "the answer is not HTTP"},
      {"status of four digits", "HTTP/1.1 2000 OK\r\n\r\n",
       "the answer is not HTTP"},
      {"nothing", "", "it closed the connection"},
      {"huge",
       absl::StrCat("HTTP/1.1 200 OK\r\nX: ", std::string(1 << 20, 'x'),
                    "\r\n\r\n"),
       "header is too long"},
      {"continue without end",
       [] {
         std::string all;
         for (int i = 0; i < 2000; ++i) {
           absl::StrAppend(&all, "HTTP/1.1 100 Continue\r\n\r\n");
         }
         return all;
       }(),
       "header is too long"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    // It hangs up at once where it says nothing.
    TestCollector collector(row.answer);
    const ProcessResult result =
        Check(Url("http", collector.port()),
              {"--timeout", *row.answer.c_str() ? "10" : "2"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.standard_output, HasSubstr("REJECT   PIN_MISMATCH"));
    if (row.answer.empty()) {
      EXPECT_THAT(result.standard_error, HasSubstr("timed out"));
    } else {
      EXPECT_THAT(result.standard_error, HasSubstr(row.said));
    }
    EXPECT_THAT(collector.posts(), SizeIs(1));
  }
}

TEST_F(ReportToTest, ACollectorThatIsDownIsAWarning) {
  const ProcessResult result = Check(Url("http", ClosedPort()));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error,
              HasSubstr("warning: reports: 1 of 1 not delivered to "
                        "http://127.0.0.1:"));
  EXPECT_THAT(result.standard_error, HasSubstr("connection refused"));
  // Where the connection goes on, report-only, it does.
  set_.mode = "report-only";
  std::vector<std::string> inspect = {
      "inspect", server_.Target(kReportedHost), "--pins",
      directory_.Write("pins.json", PinFileText({set_}))};
  for (const std::string& word : Common(Url("http", ClosedPort()))) {
    inspect.push_back(word);
  }
  const ProcessResult accepted = testing_support::RunTlspin(inspect);
  EXPECT_EQ(accepted.exit_code, 0) << accepted.standard_error;
  EXPECT_THAT(accepted.standard_error, HasSubstr("warning: reports: 1 of 1"));
}

// The name of the collector is resolved by the proxy, and nowhere else.
TEST_F(ReportToTest, PostsThroughTheProxy) {
  TestCollector collector(kThanks);
  TestProxy proxy;
  const std::string place =
      absl::StrCat("collector.example.net:", collector.port());
  const ProcessResult result =
      Check(absl::StrCat("http://", place, "/pins"), {"--proxy", proxy.Url()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error,
              HasSubstr(absl::StrCat("reports: 1 to http://", place, "\n")));
  EXPECT_THAT(proxy.targets(),
              ElementsAre(absl::StrCat("127.0.0.1:", server_.port()), place));
  const std::vector<Post> posts = collector.posts();
  ASSERT_THAT(posts, SizeIs(1));
  EXPECT_TRUE(absl::StartsWith(
      posts[0].header,
      absl::StrCat("POST /pins HTTP/1.1\r\nHost: ", place, "\r\n")))
      << posts[0].header;
  EXPECT_EQ(Json::parse(posts[0].body)["hostname"], kReportedHost);
}

TEST_F(ReportToTest, WarnsOfPlainHttpToAnotherMachineOnly) {
  constexpr char kWarning[] = "can read and change a report over plain HTTP";
  TestCollector collector(kThanks);
  TestProxy proxy;
  const struct {
    const char* url;
    bool warned;
  } kRows[] = {
      {"http://collector.example.net:", true},
      {"http://192.0.2.1:", true},
      {"http://[2001:db8::1]:", true},
      {"http://127.0.0.1.example.com:", true},
      {"http://127.0.0.1:", false},
      {"http://[::1]:", false},
      {"http://localhost:", false},
      // Not answered; nothing of it can be read all the same.
      {"https://collector.example.net:", false},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.url);
    const ProcessResult result =
        Check(absl::StrCat(row.url, collector.port(), "/"),
              {"--proxy", proxy.Url(), "--timeout", "5"});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(absl::StrContains(result.standard_error, kWarning), row.warned)
        << result.standard_error;
  }
}

TEST_F(ReportToTest, AProxyThatWillNotConnectIsAWarning) {
  TestCollector collector(kThanks);
  TestProxy proxy("collector.example.net");
  const ProcessResult result =
      Check(absl::StrCat("http://collector.example.net:", collector.port()),
            {"--proxy", proxy.Url()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("REJECT   PIN_MISMATCH"));
  EXPECT_THAT(result.standard_error,
              HasSubstr("warning: reports: 1 of 1 not delivered to "));
  EXPECT_THAT(result.standard_error, HasSubstr("403 Forbidden"));
  EXPECT_THAT(collector.posts(), IsEmpty());
}

class HttpsTest : public ReportToTest {
 protected:
  // An authority and a leaf for 127.0.0.1 that are valid now and for long: a
  // collector is judged by the clock, not by --at.
  HttpsTest() {
    mint::Spec ca = mint::Ca("Collector Root");
    mint::Spec leaf = mint::Leaf({"collector.example.net"});
    leaf.ip_addresses = {"127.0.0.1"};
    ca.not_after = leaf.not_after = absl::FromUnixSeconds(2500000000);
    root_ = mint::SelfSigned(ca, mint::Key::Shared("p256-collector-root"));
    leaf_ = mint::Issue(leaf, mint::Key::Shared("p256-collector"), *root_);
    collector_ = std::make_unique<TestCollector>(
        kThanks, tlspin::MakeIdentity({*leaf_, *root_}));
  }

  void TrustCollector() {
    directory_.Write("roots.pem", mint::PemOf({served_.root, *root_}));
  }

  std::optional<mint::Minted> root_, leaf_;
  std::unique_ptr<TestCollector> collector_;
};

TEST_F(HttpsTest, PostsToACollectorThatIsTrusted) {
  TrustCollector();
  const ProcessResult result = Check(Url("https", collector_->port()));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error,
              HasSubstr("tlspin: reports: 1 to https://127.0.0.1:"));
  const std::vector<Post> posts = collector_->posts();
  ASSERT_THAT(posts, SizeIs(1));
  EXPECT_EQ(Json::parse(posts[0].body)["hostname"], kReportedHost);
  EXPECT_TRUE(absl::StartsWith(
      posts[0].header,
      absl::StrCat("POST /pins?token=secret HTTP/1.1\r\nHost: 127.0.0.1:",
                   collector_->port(), "\r\n")))
      << posts[0].header;
}

TEST_F(HttpsTest, TellsNothingToACollectorThatIsNotTrusted) {
  const ProcessResult result = Check(Url("https", collector_->port()));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error,
              HasSubstr("its certificate is refused: NO_PATH"));
  EXPECT_THAT(collector_->posts(), IsEmpty());
}

TEST_F(HttpsTest, TellsNothingToACollectorThatIsNotOnItsPins) {
  TrustCollector();
  set_.hosts.push_back("127.0.0.1");
  const ProcessResult result = Check(Url("https", collector_->port()));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error,
              HasSubstr("its certificate is refused: PIN_MISMATCH"));
  EXPECT_THAT(collector_->posts(), IsEmpty());
}

TEST_F(HttpsTest, ACollectorThatIsSilentRunsOutOfTime) {
  // It waits for a request that it can read.
  TestCollector plain("HTTP/1.1 400 Bad Request\r\n\r\n");
  const ProcessResult result =
      Check(Url("https", plain.port()), {"--timeout", "2"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error, HasSubstr("warning: reports: 1 of 1"));
}

TEST_F(HttpsTest, JudgesTheCollectorThroughTheProxyToo) {
  TestProxy proxy;
  const std::string url =
      absl::StrCat("https://collector.example.net:", collector_->port(), "/");
  const ProcessResult refused = Check(url, {"--proxy", proxy.Url()});
  EXPECT_THAT(refused.standard_error,
              HasSubstr("its certificate is refused: NO_PATH"));
  EXPECT_THAT(collector_->posts(), IsEmpty());
  TrustCollector();
  const ProcessResult result = Check(url, {"--proxy", proxy.Url()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_error,
              HasSubstr("reports: 1 to https://collector.example.net:"));
  EXPECT_THAT(collector_->posts(), SizeIs(1));
}

}  // namespace
