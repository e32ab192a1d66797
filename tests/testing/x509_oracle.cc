#include "tests/testing/x509_oracle.h"

#include <openssl/base.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/stack.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>

namespace testing_support {
namespace {

// Require ends the program: what is minted here parses there.
void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

bssl::UniquePtr<X509> X509Of(Der der) {
  const uint8_t* in = der.data();
  bssl::UniquePtr<X509> x509(
      d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  Require(x509 != nullptr);
  return x509;
}

std::vector<uint8_t> DerOf(X509* x509) {
  uint8_t* out = nullptr;
  const int size = i2d_X509(x509, &out);
  Require(size > 0);
  const bssl::UniquePtr<uint8_t> owned(out);
  return std::vector<uint8_t>(out, out + size);
}

int IgnoreUnknownConstraints(int ok, X509_STORE_CTX* ctx) {
  if (!ok &&
      X509_STORE_CTX_get_error(ctx) == X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE) {
    X509_STORE_CTX_set_error(ctx, X509_V_OK);
    return 1;
  }
  return ok;
}

// SetHost asks for `host`. RFC 9525 names only: no common name, and a wildcard
// is a whole label.
void SetHost(X509_VERIFY_PARAM* param, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str())) {
    return;
  }
  X509_VERIFY_PARAM_set_hostflags(param,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  Require(X509_VERIFY_PARAM_set1_host(param, host.data(), host.size()));
}

}  // namespace

X509Answer AskX509(const X509Question& question) {
  const bssl::UniquePtr<X509_STORE> store(X509_STORE_new());
  for (const Der root : question.roots) {
    Require(X509_STORE_add_cert(store.get(), X509Of(root).get()));
  }
  const bssl::UniquePtr<STACK_OF(X509)> untrusted(sk_X509_new_null());
  for (const Der intermediate : question.intermediates) {
    Require(bssl::PushToStack(untrusted.get(), X509Of(intermediate)));
  }
  const bssl::UniquePtr<X509> leaf = X509Of(question.leaf);
  const bssl::UniquePtr<X509_STORE_CTX> ctx(X509_STORE_CTX_new());
  Require(
      X509_STORE_CTX_init(ctx.get(), store.get(), leaf.get(), untrusted.get()));
  Require(X509_STORE_CTX_set_default(
      ctx.get(), question.client_auth ? "ssl_client" : "ssl_server"));
  X509_STORE_CTX_set_time_posix(ctx.get(), 0,
                                absl::ToUnixSeconds(question.now));
  X509_STORE_CTX_set_verify_cb(ctx.get(), IgnoreUnknownConstraints);
  if (!question.host.empty()) {
    SetHost(X509_STORE_CTX_get0_param(ctx.get()), question.host);
  }
  X509Answer answer;
  const int ok = X509_verify_cert(ctx.get());
  answer.error = ok == 1 ? X509_V_OK : X509_STORE_CTX_get_error(ctx.get());
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(ctx.get());
  for (size_t i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
    answer.chain.push_back(DerOf(sk_X509_value(chain, i)));
  }
  ERR_clear_error();
  return answer;
}

std::string X509ErrorText(int error) {
  return X509_verify_cert_error_string(error);
}

bool X509Issued(Der issuer, Der issued) {
  const bssl::UniquePtr<X509> above = X509Of(issuer);
  const bssl::UniquePtr<X509> below = X509Of(issued);
  const bssl::UniquePtr<EVP_PKEY> key(X509_get_pubkey(above.get()));
  const bool holds = key != nullptr &&
                     X509_NAME_cmp(X509_get_subject_name(above.get()),
                                   X509_get_issuer_name(below.get())) == 0 &&
                     X509_verify(below.get(), key.get()) == 1;
  ERR_clear_error();
  return holds;
}

bool X509IsFor(Der leaf, const std::string& host) {
  const bssl::UniquePtr<X509> x509 = X509Of(leaf);
  const bool holds = X509_check_ip_asc(x509.get(), host.c_str(), 0) == 1 ||
                     X509_check_host(x509.get(), host.data(), host.size(),
                                     X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                         X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                                     nullptr) == 1;
  ERR_clear_error();
  return holds;
}

}  // namespace testing_support
