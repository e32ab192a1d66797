#include "tests/testing/tls_server.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/socket.h"

namespace testing_support {

TlsServer::TlsServer(const std::vector<mint::Minted>& chain) {
  absl::StatusOr<std::unique_ptr<tlspin::LoopbackServer>> server =
      tlspin::StartTlsServer(
          tlspin::MakeIdentity(chain),
          [](absl::string_view line) { return std::string(line); });
  if (!server.ok()) {
    std::fprintf(stderr, "test set-up: %s\n",
                 server.status().ToString().c_str());
    std::abort();
  }
  server_ = *std::move(server);
}

std::string TlsServer::Target(absl::string_view host) const {
  return absl::StrCat(host, "@127.0.0.1:", port());
}

int ClosedPort() {
  const absl::StatusOr<tlspin::Socket> socket =
      tlspin::Socket::ListenOnLoopback();
  return socket.ok() ? socket->port() : 1;
}

}  // namespace testing_support
