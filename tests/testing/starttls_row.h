#ifndef TESTS_TESTING_STARTTLS_ROW_H_
#define TESTS_TESTING_STARTTLS_ROW_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/net/starttls.h"

// Rows of the tables that hold StartTlsDialogue to what servers may send.
namespace testing_support {

// StartTlsOutcome is what came of a dialogue.
struct StartTlsOutcome {
  std::string sent;
  bool done = false;
  absl::Status status;
};

// Converse hands over `received` in pieces that end at `cuts`, for the host
// im.example.com.
StartTlsOutcome Converse(tlspin::StartTls protocol, absl::string_view received,
                         const std::vector<size_t>& cuts = {});

// A StartTlsRow is what a server sends, and what is to come of it.
struct StartTlsRow {
  std::string name;
  tlspin::StartTls protocol;
  std::string received;
  // "" if the handshake may begin.
  absl::string_view code;
  // What is in the message, such as the server's words.
  std::string words = "";
};

// ExpectRow holds the dialogue to `row`: in one piece, in any two, and byte by
// byte.
void ExpectRow(const StartTlsRow& row);

// Text returns `text` at its own length, NULs and all.
template <size_t N>
std::string Text(const char (&text)[N]) {
  return std::string(text, N - 1);
}

}  // namespace testing_support

#endif  // TESTS_TESTING_STARTTLS_ROW_H_
