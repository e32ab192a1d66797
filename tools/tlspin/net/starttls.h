#ifndef TOOLS_TLSPIN_NET_STARTTLS_H_
#define TOOLS_TLSPIN_NET_STARTTLS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// What is said in the clear before TLS, in protocols that begin without it.
namespace tlspin {

enum class StartTls : uint8_t {
  kNone = 0,      // TLS from the first byte
  kSmtp = 1,      // RFC 3207
  kImap = 2,      // RFC 9051, 6.2.1
  kPop3 = 3,      // RFC 2595, 4
  kXmpp = 4,      // RFC 6120, 5: of clients, not between servers
  kPostgres = 5,  // SSLRequest, PostgreSQL's protocol version 3
  kLdap = 6,      // RFC 4511, 4.14
};

// AllStartTls returns every protocol but kNone, in order.
absl::Span<const StartTls> AllStartTls();

// StartTlsName returns the name on the command line: "smtp". Of kNone, "".
absl::string_view StartTlsName(StartTls protocol);

// ParseStartTls parses such a name. It returns INVALID_ARGUMENT, with the names
// there are, for another text, "" included.
absl::StatusOr<StartTls> ParseStartTls(absl::string_view name);

// DefaultPort returns the port that is assigned to `protocol`: 443 for kNone,
// and for kSmtp 25 (587 is for the submission of mail).
int DefaultPort(StartTls protocol);

// StartTlsOfPort returns the protocol that is assigned to `port`, 587 included,
// or kNone.
StartTls StartTlsOfPort(int port);

// A StartTlsDialogue is the client's part of what comes before the handshake:
// bytes in, bytes out, no socket and no clock. It asks for TLS, and for nothing
// else; it sends no name of this machine and no credentials. How the bytes
// arrive in pieces makes no difference to what comes of them. Not for several
// threads at once.
//
// All that it reads is unauthenticated: it decides only whether the handshake
// may begin. Nothing that was said before it is kept.
//
// Duty of the caller: read no more from the peer once Step::done is set, but
// hand over all that one read gave. What follows the go-ahead in the clear was
// put there by somebody who hopes that it is taken for a part of what TLS
// protects (CVE-2011-0411, CVE-2021-23222), and is an error.
class StartTlsDialogue {
 public:
  // What to do next.
  struct Step {
    std::string send;   // send this; empty: nothing
    bool done = false;  // then begin the handshake
  };

  // How a connection ends before the go-ahead.
  enum class Loss : uint8_t { kClosed, kReset, kTimedOut };

  // The most that is read before the go-ahead, in bytes.
  static constexpr size_t kMaxReceived = 16 * 1024;

  // `host` is who is asked for, where the protocol has the client say it
  // (XMPP); it is the host of SNI and of the verdict.
  StartTlsDialogue(StartTls protocol, absl::string_view host);
  ~StartTlsDialogue();
  StartTlsDialogue(StartTlsDialogue&&) noexcept;
  StartTlsDialogue& operator=(StartTlsDialogue&&) noexcept;

  // Begin returns what the client sends first; empty if the server speaks
  // first.
  std::string Begin();

  // Receive takes what the server sent. Its errors are sentences with a code
  // (connection_error.h), and final: it returns the first one again.
  //   UNAVAILABLE         kStartTlsNotOffered, kStartTlsRefused: the server
  //                       speaks the protocol and does not do TLS; its words,
  //                       escaped, are in the message
  //   FAILED_PRECONDITION kStartTlsMalformed: it does not speak the protocol;
  //                       kStartTlsInjected: bytes after the go-ahead;
  //                       kTlsAtOnce, kPlainHttp: it speaks that instead
  absl::StatusOr<Step> Receive(absl::string_view bytes);

  // Lost returns the error of a connection that ended, or timed out, before
  // the go-ahead: kStartTlsClosed or kStartTlsTimeout, ABORTED or
  // DEADLINE_EXCEEDED, with what was waited for.
  absl::Status Lost(Loss how) const;

  // done returns whether the handshake may begin. Of kNone it may at once.
  bool done() const { return done_; }

  // What a protocol does; in starttls_protocol.h.
  class Protocol;

 private:
  absl::StatusOr<Step> Advance();
  absl::Status Fail(absl::Status status);

  std::unique_ptr<Protocol> protocol_;  // null: kNone
  std::string input_;                   // what is not yet taken
  size_t received_ = 0;                 // bytes, in all
  bool recognized_ = false;
  bool done_ = false;
  absl::Status failure_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_STARTTLS_H_
