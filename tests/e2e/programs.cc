#include "tests/e2e/programs.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace e2e {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
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

}  // namespace

std::string FindProgram(absl::string_view name) {
  const char* path = std::getenv("PATH");
  std::string all = absl::StrCat(path == nullptr ? "" : path,
                                 ":/usr/bin:/usr/sbin:/usr/local/sbin");
  absl::StrAppend(&all, ":/usr/lib/dovecot");
  // PostgreSQL's, by version.
  std::error_code none;
  for (const auto& version :
       std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    absl::StrAppend(&all, ":", version.path().string(), "/bin");
  }
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
    MissingHere(
        absl::StrCat(program, " is not installed (tools/test installs it)"));
    return;
  }
}

void ProgramsTest::MissingHere(const std::string& what) {
  const char* ci = std::getenv("CI");
  if (ci != nullptr && *ci != '\0') {
    FAIL() << what << ", and CI is set";
  }
  GTEST_SKIP() << what;
}

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

int FreePort() {
  // Below the ports that Linux gives to clients, which begin at 32768: a
  // connection that a test beside this one opens does not take it before the
  // server does, or while the server is restarted.
  std::random_device random;
  std::uniform_int_distribution<int> ports(16384, 32767);
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const int port = ports(random);
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = Loopback(port);
    const bool free = bind(probe, reinterpret_cast<const sockaddr*>(&address),
                           sizeof(address)) == 0;
    close(probe);
    if (free) {
      return port;
    }
  }
  ADD_FAILURE() << "no port of 127.0.0.1 is free";
  return 0;
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

std::string TargetAt(absl::string_view host, int port) {
  return absl::StrCat(host, "@127.0.0.1:", port);
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
