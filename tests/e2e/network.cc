#include "tests/e2e/network.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

constexpr char kInside[] = "/srv";
constexpr char kReady[] = "the network is ready";

// What the first process of the network does. Programs see 10.99.0.1 so that
// getaddrinfo takes the machine to have IPv4 (AI_ADDRCONFIG does not count
// 127.0.0.0/8). It lives until its standard input ends: with the test program.
constexpr char kSetup[] = R"(set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount --bind "$1" /srv
mount --bind /srv/hosts /etc/hosts
mount --bind /srv/resolv.conf /etc/resolv.conf
mount -t tmpfs -o mode=1777 none /dev/shm
ip link set lo up
ip address add 10.99.0.1/32 dev lo
echo the network is ready
exec cat
)";

}  // namespace

Network::Network(const std::vector<std::string>& names) {
  std::filesystem::permissions(
      directory_.path(),
      std::filesystem::perms::others_read | std::filesystem::perms::others_exec,
      std::filesystem::perm_options::add);
  std::string hosts = "127.0.0.1 localhost\n";
  for (const std::string& name : names) {
    absl::StrAppend(&hosts, "127.0.0.1 ", name, "\n");
  }
  Write("hosts", hosts);
  Write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  testing_support::ProcessOptions options;
  options.hold_standard_input = true;
  keeper_ = std::make_unique<BackgroundProcess>(
      FindProgram("unshare"),
      std::vector<std::string>{"--net", "--mount", "--pid", "--fork",
                               "--kill-child", "--mount-proc", "/bin/sh", "-c",
                               kSetup, "sh", directory_.path()},
      options);
  if (!keeper_->WaitForOutput(kReady)) {
    failure_ = absl::StrCat("no namespaces for a network: ",
                            Show(keeper_->Wait(absl::ZeroDuration())));
  }
}

std::string Network::Path(absl::string_view name) {
  return absl::StrCat(kInside, "/", name);
}

std::string Network::Write(absl::string_view name,
                           absl::string_view content) const {
  std::filesystem::permissions(directory_.Write(name, content),
                               std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  return Path(name);
}

std::string Network::WritableDirectory(absl::string_view name) const {
  const std::string path = directory_.Path(name);
  std::filesystem::create_directory(path);
  std::filesystem::permissions(path, std::filesystem::perms::all);
  return Path(name);
}

// The namespaces are those of the program that made them; it is outside of the
// process namespace itself, in which only its children are.
std::vector<std::string> Network::Enter(
    const std::string& program, const std::vector<std::string>& words) const {
  const std::string process = absl::StrCat("/proc/", keeper_->pid(), "/ns/");
  std::vector<std::string> all = {
      absl::StrCat("--net=", process, "net"),
      absl::StrCat("--mount=", process, "mnt"),
      absl::StrCat("--pid=", process, "pid_for_children"), "--", program};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::unique_ptr<BackgroundProcess> Network::Start(
    const std::string& program, const std::vector<std::string>& arguments,
    const testing_support::ProcessOptions& options) const {
  return std::make_unique<BackgroundProcess>(
      FindProgram("nsenter"), Enter(program, arguments), options);
}

ProcessResult Network::Run(
    const std::string& program, const std::vector<std::string>& arguments,
    const testing_support::ProcessOptions& options) const {
  return testing_support::RunProcess(FindProgram("nsenter"),
                                     Enter(program, arguments), options);
}

void Network::MustRun(const std::string& program,
                      const std::vector<std::string>& arguments) const {
  const ProcessResult result = Run(FindProgram(program), arguments);
  EXPECT_EQ(result.exit_code, 0) << program << ": " << Show(result);
}

ProcessResult Network::Tlspin(
    const std::vector<std::string>& arguments,
    const std::vector<std::string>& environment) const {
  std::vector<std::string> words = environment;
  // Bazel's links to data files lead to places that are the same in there.
  words.push_back(std::filesystem::canonical(
      testing_support::FromRunfiles("tools/tlspin/tlspin")));
  words.insert(words.end(), arguments.begin(), arguments.end());
  testing_support::ProcessOptions options;
  options.time_limit = absl::Minutes(3);
  return Run(FindProgram("env"), words, options);
}

bool Network::IsListening(int port) const {
  // proc(5): "sl local_address rem_address st ...", 0A is LISTEN.
  std::ifstream table(absl::StrCat("/proc/", keeper_->pid(), "/net/tcp"));
  const std::string suffix = absl::StrFormat(":%04X", port);
  std::string number, local, remote, state, rest;
  while (table >> number >> local >> remote >> state &&
         std::getline(table, rest)) {
    if (state == "0A" && local.size() > suffix.size() &&
        local.compare(local.size() - suffix.size(), suffix.size(), suffix) ==
            0) {
      return true;
    }
  }
  return false;
}

bool Network::WaitForPort(int port, BackgroundProcess& process,
                          absl::Duration limit) const {
  const absl::Time deadline = absl::Now() + limit;
  while (absl::Now() < deadline && process.IsRunning()) {
    if (IsListening(port)) {
      return true;
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
  return false;
}

NetworkTest::NetworkTest(std::vector<std::string> programs)
    : ProgramsTest([&programs] {
        programs.insert(programs.end(), {"unshare", "nsenter", "ip", "mount"});
        return std::move(programs);
      }()) {}

void NetworkTest::SetUp() {
  ProgramsTest::SetUp();
  if (IsSkipped() || HasFatalFailure()) {
    return;
  }
  static const std::string* const failure =
      new std::string(Network({}).failure());
  if (!failure->empty()) {
    MissingHere(*failure);
  }
}

}  // namespace e2e
