#ifndef TOOLS_TLSPIN_NET_TLS_SESSION_H_
#define TOOLS_TLSPIN_NET_TLS_SESSION_H_

#include <openssl/ssl.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tlspin {

// A TlsSession is one TLS connection, client or server, without a socket: bytes
// of the peer go in, bytes for the peer come out. It says of each failure what
// it means, with a code of connection_error.h.
class TlsSession {
 public:
  // `ssl` has its role set, and no BIO. `received` came from the peer already.
  explicit TlsSession(bssl::UniquePtr<SSL> ssl,
                      absl::string_view received = "");

  // Receive takes what came from the peer.
  void Receive(absl::string_view bytes);

  // Output returns what is to be sent to the peer, until the next call of
  // another function than Sent, which drops the first `size` bytes of it.
  absl::string_view Output() const;
  void Sent(size_t size);

  // Handshake goes on as far as it can with what was received, and returns
  // whether it is complete. It returns FAILED_PRECONDITION (the peer does not
  // speak TLS, refused with an alert, or was refused). There may be something
  // to send all the same: an alert that says so.
  absl::StatusOr<bool> Handshake();

  // What it means that the stream ended in the handshake (ABORTED or, if what
  // came was no TLS, FAILED_PRECONDITION), that it was lost, with an ABORTED
  // error, or that the time ran out (DEADLINE_EXCEEDED). What ended it before
  // an answer knew nothing but the ClientHello, which holds the name.
  absl::Status HandshakeEnded() const;
  absl::Status HandshakeLost(const absl::Status& lost) const;
  absl::Status HandshakeTimedOut() const;

  // Explain says why a call of BoringSSL's that returned `result` failed; OK:
  // it only wants more data. `phase` is such as "while sending".
  absl::Status Explain(int result, absl::string_view phase) const;

  // Close has Output say goodbye.
  void Close();

  SSL* ssl() const { return ssl_.get(); }

 private:
  absl::Status NotTls() const;

  bssl::UniquePtr<SSL> ssl_;
  std::string first_bytes_;  // of what the peer sent, to say what it speaks
};

// ExplainNotTls returns what a peer that began with `first_bytes` speaks, or ""
// if those may be TLS.
std::string ExplainNotTls(absl::string_view first_bytes);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_TLS_SESSION_H_
