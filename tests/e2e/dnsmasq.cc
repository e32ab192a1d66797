#include "tests/e2e/dnsmasq.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace e2e {

Dnsmasq::Dnsmasq(const Network& network,
                 const std::vector<std::string>& domains) {
  std::vector<std::string> arguments = {
      "--keep-in-foreground",  "--port=53",   "--listen-address=127.0.0.1",
      "--bind-interfaces",     "--no-resolv", "--no-hosts",
      "--conf-file=/dev/null", "--pid-file="};
  for (const std::string& domain : domains) {
    arguments.push_back(absl::StrCat("--address=/", domain, "/127.0.0.1"));
  }
  process_ = network.Start(FindProgram("dnsmasq"), arguments);
  if (!network.WaitForPort(53, *process_)) {
    ADD_FAILURE() << "dnsmasq did not start: "
                  << Show(process_->Wait(absl::ZeroDuration()));
  }
}

}  // namespace e2e
