#ifndef TESTS_TESTING_HANDSHAKE_H_
#define TESTS_TESTING_HANDSHAKE_H_

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tools/mint/mint.h"

// TLS handshakes between two BoringSSL connections in memory. A failure of
// set-up ends the program.
namespace testing_support {

// ClientContext returns a context for TLS `version` alone, which signs up for
// every key type that mint makes. It has no verifier.
bssl::UniquePtr<SSL_CTX> ClientContext(
    uint16_t version, const SSL_METHOD* method = TLS_with_buffers_method());

// ServerContext returns a context that presents `presented`, leaf first, and
// signs with the key of the leaf.
bssl::UniquePtr<SSL_CTX> ServerContext(
    uint16_t version, const std::vector<mint::Minted>& presented);

// UseCertificates makes `ctx`, of either role, present `presented`.
void UseCertificates(SSL_CTX* ctx, const std::vector<mint::Minted>& presented);

// A Connection is a client and a server whose bytes meet in memory.
class Connection {
 public:
  Connection(SSL_CTX* client, SSL_CTX* server);

  SSL* client() const { return client_.get(); }
  SSL* server() const { return server_.get(); }

  // Handshake runs both sides until neither can go on, and returns whether
  // both finished. It may be called again, for the rest of a handshake.
  bool Handshake();

  // Exchange sends a byte each way, which makes a TLS 1.3 client read the
  // server's tickets. It returns whether both arrived.
  bool Exchange();

  // Clear calls SSL_clear on both sides, for another handshake.
  void Clear();

  // client_done returns whether the client's handshake has succeeded.
  bool client_done() const { return client_done_; }

  // The fatal alert that the server was sent, if it was.
  std::optional<uint8_t> alert() const { return recorder_->alert; }

  // The last session that the client could resume; null if there is none.
  bssl::UniquePtr<SSL_SESSION> session() const {
    return bssl::UpRef(recorder_->session);
  }

  // Step lets the client, or the server, go on as far as it can with what has
  // arrived, and returns SSL_get_error of it.
  int StepClient();
  int StepServer();

  // A Recorder is what callbacks of the two connections tell.
  struct Recorder {
    std::optional<uint8_t> alert;
    bssl::UniquePtr<SSL_SESSION> session;
  };

 private:
  std::unique_ptr<Recorder> recorder_ = std::make_unique<Recorder>();
  bssl::UniquePtr<SSL> client_;
  bssl::UniquePtr<SSL> server_;
  bool client_done_ = false;
  bool server_done_ = false;
};

// A LoneEnd is one end of a connection whose other end is the test: bytes are
// fed to it and taken from it.
class LoneEnd {
 public:
  enum class Role { kClient, kServer };

  LoneEnd(SSL_CTX* ctx, Role role);

  SSL* ssl() const { return ssl_.get(); }
  void Feed(absl::string_view bytes);
  // Close makes it read the end of the stream once `Feed` is used up.
  void Close();
  // Take returns what it has sent since the last Take.
  std::string Take();

 private:
  bssl::UniquePtr<SSL> ssl_;
};

}  // namespace testing_support

#endif  // TESTS_TESTING_HANDSHAKE_H_
