// POP3: the greeting, CAPA, and STLS (RFC 1939, 3; RFC 2449, 5; RFC 2595, 4).
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/tlspin/net/starttls_protocol.h"

namespace tlspin {
namespace {

using Step = StartTlsDialogue::Step;

class Pop3 : public LineProtocol {
 public:
  absl::string_view Awaited() const override {
    switch (state_) {
      case State::kGreeting:
        return "the server's greeting";
      case State::kCapa:
        return "the answer to CAPA";
      case State::kList:
        return "the end of the answer to CAPA";
      case State::kStls:
        break;
    }
    return "the answer to STLS";
  }

 protected:
  absl::Status TakeLine(absl::string_view line, Step* step) override;

 private:
  enum class State { kGreeting, kCapa, kList, kStls };

  absl::Status TakeStatus(absl::string_view line, bool ok, Step* step);
  absl::Status TakeCapability(absl::string_view line, Step* step);
  void AskForTls(Step* step);

  State state_ = State::kGreeting;
  std::vector<std::string> capabilities_;
};

// IsIndicator returns whether `line` is `indicator`, alone or with text.
bool IsIndicator(absl::string_view line, absl::string_view indicator) {
  return absl::StartsWith(line, indicator) &&
         (line.size() == indicator.size() || line[indicator.size()] == ' ');
}

absl::Status Pop3::TakeLine(absl::string_view line, Step* step) {
  if (state_ == State::kList) {
    return TakeCapability(line, step);
  }
  const bool ok = IsIndicator(line, "+OK");
  if (!ok && !IsIndicator(line, "-ERR")) {
    return StartTlsMalformed(
        absl::StrCat("the server does not speak POP3: it says ", Words(line)));
  }
  return TakeStatus(line, ok, step);
}

absl::Status Pop3::TakeStatus(absl::string_view line, bool ok, Step* step) {
  switch (state_) {
    case State::kGreeting:
      if (!ok) {
        return StartTlsRefused(absl::StrCat(
            "the server refuses the connection: it says ", Words(line)));
      }
      step->send += "CAPA\r\n";
      state_ = State::kCapa;
      return absl::OkStatus();
    case State::kCapa:
      if (ok) {
        state_ = State::kList;
      } else {
        AskForTls(step);  // RFC 2595 is older than CAPA
      }
      return absl::OkStatus();
    case State::kList:
    case State::kStls:
      break;
  }
  if (!ok) {
    return StartTlsRefused(
        absl::StrCat("the server refuses STLS: it says ", Words(line)));
  }
  step->done = true;
  return absl::OkStatus();
}

absl::Status Pop3::TakeCapability(absl::string_view line, Step* step) {
  if (line != ".") {
    capabilities_.emplace_back(line);
    return absl::OkStatus();
  }
  for (const std::string& capability : capabilities_) {
    if (absl::EqualsIgnoreCase(
            absl::string_view(capability).substr(0, capability.find(' ')),
            "STLS")) {
      AskForTls(step);
      return absl::OkStatus();
    }
  }
  return NotOffered(absl::StrCat("the server does not offer STLS: it offers ",
                                 Words(absl::StrJoin(capabilities_, ", "))));
}

void Pop3::AskForTls(Step* step) {
  step->send += "STLS\r\n";
  state_ = State::kStls;
}

}  // namespace

std::unique_ptr<StartTlsDialogue::Protocol> NewPop3() {
  return std::make_unique<Pop3>();
}

}  // namespace tlspin
