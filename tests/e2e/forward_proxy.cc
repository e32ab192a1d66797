#include "tests/e2e/forward_proxy.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

constexpr char kConfig[] = R"(pid_filename $DIRECTORY/pid
cache_log $DIRECTORY/cache.log
logformat who %[un %>Hs %rm %ru %{Proxy-Authorization}>h
access_log stdio:$DIRECTORY/access.log logformat=who
buffered_logs off
cache deny all
netdb_filename none
pinger_enable off
coredump_dir none
visible_hostname proxy.corp.test
dns_nameservers 127.0.0.1
dns_timeout 1 second
)";

}  // namespace

ForwardProxy::ForwardProxy(const Network& network, const Options& options)
    : network_(network) {
  const std::string directory = network.WritableDirectory("forward");
  std::string config =
      absl::StrReplaceAll(kConfig, {{"$DIRECTORY", directory}});
  absl::StrAppend(&config, "http_port 127.0.0.1:", options.port, "\n");
  if (options.tls_port != 0) {
    const std::string pem = network.Write("forward.pem", options.tls_pem);
    absl::StrAppend(&config, "https_port 127.0.0.1:", options.tls_port,
                    " tls-cert=", pem, "\n");
  }
  absl::StrAppend(&config, absl::StrJoin(options.lines, "\n"),
                  "\nhttp_access deny all\n");
  std::vector<std::string> words = options.environment;
  words.insert(words.end(), {FindProgram("squid"), "-n", "forward", "-N", "-f",
                             network.Write("forward.conf", config)});
  process_ = network.Start(FindProgram("env"), words);
  if (!network.WaitForPort(options.port, *process_)) {
    ADD_FAILURE() << "squid did not start: "
                  << Show(process_->Wait(absl::ZeroDuration()));
  }
}

std::vector<std::string> ForwardProxy::Log(size_t lines) const {
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  for (;;) {
    // Written when a connection ends, which may be after the client has.
    std::vector<std::string> log;
    std::ifstream file(
        absl::StrCat(network_.directory().path(), "/forward/access.log"));
    for (std::string line; std::getline(file, line);) {
      log.push_back(line);
    }
    if (log.size() >= lines || absl::Now() > deadline) {
      return log;
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
}

}  // namespace e2e
