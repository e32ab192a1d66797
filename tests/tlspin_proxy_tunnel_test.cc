// Tunnels through proxies that answer in every way, made by libcurl. That real
// proxies let them through is in tests/e2e.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/loopback.h"
#include "tools/tlspin/net/event_loop.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/net/proxy_tunnel.h"
#include "tools/tlspin/net/transport.h"
#include "tools/tlspin/socket.h"

namespace tlspin {
namespace {

using Server = std::unique_ptr<LoopbackServer>;
using Made = absl::StatusOr<std::unique_ptr<Transport>>;

Deadline Soon() { return Deadline::After(absl::Seconds(30)); }

Server StartProxy(LoopbackServer::Handler handler) {
  absl::StatusOr<Server> server = LoopbackServer::Start(std::move(handler));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

// A ThatAnswers returns a handler that answers each request, which it is given
// with its header, until the answer is empty.
LoopbackServer::Handler ThatAnswers(
    std::function<std::string(const std::string&)> answer) {
  return [answer](Socket client) {
    std::string request;
    for (;;) {
      absl::StatusOr<std::string> more = client.Receive(4096, Soon());
      if (!more.ok() || more->empty()) return;
      request += *more;
      if (!absl::StrContains(request, "\r\n\r\n")) continue;
      const std::string text = answer(request);
      request.clear();
      if (text.empty() || !client.Send(text, Soon()).ok()) return;
    }
  };
}

ProxySettings At(int port, ProxyScheme scheme = ProxyScheme::kHttp) {
  ProxySettings settings;
  settings.url.scheme = scheme;
  settings.url.host = "127.0.0.1";
  settings.url.port = port;
  return settings;
}

ProxySettings WithPassword(int port) {
  ProxySettings settings = At(port);
  settings.credentials = {"alice", "secret1"};
  return settings;
}

class TunnelsTest : public ::testing::Test {
 protected:
  TunnelsTest()
      : loop_(*EventLoop::Create()),
        tunnels_(std::make_unique<ProxyTunnels>(loop_.get())) {}

  // Open opens `count` tunnels at once, and returns what came of each.
  std::vector<Made> Open(const ProxySettings& settings, int count) {
    std::vector<Made> made;
    for (int i = 0; i < count; ++i) {
      tunnels_->Open(settings, absl::StrCat("host", i, ".example.com"), 443,
                     [&](Made result) {
                       made.push_back(std::move(result));
                       if (static_cast<int>(made.size()) == count) {
                         loop_->Stop();
                       }
                     });
    }
    const EventLoop::TimerId timer = loop_->After(absl::Seconds(30), [&] {
      ADD_FAILURE() << "not all were called back";
      loop_->Stop();
    });
    loop_->Run();
    loop_->Cancel(timer);
    return made;
  }
  Made Open(const ProxySettings& settings) {
    return std::move(Open(settings, 1)[0]);
  }

  const std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<ProxyTunnels> tunnels_;
};

// Receive waits for bytes of `transport`, without a loop.
std::string Receive(Transport& transport) {
  char data[64];
  const Deadline deadline = Soon();
  while (!deadline.HasPassed()) {
    const Transport::Result read = transport.Read(data, sizeof(data));
    if (read.outcome == Transport::Outcome::kMoved) {
      return std::string(data, read.bytes);
    }
    if (read.outcome == Transport::Outcome::kEnd) return "(end)";
    if (read.outcome == Transport::Outcome::kLost) return "(lost)";
  }
  return "(nothing)";
}

constexpr char kMade[] = "HTTP/1.1 200 Connected\r\nVia: test\r\n\r\n";
constexpr char kAsksBasic[] =
    "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
    "Content-Length: 5\r\n\r\nwho?\n";

TEST_F(TunnelsTest, CarriesBytesBothWaysAndOutlivesWhatMadeIt) {
  std::string request;
  const Server proxy = StartProxy([&](Socket client) {
    request = client.Receive(4096, Soon()).value_or("");
    // In two pieces, and with the server's first bytes, as real ones do.
    client.Send("HTTP/1.1 200 Conn", Soon()).IgnoreError();
    client.Send("ected\r\nVia: test\r\n\r\nfirst", Soon()).IgnoreError();
    client.Send(client.Receive(64, Soon()).value_or(""), Soon()).IgnoreError();
  });
  const ProxySettings settings = At(proxy->port());
  Made made = Open(settings);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_TRUE(absl::StartsWith(request,
                               "CONNECT host0.example.com:443 HTTP/1.1\r\n"
                               "Host: host0.example.com:443\r\n"))
      << request;
  EXPECT_FALSE(absl::StrContains(request, "Authorization")) << request;
  tunnels_.reset();
  Transport& transport = **made;
  EXPECT_EQ(Receive(transport), "first");
  EXPECT_EQ(transport.Write("hello", 5).bytes, 5u);
  EXPECT_EQ(Receive(transport), "hello");
  EXPECT_EQ(Receive(transport), "(end)");
}

TEST_F(TunnelsTest, Refusals) {
  const struct {
    const char* name;
    std::string answer;
    absl::StatusCode code;
    absl::string_view error;
    const char* message;  // part of it
  } kRows[] = {
      {"authentication", kAsksBasic, absl::StatusCode::kUnavailable,
       connection_error::kProxyAuthentication,
       "asks who is there (Basic), and no user name was given"},
      {"an unknown way",
       "HTTP/1.1 407 Who\r\nProxy-Authenticate: Bearer\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyAuthentication,
       "by no way that tlspin knows"},
      {"forbidden", "HTTP/1.1 403 Forbidden\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyForbidden,
       "\"403 Forbidden\""},
      {"no way on", "HTTP/1.1 502 Bad Gateway\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyCannotConnect,
       "\"502 Bad Gateway\""},
      {"no way on, either", "HTTP/1.1 503 Service Unavailable\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyCannotConnect,
       "\"503 Service Unavailable\""},
      {"a redirect", "HTTP/1.0 302 Found\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyRefused, "302"},
      {"escapes of a terminal", "HTTP/1.1 400 \x1b[2J\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyRefused,
       "\"400 \\x1b[2J\""},
      {"not HTTP", "220 mail.example.com ESMTP\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyNotHttp,
       "does not speak HTTP"},
      {"no number", "HTTP/1.1 OK\r\n\r\n", absl::StatusCode::kUnavailable,
       connection_error::kProxyNotHttp, "does not speak HTTP"},
      {"too long",
       absl::StrCat("HTTP/1.1 200 OK\r\nX: ", std::string(200000, 'x')),
       absl::StatusCode::kUnavailable, connection_error::kProxyNotHttp,
       "too long"},
      {"a header cut off", "HTTP/1.1 200 OK\r\n", absl::StatusCode::kAborted,
       connection_error::kProxyClosed, "before it answered"},
      {"nothing", "", absl::StatusCode::kAborted,
       connection_error::kProxyClosed, "before it answered"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Server proxy = StartProxy([&](Socket client) {
      if (client.Receive(4096, Soon()).ok()) {
        client.Send(row.answer, Soon()).IgnoreError();
      }
    });
    const ProxySettings settings = At(proxy->port());
    const absl::Status status = Open(settings).status();
    EXPECT_EQ(status.code(), row.code) << status;
    EXPECT_EQ(CodeOf(status), row.error) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), row.message)) << status;
  }
}

// Begun without the password, which is told when the proxy asks.
TEST_F(TunnelsTest, SaysWhoIsThereWhenAskedAndAtOnceFromThenOn) {
  std::vector<bool> told;
  const Server proxy = StartProxy(ThatAnswers([&](const std::string& request) {
    told.push_back(absl::StrContains(
        request, "\r\nProxy-Authorization: Basic YWxpY2U6c2VjcmV0MQ==\r\n"));
    return told.back() ? kMade : kAsksBasic;
  }));
  const ProxySettings settings = WithPassword(proxy->port());
  EXPECT_TRUE(Open(settings).ok());
  EXPECT_EQ(told, (std::vector<bool>{false, true}));
  EXPECT_TRUE(Open(settings).ok());
  EXPECT_EQ(told, (std::vector<bool>{false, true, true}));
}

TEST_F(TunnelsTest, TheOnlyWayThatIsAllowedIsUsedAtOnce) {
  std::atomic<int> requests = 0;
  const Server proxy = StartProxy(ThatAnswers([&](const std::string& request) {
    ++requests;
    return absl::StrContains(request, "Basic YWxpY2U6") ? kMade : kAsksBasic;
  }));
  ProxySettings settings = WithPassword(proxy->port());
  settings.auth = kProxyBasic;
  EXPECT_TRUE(Open(settings).ok());
  EXPECT_EQ(requests, 1);
}

TEST_F(TunnelsTest, AWayThatIsNotAllowedIsNotUsed) {
  std::atomic<bool> told = false;
  const Server proxy = StartProxy(ThatAnswers([&](const std::string& request) {
    told = told || absl::StrContains(request, "Authorization");
    return kAsksBasic;
  }));
  ProxySettings settings = WithPassword(proxy->port());
  settings.auth = kProxyDigest | kProxyNtlm;
  const absl::Status status = Open(settings).status();
  EXPECT_EQ(CodeOf(status), connection_error::kProxyAuthentication) << status;
  EXPECT_TRUE(
      absl::StrContains(status.message(), "only Digest, NTLM may be used"))
      << status;
  EXPECT_FALSE(told);
}

// Told once for each of many hosts, it would lock the account.
TEST_F(TunnelsTest, AWrongPasswordIsToldOnce) {
  std::atomic<int> told = 0;
  const Server proxy = StartProxy(ThatAnswers([&](const std::string& request) {
    told += absl::StrContains(request, "Authorization");
    return kAsksBasic;
  }));
  const ProxySettings settings = WithPassword(proxy->port());
  const std::vector<Made> made = Open(settings, 12);
  ASSERT_EQ(made.size(), 12u);
  for (const Made& one : made) {
    EXPECT_EQ(CodeOf(one.status()), connection_error::kProxyCredentials);
    EXPECT_TRUE(absl::StrContains(one.status().message(),
                                  "refused the user name or the password of "
                                  "alice (Basic; it offers Basic)"))
        << one.status();
    EXPECT_FALSE(absl::StrContains(one.status().message(), "secret1"));
  }
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(Open(settings).ok());
  EXPECT_EQ(told, 1);
}

TEST_F(TunnelsTest, ARightPasswordServesAllWhoWaitedForIt) {
  const Server proxy = StartProxy(ThatAnswers([&](const std::string& request) {
    return absl::StrContains(request, "Authorization") ? kMade : kAsksBasic;
  }));
  const ProxySettings settings = WithPassword(proxy->port());
  // One at a time is served; a tunnel that is held would hold up the others.
  int made = 0;
  for (int i = 0; i < 8; ++i) {
    tunnels_->Open(settings, "example.com", 443, [&](Made result) {
      EXPECT_TRUE(result.ok()) << result.status();
      if (++made == 8) loop_->Stop();
    });
  }
  loop_->After(absl::Seconds(30), [&] { loop_->Stop(); });
  loop_->Run();
  EXPECT_EQ(made, 8);
}

TEST_F(TunnelsTest, Unreachable) {
  int free_port = 0;
  {
    free_port = StartProxy([](Socket) {})->port();
  }
  ProxySettings settings = At(free_port);
  absl::Status status = Open(settings).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(CodeOf(status), connection_error::kProxyUnreachable);
  EXPECT_EQ(status.message(), "no connection to the proxy: connection refused");

  // RFC 6761, 6.4: "invalid." never resolves.
  ProxySettings nowhere = settings;
  nowhere.url.host = "no.invalid";
  status = Open(nowhere).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
  EXPECT_EQ(CodeOf(status), connection_error::kProxyUnreachable);
  EXPECT_TRUE(
      absl::StrContains(status.message(), "no.invalid does not resolve"))
      << status;
}

TEST_F(TunnelsTest, NoTlsWhereAnHttpsProxyIsSaidToBe) {
  const Server proxy = StartProxy([](Socket client) {
    client.Receive(4096, Soon()).IgnoreError();
    client.Send("HTTP/1.1 400 Bad Request\r\n\r\n", Soon()).IgnoreError();
  });
  const ProxySettings settings = At(proxy->port(), ProxyScheme::kHttps);
  const absl::Status status = Open(settings).status();
  EXPECT_EQ(CodeOf(status), connection_error::kProxyTls) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "does not speak TLS"))
      << status;
}

TEST_F(TunnelsTest, SocksRefusals) {
  const struct {
    const char* name;
    std::vector<std::string> answers;
    absl::string_view error;
    const char* message;  // part of it
  } kRows[] = {
      {"wants a password",
       {std::string("\x05\xff", 2)},
       connection_error::kProxyAuthentication,
       "no user name was given"},
      {"not SOCKS",
       {"HTTP/1.1 400 Bad Request\r\n\r\n"},
       connection_error::kProxyNotSocks,
       "does not speak SOCKS"},
      {"closed", {}, connection_error::kProxyClosed, "before it answered"},
      {"forbidden",
       {std::string("\x05\x00", 2),
        std::string("\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00", 10)},
       connection_error::kProxyForbidden,
       "its rules do not allow it"},
      {"refused",
       {std::string("\x05\x00", 2),
        std::string("\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00", 10)},
       connection_error::kProxyCannotConnect,
       "the connection was refused"},
      {"unreachable",
       {std::string("\x05\x00", 2),
        std::string("\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00", 10)},
       connection_error::kProxyCannotConnect,
       "cannot reach"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Server proxy = StartProxy([&](Socket client) {
      for (const std::string& answer : row.answers) {
        if (!client.Receive(4096, Soon()).ok()) return;
        client.Send(answer, Soon()).IgnoreError();
      }
      client.Receive(4096, Soon()).IgnoreError();
    });
    const ProxySettings settings = At(proxy->port(), ProxyScheme::kSocks5h);
    const absl::Status status = Open(settings).status();
    EXPECT_EQ(CodeOf(status), row.error) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), row.message)) << status;
  }
}

TEST_F(TunnelsTest, SaysWhatItWaitedForWhenTheTimeIsOver) {
  const Server waits = StartProxy([](Socket client) {
    while (client.Receive(4096, Soon()).value_or("") != "") {
    }
  });
  const ProxySettings settings = At(waits->port());
  bool called = false;
  const ProxyTunnels::Id id = tunnels_->Open(settings, "example.com", 443,
                                             [&](Made) { called = true; });
  loop_->After(absl::Milliseconds(300), [&] {
    const absl::Status status = tunnels_->TimedOut(id);
    EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
    EXPECT_EQ(CodeOf(status), connection_error::kProxyTimeout) << status;
    tunnels_->Cancel(id);
    loop_->Stop();
  });
  loop_->Run();
  EXPECT_FALSE(called);
}

TEST_F(TunnelsTest, NobodyIsCalledBackAfterTheEnd) {
  const Server proxy =
      StartProxy(ThatAnswers([](const std::string&) { return kMade; }));
  const ProxySettings settings = At(proxy->port());
  bool called = false;
  const auto note = [&](Made) { called = true; };
  tunnels_->Cancel(tunnels_->Open(settings, "a.example.com", 443, note));
  tunnels_->Open(settings, "b.example.com", 443, note);
  // One that has begun, and is ended from within the loop.
  loop_->After(absl::Milliseconds(1), [&] { tunnels_.reset(); });
  tunnels_->Cancel(12345);
  loop_->After(absl::Milliseconds(200), [&] { loop_->Stop(); });
  tunnels_.reset();
  loop_->Run();
  EXPECT_FALSE(called);
}

// The callback may end the ProxyTunnels.
TEST_F(TunnelsTest, TheCallbackMayEndItAll) {
  const Server proxy =
      StartProxy(ThatAnswers([](const std::string&) { return kMade; }));
  const ProxySettings settings = At(proxy->port());
  Made made = absl::UnknownError("");
  tunnels_->Open(settings, "example.com", 443, [&](Made result) {
    made = std::move(result);
    tunnels_.reset();
    loop_->Stop();
  });
  loop_->Run();
  EXPECT_TRUE(made.ok()) << made.status();
}

}  // namespace
}  // namespace tlspin
