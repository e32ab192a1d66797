#include "tools/tlspin/net/starttls.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/net/starttls_protocol.h"

namespace tlspin {
namespace {

constexpr StartTls kAll[] = {
    StartTls::kSmtp, StartTls::kImap,     StartTls::kPop3,
    StartTls::kXmpp, StartTls::kPostgres, StartTls::kLdap,
};

constexpr size_t kMaxWords = 160;

// How the answers of servers begin that speak something else. No protocol here
// has an answer that begins like one of them.
struct Other {
  absl::string_view prefix;
  absl::string_view code;
  absl::string_view sentence;
};

constexpr absl::string_view kTlsSentence =
    "the server speaks TLS from the first byte: there is nothing to start";
constexpr Other kOthers[] = {
    {"HTTP/", connection_error::kPlainHttp, "the server answers in HTTP"},
    {"\x15\x03", connection_error::kTlsAtOnce, kTlsSentence},  // an alert
    {"\x16\x03", connection_error::kTlsAtOnce, kTlsSentence},  // a handshake
};

std::unique_ptr<StartTlsDialogue::Protocol> NewProtocol(
    StartTls protocol, absl::string_view host) {
  switch (protocol) {
    case StartTls::kNone:
      return nullptr;
    case StartTls::kSmtp:
      return NewSmtp();
    case StartTls::kImap:
      return NewImap();
    case StartTls::kPop3:
      return NewPop3();
    case StartTls::kXmpp:
      return NewXmpp(host);
    case StartTls::kPostgres:
      return NewPostgres();
    case StartTls::kLdap:
      return NewLdap();
  }
  return nullptr;
}

absl::Status Injected(size_t bytes) {
  return Coded(
      connection_error::kStartTlsInjected,
      absl::StatusCode::kFailedPrecondition,
      absl::StrCat(
          bytes, bytes == 1 ? " byte follows" : " bytes follow",
          " in the clear after the server's go-ahead for TLS: somebody "
          "may try to pass them off as protected by it"));
}

}  // namespace

absl::Span<const StartTls> AllStartTls() { return kAll; }

absl::string_view StartTlsName(StartTls protocol) {
  switch (protocol) {
    case StartTls::kNone:
      return "";
    case StartTls::kSmtp:
      return "smtp";
    case StartTls::kImap:
      return "imap";
    case StartTls::kPop3:
      return "pop3";
    case StartTls::kXmpp:
      return "xmpp";
    case StartTls::kPostgres:
      return "postgres";
    case StartTls::kLdap:
      return "ldap";
  }
  return "";
}

absl::StatusOr<StartTls> ParseStartTls(absl::string_view name) {
  for (const StartTls protocol : kAll) {
    if (name == StartTlsName(protocol)) {
      return protocol;
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", Escape(name), "\" is none of ",
      absl::StrJoin(kAll, ", ", [](std::string* out, StartTls protocol) {
        absl::StrAppend(out, StartTlsName(protocol));
      })));
}

int DefaultPort(StartTls protocol) {
  switch (protocol) {
    case StartTls::kNone:
      return 443;
    case StartTls::kSmtp:
      return 25;
    case StartTls::kImap:
      return 143;
    case StartTls::kPop3:
      return 110;
    case StartTls::kXmpp:
      return 5222;
    case StartTls::kPostgres:
      return 5432;
    case StartTls::kLdap:
      return 389;
  }
  return 443;
}

StartTls StartTlsOfPort(int port) {
  constexpr int kSubmission = 587;  // of mail, RFC 6409
  if (port == kSubmission) {
    return StartTls::kSmtp;
  }
  for (const StartTls protocol : kAll) {
    if (port == DefaultPort(protocol)) {
      return protocol;
    }
  }
  return StartTls::kNone;
}

StartTlsDialogue::StartTlsDialogue(StartTls protocol, absl::string_view host)
    : protocol_(NewProtocol(protocol, host)), done_(protocol_ == nullptr) {}
StartTlsDialogue::~StartTlsDialogue() = default;
StartTlsDialogue::StartTlsDialogue(StartTlsDialogue&&) noexcept = default;
StartTlsDialogue& StartTlsDialogue::operator=(StartTlsDialogue&&) noexcept =
    default;

std::string StartTlsDialogue::Begin() {
  return protocol_ == nullptr ? "" : protocol_->Begin();
}

absl::StatusOr<StartTlsDialogue::Step> StartTlsDialogue::Receive(
    absl::string_view bytes) {
  if (!failure_.ok()) {
    return failure_;
  }
  // Of more than the bound not a byte is looked at, lest the answer depend on
  // how much came at once.
  const size_t fits = std::min(bytes.size(), kMaxReceived - received_);
  input_.append(bytes.data(), fits);
  received_ += fits;
  absl::StatusOr<Step> step = Advance();
  if (!step.ok()) {
    return Fail(step.status());
  }
  const size_t over = bytes.size() - fits;
  if (done_ && input_.size() + over > 0) {
    return Fail(Injected(input_.size() + over));
  }
  if (over > 0) {
    return Fail(StartTlsMalformed(
        absl::StrCat("the server sent more than ", kMaxReceived,
                     " bytes without a go-ahead for TLS")));
  }
  return step;
}

absl::StatusOr<StartTlsDialogue::Step> StartTlsDialogue::Advance() {
  Step step;
  if (!recognized_) {
    for (const Other& other : kOthers) {
      if (absl::StartsWith(input_, other.prefix)) {
        return Coded(other.code, absl::StatusCode::kFailedPrecondition,
                     other.sentence);
      }
      if (absl::StartsWith(other.prefix, input_)) {
        return step;  // it may become one
      }
    }
    recognized_ = true;
  }
  while (!done_ && !input_.empty()) {
    const absl::StatusOr<size_t> taken = protocol_->Take(input_, &step);
    if (!taken.ok()) {
      return taken.status();
    }
    if (*taken == 0) {
      break;
    }
    input_.erase(0, *taken);
    done_ = step.done;
  }
  return step;
}

absl::Status StartTlsDialogue::Fail(absl::Status status) {
  failure_ = std::move(status);
  done_ = false;
  return failure_;
}

absl::Status StartTlsDialogue::Lost(Loss how) const {
  const absl::string_view awaited =
      protocol_ == nullptr ? "nothing" : protocol_->Awaited();
  if (how == Loss::kTimedOut) {
    return Coded(connection_error::kStartTlsTimeout,
                 absl::StatusCode::kDeadlineExceeded,
                 absl::StrCat("timed out while waiting for ", awaited));
  }
  return Coded(
      connection_error::kStartTlsClosed, absl::StatusCode::kAborted,
      absl::StrCat("the server ", how == Loss::kReset ? "reset" : "closed",
                   " the connection before it sent ", awaited));
}

absl::StatusOr<size_t> LineProtocol::Take(absl::string_view input,
                                          StartTlsDialogue::Step* step) {
  const size_t end = input.find('\n');
  if (end == absl::string_view::npos) {
    return size_t{0};
  }
  absl::string_view line = input.substr(0, end);
  absl::ConsumeSuffix(&line, "\r");
  const absl::Status taken = TakeLine(line, step);
  if (!taken.ok()) {
    return taken;
  }
  return end + 1;
}

absl::Status NotOffered(absl::string_view sentence) {
  return Coded(connection_error::kStartTlsNotOffered,
               absl::StatusCode::kUnavailable, sentence);
}

absl::Status StartTlsRefused(absl::string_view sentence) {
  return Coded(connection_error::kStartTlsRefused,
               absl::StatusCode::kUnavailable, sentence);
}

absl::Status StartTlsMalformed(absl::string_view sentence) {
  return Coded(connection_error::kStartTlsMalformed,
               absl::StatusCode::kFailedPrecondition, sentence);
}

std::string Words(absl::string_view text) {
  return absl::StrCat("\"", Escape(text.substr(0, kMaxWords)),
                      text.size() > kMaxWords ? "..." : "", "\"");
}

}  // namespace tlspin
