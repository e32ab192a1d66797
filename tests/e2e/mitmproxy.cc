#include "tests/e2e/mitmproxy.h"

#include "absl/strings/str_cat.h"

namespace e2e {

namespace {

constexpr char kRoot[] = "mitmproxy-ca-cert.pem";

std::vector<std::string> Arguments(int port, const std::string& directory,
                                   const std::string& upstream,
                                   const std::vector<std::string>& more) {
  std::vector<std::string> all = {
      "--listen-host",
      "127.0.0.1",
      "-p",
      absl::StrCat(port),
      "--set",
      absl::StrCat("confdir=", directory),
      "--set",
      absl::StrCat("ssl_verify_upstream_trusted_ca=", upstream)};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

Mitmproxy::Mitmproxy(const std::vector<std::string>& arguments,
                     const std::string& upstream_root_pem)
    : root_path_(directory_.Path(kRoot)) {
  const std::string upstream =
      directory_.Write("upstream.pem", upstream_root_pem);
  testing_support::ProcessOptions options;
  options.environment["HOME"] = directory_.path();
  for (int attempt = 0; attempt < 3; ++attempt) {
    port_ = FreePort();
    process_ = std::make_unique<BackgroundProcess>(
        FindProgram("mitmdump"),
        Arguments(port_, directory_.path(), upstream, arguments), options);
    if (WaitForPort(port_, *process_)) {
      return;
    }
  }
  ADD_FAILURE() << "mitmdump did not start: " << process_->standard_output()
                << process_->standard_error();
}

Mitmproxy::Mitmproxy(const Network& network, int port,
                     const std::vector<std::string>& arguments,
                     const std::string& upstream_root_pem)
    : port_(port) {
  const std::string name = absl::StrCat("mitmproxy-", port);
  const std::string directory = network.WritableDirectory(name);
  const std::string upstream =
      network.Write(absl::StrCat(name, ".upstream.pem"), upstream_root_pem);
  root_path_ = absl::StrCat(directory, "/", kRoot);
  testing_support::ProcessOptions options;
  options.environment["HOME"] = directory;
  std::vector<std::string> words = {"--reuid=nobody", "--regid=nogroup",
                                    "--clear-groups", FindProgram("mitmdump")};
  for (const std::string& word :
       Arguments(port, directory, upstream, arguments)) {
    words.push_back(word);
  }
  process_ = network.Start(FindProgram("setpriv"), words, options);
  if (!network.WaitForPort(port, *process_)) {
    ADD_FAILURE() << "mitmdump did not start: " << process_->standard_output()
                  << process_->standard_error();
  }
}

std::string Mitmproxy::Target(absl::string_view host) const {
  return TargetAt(host, port_);
}

std::string Mitmproxy::ProxyUrl() const {
  return absl::StrCat("http://127.0.0.1:", port_);
}

}  // namespace e2e
