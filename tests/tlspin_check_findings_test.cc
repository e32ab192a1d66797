#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing_support::MakePki;
using ::testing_support::PinFileSet;
using ::testing_support::PinFileText;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::TempDirectory;
using ::testing_support::TlsServer;
using Json = nlohmann::ordered_json;
using Codes = std::vector<std::string>;

constexpr char kHost[] = "good.example.com";
constexpr char kAt[] = "2026-06-01T00:00:00Z";

class FindingsTest : public ::testing::Test {
 protected:
  FindingsTest() {
    directory_.Write("roots.pem", mint::PemOf({pki_.root, rotated_.root}));
    set_.pins = {{PinTextOf(pki_.intermediate), "A Intermediate"}};
    set_.backup_pins = {{PinTextOf(mint::Key::Shared("p256-spare")), "Spare"}};
    set_.role = "issuer";
    set_.hosts = {kHost};
  }

  // Check runs a check of `text` and reads its report as JSON.
  ProcessResult CheckText(const std::string& text,
                          std::vector<std::string> more) {
    more.insert(more.begin(), {"check", directory_.Write("pins.json", text)});
    more.insert(more.end(),
                {"--roots", directory_.Path("roots.pem"), "--at", kAt,
                 "--report", absl::StrCat("json=", directory_.Path("r.json"))});
    directory_.Write("r.json", "{}");
    const ProcessResult result = testing_support::RunTlspin(more);
    report_ = Json::parse(ReadFile(directory_.Path("r.json")));
    return result;
  }

  int Check(std::vector<std::string> more) {
    more.insert(more.begin(), server_.Target(kHost));
    return CheckText(PinFileText({set_}), std::move(more)).exit_code;
  }

  // Found returns the codes of all findings of `severity`, in order.
  Codes Found(const std::string& severity) const {
    Codes codes;
    for (const Json& finding : report_["findings"]) {
      if (finding["severity"] == severity) {
        codes.push_back(finding["code"]);
      }
    }
    return codes;
  }

  const Json* Finding(const std::string& code) const {
    for (const Json& finding : report_["findings"]) {
      if (finding["code"] == code) {
        return &finding;
      }
    }
    return nullptr;
  }

  // TextAt returns what the pin file has at the place of a finding.
  std::string TextAt(const std::string& code, size_t length) {
    const Json* finding = Finding(code);
    if (finding == nullptr || (*finding)["place"].is_null()) {
      return "no such finding, or no place";
    }
    const std::vector<std::string> lines =
        absl::StrSplit(ReadFile(directory_.Path("pins.json")), '\n');
    return lines[(*finding)["place"]["line"].get<size_t>() - 1].substr(
        (*finding)["place"]["column"].get<size_t>() - 1, length);
  }

  Pki pki_ = MakePki("A", kHost);
  Pki rotated_ = MakePki("B", kHost);
  PinFileSet set_;
  TempDirectory directory_;
  TlsServer server_{pki_.Presented()};
  Json report_;
};

TEST_F(FindingsTest, AHostAsItShouldBeHasNoneThatCounts) {
  EXPECT_EQ(Check({"--strict", "--min-coverage", "100"}), 0);
  EXPECT_THAT(Found("error"), IsEmpty());
  EXPECT_THAT(Found("warning"), IsEmpty());
  EXPECT_EQ(Found("note"), Codes({"backup-not-seen"}));
  EXPECT_EQ(report_["exit_code"], 0);
  EXPECT_EQ(report_["hosts"][0]["result"], "accepted");
  EXPECT_EQ(report_["hosts"][0]["path"].size(), 3u);
}

TEST_F(FindingsTest, SetsExpire) {
  set_.expires = "2026-06-20";
  EXPECT_EQ(Check({}), 0);
  EXPECT_EQ(Found("warning"), Codes({"expires-soon"}));
  EXPECT_EQ(TextAt("expires-soon", 12), "\"2026-06-20\"");
  EXPECT_EQ(Check({"--fail-days", "20"}), 1);
  EXPECT_EQ(Found("error"), Codes({"expires-soon"}));
  EXPECT_EQ(report_["hosts"][0]["result"], "refused");
  EXPECT_EQ(Check({"--fail-days", "10", "--warn-days", "15"}), 0);
  EXPECT_THAT(Found("warning"), IsEmpty());

  set_.expires = "2026-05-20";
  set_.on_expiry = "stop-enforcing";
  EXPECT_EQ(Check({}), 1);
  EXPECT_EQ(Found("error"), Codes({"pins-expired"}));
  set_.on_expiry = "reject";
  EXPECT_EQ(Check({}), 1);
  EXPECT_EQ(Found("error"), Codes({"pins-expired"}));
}

TEST_F(FindingsTest, CertificatesExpire) {
  EXPECT_EQ(Check({"--cert-warn-days", "36500"}), 0);
  EXPECT_EQ(Found("warning"),
            Codes({"certificate-expires-soon", "certificate-expires-soon",
                   "certificate-expires-soon"}));
  EXPECT_EQ((*Finding("certificate-expires-soon"))["item"], "depth 0");
  // It belongs to no line of the file but that of its host.
  EXPECT_EQ(TextAt("certificate-expires-soon", 18), "\"good.example.com\"");
  EXPECT_EQ(Check({"--cert-fail-days", "36500"}), 1);
  EXPECT_EQ(Found("error").size(), 3u);
}

TEST_F(FindingsTest, AKeyInAPinnedRoleThatIsNotPinned) {
  set_.pins.push_back({PinTextOf(mint::Key::Shared("p256-other")), "Leaf"});
  const std::string text = absl::StrReplaceAll(
      PinFileText({set_}), {{R"("name": "Leaf", "role": "issuer")",
                             R"("name": "Leaf", "role": "leaf")"}});
  EXPECT_EQ(CheckText(text, {server_.Target(kHost)}).exit_code, 0);
  EXPECT_EQ(Found("warning"), Codes({"key-not-pinned"}));
  EXPECT_THAT((*Finding("key-not-pinned"))["message"].get<std::string>(),
              HasSubstr(PinTextOf(pki_.leaf)));
  EXPECT_EQ(TextAt("key-not-pinned", 9), "\"example\"");
  // The other side of it: a pin that nobody serves.
  EXPECT_THAT(Found("note"), Contains("pin-not-served"));
  EXPECT_THAT(TextAt("pin-not-served", 300), HasSubstr("\"Leaf\""));

  // A pin of any role says nothing of other keys.
  set_.role = "any";
  EXPECT_EQ(Check({}), 0);
  EXPECT_THAT(Found("warning"), IsEmpty());
}

TEST_F(FindingsTest, ABackupThatIsServedThoughAPinMatched) {
  set_.backup_pins = {{PinTextOf(pki_.root), "Root, kept"}};
  EXPECT_EQ(Check({}), 0);
  EXPECT_EQ(Found("warning"), Codes({"backup-in-use"}));
  EXPECT_THAT(TextAt("backup-in-use", 300), HasSubstr("\"Root, kept\""));
  EXPECT_EQ(Finding("backup-not-seen"), nullptr);
  EXPECT_EQ(Check({"--strict"}), 1);
}

TEST_F(FindingsTest, RemembersBackups) {
  const std::string state = directory_.Path("state.json");
  set_.pins = {{PinTextOf(rotated_.intermediate), "New"}};
  set_.backup_pins = {{PinTextOf(pki_.intermediate), "Old"},
                      {PinTextOf(mint::Key::Shared("p256-spare")), "Spare"}};
  EXPECT_EQ(Check({"--state", state}), 0);
  EXPECT_EQ(Found("warning"), Codes({"backup-in-use"}));

  const TlsServer rotated(rotated_.Presented());
  for (int run = 2; run <= 3; ++run) {
    EXPECT_EQ(CheckText(PinFileText({set_}),
                        {rotated.Target(kHost), "--state", state})
                  .exit_code,
              0);
  }
  EXPECT_EQ(Found("warning"), Codes({"backup-seen-before"}));
  const Json& pins = report_["sets"][0]["pins"];
  EXPECT_EQ(pins[1]["name"], "Old");
  EXPECT_EQ(pins[1]["history"]["runs"], 3);
  EXPECT_EQ(pins[1]["history"]["last_seen"], kAt);
  EXPECT_EQ(pins[2]["history"]["runs"], 3);
  EXPECT_TRUE(pins[2]["history"]["last_seen"].is_null());
  EXPECT_THAT((*Finding("backup-not-seen"))["message"].get<std::string>(),
              HasSubstr("runs since 2026-06-01: 3"));

  // A run in which no server of the set answered says nothing of its keys.
  EXPECT_EQ(CheckText(PinFileText({set_}),
                      {absl::StrCat(
                           kHost, "@127.0.0.1:", testing_support::ClosedPort()),
                       "--state", state})
                .exit_code,
            3);
  EXPECT_EQ(report_["sets"][0]["pins"][2]["history"]["runs"], 3);
  EXPECT_EQ(Finding("backup-not-seen"), nullptr);
}

TEST_F(FindingsTest, AStateThatIsNoneIsLeftAlone) {
  for (const char* text :
       {"", "[]", "{}", R"({"schema": "tlspin.check-state/2", "pins": []})",
        R"({"schema": "tlspin.check-state/1", "pins": [{"set": "a"}]})",
        R"({"schema": "tlspin.check-state/1", "pins": [{"set": "a", "pin": "b",
            "runs": -1, "since": "2026-01-01T00:00:00Z"}]})",
        R"({"schema": "tlspin.check-state/1", "pins": [{"set": "a", "pin": "b",
            "runs": 1, "since": "yesterday"}]})"}) {
    const std::string path = directory_.Write("state.json", text);
    EXPECT_EQ(Check({"--state", path}), 3) << text;
    EXPECT_EQ(ReadFile(path), text);
  }
}

TEST_F(FindingsTest, PatternsThatWereNotReached) {
  set_.hosts = {kHost, "other.example.com", "*.example.org"};
  EXPECT_EQ(Check({}), 0);
  EXPECT_EQ(Found("note"), Codes({"backup-not-seen", "pattern-not-asked",
                                  "pattern-not-asked"}));
  EXPECT_EQ(TextAt("pattern-not-asked", 19), "\"other.example.com\"");
  EXPECT_EQ(Check({"--min-coverage", "33"}), 0);
  EXPECT_EQ(Check({"--min-coverage", "34"}), 1);
  EXPECT_EQ(Found("error"), Codes({"coverage-low"}));
  EXPECT_THAT(report_["answer"].get<std::string>(),
              HasSubstr("findings on the pin file that fail: 1"));

  // One that was to be checked is undecided, and so is a host that is not
  // there; a pattern whose host was asked is not found again.
  set_.hosts = {kHost, "*.example.org"};
  EXPECT_EQ(Check({"--all", "--strict"}), 3);
  EXPECT_EQ((*Finding("pattern-not-asked"))["undecided"], true);
  set_.hosts = {kHost, "other.example.com"};
  const std::string closed = absl::StrCat("other.example.com@127.0.0.1:",
                                          testing_support::ClosedPort());
  EXPECT_EQ(Check({closed, "--strict"}), 3);
  EXPECT_EQ(Finding("pattern-not-asked"), nullptr);
  EXPECT_EQ((*Finding("not-reached"))["target"], closed);
  EXPECT_EQ(TextAt("not-reached", 19), "\"other.example.com\"");
}

TEST_F(FindingsTest, ARootThatIsAllThatMatches) {
  set_.role = "";
  set_.pins = {{PinTextOf(pki_.root), "A Root"}};
  EXPECT_EQ(Check({}), 0);
  EXPECT_EQ(Found("note"), Codes({"backup-not-seen", "root-pinned"}));
  EXPECT_THAT(TextAt("root-pinned", 300), HasSubstr("\"A Root\""));
  set_.pins.push_back({PinTextOf(pki_.intermediate), "A Intermediate"});
  EXPECT_EQ(Check({}), 0);
  EXPECT_EQ(Finding("root-pinned"), nullptr);
}

TEST_F(FindingsTest, WhatLintSaysOfWeakChoices) {
  set_.role = "leaf";
  set_.pins = {{PinTextOf(pki_.leaf), "Leaf"}};
  EXPECT_EQ(Check({}), 0);
  EXPECT_EQ(Found("warning"), Codes({"leaf-only"}));
  EXPECT_EQ((*Finding("leaf-only"))["set"], "example");
  EXPECT_FALSE((*Finding("leaf-only"))["place"].is_null());
  EXPECT_EQ(Check({"--strict"}), 1);
}

TEST_F(FindingsTest, Refusals) {
  // Pins of another key.
  set_.pins = {{PinTextOf(rotated_.intermediate), "Other"}};
  EXPECT_EQ(Check({}), 1);
  EXPECT_THAT(Found("error"), Contains("pin-mismatch"));
  EXPECT_EQ(TextAt("pin-mismatch", 9), "\"example\"");
  EXPECT_EQ(report_["hosts"][0]["error_code"], "PIN_MISMATCH");
  // While a host is refused it is no news that its pins are not served.
  EXPECT_EQ(Finding("pin-not-served"), nullptr);

  set_.mode = "report-only";
  EXPECT_EQ(Check({}), 1);
  EXPECT_THAT(Found("error"), Contains("report-only-mismatch"));
  EXPECT_EQ(TextAt("report-only-mismatch", 13), "\"report-only\"");

  set_.hosts = {"www.example.com"};
  EXPECT_EQ(Check({}), 1);
  EXPECT_THAT(Found("error"), Contains("not-covered"));

  directory_.Write("roots.pem", rotated_.root.Pem());
  set_.hosts = {kHost};
  EXPECT_EQ(Check({}), 1);
  EXPECT_THAT(Found("error"), Contains("chain-refused"));
  EXPECT_EQ(report_["hosts"][0]["error_code"], "NO_PATH");
}

TEST_F(FindingsTest, SomebodyInTheMiddle) {
  const Pki proxy = MakePki("Proxy", kHost);
  const TlsServer interceptor(proxy.Presented());
  const std::string local = directory_.Write("local.pem", proxy.root.Pem());
  EXPECT_EQ(CheckText(PinFileText({set_}),
                      {interceptor.Target(kHost), "--local-roots", local})
                .exit_code,
            1);
  EXPECT_EQ(Found("error"), Codes({"pin-mismatch", "intercepted"}));
}

TEST_F(FindingsTest, PrintsThem) {
  set_.expires = "2026-06-20";
  const std::string text = PinFileText({set_});
  const ProcessResult plain = CheckText(text, {server_.Target(kHost)});
  EXPECT_THAT(plain.standard_output, HasSubstr("[expires-soon]"));
  EXPECT_THAT(plain.standard_output, Not(HasSubstr("[backup-not-seen]")));
  const ProcessResult verbose = CheckText(text, {server_.Target(kHost), "-v"});
  EXPECT_THAT(verbose.standard_output, HasSubstr("note     "));
  EXPECT_THAT(verbose.standard_output, HasSubstr("[backup-not-seen]"));
  const ProcessResult spanish =
      CheckText(text, {server_.Target(kHost), "-v", "--lang=es"});
  EXPECT_THAT(spanish.standard_output, HasSubstr("nota     ningún servidor"));

  const ProcessResult json = CheckText(text, {server_.Target(kHost), "--json"});
  const Json findings = Json::parse(json.standard_output)["findings"];
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0]["code"], "expires-soon");
  EXPECT_EQ(findings[0]["severity"], "warning");
  EXPECT_EQ(findings[0]["line"], 5);
}

}  // namespace
