// Fetches the answer to one line of text from a TLS server, on its pins:
//
//   client HOST PORT ROOTS.pem PINS.json
#include <netdb.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "pinning/boringssl.h"

namespace {

std::string ReadFile(const char* path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

int Connect(const char* host, const char* port) {
  addrinfo* found = nullptr;
  int fd = -1;
  if (getaddrinfo(host, port, nullptr, &found) == 0) {
    fd = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
      fd = -1;
    }
    freeaddrinfo(found);
  }
  return fd;
}

// README: begin
// Returns a context that accepts a server only on its pins, or null.
bssl::UniquePtr<SSL_CTX> PinnedContext(const std::string& roots_pem,
                                       const std::string& pins_json) {
  auto roots = pinning::TrustStore::FromPem(
      roots_pem, pinning::TrustAnchor::Origin::kBundled);
  auto pins = pinning::PinStore::FromJson(pins_json, "pins.json");
  if (!roots.ok() || !pins.ok()) {
    std::cerr << roots.status() << "\n" << pins.status() << "\n";
    return nullptr;
  }
  pinning::Verifier::Options options;
  options.trust_store = *roots;
  options.pin_store = *pins;
  auto verifier = pinning::Verifier::Create(options);
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(TLS_with_buffers_method()));
  if (!verifier.ok() || !pinning::InstallVerifier(ctx.get(), *verifier).ok()) {
    return nullptr;
  }
  return ctx;
}

// Handshakes on `fd` with `host`; says why if it is refused.
bssl::UniquePtr<SSL> Handshake(SSL_CTX* ctx, int fd, const std::string& host) {
  bssl::UniquePtr<SSL> ssl(SSL_new(ctx));
  auto name = pinning::ServerName::FromString(host);
  if (!name.ok() || !pinning::SetServerName(ssl.get(), *name).ok() ||
      !SSL_set_fd(ssl.get(), fd) || SSL_connect(ssl.get()) != 1) {
    const pinning::Verdict* verdict = pinning::LastVerdict(ssl.get());
    std::cerr << (verdict ? verdict->ToString() : "no verdict") << "\n";
    if (verdict && verdict->is_mitm()) {
      std::cerr << verdict->diagnosis().advice << "\n";
    }
    return nullptr;
  }
  return ssl;
}
// README: end

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: client HOST PORT ROOTS.pem PINS.json\n";
    return 2;
  }
  auto ctx = PinnedContext(ReadFile(argv[3]), ReadFile(argv[4]));
  const int fd = ctx ? Connect(argv[1], argv[2]) : -1;
  if (fd < 0) {
    return 3;
  }
  auto ssl = Handshake(ctx.get(), fd, argv[1]);
  if (ssl) {
    std::cout << pinning::LastVerdict(ssl.get())->ToString() << "\n";
    SSL_shutdown(ssl.get());
  }
  close(fd);
  return ssl ? 0 : 1;
}
