// `tlspin explain`: what every code means, and what came of every path.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/verdict.h"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/explain_code.h"
#include "tools/tlspin/lint_checks.h"
#include "tools/tlspin/pin_diff.h"

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::CrossSign;
using ::testing_support::MakePki;
using ::testing_support::Masked;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::RunTlspin;
using ::testing_support::TempDirectory;
using ::tlspin::AllCodeEntries;
using ::tlspin::CodeEntry;
using ::tlspin::FindCodes;

// Has returns whether `code` has an entry of a kind that begins with `kind`.
bool Has(absl::string_view code, absl::string_view kind, bool with_advice) {
  for (const CodeEntry* entry : FindCodes(code)) {
    if (entry->code == code && absl::StartsWith(entry->kind, kind) &&
        !entry->meaning.empty() && (!with_advice || !entry->advice.empty())) {
      return true;
    }
  }
  return false;
}

TEST(ExplainCodeTest, EveryCodeHasAnEntry) {
  for (const pinning::ErrorCode code : pinning::AllErrorCodes()) {
    EXPECT_TRUE(Has(ErrorCodeName(code), "error", true)) << ErrorCodeName(code);
  }
  for (const absl::string_view code : tlspin::AllConnectionErrors()) {
    EXPECT_TRUE(Has(code, "connection error", true)) << code;
  }
  for (const absl::string_view code : tlspin::AllLintCodes()) {
    EXPECT_TRUE(Has(code, "lint ", true)) << code;
  }
  for (const absl::string_view code :
       {"expires-soon", "backup-in-use", "intercepted", "not-reached"}) {
    EXPECT_TRUE(Has(code, "check finding", false)) << code;
  }
  for (const absl::string_view code : pinning::AllEvidenceCodes()) {
    EXPECT_TRUE(Has(code, "evidence", false)) << code;
  }
  for (const pinning::PinStatus status : pinning::AllPinStatuses()) {
    EXPECT_TRUE(Has(PinStatusName(status), "pin status", false))
        << PinStatusName(status);
  }
  for (int kind = 0;
       kind <= static_cast<int>(tlspin::PinChange::Kind::kUnblocked); ++kind) {
    const absl::string_view name =
        PinChangeName(static_cast<tlspin::PinChange::Kind>(kind));
    EXPECT_TRUE(Has(name, "difference", false)) << name;
  }
}

TEST(ExplainCodeTest, TextsHoldNoMarkdown) {
  for (const CodeEntry& entry : AllCodeEntries()) {
    for (const absl::string_view text : {entry.meaning, entry.advice}) {
      EXPECT_THAT(std::string(text), Not(HasSubstr("`"))) << entry.code;
      EXPECT_THAT(std::string(text), Not(HasSubstr("]("))) << entry.code;
    }
  }
}

TEST(ExplainCodeTest, CaseTellsCodesApart) {
  ProcessResult result = RunTlspin({"explain", "EXPIRED"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.standard_output,
            "code     EXPIRED, error, number 11, RFC 5280 6.1.3(a)(2)\n"
            "means    A certificate's time has passed.\n"
            "do       Renew it, or set the clock; see the diagnosis.\n"
            "see      docs/verdicts.md#errors\n");
  result = RunTlspin({"explain", "expired"});
  EXPECT_THAT(result.standard_output, HasSubstr("expired, lint warning\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("expired, pin status, "));
  EXPECT_THAT(result.standard_output, HasSubstr("expired, evidence, "));
  EXPECT_THAT(result.standard_output, Not(HasSubstr("EXPIRED")));
  // It does not where there is one only.
  EXPECT_EQ(RunTlspin({"explain", "bad-signature"}).standard_output,
            RunTlspin({"explain", "BAD_SIGNATURE"}).standard_output);
}

TEST(ExplainCodeTest, JsonAndList) {
  ProcessResult result = RunTlspin({"explain", "--json", "NO_PATH"});
  const auto json = nlohmann::json::parse(result.standard_output);
  EXPECT_EQ(json["schema"], "tlspin.code/1");
  EXPECT_EQ(json["code"], "NO_PATH");
  EXPECT_EQ(json["kind"], "error");
  EXPECT_EQ(json["see"], "docs/verdicts.md#errors");
  result = RunTlspin({"explain", "--list"});
  EXPECT_EQ(result.exit_code, 0);
  for (const CodeEntry& entry : AllCodeEntries()) {
    EXPECT_THAT(result.standard_output, HasSubstr(std::string(entry.code)));
  }
}

TEST(ExplainCodeTest, Usage) {
  ProcessResult result = RunTlspin({"explain", "PIN_MISMACH"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.standard_error,
              HasSubstr("hint: did you mean PIN_MISMATCH?"));
  EXPECT_EQ(RunTlspin({"explain"}).exit_code, 2);
  EXPECT_EQ(
      RunTlspin({"explain", "host.example", "--host=a.example"}).exit_code, 2);
  EXPECT_EQ(RunTlspin({"explain", "/nowhere", "--host=a.example"}).exit_code,
            3);
  EXPECT_EQ(RunTlspin({"explain", "./x.pem"}).exit_code, 2);
}

// A chain with three paths: to its own root, to another through a cross-sign,
// and to one whose cross-sign has expired.
class ExplainPathsTest : public testing::Test {
 protected:
  ExplainPathsTest()
      : pki_(MakePki("Explain", "host.example")),
        other_(MakePki("Other", "other.example")),
        third_(MakePki("Third", "third.example")) {
    mint::Spec expired = mint::Ca("Explain Intermediate");
    expired.not_after = expired.not_before + absl::Hours(24);
    expired_ = mint::Issue(expired, pki_.intermediate.key, third_.root).der;
    std::string chain = mint::PemOf(pki_.Presented());
    absl::StrAppend(&chain, CrossSign(pki_.intermediate, other_.root).Pem(),
                    mint::Minted{expired_, pki_.intermediate.key}.Pem());
    chain_ = directory_.Write("chain.pem", chain);
    roots_ = directory_.Write("roots.pem",
                              mint::PemOf(std::vector<mint::Minted>{
                                  pki_.root, other_.root, third_.root}));
  }

  ProcessResult Explain(PinFileSet set, std::vector<std::string> more = {}) {
    set.backup_pins = {{PinTextOf(mint::Key::P256()), "Spare"}};
    if (set.hosts.empty()) {
      set.hosts = {"host.example"};
    }
    const std::string pins = directory_.Write("pins.json", PinFileText({set}));
    std::vector<std::string> arguments = {
        "explain", chain_,   "--host", "host.example", "--roots",
        roots_,    "--pins", pins,     "--at",         "2026-06-01T00:00:00Z"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    ProcessResult result = RunTlspin(arguments);
    result.standard_output = Masked(result.standard_output,
                                    {{PinTextOf(pki_.leaf), "<leaf>"},
                                     {PinTextOf(pki_.intermediate), "<issuer>"},
                                     {PinTextOf(pki_.root), "<root>"},
                                     {PinTextOf(other_.root), "<other>"},
                                     {PinTextOf(third_.root), "<third>"}});
    return result;
  }

  const TempDirectory directory_;
  const Pki pki_, other_, third_;
  std::vector<uint8_t> expired_;
  std::string chain_, roots_;
};

TEST_F(ExplainPathsTest, EveryPathAndNotTheFirstThatWillDo) {
  PinFileSet set;
  set.pins = {{PinTextOf(other_.root), "Other Root"}};
  const ProcessResult result = Explain(set);
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_THAT(result.standard_output,
              HasSubstr("2  CN=Explain Root          <root>  anchor\n"
                        "         valid, but no key on it is pinned by "
                        "\"example\"\n"));
  EXPECT_THAT(
      result.standard_output,
      HasSubstr("2  CN=Other Root            <other>  anchor\n"
                "         valid: the pin \"Other Root\" is at depth 2\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("issuer  <--\n"));
  EXPECT_THAT(result.standard_output,
              HasSubstr("refused: EXPIRED (RFC 5280 6.1.3(a)(2))"));
  EXPECT_THAT(result.standard_output, HasSubstr("\nACCEPT   host.example"));
}

TEST_F(ExplainPathsTest, RefusedForPinsAndOneInARoleThatDoesNotCount) {
  PinFileSet set;
  set.pins = {{PinTextOf(pki_.intermediate), "Issuer"}};
  set.role = "anchor";
  const ProcessResult result = Explain(set);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              HasSubstr("the pin \"Issuer\" is on the path at depth 1, where "
                        "it does not count\n"));
  EXPECT_THAT(result.standard_error,
              HasSubstr("hint: tlspin explain PIN_MISMATCH says"));
  EXPECT_THAT(Explain(set, {"--lang=es"}).standard_output,
              HasSubstr("ninguna de sus claves"));
}

TEST_F(ExplainPathsTest, NotPinnedAndForAnotherName) {
  PinFileSet set;
  set.pins = {{PinTextOf(pki_.root), "Root"}};
  set.hosts = {"www.example"};
  EXPECT_THAT(Explain(set).standard_output,
              HasSubstr("valid; nothing is pinned for the name\n"));
  const ProcessResult result =
      RunTlspin({"explain", chain_, "--host=else.example", "--roots", roots_,
                 "--at=2026-06-01"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.standard_output,
              HasSubstr("valid, but the certificate is for another name\n"));
}

TEST_F(ExplainPathsTest, Json) {
  PinFileSet set;
  set.pins = {{PinTextOf(other_.root), "Other Root"}};
  const auto json =
      nlohmann::json::parse(Explain(set, {"--json"}).standard_output);
  EXPECT_EQ(json["schema"], "tlspin.explain/1");
  EXPECT_EQ(json["accepted"], true);
  EXPECT_EQ(json["error"], nullptr);
  EXPECT_EQ(json["complete"], true);
  ASSERT_EQ(json["paths"].size(), 3u);
  EXPECT_EQ(json["paths"][0]["outcome"], "mismatch");
  EXPECT_EQ(json["paths"][1]["outcome"], "matched");
  EXPECT_EQ(json["paths"][1]["pin"], "Other Root");
  EXPECT_EQ(json["paths"][1]["pin_depth"], 2);
  EXPECT_EQ(json["paths"][1]["anchor"], "bundled");
  EXPECT_EQ(json["paths"][2]["outcome"], "refused");
  EXPECT_EQ(json["paths"][2]["error"]["code"], "EXPIRED");
  EXPECT_EQ(json["paths"][2]["error"]["depth"], 1);
  EXPECT_EQ(json["file"], chain_);
}

TEST_F(ExplainPathsTest, OfAServer) {
  const testing_support::TlsServer server(pki_.Presented());
  ProcessResult result = RunTlspin({"explain", server.Target("host.example"),
                                    "--roots", roots_, "--at=2026-06-01"});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_THAT(result.standard_output,
              HasSubstr("valid; nothing is pinned for the name\n"));
  result = RunTlspin(
      {"explain",
       absl::StrCat("host.example@127.0.0.1:", testing_support::ClosedPort()),
       "--roots", roots_});
  EXPECT_EQ(result.exit_code, 3);
}

}  // namespace
