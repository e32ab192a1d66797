#include "tests/testing/handshake.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pool.h>

#include <cstdio>
#include <cstdlib>

namespace testing_support {
namespace {

void Check(bool ok, const char* what) {
  if (!ok) {
    std::fprintf(stderr, "test set-up: %s failed\n", what);
    ERR_print_errors_fp(stderr);
    std::abort();
  }
}

int NewSession(SSL* ssl, SSL_SESSION* session) {
  auto* recorder = static_cast<Connection::Recorder*>(SSL_get_app_data(ssl));
  if (recorder == nullptr) {
    return 0;
  }
  recorder->session.reset(session);
  return 1;  // the session is kept
}

void Info(const SSL* ssl, int type, int value) {
  auto* recorder = static_cast<Connection::Recorder*>(SSL_get_app_data(ssl));
  const bool fatal = (value >> 8) == SSL3_AL_FATAL;
  if (recorder != nullptr && type == SSL_CB_READ_ALERT && fatal) {
    recorder->alert = static_cast<uint8_t>(value & 0xff);
  }
}

bssl::UniquePtr<SSL_CTX> Context(uint16_t version, const SSL_METHOD* method) {
  bssl::UniquePtr<SSL_CTX> ctx(SSL_CTX_new(method));
  Check(ctx != nullptr && SSL_CTX_set_min_proto_version(ctx.get(), version) &&
            SSL_CTX_set_max_proto_version(ctx.get(), version),
        "making an SSL_CTX");
  return ctx;
}

// GoOn goes on with the handshake of `ssl` and returns whether it has
// finished.
bool GoOn(SSL* ssl) {
  ERR_clear_error();
  return SSL_do_handshake(ssl) == 1 && !SSL_in_init(ssl);
}

}  // namespace

bssl::UniquePtr<SSL_CTX> ClientContext(uint16_t version,
                                       const SSL_METHOD* method) {
  bssl::UniquePtr<SSL_CTX> ctx = Context(version, method);
  const uint16_t algorithms[] = {
      SSL_SIGN_ECDSA_SECP256R1_SHA256, SSL_SIGN_ECDSA_SECP384R1_SHA384,
      SSL_SIGN_ECDSA_SECP521R1_SHA512, SSL_SIGN_RSA_PSS_RSAE_SHA256,
      SSL_SIGN_RSA_PKCS1_SHA256,       SSL_SIGN_ED25519,
  };
  Check(SSL_CTX_set_verify_algorithm_prefs(
            ctx.get(), algorithms, sizeof(algorithms) / sizeof(algorithms[0])),
        "choosing signature algorithms");
  // In TLS 1.2, the groups say which curves a leaf's key may be on too.
  Check(SSL_CTX_set1_curves_list(ctx.get(), "X25519:P-256:P-384:P-521"),
        "choosing groups");
  SSL_CTX_set_session_cache_mode(ctx.get(), SSL_SESS_CACHE_CLIENT);
  SSL_CTX_sess_set_new_cb(ctx.get(), NewSession);
  return ctx;
}

bssl::UniquePtr<SSL_CTX> ServerContext(
    uint16_t version, const std::vector<mint::Minted>& presented) {
  bssl::UniquePtr<SSL_CTX> ctx = Context(version, TLS_with_buffers_method());
  UseCertificates(ctx.get(), presented);
  SSL_CTX_set_info_callback(ctx.get(), Info);
  return ctx;
}

void UseCertificates(SSL_CTX* ctx, const std::vector<mint::Minted>& presented) {
  std::vector<bssl::UniquePtr<CRYPTO_BUFFER>> buffers;
  std::vector<CRYPTO_BUFFER*> pointers;
  for (const mint::Minted& minted : presented) {
    buffers.emplace_back(
        CRYPTO_BUFFER_new(minted.der.data(), minted.der.size(), nullptr));
    pointers.push_back(buffers.back().get());
  }
  Check(SSL_CTX_set_chain_and_key(ctx, pointers.data(), pointers.size(),
                                  presented.front().key.get(), nullptr),
        "setting the certificates");
}

Connection::Connection(SSL_CTX* client, SSL_CTX* server)
    : client_(SSL_new(client)), server_(SSL_new(server)) {
  Check(client_ != nullptr && server_ != nullptr, "making an SSL");
  SSL_set_connect_state(client_.get());
  SSL_set_accept_state(server_.get());
  SSL_set_app_data(client_.get(), recorder_.get());
  SSL_set_app_data(server_.get(), recorder_.get());
  BIO* client_end = nullptr;
  BIO* server_end = nullptr;
  Check(BIO_new_bio_pair(&client_end, 1 << 16, &server_end, 1 << 16),
        "making a pair of BIOs");
  SSL_set_bio(client_.get(), client_end, client_end);
  SSL_set_bio(server_.get(), server_end, server_end);
}

int Connection::StepClient() {
  client_done_ = GoOn(client_.get());
  return client_done_ ? SSL_ERROR_NONE : SSL_get_error(client_.get(), -1);
}

int Connection::StepServer() {
  server_done_ = GoOn(server_.get());
  const int error =
      server_done_ ? SSL_ERROR_NONE : SSL_get_error(server_.get(), -1);
  // Early data, and an alert after the handshake, are met by reading only.
  char byte;
  SSL_peek(server_.get(), &byte, 1);
  return error;
}

bool Connection::Handshake() {
  // No handshake has more than a handful of flights.
  for (int i = 0; i < 8 && !(client_done_ && server_done_); ++i) {
    StepClient();
    StepServer();
  }
  return client_done_ && server_done_;
}

void Connection::Clear() {
  for (SSL* ssl : {client(), server()}) {
    Check(SSL_clear(ssl), "clearing a connection");
    // What is on its way belongs to the handshake before.
    char dropped[1024];
    while (BIO_read(SSL_get_rbio(ssl), dropped, sizeof(dropped)) > 0) {
    }
  }
  client_done_ = false;
  server_done_ = false;
}

bool Connection::Exchange() {
  char byte = 0;
  return SSL_write(server(), "s", 1) == 1 &&
         SSL_read(client(), &byte, 1) == 1 && byte == 's' &&
         SSL_write(client(), "c", 1) == 1 &&
         SSL_read(server(), &byte, 1) == 1 && byte == 'c';
}

LoneEnd::LoneEnd(SSL_CTX* ctx, Role role) : ssl_(SSL_new(ctx)) {
  Check(ssl_ != nullptr, "making an SSL");
  if (role == Role::kServer) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
  }
  bssl::UniquePtr<BIO> in(BIO_new(BIO_s_mem()));
  bssl::UniquePtr<BIO> out(BIO_new(BIO_s_mem()));
  Check(in != nullptr && out != nullptr, "making a BIO");
  SSL_set_bio(ssl_.get(), in.release(), out.release());
}

void LoneEnd::Feed(absl::string_view bytes) {
  Check(BIO_write_all(SSL_get_rbio(ssl()), bytes.data(), bytes.size()),
        "feeding a connection");
}

void LoneEnd::Close() { BIO_set_mem_eof_return(SSL_get_rbio(ssl()), 0); }

std::string LoneEnd::Take() {
  const uint8_t* data = nullptr;
  size_t size = 0;
  BIO* out = SSL_get_wbio(ssl());
  Check(BIO_mem_contents(out, &data, &size), "reading from a connection");
  std::string taken(data, data + size);
  BIO_reset(out);
  return taken;
}

}  // namespace testing_support
