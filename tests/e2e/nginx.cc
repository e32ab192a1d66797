#include "tests/e2e/nginx.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace e2e {
namespace {

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

Nginx::Nginx(std::vector<Site> sites, const Network* network)
    : network_(network) {
  // Between the choice of a port and nginx's use of it another may take it.
  for (int attempt = 0; attempt < 3; ++attempt) {
    port_ = network_ == nullptr ? FreePort() : 443;
    directory_.Write("nginx.conf", NginxConfig(directory_, sites, port_));
    if (Start()) {
      return;
    }
  }
  ADD_FAILURE() << "nginx did not start: " << process_->standard_error();
}

bool Nginx::Start() {
  const std::string program = FindProgram("nginx");
  const std::vector<std::string> arguments = {
      "-e", "stderr",
      "-p", directory_.path(),
      "-c", directory_.Path("nginx.conf")};
  if (network_ == nullptr) {
    process_ = std::make_unique<BackgroundProcess>(program, arguments);
    return WaitForPort(port_, *process_);
  }
  process_ = network_->Start(program, arguments);
  return network_->WaitForPort(port_, *process_);
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

}  // namespace e2e
