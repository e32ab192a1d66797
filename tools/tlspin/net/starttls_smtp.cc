// SMTP: the greeting, EHLO, and STARTTLS (RFC 5321, 3.1 and 4.1.1.1; RFC 3207).
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "tools/tlspin/net/starttls_protocol.h"

namespace tlspin {
namespace {

using Step = StartTlsDialogue::Step;

// The name that the client gives itself: one that nobody has (RFC 6761, 6.4),
// rather than this machine's, which is nobody's business.
constexpr absl::string_view kEhlo = "EHLO tlspin.invalid\r\n";

// Cisco's firewalls, among others, write over the keywords that they do not
// let pass: "XXXXXXXA".
bool IsWrittenOver(absl::string_view keyword) {
  return keyword.size() >= 8 &&
         keyword.find_first_not_of('X') >= keyword.size() - 1;
}

class Smtp : public LineProtocol {
 public:
  absl::string_view Awaited() const override {
    switch (state_) {
      case State::kGreeting:
        return "the server's greeting";
      case State::kEhlo:
        return "the answer to EHLO";
      case State::kStartTls:
        break;
    }
    return "the answer to STARTTLS";
  }

 protected:
  absl::Status TakeLine(absl::string_view line, Step* step) override;

 private:
  enum class State { kGreeting, kEhlo, kStartTls };

  absl::Status TakeReply(Step* step);
  absl::Status TakeOffer(Step* step);

  State state_ = State::kGreeting;
  std::string code_;                // of the reply that is being read
  std::vector<std::string> texts_;  // its lines, without the code
};

absl::Status Smtp::TakeLine(absl::string_view line, Step* step) {
  const absl::string_view code = line.substr(0, 3);
  const bool is_reply =
      code.size() == 3 && code[0] >= '2' && code[0] <= '5' &&
      std::all_of(code.begin(), code.end(), absl::ascii_isdigit) &&
      (line.size() == 3 || line[3] == ' ' || line[3] == '-');
  if (!is_reply) {
    return StartTlsMalformed(
        absl::StrCat("the server does not speak SMTP: it says ", Words(line)));
  }
  // RFC 5321, 4.2.1: the code is the same on each line of a reply.
  if (!texts_.empty() && code != code_) {
    return StartTlsMalformed(
        absl::StrCat("the server's reply changes from ", code_, " to ", code));
  }
  code_ = std::string(code);
  texts_.emplace_back(line.size() > 3 ? line.substr(4) : "");
  if (line.size() > 3 && line[3] == '-') {
    return absl::OkStatus();
  }
  const absl::Status taken = TakeReply(step);
  texts_.clear();
  return taken;
}

absl::Status Smtp::TakeReply(Step* step) {
  const std::string words =
      Words(absl::StrCat(code_, " ", absl::StrJoin(texts_, " ")));
  switch (state_) {
    case State::kGreeting:
      if (code_ != "220") {
        return StartTlsRefused(
            absl::StrCat("the server refuses the connection: it says ", words));
      }
      step->send += kEhlo;
      state_ = State::kEhlo;
      return absl::OkStatus();
    case State::kEhlo:
      if (code_ == "421") {
        return StartTlsRefused(absl::StrCat(
            "the server ends the connection at EHLO: it says ", words));
      }
      if (code_ != "250") {
        return NotOffered(absl::StrCat(
            "the server does not offer STARTTLS: it refuses EHLO with ",
            words));
      }
      return TakeOffer(step);
    case State::kStartTls:
      break;
  }
  if (code_ != "220") {
    return StartTlsRefused(absl::StrCat(
        "the server offers STARTTLS and refuses it: it says ", words));
  }
  step->done = true;
  return absl::OkStatus();
}

absl::Status Smtp::TakeOffer(Step* step) {
  const auto offers = absl::MakeConstSpan(texts_).subspan(1);
  for (const std::string& offer : offers) {
    const absl::string_view keyword =
        absl::string_view(offer).substr(0, offer.find(' '));
    if (absl::EqualsIgnoreCase(keyword, "STARTTLS")) {
      step->send += "STARTTLS\r\n";
      state_ = State::kStartTls;
      return absl::OkStatus();
    }
  }
  const bool written_over =
      std::any_of(offers.begin(), offers.end(), IsWrittenOver);
  return NotOffered(absl::StrCat(
      "the server does not offer STARTTLS: ",
      offers.empty()
          ? "it offers nothing"
          : absl::StrCat("it offers ", Words(absl::StrJoin(offers, ", "))),
      written_over ? "; a firewall on the way wrote over some of it" : ""));
}

}  // namespace

std::unique_ptr<StartTlsDialogue::Protocol> NewSmtp() {
  return std::make_unique<Smtp>();
}

}  // namespace tlspin
