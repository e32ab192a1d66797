#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"
#include "tools/mint/sct.h"

// What tlspin says of certificate transparency when it is given a list of logs.
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::MakePki;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;

constexpr char kHost[] = "www.example.com";

class SctsTest : public testing::Test {
 protected:
  ProcessResult Verify(const std::vector<mint::SctSpec>& scts,
                       const std::vector<std::string>& more) const {
    const mint::Minted leaf = mint::IssueLogged(
        mint::Leaf({kHost}), pki_.leaf.key, pki_.intermediate, scts);
    std::vector<std::string> arguments = {
        "verify",
        "--at=2026-06-01",
        "--host",
        kHost,
        "--roots",
        directory_.Write("roots.pem", pki_.root.Pem()),
        directory_.Write("chain.pem", mint::PemOf({leaf, pki_.intermediate}))};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunTlspin(arguments);
  }
  std::string Logs() const {
    return directory_.Write(
        "logs.json",
        mint::LogListJson({{log_a_, "Log A"}, {log_b_, "Log\\u0009B"}}));
  }

  const Pki pki_ = MakePki("Public", kHost);
  const mint::Key log_a_ = mint::Key::Shared("p256-log-a");
  const mint::Key log_b_ = mint::Key::Shared("p256-log-b");
  const TempDirectory directory_;
};

TEST_F(SctsTest, OneLineSaysWhatCameOfThem) {
  const ProcessResult good =
      Verify({{log_a_}, {log_b_}}, {"--ct-logs", Logs()});
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_THAT(
      good.standard_output,
      HasSubstr("\nscts     2 embedded, 2 valid (Log A, Log\\u{9}B)\n"));
  mint::SctSpec corrupt{log_b_};
  corrupt.corrupt_signature = true;
  const ProcessResult mixed =
      Verify({{log_a_}, corrupt, {mint::Key::Shared("p256-stranger")}},
             {"--ct-logs", Logs()});
  EXPECT_EQ(mixed.exit_code, 0);  // they decide nothing
  EXPECT_THAT(mixed.standard_output,
              HasSubstr("\nscts     3 embedded, 1 valid (Log A), 1 "
                        "bad-signature (Log\\u{9}B), 1 unknown-log\n"));
}

TEST_F(SctsTest, JsonHasThemOnlyIfAsked) {
  const ProcessResult asked =
      Verify({{log_a_}}, {"--ct-logs", Logs(), "--json"});
  EXPECT_THAT(asked.standard_output,
              HasSubstr(R"("scts":[{"source":"embedded","status":"valid",)"));
  EXPECT_THAT(asked.standard_output, HasSubstr(R"("sct_faults":[])"));
  const ProcessResult not_asked = Verify({{log_a_}}, {"--json"});
  EXPECT_THAT(not_asked.standard_output, Not(HasSubstr("sct")));
  EXPECT_THAT(not_asked.standard_output, Not(HasSubstr("seen_elsewhere")));
}

TEST_F(SctsTest, BadListIsRefusedWithItsPlace) {
  const ProcessResult result = Verify(
      {{log_a_}},
      {"--ct-logs", directory_.Write("bad.json", "{\n  \"operators\": 1\n}")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error, HasSubstr("bad.json:2:16: operators is"));
}

}  // namespace
