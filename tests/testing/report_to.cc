#include "tests/testing/report_to.h"

#include <openssl/ssl.h>

#include <functional>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/channel.h"
#include "tools/tlspin/connect.h"

namespace testing_support {
namespace {

using ::tlspin::Channel;
using ::tlspin::Deadline;
using ::tlspin::LoopbackServer;
using ::tlspin::Socket;
using Json = nlohmann::ordered_json;

Deadline Soon() { return Deadline::After(absl::Seconds(20)); }

std::unique_ptr<LoopbackServer> StartServer(LoopbackServer::Handler handler) {
  absl::StatusOr<std::unique_ptr<LoopbackServer>> server =
      LoopbackServer::Start(std::move(handler));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

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

// Pump passes on what comes from `from`, until either is closed.
void Pump(Socket from, Socket to) {
  for (;;) {
    const absl::StatusOr<std::string> bytes = from.Receive(16384, Soon());
    if (!bytes.ok() || bytes->empty() || !to.Send(*bytes, Soon()).ok()) {
      break;
    }
  }
  from.Interrupt();
  to.Interrupt();
}

}  // namespace

TestCollector::TestCollector(std::string answer,
                             std::shared_ptr<const tlspin::Identity> identity)
    : server_(StartServer([this, answer = std::move(answer),
                           identity = std::move(identity)](Socket socket) {
        identity ? OverTls(std::move(socket), *identity, answer)
                 : InTheClear(std::move(socket), answer);
      })) {}

std::vector<Post> TestCollector::posts() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return posts_;
}

void TestCollector::InTheClear(Socket socket, const std::string& answer) {
  Keep(ReceivePost([&] { return socket.Receive(4096, Soon()); }));
  socket.Send(answer, Soon()).IgnoreError();
  // Until the client is done, so that nothing is reset.
  socket.Receive(1, Soon()).status().IgnoreError();
}

void TestCollector::OverTls(Socket socket, const tlspin::Identity& identity,
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

void TestCollector::Keep(Post post) {
  const std::lock_guard<std::mutex> lock(mutex_);
  posts_.push_back(std::move(post));
}

TestProxy::TestProxy(std::string host_it_refuses)
    : server_(StartServer(
          [this, refused = std::move(host_it_refuses)](Socket client) {
            Serve(std::move(client), refused);
          })) {}

std::string TestProxy::Url() const {
  return absl::StrCat("http://127.0.0.1:", server_->port());
}

std::vector<std::string> TestProxy::targets() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return targets_;
}

void TestProxy::Serve(Socket client, const std::string& host_it_refuses) {
  // tlspin sends nothing after its request before that is answered.
  const std::string request = client.Receive(4096, Soon()).value_or("");
  absl::string_view target = request;
  if (!absl::ConsumePrefix(&target, "CONNECT ")) {
    return;
  }
  target = target.substr(0, target.find(' '));
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    targets_.emplace_back(target);
  }
  const size_t colon = target.rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos ||
      !absl::SimpleAtoi(target.substr(colon + 1), &port)) {
    return;
  }
  if (target.substr(0, colon) == host_it_refuses) {
    client.Send("HTTP/1.1 403 Forbidden\r\n\r\n", Soon()).IgnoreError();
    client.Receive(1, Soon()).status().IgnoreError();
    return;
  }
  absl::StatusOr<Socket> server = tlspin::ConnectTo("127.0.0.1", port, Soon());
  if (!server.ok() || !client.Send("HTTP/1.1 200 OK\r\n\r\n", Soon()).ok()) {
    return;
  }
  std::thread up(Pump, client.Duplicate(), server->Duplicate());
  Pump(*std::move(server), std::move(client));
  up.join();
}

ReportToTest::ReportToTest() {
  directory_.Write("roots.pem", served_.root.Pem());
  set_.pins = {{PinTextOf(pinned_.intermediate), "A Intermediate"}};
  set_.backup_pins = {{PinTextOf(mint::Key::Shared("p256-spare")), "Spare"}};
  set_.hosts = {"*.example.com"};
  set_.expires = "2049-12-31";
}

std::vector<std::string> ReportToTest::Common(const std::string& report_to) {
  return {"--roots",     directory_.Path("roots.pem"),
          "--at",        kReportedAt,
          "--report-to", report_to};
}

ProcessResult ReportToTest::Check(const std::string& report_to,
                                  const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {
      "check", directory_.Write("pins.json", PinFileText({set_})),
      server_.Target(kReportedHost)};
  for (const auto& part : {Common(report_to), more}) {
    arguments.insert(arguments.end(), part.begin(), part.end());
  }
  return testing_support::RunTlspin(arguments);
}

std::string ReportToTest::Url(absl::string_view scheme, int port) const {
  return absl::StrCat(scheme, "://127.0.0.1:", port, "/pins?token=secret");
}

std::vector<Json> ReportToTest::LinesOf(const std::string& path) {
  std::vector<Json> lines;
  for (absl::string_view line :
       absl::StrSplit(ReadFile(path), '\n', absl::SkipEmpty())) {
    lines.push_back(Json::parse(line));
  }
  return lines;
}

}  // namespace testing_support
