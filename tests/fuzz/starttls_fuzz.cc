// StartTlsDialogue on anything a server may send. The first line of the input
// is the protocol, by its name, the rest what the server sends.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "tests/fuzz/fuzz.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/net/starttls.h"

namespace {

using fuzz::Require;
using tlspin::StartTls;
using tlspin::StartTlsDialogue;

// The longest that any protocol has to say.
constexpr size_t kMaxSent = 512;

struct Outcome {
  std::string sent;
  bool done = false;
  absl::Status status;
};

// Converse hands over `received` in pieces of `size` bytes.
Outcome Converse(StartTls protocol, absl::string_view received, size_t size) {
  StartTlsDialogue dialogue(protocol, "im.example.com");
  Outcome outcome;
  outcome.sent = dialogue.Begin();
  for (size_t at = 0; at < received.size() && outcome.status.ok(); at += size) {
    const auto step = dialogue.Receive(received.substr(at, size));
    outcome.status = step.status();
    if (step.ok()) {
      outcome.sent += step->send;
      Require(step->done == dialogue.done(), "a step says when it is the last");
    }
  }
  outcome.done = dialogue.done();
  return outcome;
}

void CheckOutcome(const Outcome& outcome) {
  Require(outcome.sent.size() <= kMaxSent, "what is sent is bounded");
  Require(outcome.status.ok() || !outcome.done, "a failure is not done");
  Require(outcome.status.ok() || !tlspin::CodeOf(outcome.status).empty(),
          "every failure has a code");
  const absl::string_view message = outcome.status.message();
  Require(message.size() < 4096, "a message is bounded");
  Require(std::none_of(message.begin(), message.end(), absl::ascii_iscntrl),
          "a message acts on no terminal");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = fuzz::TextOf(data, size);
  const size_t end = text.find('\n');
  const auto protocol = tlspin::ParseStartTls(text.substr(0, end));
  if (!protocol.ok() || end == absl::string_view::npos) {
    return 0;
  }
  const absl::string_view received = text.substr(end + 1);
  const Outcome whole = Converse(*protocol, received, size);
  CheckOutcome(whole);
  Require(!whole.done || received.size() <= StartTlsDialogue::kMaxReceived,
          "no go-ahead past the bound");
  for (const size_t piece : {size_t{1}, size_t{7}}) {
    const Outcome pieces = Converse(*protocol, received, piece);
    CheckOutcome(pieces);
    Require(pieces.done == whole.done &&
                tlspin::CodeOf(pieces.status) == tlspin::CodeOf(whole.status),
            "the same comes of it in pieces");
    Require(!whole.done || pieces.sent == whole.sent,
            "the same is said in pieces");
  }
  return 0;
}
