#include <openssl/ssl.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/channel.h"
#include "tools/tlspin/http_post.h"
#include "tools/tlspin/loopback.h"
#include "tools/tlspin/socket.h"

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing_support::BackgroundProcess;
using ::testing_support::ClosedPort;
using ::testing_support::MakePki;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::TempDirectory;
using ::testing_support::TlsServer;
using ::tlspin::Channel;
using ::tlspin::Deadline;
using ::tlspin::LoopbackServer;
using ::tlspin::Socket;
using Json = nlohmann::ordered_json;

constexpr char kHost[] = "good.example.com";
constexpr char kAt[] = "2026-06-01T00:00:00Z";
constexpr char kThanks[] =
    "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";

Deadline Soon() { return Deadline::After(absl::Seconds(20)); }

// A Post is what a collector was sent.
struct Post {
  std::string header, body;
};

// Receives one request; `read` returns none at the end.
Post ReceivePost(const std::function<absl::StatusOr<std::string>()>& read) {
  std::string all;
  size_t size = std::string::npos;
  for (;;) {
    const size_t end = all.find("\r\n\r\n");
    if (end != std::string::npos && size == std::string::npos) {
      const size_t at = all.find("Content-Length: ");
      const std::string rest = at < end ? all.substr(at + 16) : "0";
      if (!absl::SimpleAtoi(rest.substr(0, rest.find('\r')), &size)) {
        return {all, ""};
      }
    }
    if (end != std::string::npos && all.size() >= end + 4 + size) {
      return {all.substr(0, end), all.substr(end + 4)};
    }
    const absl::StatusOr<std::string> more = read();
    if (!more.ok() || more->empty()) {
      return {all, ""};
    }
    all += *more;
  }
}

// A TestCollector answers each POST on 127.0.0.1 with the same bytes, over TLS
// if it has an identity, and keeps what it was sent.
class TestCollector {
 public:
  explicit TestCollector(
      std::string answer,
      std::shared_ptr<const tlspin::Identity> identity = {}) {
    absl::StatusOr<std::unique_ptr<LoopbackServer>> server =
        LoopbackServer::Start([this, answer, identity](Socket socket) {
          identity ? OverTls(std::move(socket), *identity, answer)
                   : InTheClear(std::move(socket), answer);
        });
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  int port() const { return server_->port(); }
  std::vector<Post> posts() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return posts_;
  }

 private:
  void InTheClear(Socket socket, const std::string& answer) {
    Keep(ReceivePost([&] { return socket.Receive(4096, Soon()); }));
    socket.Send(answer, Soon()).IgnoreError();
    // Until the client is done, so that nothing is reset.
    socket.Receive(1, Soon()).status().IgnoreError();
  }

  void OverTls(Socket socket, const tlspin::Identity& identity,
               const std::string& answer) {
    absl::StatusOr<Channel> channel =
        tlspin::AcceptTls(std::move(socket), identity, Soon());
    if (!channel.ok()) {
      return;
    }
    const Post post = ReceivePost([&] { return channel->Read(); });
    if (post.header.empty()) {
      return;  // TLS 1.3: the client refuses after the server has finished
    }
    Keep(post);
    channel->Write(answer).IgnoreError();
    channel->Close();
  }

  void Keep(Post post) {
    const std::lock_guard<std::mutex> lock(mutex_);
    posts_.push_back(std::move(post));
  }

  std::mutex mutex_;
  std::vector<Post> posts_;
  std::unique_ptr<LoopbackServer> server_;  // last: its thread uses the rest
};

// A server for kHost whose pins are those of another: reported.
class ReportToTest : public ::testing::Test {
 protected:
  ReportToTest() {
    directory_.Write("roots.pem", served_.root.Pem());
    set_.pins = {{PinTextOf(pinned_.intermediate), "A Intermediate"}};
    set_.backup_pins = {{PinTextOf(mint::Key::Shared("p256-spare")), "Spare"}};
    set_.hosts = {"*.example.com"};
    set_.expires = "2049-12-31";
  }

  std::vector<std::string> Common(const std::string& report_to) {
    return {"--roots", directory_.Path("roots.pem"), "--at", kAt, "--report-to",
            report_to};
  }

  ProcessResult Check(const std::string& report_to,
                      std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {
        "check", directory_.Write("pins.json", PinFileText({set_})),
        server_.Target(kHost)};
    for (const auto& part : {Common(report_to), more}) {
      arguments.insert(arguments.end(), part.begin(), part.end());
    }
    return testing_support::RunTlspin(arguments);
  }

  // Has one collector with `host` in its URL, and one failure to report.
  std::string Url(absl::string_view scheme, int port) const {
    return absl::StrCat(scheme, "://127.0.0.1:", port, "/pins?token=secret");
  }

  std::vector<Json> LinesOf(const std::string& path) {
    std::vector<Json> lines;
    for (absl::string_view line :
         absl::StrSplit(ReadFile(path), '\n', absl::SkipEmpty())) {
      lines.push_back(Json::parse(line));
    }
    return lines;
  }

  Pki pinned_ = MakePki("A", kHost);
  Pki served_ = MakePki("B", kHost);
  PinFileSet set_;
  TempDirectory directory_;
  TlsServer server_{served_.Presented()};
};

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
  EXPECT_EQ(lines[0]["hostname"], kHost);
  EXPECT_EQ(lines[0]["port"], server_.port());
  EXPECT_EQ(lines[0]["date-time"], kAt);
  EXPECT_EQ(lines[0]["error"], "PIN_MISMATCH");
  EXPECT_EQ(lines[0]["pins-updated"], "2026-05-01T00:00:00Z");
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);

  const std::string chain =
      directory_.Write("chain.pem", mint::PemOf(served_.Presented()));
  std::vector<std::string> inspect = {"inspect", chain,
                                      "--host",  kHost,
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
      mint::Issue(mint::Leaf({kHost, "also.example.com"}),
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
  EXPECT_EQ(posts[0]["hostname"], kHost);
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
      "inspect", server_.Target(kHost), "--pins",
      directory_.Write("pins.json", PinFileText({set_}))};
  for (const std::string& word : Common(Url("http", ClosedPort()))) {
    inspect.push_back(word);
  }
  const ProcessResult accepted = testing_support::RunTlspin(inspect);
  EXPECT_EQ(accepted.exit_code, 0) << accepted.standard_error;
  EXPECT_THAT(accepted.standard_error, HasSubstr("warning: reports: 1 of 1"));
}

class HttpsTest : public ReportToTest {
 protected:
  // An authority and a leaf for 127.0.0.1 that are valid now and for long: a
  // collector is judged by the clock, not by --at.
  HttpsTest() {
    mint::Spec ca = mint::Ca("Collector Root");
    mint::Spec leaf = mint::Leaf({"collector.example.com"});
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
  EXPECT_EQ(Json::parse(posts[0].body)["hostname"], kHost);
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

TEST_F(ReportToTest, NotToTheHostUnderTest) {
  for (const std::string& url :
       {absl::StrCat("https://", kHost, "/"),
        absl::StrCat("http://GOOD.example.com.:8080/"),
        absl::StrCat("https://127.0.0.1:", server_.port())}) {
    SCOPED_TRACE(url);
    const ProcessResult result = Check(url);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.standard_error, HasSubstr("is the host under test"));
    EXPECT_THAT(result.standard_output, IsEmpty());
    EXPECT_EQ(testing_support::RunTlspin(
                  {"inspect", server_.Target(kHost), "--report-to", url})
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

TEST(ParseCollectorTest, Forms) {
  const struct {
    const char* url;
    const char* origin;
    const char* path;
  } kRows[] = {
      {"http://example.com", "http://example.com:80", "/"},
      {"https://example.com", "https://example.com:443", "/"},
      {"http://EXAMPLE.com.:8080/a/b?c=d", "http://example.com:8080",
       "/a/b?c=d"},
      {"https://example.com?x", "https://example.com:443", "/?x"},
      {"http://[2001:db8::1]/x", "http://[2001:db8::1]:80", "/x"},
      {"http://[2001:db8::1]:81", "http://[2001:db8::1]:81", "/"},
      {"http://192.0.2.1:443/", "http://192.0.2.1:443", "/"},
      {"https://example.com/a:b@c", "https://example.com:443", "/a:b@c"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.url);
    const absl::StatusOr<tlspin::Collector> collector =
        tlspin::ParseCollector(row.url);
    ASSERT_TRUE(collector.ok()) << collector.status();
    EXPECT_EQ(collector->Origin(), row.origin);
    EXPECT_EQ(collector->path, row.path);
  }
}

}  // namespace
