#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/compare_names.h"
#include "tools/tlspin/connect.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/loopback.h"
#include "tools/tlspin/net/proxy.h"
#include "tools/tlspin/socket.h"

namespace tlspin {
namespace {

using Server = std::unique_ptr<LoopbackServer>;

Deadline Soon() { return Deadline::After(absl::Seconds(20)); }

Server StartRaw(LoopbackServer::Handler handler) {
  absl::StatusOr<Server> server = LoopbackServer::Start(std::move(handler));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

std::vector<mint::Minted> GoodChain() {
  const mint::Minted root =
      mint::SelfSigned(mint::Ca("Test Root"), mint::Key::Shared("p256-root"));
  const mint::Minted issuer = mint::Issue(
      mint::Ca("Test Issuer"), mint::Key::Shared("p256-issuer"), root);
  return {mint::Issue(mint::Leaf({"good.example.com"}),
                      mint::Key::Shared("p256-leaf"), issuer),
          issuer};
}

Server StartTls(std::shared_ptr<const Identity> identity) {
  absl::StatusOr<Server> server = StartTlsServer(
      std::move(identity),
      [](absl::string_view line) { return absl::StrCat("you said ", line); });
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

Endpoint At(int port) { return {"good.example.com", "127.0.0.1", port}; }

std::shared_ptr<const ProxySettings> HttpProxy(int port) {
  const auto settings = std::make_shared<ProxySettings>();
  settings->url.host = "127.0.0.1";
  settings->url.port = port;
  return settings;
}

TEST(ParseEndpointTest, Forms) {
  const struct {
    const char* text;
    const char* host;
    const char* address;
    int port;
    const char* printed;
  } kRows[] = {
      {"example.com", "example.com", "example.com", 443, "example.com:443"},
      {"example.com:8443", "example.com", "example.com", 8443,
       "example.com:8443"},
      {"EXAMPLE.com.", "example.com", "example.com", 443, "example.com:443"},
      {"192.0.2.1:1", "192.0.2.1", "192.0.2.1", 1, "192.0.2.1:1"},
      {"[2001:db8::1]", "2001:db8::1", "2001:db8::1", 443, "[2001:db8::1]:443"},
      {"[2001:db8::1]:65535", "2001:db8::1", "2001:db8::1", 65535,
       "[2001:db8::1]:65535"},
      {"example.com@192.0.2.1", "example.com", "192.0.2.1", 443,
       "example.com@192.0.2.1:443"},
      {"example.com@[2001:db8::1]:444", "example.com", "2001:db8::1", 444,
       "example.com@[2001:db8::1]:444"},
      {"example.com@edge.example.net:444", "example.com", "edge.example.net",
       444, "example.com@edge.example.net:444"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text);
    const absl::StatusOr<Endpoint> endpoint = ParseEndpoint(row.text);
    ASSERT_TRUE(endpoint.ok()) << endpoint.status();
    EXPECT_EQ(endpoint->host, row.host);
    EXPECT_EQ(endpoint->address, row.address);
    EXPECT_EQ(endpoint->port, row.port);
    EXPECT_EQ(endpoint->ToString(), row.printed);
  }
}

TEST(ParseEndpointTest, Refusals) {
  for (const char* text : {"",
                           ":443",
                           "example.com:",
                           "example.com:0",
                           "example.com:65536",
                           "example.com:99999999999",
                           "example.com:+1",
                           "example.com: 1",
                           "example.com:443x",
                           "2001:db8::1",
                           "[2001:db8::1",
                           "[example.com]:443",
                           "[2001:db8::1]443",
                           "https://example.com",
                           "example.com/path",
                           "example.com@",
                           "@192.0.2.1",
                           "exa mple.com",
                           "example.com\n",
                           "-\x1b[31m",
                           "a..example.com"}) {
    EXPECT_EQ(ParseEndpoint(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(FetchChainTest, ReturnsWhatWasServed) {
  const std::vector<mint::Minted> chain = GoodChain();
  const std::shared_ptr<Identity> identity = MakeIdentity(chain);
  identity->ocsp = {1, 2, 3};
  identity->scts = {0, 3, 0, 1, 9};
  const Server server = StartTls(identity);
  const absl::StatusOr<Served> served = FetchChain(At(server->port()), {});
  ASSERT_TRUE(served.ok()) << served.status();
  ASSERT_EQ(served->certificates.size(), 2u);
  EXPECT_EQ(served->certificates[0], chain[0].der);
  EXPECT_EQ(served->certificates[1], chain[1].der);
  EXPECT_EQ(served->tls_version, "TLSv1.3");
  EXPECT_TRUE(absl::StartsWith(served->cipher, "TLS_")) << served->cipher;
  EXPECT_EQ(served->ocsp, identity->ocsp);
  EXPECT_EQ(served->scts, identity->scts);
}

TEST(FetchChainTest, Tls12) {
  const std::shared_ptr<Identity> identity = MakeIdentity(GoodChain());
  identity->max_version = TLS1_2_VERSION;
  const Server server = StartTls(identity);
  const absl::StatusOr<Served> served = FetchChain(At(server->port()), {});
  ASSERT_TRUE(served.ok()) << served.status();
  EXPECT_EQ(served->tls_version, "TLSv1.2");

  ConnectOptions newest;
  newest.min_version = TLS1_3_VERSION;
  const absl::Status refused = FetchChain(At(server->port()), newest).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(refused.message(), "protocol_version"))
      << refused;
}

TEST(FetchChainTest, AServerWithoutTheLeafsKeyIsNotAnAnswer) {
  // The first certificate names a key that the server cannot sign with. The
  // server library would refuse to present it, so the bytes are changed on
  // their way: a proxy that swaps in another leaf of the same length.
  const std::vector<mint::Minted> chain = GoodChain();
  const std::shared_ptr<Identity> identity = MakeIdentity(chain);
  identity->max_version = TLS1_2_VERSION;  // the certificate is in the clear
  const Server genuine = StartTls(identity);
  const std::vector<uint8_t> spki = chain[0].key.SpkiDer();
  const std::string point(spki.end() - 64, spki.end());
  const std::vector<uint8_t> other_spki =
      mint::Key::Shared("p256-other").SpkiDer();
  const std::string other(other_spki.end() - 64, other_spki.end());
  const Server swapper = StartRaw([&](Socket client) {
    absl::StatusOr<Socket> upstream =
        ConnectTo("127.0.0.1", genuine->port(), Soon());
    if (!upstream.ok()) return;
    const absl::StatusOr<std::string> hello = client.Receive(16384, Soon());
    if (!hello.ok() || !upstream->Send(*hello, Soon()).ok()) return;
    absl::StatusOr<std::string> flight = upstream->Receive(16384, Soon());
    if (!flight.ok()) return;
    const size_t at = flight->find(point);
    if (at != std::string::npos) flight->replace(at, other.size(), other);
    if (!client.Send(*flight, Soon()).ok()) return;
    client.Receive(1024, Soon()).IgnoreError();
  });
  const absl::Status refused = FetchChain(At(swapper->port()), {}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(refused.message(), "BAD_SIGNATURE")) << refused;
}

TEST(FetchChainTest, MisbehavingServers) {
  // Reads the ClientHello, so that closing does not reset the connection.
  const auto reading = [](std::function<void(Socket&)> then) {
    return [then](Socket socket) {
      if (socket.Receive(16384, Soon()).ok()) then(socket);
    };
  };
  const auto saying = [&](std::string text) {
    return reading(
        [text](Socket& socket) { socket.Send(text, Soon()).IgnoreError(); });
  };
  const struct {
    const char* name;
    LoopbackServer::Handler handler;
    absl::StatusCode code;
    absl::string_view error;
    const char* message;  // part of it
  } kRows[] = {
      {"plain HTTP", saying("HTTP/1.1 400 Bad Request\r\n\r\n"),
       absl::StatusCode::kFailedPrecondition, connection_error::kPlainHttp,
       "plain HTTP"},
      {"a page without a header", saying("<html>\r\n<head><title>400"),
       absl::StatusCode::kFailedPrecondition, connection_error::kPlainHttp,
       "plain HTTP"},
      {"another protocol", saying("SSH-2.0-OpenSSH_9.2\r\n"),
       absl::StatusCode::kFailedPrecondition, connection_error::kNotTls,
       "\"SSH-2.0-OpenSSH_9.2\""},
      {"escapes of a terminal", saying("\x1b[2J\x07 garbage"),
       absl::StatusCode::kFailedPrecondition, connection_error::kNotTls,
       "\"\\x1b[2J\\x07 garbage\""},
      {"two bytes of nothing", saying("ok"),
       absl::StatusCode::kFailedPrecondition, connection_error::kNotTls,
       "\"ok\""},
      {"a bad handshake record",
       saying(std::string("\x16\x03\x03\x00\x04zzzz", 9)),
       absl::StatusCode::kFailedPrecondition, connection_error::kTlsFailed,
       "TLS handshake"},
      {"an alert", saying(std::string("\x15\x03\x03\x00\x02\x02\x70", 7)),
       absl::StatusCode::kFailedPrecondition, connection_error::kTlsAlert,
       "unrecognized_name"},
      {"a close after the hello", saying(""), absl::StatusCode::kAborted,
       connection_error::kHelloClosed, "closed"},
      {"half a record", saying(std::string("\x16\x03\x03\x40\x00\x02", 6)),
       absl::StatusCode::kAborted, connection_error::kTlsClosed, "closed"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Server server = StartRaw(row.handler);
    const absl::Status status = FetchChain(At(server->port()), {}).status();
    EXPECT_EQ(status.code(), row.code) << status;
    EXPECT_EQ(CodeOf(status), row.error) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), row.message)) << status;
    EXPECT_TRUE(absl::StartsWith(status.message(), "good.example.com@127"))
        << status;
  }
}

// ThatDislikes returns a handler that resets connections whose ClientHello
// holds `name`, and answers others with an alert.
LoopbackServer::Handler ThatDislikes(std::string name) {
  return [name](Socket socket) {
    const absl::StatusOr<std::string> hello = socket.Receive(16384, Soon());
    if (hello.ok() && !absl::StrContains(*hello, name)) {
      socket.Send(std::string("\x15\x03\x03\x00\x02\x02\x70", 7), Soon())
          .IgnoreError();
    }
  };
}

TEST(CompareNamesTest, TellsWhetherItHangsOnTheName) {
  const struct {
    const char* name;
    LoopbackServer::Handler handler;
    bool compared;
    const char* hint;  // part of it
  } kRows[] = {
      {"this name", ThatDislikes("good.example.com"), true,
       "the connection hangs on the name"},
      {"every name", ThatDislikes(""), false, "does not hang on the name"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Server server = StartRaw(row.handler);
    const Endpoint endpoint = At(server->port());
    const absl::Status first = FetchChain(endpoint, {}).status();
    EXPECT_EQ(CodeOf(first), connection_error::kHelloClosed) << first;
    EXPECT_TRUE(absl::StrContains(HintOf(first), "may block")) << HintOf(first);
    const absl::Status second = CompareNames(first, endpoint, {});
    EXPECT_EQ(CodeOf(second), connection_error::kHelloClosed) << second;
    EXPECT_EQ(absl::StrContains(second.message(), "the same address answers"),
              row.compared)
        << second;
    EXPECT_TRUE(absl::StrContains(HintOf(second), row.hint)) << HintOf(second);
  }
}

TEST(CompareNamesTest, LeavesOtherErrorsAlone) {
  const Server server = StartRaw([](Socket socket) {
    socket.Send("HTTP/1.1 400 Bad Request\r\n\r\n", Soon()).IgnoreError();
  });
  const Endpoint endpoint = At(server->port());
  const absl::Status first = FetchChain(endpoint, {}).status();
  EXPECT_EQ(CompareNames(first, endpoint, {}), first);
}

TEST(FetchChainTest, AnImmediateCloseIsAborted) {
  const Server server = StartRaw([](Socket) {});
  const absl::Status status = FetchChain(At(server->port()), {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << status;
}

TEST(FetchChainTest, TheDeadlineHoldsInEachPhase) {
  const auto mute = [](Socket socket) {
    while (true) {
      const absl::StatusOr<std::string> data = socket.Receive(16384, Soon());
      if (!data.ok() || data->empty()) return;
    }
  };
  // One byte of a record at a time: each wait is short, the whole is not.
  const auto slow = [](Socket socket) {
    std::string record("\x16\x03\x03\x40\x00", 5);
    record.append(16384, '\0');
    for (const char byte : record) {
      if (!socket.Send(std::string(1, byte), Soon()).ok()) return;
      absl::SleepFor(absl::Milliseconds(5));
    }
  };
  ConnectOptions direct;
  direct.timeout = absl::Milliseconds(300);
  for (const LoopbackServer::Handler& handler :
       {LoopbackServer::Handler(mute), LoopbackServer::Handler(slow)}) {
    const Server server = StartRaw(handler);
    const absl::Time start = absl::Now();
    const absl::Status status = FetchChain(At(server->port()), direct).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), "TLS handshake")) << status;
    EXPECT_LT(absl::Now() - start, absl::Seconds(10));
  }
  const Server proxy = StartRaw(mute);
  ConnectOptions proxied = direct;
  proxied.proxy = HttpProxy(proxy->port());
  const absl::Status status = FetchChain(At(443), proxied).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "proxy")) << status;
}

TEST(FetchChainTest, NoConnection) {
  int free_port = 0;
  {
    const Server server = StartRaw([](Socket) {});
    free_port = server->port();
  }
  const absl::Status refused = FetchChain(At(free_port), {}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(refused.message(), "connection refused"))
      << refused;

  // RFC 6761, 6.4: "invalid." never resolves.
  const absl::Status unknown =
      FetchChain({"no.invalid", "no.invalid", 443}, {}).status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kNotFound) << unknown;
  EXPECT_TRUE(absl::StrContains(unknown.message(), "does not resolve"))
      << unknown;
}

TEST(FetchChainTest, BadOptions) {
  ConnectOptions options;
  options.timeout = absl::ZeroDuration();
  EXPECT_EQ(FetchChain(At(1), options).status().code(),
            absl::StatusCode::kInvalidArgument);
  options = {};
  options.min_version = 7;
  EXPECT_EQ(FetchChain(At(1), options).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ProxyTest, ATunnelIsUsed) {
  const Server genuine = StartTls(MakeIdentity(GoodChain()));
  std::string request;
  const Server proxy = StartRaw([&](Socket client) {
    request = client.Receive(4096, Soon()).value_or("");
    absl::StatusOr<Socket> upstream =
        ConnectTo("127.0.0.1", genuine->port(), Soon());
    // In two pieces, and with a header, as real ones do.
    if (!upstream.ok() || !client.Send("HTTP/1.1 200 Conn", Soon()).ok() ||
        !client.Send("ected\r\nVia: test\r\n\r\n", Soon()).ok()) {
      return;
    }
    // The handshake's flights alternate, but a flight may come in pieces.
    const absl::StatusOr<std::string> hello = client.Receive(16384, Soon());
    if (!hello.ok() || !upstream->Send(*hello, Soon()).ok()) return;
    while (true) {
      const absl::StatusOr<std::string> down =
          upstream->Receive(16384, Deadline::After(absl::Milliseconds(500)));
      if (absl::IsDeadlineExceeded(down.status())) break;
      if (!down.ok() || down->empty() || !client.Send(*down, Soon()).ok()) {
        return;
      }
    }
    client.Receive(16384, Soon()).IgnoreError();
  });
  ConnectOptions options;
  options.proxy = HttpProxy(proxy->port());
  const absl::StatusOr<Served> served =
      FetchChain({"good.example.com", "edge.example.net", 8443}, options);
  ASSERT_TRUE(served.ok()) << served.status();
  EXPECT_EQ(served->certificates.size(), 2u);
  EXPECT_TRUE(absl::StartsWith(request,
                               "CONNECT edge.example.net:8443 HTTP/1.1\r\n"
                               "Host: edge.example.net:8443\r\n"))
      << request;
}

TEST(ProxyTest, Refusals) {
  const struct {
    const char* name;
    std::string answer;
    absl::StatusCode code;
    absl::string_view error;
    const char* message;
  } kRows[] = {
      {"authentication",
       "HTTP/1.1 407 Proxy Authentication Required\r\n"
       "Proxy-Authenticate: Basic\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyAuthentication,
       "the proxy asks who is there"},
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
      {"not HTTP", "220 mail.example.com ESMTP\r\n\r\n",
       absl::StatusCode::kUnavailable, connection_error::kProxyNotHttp,
       "does not speak HTTP"},
      {"no number", "HTTP/1.1 OK\r\n\r\n", absl::StatusCode::kUnavailable,
       connection_error::kProxyNotHttp, "does not speak HTTP"},
      {"too long",
       absl::StrCat("HTTP/1.1 200 OK\r\nX: ", std::string(20000, 'x')),
       absl::StatusCode::kUnavailable, connection_error::kProxyNotHttp,
       "too long"},
      {"a header cut off", "HTTP/1.1 200 OK\r\n", absl::StatusCode::kAborted,
       connection_error::kProxyClosed, "before it answered"},
      {"nothing", "", absl::StatusCode::kAborted,
       connection_error::kProxyClosed, "before it answered"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Server proxy = StartRaw([&](Socket client) {
      if (client.Receive(4096, Soon()).ok()) {
        client.Send(row.answer, Soon()).IgnoreError();
      }
    });
    ConnectOptions options;
    options.proxy = HttpProxy(proxy->port());
    const absl::Status status = FetchChain(At(443), options).status();
    EXPECT_EQ(status.code(), row.code) << status;
    EXPECT_EQ(CodeOf(status), row.error) << status;
    EXPECT_NE(HintOf(status), "") << status;
    EXPECT_TRUE(absl::StrContains(status.message(), row.message)) << status;
  }
}

TEST(ProxyTest, ARefusedProxyIsNamed) {
  int free_port = 0;
  {
    const Server server = StartRaw([](Socket) {});
    free_port = server->port();
  }
  ConnectOptions options;
  options.proxy = HttpProxy(free_port);
  const absl::Status status = FetchChain(At(443), options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(),
            absl::StrCat("good.example.com@127.0.0.1:443: through "
                         "http://127.0.0.1:",
                         free_port,
                         ": no connection to the proxy: connection refused"));
  EXPECT_EQ(HintOf(status), "check the proxy's name and port");
}

TEST(LoopbackTest, AnswersALine) {
  const Server server = StartTls(MakeIdentity(GoodChain()));
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  SSL_CTX_set_custom_verify(ctx.get(), SSL_VERIFY_PEER,
                            [](SSL*, uint8_t*) { return ssl_verify_ok; });
  bssl::UniquePtr<SSL> ssl(SSL_new(ctx.get()));
  SSL_set_connect_state(ssl.get());
  absl::StatusOr<Socket> socket =
      ConnectTo("127.0.0.1", server->port(), Soon());
  ASSERT_TRUE(socket.ok()) << socket.status();
  Channel channel(*std::move(socket), std::move(ssl), Soon());
  ASSERT_TRUE(channel.Handshake().ok());
  ASSERT_TRUE(channel.Write("hello\n").ok());
  EXPECT_EQ(channel.ReadLine().value_or("none"), "you said hello");
}

}  // namespace
}  // namespace tlspin
