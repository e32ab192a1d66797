#include "tests/e2e/servers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "pinning/pin.h"

namespace e2e {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Listen returns a socket that listens on a free port, and the port.
std::pair<int, int> Listen() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  if (listener < 0 ||
      bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener, 16) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) !=
          0) {
    std::perror("no listening socket on loopback");
    std::abort();
  }
  return {listener, ntohs(address.sin_port)};
}

bool Accepts(int port) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  const bool accepted =
      connect(connection, reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) == 0;
  close(connection);
  return accepted;
}

std::string TargetAt(absl::string_view host, int port) {
  return absl::StrCat(host, "@127.0.0.1:", port);
}

void SetLifetime(mint::Spec& spec, absl::Duration age, absl::Duration rest) {
  const absl::Time now = absl::Now();
  spec.not_before = now - age;
  spec.not_after = now + rest;
}

constexpr absl::Duration kDay = absl::Hours(24);

std::string NginxServer(const TempDirectory& directory, const Site& site,
                        int port) {
  const std::string chain =
      directory.Write(absl::StrCat(site.host, ".pem"), site.chain_pem);
  const std::string key =
      directory.Write(absl::StrCat(site.host, ".key"), site.key_pem);
  return absl::StrCat(
      "  server {\n    listen 127.0.0.1:", port,
      " ssl http2;\n    server_name ", site.host, ";\n    ssl_certificate ",
      chain, ";\n    ssl_certificate_key ", key,
      ";\n    location / { return 200 \"genuine\\n\"; }\n  }\n");
}

// NginxConfig returns a configuration for one process in the foreground, which
// touches nothing outside `directory`.
std::string NginxConfig(const TempDirectory& directory,
                        const std::vector<Site>& sites, int port) {
  std::string config = absl::StrCat(
      "daemon off;\nmaster_process off;\nworker_processes 1;\npid ",
      directory.Path("pid"),
      ";\nevents { worker_connections 64; }\nhttp {\n  access_log off;\n"
      "  ssl_protocols TLSv1.2 TLSv1.3;\n");
  for (const char* kind :
       {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    absl::StrAppend(&config, "  ", kind, "_temp_path ",
                    directory.Path("temporary"), ";\n");
  }
  for (const Site& site : sites) {
    absl::StrAppend(&config, NginxServer(directory, site, port));
  }
  return absl::StrCat(config, "}\n");
}

}  // namespace

std::string FindProgram(absl::string_view name) {
  const char* path = std::getenv("PATH");
  const std::string all = absl::StrCat(path == nullptr ? "" : path,
                                       ":/usr/bin:/usr/sbin:/usr/local/sbin");
  for (const absl::string_view folder : absl::StrSplit(all, ':')) {
    const std::string candidate = absl::StrCat(folder, "/", name);
    if (!folder.empty() && access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
  }
  return "";
}

void ProgramsTest::SetUp() {
  for (const std::string& program : programs_) {
    if (!FindProgram(program).empty()) {
      continue;
    }
    const char* ci = std::getenv("CI");
    if (ci != nullptr && *ci != '\0') {
      FAIL() << program << " is not installed, and CI is set";
    }
    GTEST_SKIP() << program << " is not installed (tools/test installs it)";
  }
}

int FreePort() {
  const auto [listener, port] = Listen();
  close(listener);
  return port;
}

bool WaitForPort(int port, BackgroundProcess& process, absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (absl::Now() < deadline && process.IsRunning()) {
    if (Accepts(port)) {
      return true;
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
  return false;
}

Authority MakeAuthority(absl::string_view name, bool rsa) {
  const auto key = [&](absl::string_view role) {
    return mint::Key::Shared(
        absl::StrCat(rsa ? "rsa2048-" : "p256-", name, "-", role));
  };
  mint::Spec root = mint::Ca(absl::StrCat(name, " Root"));
  SetLifetime(root, 2000 * kDay, 2000 * kDay);
  mint::Minted root_minted = mint::SelfSigned(root, key("root"));
  mint::Spec intermediate = mint::Ca(absl::StrCat(name, " Issuing CA"));
  intermediate.path_length = 0;
  SetLifetime(intermediate, 1000 * kDay, 1000 * kDay);
  mint::Minted intermediate_minted =
      mint::Issue(intermediate, key("intermediate"), root_minted);
  return {std::move(root_minted), std::move(intermediate_minted)};
}

Site MakeSite(const std::string& host, const Authority& authority,
              const mint::Key& key) {
  mint::Spec spec = mint::Leaf({host});
  SetLifetime(spec, 30 * kDay, 170 * kDay);
  const mint::Minted leaf = mint::Issue(spec, key, authority.intermediate);
  return {host, mint::PemOf({leaf, authority.intermediate}), key.PrivatePem()};
}

std::string PinText(const mint::Key& key) {
  return pinning::Pin::OfSpki(key.SpkiDer()).ToString();
}

std::string PinFile(const std::vector<std::string>& hosts,
                    const std::vector<mint::Key>& keys) {
  std::vector<std::string> pins;
  for (const mint::Key& key : keys) {
    pins.push_back(absl::StrCat("{\"name\": \"key ", pins.size(),
                                "\", \"pin\": \"", PinText(key), "\"}"));
  }
  std::vector<std::string> rows;
  for (const std::string& host : hosts) {
    rows.push_back(absl::StrCat("\"", host, "\": \"webex\""));
  }
  const auto date = [](absl::Time time) {
    return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
  };
  return absl::StrCat(
      R"({"schema": "pinning.pins/1", "updated": ")", date(absl::Now() - kDay),
      R"(", "sets": {"webex": {"mode": "enforce", "expires": ")",
      date(absl::Now() + 90 * kDay), R"(", "on-expiry": "reject", "pins": [)",
      absl::StrJoin(pins, ", "),
      R"(], "backup-pins": [{"name": "offline", "pin": ")",
      PinText(mint::Key::Shared("p256-backup")), R"("}]}}, "hosts": {)",
      absl::StrJoin(rows, ", "), "}}");
}

Nginx::Nginx(std::vector<Site> sites) {
  // Between the choice of a port and nginx's use of it another may take it.
  for (int attempt = 0; attempt < 3; ++attempt) {
    port_ = FreePort();
    directory_.Write("nginx.conf", NginxConfig(directory_, sites, port_));
    if (Start()) {
      return;
    }
  }
  ADD_FAILURE() << "nginx did not start: " << process_->standard_error();
}

bool Nginx::Start() {
  process_ = std::make_unique<BackgroundProcess>(
      FindProgram("nginx"),
      std::vector<std::string>{"-e", "stderr", "-p", directory_.path(), "-c",
                               directory_.Path("nginx.conf")});
  return WaitForPort(port_, *process_);
}

std::string Nginx::Target(absl::string_view host) const {
  return TargetAt(host, port_);
}

void Nginx::Serve(const std::vector<Site>& sites) {
  process_->Stop();
  directory_.Write("nginx.conf", NginxConfig(directory_, sites, port_));
  if (!Start()) {
    ADD_FAILURE() << "nginx did not start: " << process_->standard_error();
  }
}

Mitmproxy::Mitmproxy(const std::vector<std::string>& arguments,
                     const std::string& upstream_root_pem) {
  const std::string upstream =
      directory_.Write("upstream.pem", upstream_root_pem);
  for (int attempt = 0; attempt < 3; ++attempt) {
    port_ = FreePort();
    std::vector<std::string> all = {
        "--listen-host",
        "127.0.0.1",
        "-p",
        absl::StrCat(port_),
        "--set",
        absl::StrCat("confdir=", directory_.path()),
        "--set",
        absl::StrCat("ssl_verify_upstream_trusted_ca=", upstream)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    testing_support::ProcessOptions options;
    options.environment["HOME"] = directory_.path();
    process_ = std::make_unique<BackgroundProcess>(FindProgram("mitmdump"), all,
                                                   options);
    if (WaitForPort(port_, *process_)) {
      return;
    }
  }
  ADD_FAILURE() << "mitmdump did not start: " << process_->standard_output()
                << process_->standard_error();
}

std::string Mitmproxy::Target(absl::string_view host) const {
  return TargetAt(host, port_);
}

std::string Mitmproxy::ProxyUrl() const {
  return absl::StrCat("http://127.0.0.1:", port_);
}

std::string Mitmproxy::root_path() const {
  return directory_.Path("mitmproxy-ca-cert.pem");
}

BadServer::BadServer(Manner manner) : manner_(manner) {
  std::tie(listener_, port_) = Listen();
  if (pipe(stop_) != 0) {
    std::perror("no pipe");
    std::abort();
  }
  thread_ = std::thread([this] { Run(); });
}

BadServer::~BadServer() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listener_);
}

std::string BadServer::Target(absl::string_view host) const {
  return TargetAt(host, port_);
}

void BadServer::Run() {
  std::vector<int> held;
  for (;;) {
    pollfd waits[] = {{stop_[0], 0, 0}, {listener_, POLLIN, 0}};
    if (poll(waits, 2, -1) < 0 || waits[0].revents != 0) {
      break;
    }
    const int connection = accept(listener_, nullptr, nullptr);
    if (connection < 0) {
      break;
    }
    Answer(connection);
    // Held to the end, a connection looks to the client like a silent peer.
    if (manner_ == Manner::kSilent) {
      held.push_back(connection);
    } else {
      close(connection);
    }
  }
  for (const int connection : held) {
    close(connection);
  }
}

void BadServer::Answer(int connection) const {
  if (manner_ == Manner::kSilent) {
    return;
  }
  char hello[4096];
  if (recv(connection, hello, sizeof(hello), 0) <= 0) {
    return;
  }
  absl::string_view answer;
  if (manner_ == Manner::kGarbage) {
    answer = "220 mail.example.com ESMTP ready\r\n";
  } else if (manner_ == Manner::kClosesMidMessage) {
    // A handshake record that announces 122 bytes, and the first three.
    answer = absl::string_view("\x16\x03\x03\x00\x7a\x02\x00\x00", 8);
  }
  send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
  shutdown(connection, SHUT_WR);
  // Without reading on, the unread rest of the ClientHello would reset the
  // connection before the client has the answer.
  while (recv(connection, hello, sizeof(hello), 0) > 0) {
  }
}

ProcessResult Tlspin(const std::vector<std::string>& arguments) {
  return testing_support::RunProcess(
      testing_support::FromRunfiles("tools/tlspin/tlspin"), arguments);
}

std::string Show(const ProcessResult& result) {
  return absl::StrCat("exit code ", result.exit_code,
                      result.timed_out ? " (timed out)" : "", "\n--- stdout\n",
                      result.standard_output, "\n--- stderr\n",
                      result.standard_error);
}

}  // namespace e2e
