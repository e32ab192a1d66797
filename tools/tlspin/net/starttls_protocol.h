#ifndef TOOLS_TLSPIN_NET_STARTTLS_PROTOCOL_H_
#define TOOLS_TLSPIN_NET_STARTTLS_PROTOCOL_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/net/starttls.h"

// For starttls.cc and the protocols, each in a file of its own.
namespace tlspin {

// A Protocol reads one message after another. What it is given is bounded by
// StartTlsDialogue, and is shown to it again, longer, until it takes it.
class StartTlsDialogue::Protocol {
 public:
  virtual ~Protocol() = default;

  // Begin returns what the client sends first.
  virtual std::string Begin() { return ""; }

  // Take takes the first message of `input`, which is not empty, and adds to
  // `*step` what follows from it. It returns the size of the message, or 0 if
  // it is not complete.
  virtual absl::StatusOr<size_t> Take(absl::string_view input, Step* step) = 0;

  // Awaited returns what the server is to send next: "the server's greeting".
  virtual absl::string_view Awaited() const = 0;
};

// A LineProtocol is one of lines, which end in CRLF; LF alone is let pass.
class LineProtocol : public StartTlsDialogue::Protocol {
 public:
  absl::StatusOr<size_t> Take(absl::string_view input,
                              StartTlsDialogue::Step* step) final;

 protected:
  // TakeLine takes a line, without its end.
  virtual absl::Status TakeLine(absl::string_view line,
                                StartTlsDialogue::Step* step) = 0;
};

std::unique_ptr<StartTlsDialogue::Protocol> NewSmtp();
std::unique_ptr<StartTlsDialogue::Protocol> NewImap();
std::unique_ptr<StartTlsDialogue::Protocol> NewPop3();
std::unique_ptr<StartTlsDialogue::Protocol> NewXmpp(absl::string_view host);
std::unique_ptr<StartTlsDialogue::Protocol> NewPostgres();
std::unique_ptr<StartTlsDialogue::Protocol> NewLdap();

// Errors with their codes, for sentences.
absl::Status NotOffered(absl::string_view sentence);
absl::Status StartTlsRefused(absl::string_view sentence);
absl::Status StartTlsMalformed(absl::string_view sentence);

// Words returns what a server said for a message: in quotes, escaped, and cut
// where it is long.
std::string Words(absl::string_view text);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_NET_STARTTLS_PROTOCOL_H_
