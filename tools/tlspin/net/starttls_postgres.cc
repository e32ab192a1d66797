// PostgreSQL: SSLRequest, which is answered with one byte (PostgreSQL 15
// documentation, 55.2.10 and 55.7).
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/net/starttls_protocol.h"

namespace tlspin {
namespace {

using Step = StartTlsDialogue::Step;

// Its length, 8, and the number 80877103 in the place of a version.
constexpr absl::string_view kSslRequest("\x00\x00\x00\x08\x04\xd2\x16\x2f", 8);
// 'E' and the length, which counts itself.
constexpr size_t kErrorHeader = 5;

size_t LengthAt(absl::string_view bytes, size_t at) {
  uint32_t length = 0;
  for (const char byte : bytes.substr(at, 4)) {
    length = length << 8 | static_cast<uint8_t>(byte);
  }
  return length;
}

// MessageOf returns the text for people of the fields of an ErrorResponse: each
// is a letter and a string that ends in NUL.
absl::string_view MessageOf(absl::string_view fields) {
  while (!fields.empty()) {
    const size_t end = fields.find('\0');
    if (fields[0] == 'M') {
      return fields.substr(1, end - 1);
    }
    if (end == absl::string_view::npos) {
      break;
    }
    fields.remove_prefix(end + 1);
  }
  return "";
}

class Postgres : public StartTlsDialogue::Protocol {
 public:
  std::string Begin() override { return std::string(kSslRequest); }
  absl::string_view Awaited() const override {
    return "the answer to SSLRequest";
  }
  absl::StatusOr<size_t> Take(absl::string_view input, Step* step) override;

 private:
  absl::StatusOr<size_t> TakeError(absl::string_view input);
};

absl::StatusOr<size_t> Postgres::Take(absl::string_view input, Step* step) {
  switch (input[0]) {
    case 'S':
      step->done = true;
      return size_t{1};
    case 'N':
      return NotOffered(
          "the server does not do TLS: it answers SSLRequest "
          "with \"N\"");
    case 'E':
      return TakeError(input);
    default:
      return StartTlsMalformed(absl::StrCat(
          "the server does not speak PostgreSQL's protocol: its answer to "
          "SSLRequest begins with ",
          Words(input.substr(0, 1))));
  }
}

// TakeError takes the message of a server that is in trouble, or too old to
// know SSLRequest. Who reads along can make it up (CVE-2024-10977): it is shown
// as the server's words, and nothing hangs on it.
absl::StatusOr<size_t> Postgres::TakeError(absl::string_view input) {
  if (input.size() < kErrorHeader) {
    return size_t{0};
  }
  const size_t length = LengthAt(input, 1);
  absl::string_view words;
  if (length >= 4 && length < StartTlsDialogue::kMaxReceived) {
    if (input.size() < 1 + length) {
      return size_t{0};
    }
    words = MessageOf(input.substr(kErrorHeader, length - 4));
  } else {
    // Version 2 of the protocol: a string at once.
    const size_t end = input.find('\0');
    if (end == absl::string_view::npos) {
      return size_t{0};
    }
    words = input.substr(1, end - 1);
  }
  return StartTlsRefused(absl::StrCat(
      "the server answers SSLRequest with an error: ", Words(words)));
}

}  // namespace

std::unique_ptr<StartTlsDialogue::Protocol> NewPostgres() {
  return std::make_unique<Postgres>();
}

}  // namespace tlspin
