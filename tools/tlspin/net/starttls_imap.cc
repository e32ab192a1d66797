// IMAP: the greeting, CAPABILITY unless the greeting says enough, and STARTTLS
// (RFC 9051, 6.1.1, 6.2.1 and 7.1).
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/tlspin/net/starttls_protocol.h"

namespace tlspin {
namespace {

using Step = StartTlsDialogue::Step;

constexpr absl::string_view kCapabilityTag = "a1";
constexpr absl::string_view kStartTlsTag = "a2";

// NextWord takes the first word of `*text`, and the space after it.
absl::string_view NextWord(absl::string_view* text) {
  const size_t end = text->find(' ');
  const absl::string_view word = text->substr(0, end);
  text->remove_prefix(end == absl::string_view::npos ? text->size() : end + 1);
  return word;
}

bool OffersStartTls(absl::string_view capabilities) {
  for (const absl::string_view word : absl::StrSplit(capabilities, ' ')) {
    if (absl::EqualsIgnoreCase(word, "STARTTLS")) {
      return true;
    }
  }
  return false;
}

// CapabilitiesOf returns those in the response code of a greeting:
// "[CAPABILITY IMAP4rev2 STARTTLS] ready".
absl::string_view CapabilitiesOf(absl::string_view greeting) {
  constexpr absl::string_view kCode = "[CAPABILITY ";
  if (!absl::StartsWithIgnoreCase(greeting, kCode)) {
    return "";
  }
  return greeting.substr(kCode.size(), greeting.find(']') - kCode.size());
}

class Imap : public LineProtocol {
 public:
  absl::string_view Awaited() const override {
    switch (state_) {
      case State::kGreeting:
        return "the server's greeting";
      case State::kCapability:
        return "the answer to CAPABILITY";
      case State::kStartTls:
        break;
    }
    return "the answer to STARTTLS";
  }

 protected:
  absl::Status TakeLine(absl::string_view line, Step* step) override;

 private:
  enum class State { kGreeting, kCapability, kStartTls };

  absl::Status TakeGreeting(absl::string_view line, Step* step);
  absl::Status TakeTagged(absl::string_view line, Step* step);
  void AskForTls(Step* step);

  State state_ = State::kGreeting;
  std::string capabilities_;
};

absl::Status Imap::TakeLine(absl::string_view line, Step* step) {
  absl::string_view rest = line;
  const bool untagged = absl::ConsumePrefix(&rest, "* ");
  if (untagged && absl::StartsWithIgnoreCase(rest, "BYE")) {
    return StartTlsRefused(
        absl::StrCat("the server ends the connection: it says ", Words(line)));
  }
  if (state_ == State::kGreeting) {
    return TakeGreeting(line, step);
  }
  if (!untagged) {
    return TakeTagged(line, step);
  }
  // Others may come at any time, and say nothing about TLS (RFC 9051, 7).
  if (absl::EqualsIgnoreCase(NextWord(&rest), "CAPABILITY")) {
    capabilities_ = std::string(rest);
  }
  return absl::OkStatus();
}

absl::Status Imap::TakeGreeting(absl::string_view line, Step* step) {
  absl::string_view rest = line;
  const bool untagged = absl::ConsumePrefix(&rest, "* ");
  const absl::string_view word = NextWord(&rest);
  if (untagged && absl::EqualsIgnoreCase(word, "PREAUTH")) {
    // RFC 9051, 6.2.1: STARTTLS is for those who are not logged in. Who reads
    // along may have put it there to keep TLS from being asked for.
    return NotOffered(absl::StrCat(
        "the server takes the client for one that is logged in, so that TLS "
        "cannot be asked for: it says ",
        Words(line)));
  }
  if (!untagged || !absl::EqualsIgnoreCase(word, "OK")) {
    return StartTlsMalformed(
        absl::StrCat("the server does not speak IMAP: it says ", Words(line)));
  }
  if (OffersStartTls(CapabilitiesOf(rest))) {
    AskForTls(step);
    return absl::OkStatus();
  }
  absl::StrAppend(&step->send, kCapabilityTag, " CAPABILITY\r\n");
  state_ = State::kCapability;
  return absl::OkStatus();
}

absl::Status Imap::TakeTagged(absl::string_view line, Step* step) {
  absl::string_view rest = line;
  const bool asked_for_tls = state_ == State::kStartTls;
  const absl::string_view tag = NextWord(&rest);
  const absl::string_view word = NextWord(&rest);
  const bool ok = absl::EqualsIgnoreCase(word, "OK");
  if (tag != (asked_for_tls ? kStartTlsTag : kCapabilityTag) ||
      (!ok && !absl::EqualsIgnoreCase(word, "NO") &&
       !absl::EqualsIgnoreCase(word, "BAD"))) {
    return StartTlsMalformed(
        absl::StrCat("the server does not speak IMAP: where ", Awaited(),
                     " should be it says ", Words(line)));
  }
  if (!ok) {
    return StartTlsRefused(absl::StrCat(
        "the server refuses ", asked_for_tls ? "STARTTLS" : "CAPABILITY",
        ": it says ", Words(line)));
  }
  if (asked_for_tls) {
    step->done = true;
    return absl::OkStatus();
  }
  if (!OffersStartTls(capabilities_)) {
    return NotOffered(
        absl::StrCat("the server does not offer STARTTLS: it offers ",
                     Words(capabilities_)));
  }
  AskForTls(step);
  return absl::OkStatus();
}

void Imap::AskForTls(Step* step) {
  absl::StrAppend(&step->send, kStartTlsTag, " STARTTLS\r\n");
  state_ = State::kStartTls;
}

}  // namespace

std::unique_ptr<StartTlsDialogue::Protocol> NewImap() {
  return std::make_unique<Imap>();
}

}  // namespace tlspin
