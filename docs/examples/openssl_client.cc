// Connects with OpenSSL to a TLS server and has it judged by `pinning`, whose
// own cryptography is out of OpenSSL's way in the package libpinning-dev:
//
//   openssl_client HOST PORT ROOTS.pem PINS.json
//
//   g++ openssl_client.cc $(pkg-config --cflags --libs pinning openssl)
#include <openssl/ssl.h>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"

namespace {

std::string ReadFile(const char* path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Returns the certificates that the server sent, leaf first.
std::vector<std::vector<uint8_t>> ServedBy(const SSL* ssl) {
  std::vector<std::vector<uint8_t>> served;
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(chain, i), &der);
    if (size > 0) {
      served.emplace_back(der, der + size);
      OPENSSL_free(der);
    }
  }
  return served;
}

// Nothing may be sent or believed before this has said yes.
pinning::Verdict Judge(const pinning::Verifier& verifier, const SSL* ssl,
                       const pinning::ServerName& name) {
  const std::vector<std::vector<uint8_t>> served = ServedBy(ssl);
  return verifier.VerifyDer(
      std::vector<absl::Span<const uint8_t>>(served.begin(), served.end()),
      name, absl::Now());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: openssl_client HOST PORT ROOTS.pem PINS.json\n";
    return 2;
  }
  auto name = pinning::ServerName::FromString(argv[1]);
  auto roots = pinning::TrustStore::FromPem(
      ReadFile(argv[3]), pinning::TrustAnchor::Origin::kBundled);
  auto pins = pinning::PinStore::FromJson(ReadFile(argv[4]), argv[4]);
  if (!name.ok() || !roots.ok() || !pins.ok()) {
    std::cerr << name.status() << "\n"
              << roots.status() << "\n"
              << pins.status() << "\n";
    return 2;
  }
  pinning::Verifier::Options options;
  options.trust_store = *roots;
  options.pin_store = *pins;
  auto verifier = pinning::Verifier::Create(options);
  if (!verifier.ok()) {
    std::cerr << verifier.status() << "\n";
    return 2;
  }
  // OpenSSL asks nobody whether to trust: the verdict is asked below.
  SSL_CTX* ctx = SSL_CTX_new(TLS_client_method());
  BIO* bio = BIO_new_ssl_connect(ctx);
  SSL* ssl = nullptr;
  BIO_get_ssl(bio, &ssl);
  SSL_set_tlsext_host_name(ssl, argv[1]);
  BIO_set_conn_hostname(bio, argv[1]);
  BIO_set_conn_port(bio, argv[2]);
  int code = 3;
  if (BIO_do_handshake(bio) == 1) {
    const pinning::Verdict verdict = Judge(**verifier, ssl, *name);
    std::cout << verdict.ToString() << "\n";
    code = verdict.accepted() ? 0 : 1;
  }
  BIO_free_all(bio);
  SSL_CTX_free(ctx);
  return code;
}
