// tlspin --starttls against servers that the test plays. Real ones are in
// tests/e2e.
#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/tlspin/loopback.h"
#include "tools/tlspin/socket.h"

namespace {

using ::testing::HasSubstr;
using ::testing_support::ProcessResult;
using tlspin::Deadline;
using tlspin::Socket;

constexpr char kHost[] = "good.example.com";
constexpr char kAt[] = "2026-06-01T00:00:00Z";

// A Played server of SMTP says its part whatever the client says.
class Played {
 public:
  // What it says at each of the client's lines; the first before any.
  using Part = std::vector<std::string>;

  // After its part it shakes hands if there is `identity`, else it waits for
  // the end of the connection.
  Played(Part part, std::shared_ptr<const tlspin::Identity> identity,
         bool byte_by_byte = false)
      : part_(std::move(part)),
        identity_(std::move(identity)),
        byte_by_byte_(byte_by_byte) {
    auto server = tlspin::LoopbackServer::Start(
        [this](Socket socket) { Play(std::move(socket)); });
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  int port() const { return server_->port(); }

  // Heard returns what the clients said in the clear.
  std::string Heard() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return heard_;
  }

 private:
  void Play(Socket socket) {
    const Deadline deadline = Deadline::After(absl::Seconds(20));
    for (size_t i = 0; i < part_.size(); ++i) {
      if (i > 0 && !Hear(socket, deadline)) {
        return;
      }
      Say(socket, part_[i], deadline);
    }
    if (identity_ != nullptr) {
      auto channel = tlspin::AcceptTls(std::move(socket), *identity_, deadline);
      EXPECT_TRUE(channel.ok()) << channel.status();
      return;
    }
    while (Hear(socket, deadline)) {
    }
  }

  bool Hear(Socket& socket, Deadline deadline) {
    const auto more = socket.Receive(1024, deadline);
    if (!more.ok() || more->empty()) {
      return false;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    heard_ += *more;
    return true;
  }

  void Say(Socket& socket, const std::string& words, Deadline deadline) const {
    const size_t size = byte_by_byte_ ? 1 : words.size();
    for (size_t at = 0; at < words.size(); at += size) {
      if (!socket.Send(words.substr(at, size), deadline).ok()) {
        return;
      }
      if (byte_by_byte_) {
        absl::SleepFor(absl::Milliseconds(1));
      }
    }
  }

  const Part part_;
  const std::shared_ptr<const tlspin::Identity> identity_;
  const bool byte_by_byte_;
  mutable std::mutex mutex_;
  std::string heard_;  // guarded by mutex_
  std::unique_ptr<tlspin::LoopbackServer> server_;
};

constexpr char kSaid[] = "EHLO tlspin.invalid\r\nSTARTTLS\r\n";

class StartTlsTest : public ::testing::Test {
 protected:
  StartTlsTest() { directory_.Write("roots.pem", pki_.root.Pem()); }

  std::shared_ptr<const tlspin::Identity> identity() const {
    return tlspin::MakeIdentity(pki_.Presented());
  }

  ProcessResult Inspect(int port, std::vector<std::string> more = {}) const {
    more.insert(more.begin(),
                {"inspect", absl::StrCat(kHost, "@127.0.0.1:", port), "--json",
                 "--starttls=smtp", "--at", kAt, "--roots",
                 directory_.Path("roots.pem")});
    return testing_support::RunTlspin(more);
  }

  static void ExpectError(const ProcessResult& result, absl::string_view code) {
    EXPECT_EQ(result.exit_code, 3) << result.standard_error;
    const auto error =
        nlohmann::json::parse(result.standard_output, nullptr, false);
    ASSERT_TRUE(error.is_object()) << result.standard_output;
    EXPECT_EQ(error.value("code", ""), code) << result.standard_output;
    EXPECT_FALSE(error.value("hint", "").empty());
  }

  const testing_support::Pki pki_ = testing_support::MakePki("starttls", kHost);
  testing_support::TempDirectory directory_;
};

TEST_F(StartTlsTest, AServerThatSpeaksByteByByteIsJudged) {
  Played server({"220-mx\r\n220 hi\r\n",
                 "250-mx\r\n250-SIZE\r\n250 STARTTLS\r\n", "220 go\r\n"},
                identity(), /*byte_by_byte=*/true);
  const ProcessResult result = Inspect(server.port());
  EXPECT_EQ(result.exit_code, 0)
      << result.standard_output << result.standard_error;
  EXPECT_THAT(result.standard_output, HasSubstr("\"accepted\":true"));
  EXPECT_EQ(server.Heard(), kSaid);
}

// CVE-2011-0411 and its kind. No ClientHello follows: what was put in the way
// has not even been answered.
TEST_F(StartTlsTest, BytesAfterTheGoAheadEndIt) {
  for (const char* injected : {"250 OK\r\n", "\n", "\x16\x03\x03"}) {
    Played server({"220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n",
                   absl::StrCat("220 go\r\n", injected)},
                  nullptr);
    ExpectError(Inspect(server.port()), "starttls-injected");
    EXPECT_EQ(server.Heard(), kSaid);
  }
}

TEST_F(StartTlsTest, RefusalsAndLosses) {
  const struct {
    Played::Part part;
    const char* code;
    const char* words;
  } kRows[] = {
      {{"220 mx\r\n", "250-mx\r\n250 XXXXXXXA\r\n"},
       "starttls-not-offered",
       "firewall"},
      {{"220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", "454 no \x1b]0;\r\n"},
       "starttls-refused",
       "454 no \\\\u{1b}]0;"},
      {{"+OK POP3\r\n"}, "starttls-malformed", "+OK POP3"},
      {{std::string(17000, '2')}, "starttls-malformed", "16384"},
      {{"HTTP/1.0 200 OK\r\n\r\n"}, "plain-http", "HTTP"},
      {{""}, "starttls-timeout", "greeting"},
      {{"220 mx\r\n", "250-mx\r\n"}, "starttls-timeout", "EHLO"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.words);
    Played server(row.part, nullptr);
    const ProcessResult result = Inspect(
        server.port(),
        {"--timeout", absl::StrContains(row.code, "timeout") ? "1" : "20"});
    ExpectError(result, row.code);
    EXPECT_THAT(result.standard_output, HasSubstr(row.words));
    // Nobody who reads along learns anything but that somebody was here.
    EXPECT_TRUE(absl::StartsWith(kSaid, server.Heard())) << server.Heard();
  }
}

TEST_F(StartTlsTest, AnUnknownProtocolIsAnErrorOfUsage) {
  for (const char* name : {"--starttls=ftp", "--starttls="}) {
    EXPECT_EQ(testing_support::RunTlspin({"inspect", kHost, name}).exit_code, 2)
        << name;
  }
}

}  // namespace
