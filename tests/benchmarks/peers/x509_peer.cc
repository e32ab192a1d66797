// X509_verify_cert, of OpenSSL and of BoringSSL: see peer.h.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "tests/benchmarks/peers/peer.h"

namespace {

struct Free {
  void operator()(X509* it) const { X509_free(it); }
  void operator()(X509_STORE* it) const { X509_STORE_free(it); }
  void operator()(X509_STORE_CTX* it) const { X509_STORE_CTX_free(it); }
  void operator()(BIO* it) const { BIO_free(it); }
  void operator()(STACK_OF(X509) * it) const { sk_X509_free(it); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Owned<X509> Parse(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  Owned<X509> parsed(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  peer::Require(parsed != nullptr, "a certificate");
  return parsed;
}

Owned<X509_STORE> Load(const std::string& pem) {
  Owned<X509_STORE> store(X509_STORE_new());
  Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (Owned<X509> root{
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(store.get(), root.get());
  }
  ERR_clear_error();
  return store;
}

void Verify(X509_STORE* store, X509* leaf, X509* intermediate) {
  Owned<STACK_OF(X509)> chain(sk_X509_new_null());
  sk_X509_push(chain.get(), intermediate);
  Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store, leaf, chain.get());
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(param, peer::kNow);
  X509_VERIFY_PARAM_set1_host(param, peer::kHost, sizeof(peer::kHost) - 1);
  peer::Require(X509_verify_cert(context.get()) == 1, "the chain is accepted");
}

}  // namespace

int main(int argc, char** argv) {
  peer::Require(argc == 4, "three arguments");
  const peer::Files files(argv[1], argv[2]);
  const double seconds = std::atof(argv[3]);
  const auto store = Load(files.roots);
  peer::Measure("verify", seconds, [&] {
    const auto leaf = Parse(files.leaf);
    const auto intermediate = Parse(files.intermediate);
    Verify(store.get(), leaf.get(), intermediate.get());
  });
  const auto leaf = Parse(files.leaf);
  const auto intermediate = Parse(files.intermediate);
  peer::Measure("preparsed", seconds,
                [&] { Verify(store.get(), leaf.get(), intermediate.get()); });
  peer::Measure("parse", seconds, [&] {
    Parse(files.leaf);
    Parse(files.intermediate);
  });
  peer::Measure("load", seconds, [&] { Load(files.roots); });
  return 0;
}
