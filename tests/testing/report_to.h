#ifndef TESTS_TESTING_REPORT_TO_H_
#define TESTS_TESTING_REPORT_TO_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/tlspin/loopback.h"
#include "tools/tlspin/socket.h"

// What the tests of `tlspin --report-to` share.
namespace testing_support {

inline constexpr char kReportedHost[] = "good.example.com";
inline constexpr char kReportedAt[] = "2026-06-01T00:00:00Z";
inline constexpr char kThanks[] =
    "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";

// A Post is what a collector was sent.
struct Post {
  std::string header, body;
};

// A TestCollector answers each POST on 127.0.0.1 with the same bytes, over TLS
// if it has an identity, and keeps what it was sent.
class TestCollector {
 public:
  explicit TestCollector(std::string answer,
                         std::shared_ptr<const tlspin::Identity> identity = {});

  int port() const { return server_->port(); }
  std::vector<Post> posts();

 private:
  void InTheClear(tlspin::Socket socket, const std::string& answer);
  void OverTls(tlspin::Socket socket, const tlspin::Identity& identity,
               const std::string& answer);
  void Keep(Post post);

  std::mutex mutex_;
  std::vector<Post> posts_;
  // Last: its thread uses the rest.
  std::unique_ptr<tlspin::LoopbackServer> server_;
};

// A TestProxy takes CONNECT for any host, and connects to the port asked for of
// 127.0.0.1. Other hosts than `host_it_refuses` are let through.
class TestProxy {
 public:
  explicit TestProxy(std::string host_it_refuses = "");

  std::string Url() const;
  // What CONNECT asked for, in order: "HOST:PORT".
  std::vector<std::string> targets();

 private:
  void Serve(tlspin::Socket client, const std::string& host_it_refuses);

  std::mutex mutex_;
  std::vector<std::string> targets_;
  std::unique_ptr<tlspin::LoopbackServer> server_;  // last
};

// A server for kReportedHost whose pins are those of another: reported.
class ReportToTest : public ::testing::Test {
 protected:
  ReportToTest();

  std::vector<std::string> Common(const std::string& report_to);
  // Check has `tlspin check` ask the server and report to `report_to`.
  ProcessResult Check(const std::string& report_to,
                      const std::vector<std::string>& more = {});
  // Url returns the URL of a collector on 127.0.0.1.
  std::string Url(absl::string_view scheme, int port) const;
  std::vector<nlohmann::ordered_json> LinesOf(const std::string& path);

  Pki pinned_ = MakePki("A", kReportedHost);
  Pki served_ = MakePki("B", kReportedHost);
  PinFileSet set_;
  TempDirectory directory_;
  TlsServer server_{served_.Presented()};
};

}  // namespace testing_support

#endif  // TESTS_TESTING_REPORT_TO_H_
