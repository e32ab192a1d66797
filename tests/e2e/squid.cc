#include "tests/e2e/squid.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace e2e {
namespace {

constexpr char kMinter[] = "/usr/lib/squid/security_file_certgen";

constexpr char kConfig[] = R"(pid_filename $DIRECTORY/pid
cache_log $DIRECTORY/cache.log
access_log none
cache deny all
netdb_filename none
pinger_enable off
coredump_dir none
visible_hostname proxy.corp.test
dns_nameservers 127.0.0.1
dns_timeout 1 second
sslcrtd_program $MINTER -s $DIRECTORY/minted -M 4MB
sslcrtd_children 2 startup=1 idle=1
tls_outgoing_options cafile=$UPSTREAM
acl step1 at_step SslBump1
)";

std::string Ports(const std::vector<Squid::Port>& ports,
                  const std::string& authority) {
  std::string config;
  for (const Squid::Port& port : ports) {
    absl::StrAppend(&config, "acl at", port.number, " myportname port",
                    port.number, "\nhttp_port 127.0.0.1:", port.number,
                    " name=port", port.number);
    if (!port.rules.empty()) {
      absl::StrAppend(&config,
                      " ssl-bump generate-host-certificates=on "
                      "dynamic_cert_mem_cache_size=4MB tls-cert=",
                      authority);
    }
    config += "\n";
  }
  return config;
}

std::string Rules(const std::vector<Squid::Port>& ports) {
  std::string config;
  for (const Squid::Port& port : ports) {
    for (const std::string& rule : port.rules) {
      absl::StrAppend(&config, "ssl_bump ", rule, " at", port.number, "\n");
    }
  }
  return config;
}

}  // namespace

Squid::Squid(const Network& network, const std::string& name,
             const Options& options) {
  const std::string directory =
      network.WritableDirectory(absl::StrCat("squid-", name));
  const std::string authority = network.Write(
      absl::StrCat(name, ".authority.pem"), options.authority_pem);
  const std::string upstream =
      network.Write(absl::StrCat(name, ".upstream.pem"), options.upstream_pem);
  const std::string config = network.Write(
      absl::StrCat(name, ".conf"),
      absl::StrCat(absl::StrReplaceAll(kConfig, {{"$DIRECTORY", directory},
                                                 {"$MINTER", kMinter},
                                                 {"$UPSTREAM", upstream}}),
                   Ports(options.ports, authority),
                   absl::StrJoin(options.lines, "\n"), "\n",
                   Rules(options.ports), "http_access allow all\n"));
  network.MustRun(
      "setpriv", {"--reuid=proxy", "--regid=proxy", "--clear-groups", kMinter,
                  "-c", "-s", absl::StrCat(directory, "/minted"), "-M", "4MB"});
  process_ =
      network.Start(FindProgram("squid"), {"-n", name, "-N", "-f", config});
  for (const Port& port : options.ports) {
    if (!network.WaitForPort(port.number, *process_)) {
      ADD_FAILURE() << "squid did not start: "
                    << Show(process_->Wait(absl::ZeroDuration()));
      return;
    }
  }
}

}  // namespace e2e
