#include "tests/testing/starttls_row.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tools/tlspin/connection_error.h"

namespace testing_support {

StartTlsOutcome Converse(tlspin::StartTls protocol, absl::string_view received,
                         const std::vector<size_t>& cuts) {
  tlspin::StartTlsDialogue dialogue(protocol, "im.example.com");
  StartTlsOutcome outcome;
  outcome.sent = dialogue.Begin();
  size_t at = 0;
  for (size_t i = 0; i <= cuts.size() && outcome.status.ok(); ++i) {
    const size_t end = i < cuts.size() ? cuts[i] : received.size();
    const auto step = dialogue.Receive(received.substr(at, end - at));
    at = end;
    outcome.status = step.status();
    if (step.ok()) {
      outcome.sent += step->send;
    }
    outcome.done = dialogue.done();
    EXPECT_EQ(step.ok() && step->done, outcome.done);
  }
  return outcome;
}

void ExpectRow(const StartTlsRow& row) {
  SCOPED_TRACE(
      absl::StrCat(tlspin::StartTlsName(row.protocol), ": ", row.name));
  const StartTlsOutcome whole = Converse(row.protocol, row.received, {});
  EXPECT_EQ(tlspin::CodeOf(whole.status), row.code) << whole.status;
  EXPECT_EQ(whole.status.ok(), row.code.empty());
  EXPECT_EQ(whole.done, row.code.empty());
  EXPECT_TRUE(absl::StrContains(whole.status.message(), row.words))
      << whole.status;
  std::vector<std::vector<size_t>> cuts(1);
  for (size_t i = 1; i < row.received.size(); ++i) {
    cuts[0].push_back(i);
    cuts.push_back({i});
  }
  for (const std::vector<size_t>& cut : cuts) {
    const StartTlsOutcome cut_up = Converse(row.protocol, row.received, cut);
    SCOPED_TRACE(cut.size() == 1 ? absl::StrCat("cut at ", cut[0])
                                 : "byte by byte");
    // How many bytes came too many hangs on how many came at once.
    if (row.code != tlspin::connection_error::kStartTlsInjected) {
      EXPECT_EQ(cut_up.status, whole.status);
    }
    EXPECT_EQ(cut_up.done, whole.done);
    EXPECT_EQ(tlspin::CodeOf(cut_up.status), row.code);
    if (whole.status.ok()) {
      EXPECT_EQ(cut_up.sent, whole.sent);
    }
  }
}

}  // namespace testing_support
