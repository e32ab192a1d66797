// tlspin generate --update of hosts that the pin file does not cover.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/generate_fixture.h"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing_support::ClosedPort;
using ::testing_support::GenerateFixture;
using ::testing_support::MakePki;
using ::testing_support::PinTextOf;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::TlsServer;

constexpr char kApi[] = "api.example.com";
constexpr char kGone[] = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";
constexpr char kBackup[] =
    "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=";

// The fixture's server is kHost; the files here cover another host.
class GenerateNewHostsTest : public GenerateFixture {
 protected:
  // FileText returns a pin file whose set "app" pins the issuer and the anchor,
  // and whose set "more" pins them, as others might, beside a key that is gone.
  std::string FileText() const {
    return absl::StrReplaceAll(
        R"({ "schema": "pinning.pins/1",
  "comment": "reviewed",
  "updated":  "2026-02-01",
  "sets": {
    "app": {
      "comment": "of the app",
      "pins": [
        { "name": "root", "pin": "@root", "role": "anchor", "comment": "why" },
        { "name": "ca", "pin": "@issuer", "role": "issuer" }
      ],
      "mode": "enforce", "expires": "2026-12-31", "on-expiry": "reject",
      "backup-pins": [ { "name": "safe", "pin": "@backup" } ]
    },
    "more": {
      "pins": [
        { "name": "root", "pin": "@root" }, { "name": "gone", "pin": "@gone" }
      ],
      "mode": "enforce", "expires": "2026-12-31", "on-expiry": "reject",
      "backup-pins": [ { "name": "safe", "pin": "@backup" } ]
    }
  },
  "hosts": {
    "*.wild.example.com": "app",
    "plain.example.com":  "none",
    "more.example.com":   "more"
  }
}
)",
        {{"@root", PinTextOf(pki_.root)},
         {"@issuer", PinTextOf(pki_.intermediate)},
         {"@gone", kGone},
         {"@backup", kBackup}});
  }

  // With returns FileText with `to` for each `from`.
  std::string With(const std::string& from, const std::string& to) const {
    const std::string text = absl::StrReplaceAll(FileText(), {{from, to}});
    EXPECT_NE(text, FileText());
    return text;
  }

  ProcessResult Update(const std::string& text,
                       std::vector<std::string> more = {}) const {
    directory_.Write("pins.json", text);
    more.insert(more.begin(), {server_.Target(kHost), "--update",
                               Path("pins.json"), "-o", Path("new.json")});
    return Run(more);
  }

  ProcessResult ExpectNothingWritten(
      const std::string& text, int code,
      const std::vector<std::string>& more = {}) const {
    ProcessResult result = Update(text, more);
    EXPECT_EQ(result.exit_code, code)
        << result.standard_output << result.standard_error;
    EXPECT_FALSE(Exists("new.json"));
    return result;
  }

  std::string SetOf(const std::string& host) const {
    return Read("new.json")["hosts"].value(host, "");
  }
};

TEST_F(GenerateNewHostsTest, JoinsTheOneSetThatPinsItsKeysAndNoOthers) {
  const ProcessResult result = Update(FileText());
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(ReadFile(Path("new.json")),
            absl::StrReplaceAll(FileText(),
                                {{"\"more.example.com\":   \"more\"",
                                  "\"more.example.com\":   \"more\",\n    "
                                  "\"good.example.com\": \"app\""}}));
  EXPECT_THAT(result.standard_output, HasSubstr("app: asked"));
  EXPECT_THAT(result.standard_output,
              HasSubstr("host added: good.example.com\n"));
  // What `diff` says of it.
  EXPECT_THAT(result.standard_output, HasSubstr("pinned"));
  EXPECT_THAT(result.standard_output, HasSubstr("refuses more"));
  // It is covered now.
  const std::string written = ReadFile(Path("new.json"));
  const ProcessResult again = Update(written);
  EXPECT_EQ(again.exit_code, 0) << again.standard_error;
  EXPECT_EQ(ReadFile(Path("new.json")), written);
  EXPECT_THAT(again.standard_output, Not(HasSubstr("host added")));
}

TEST_F(GenerateNewHostsTest, APinWithoutARoleFitsTheRoleThatItIsSeenIn) {
  const ProcessResult result = Update(With(", \"role\": \"issuer\"", ""));
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(SetOf(kHost), "app");
}

TEST_F(GenerateNewHostsTest, TwoSetsThatFitAreAQuestion) {
  const std::string text =
      With(absl::StrCat("{ \"name\": \"gone\", \"pin\": \"", kGone, "\" }"),
           absl::StrCat("{ \"name\": \"ca\", \"pin\": \"",
                        PinTextOf(pki_.intermediate), "\" }"));
  const ProcessResult result =
      ExpectNothingWritten(text, 1, {"--backup", Path("spare.pub")});
  EXPECT_THAT(
      result.standard_error,
      HasSubstr("good.example.com: the sets \"app\", \"more\" each pin"));
  const ProcessResult said = Update(text, {"--set", "more"});
  ASSERT_EQ(said.exit_code, 0) << said.standard_error;
  EXPECT_EQ(SetOf(kHost), "more");
}

TEST_F(GenerateNewHostsTest, NoHostGetsTheKeysOfAnotherUnasked) {
  // The one set left pins a key beside those of the host, or has expired.
  for (const std::string& text :
       {With("\"role\": \"issuer\" }",
             absl::StrCat("\"role\": \"issuer\" }, {\"name\": \"gone\", "
                          "\"pin\": \"",
                          kGone, "\"}")),
        With("2026-12-31", "2026-05-31")}) {
    const ProcessResult refused = ExpectNothingWritten(text, 1);
    EXPECT_THAT(refused.standard_error, HasSubstr("needs a new set"));
    EXPECT_THAT(refused.standard_error, HasSubstr("--backup FILE"));
    EXPECT_THAT(refused.standard_error, HasSubstr("\"app\", \"more\""));
  }
}

TEST_F(GenerateNewHostsTest, ANewSetIsNamedForTheHostAndStandsLast) {
  const std::string text =
      With(PinTextOf(pki_.intermediate), PinTextOf(MakePki("Z", kHost).root));
  const ProcessResult result =
      Update(text, {"--backup", Path("spare.pub"), "--mode", "report-only"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(SetOf(kHost), kHost);
  const std::string written = ReadFile(Path("new.json"));
  // All that was there is there still, before what is new.
  EXPECT_EQ(written.substr(0, text.find("\n  },\n  \"hosts\"")),
            text.substr(0, text.find("\n  },\n  \"hosts\"")));
  const Json set = Read("new.json")["sets"][kHost];
  EXPECT_EQ(set["mode"], "report-only");
  EXPECT_EQ(set["expires"], "2026-08-30T00:00:00Z");
  EXPECT_EQ(set["on-expiry"], "stop-enforcing");
  ASSERT_EQ(set["pins"].size(), 2u);
  EXPECT_EQ(set["pins"][0]["pin"], PinTextOf(pki_.intermediate));
  EXPECT_EQ(set["pins"][0]["role"], "issuer");
  EXPECT_EQ(set["backup-pins"][0]["pin"], PinTextOf(spare_));
  // The other sets were not asked.
  EXPECT_EQ(Read("new.json")["sets"]["app"]["mode"], "enforce");
  EXPECT_THAT(result.standard_output,
              HasSubstr("good.example.com: new, asked good.example.com"));
  EXPECT_THAT(result.standard_output, HasSubstr("backup added"));
}

TEST_F(GenerateNewHostsTest, ASetIsNamedForThem) {
  const TlsServer two{
      {mint::Issue(mint::Leaf({kApi, "www.example.com"}),
                   mint::Key::Shared("p256-two"), pki_.intermediate),
       pki_.intermediate}};
  const std::vector<std::string> more = {
      two.Target(kApi), two.Target("www.example.com"), "--backup",
      Path("spare.pub"), "--set"};
  std::vector<std::string> made = more;
  made.insert(made.end(), {"new", "--pin", "leaf"});
  ProcessResult result = Update(FileText(), made);
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  // Those with the same keys share a set.
  EXPECT_EQ(SetOf(kHost), "new");
  EXPECT_EQ(SetOf(kApi), "new-2");
  EXPECT_EQ(SetOf("www.example.com"), "new-2");

  std::vector<std::string> joined = more;
  joined.push_back("more");
  result = Update(FileText(), joined);
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  for (const char* host : {kHost, kApi, "www.example.com"}) {
    EXPECT_EQ(SetOf(host), "more");
  }
  // As for every host of the set, what is asked for is added to it.
  EXPECT_EQ(Read("new.json")["sets"]["more"]["backup-pins"].size(), 2u);
}

TEST_F(GenerateNewHostsTest, ASetThatDoesNotAcceptTheHostIsNotJoinedUnasked) {
  const std::string text = With(
      "{ \"name\": \"root\", \"pin\": \"" + PinTextOf(pki_.root) + "\" },", "");
  const ProcessResult refused =
      ExpectNothingWritten(text, 1, {"--set", "more"});
  EXPECT_THAT(refused.standard_error, HasSubstr("no pin of the set \"more\""));
  EXPECT_THAT(refused.standard_error, HasSubstr("--allow-mismatch"));
  const ProcessResult allowed =
      Update(text, {"--set", "more", "--allow-mismatch"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.standard_error;
  EXPECT_EQ(SetOf(kHost), "more");
}

TEST_F(GenerateNewHostsTest, ANewSetTakesNoNameThatIsTaken) {
  const std::string text =
      absl::StrReplaceAll(With(PinTextOf(pki_.intermediate), kGone),
                          {{"\"more\"", "\"good.example.com\""}});
  const ProcessResult result =
      ExpectNothingWritten(text, 1, {"--backup", Path("spare.pub")});
  EXPECT_THAT(result.standard_error,
              HasSubstr("another set \"good.example.com\" already"));
}

TEST_F(GenerateNewHostsTest, ABackupInServiceIsNone) {
  directory_.Write("issuer.pem", pki_.intermediate.Pem());
  const ProcessResult result = ExpectNothingWritten(
      FileText(), 1, {"--set", "new", "--backup", Path("issuer.pem")});
  EXPECT_THAT(result.standard_error, HasSubstr("in service"));
  EXPECT_THAT(
      ExpectNothingWritten(FileText(), 1, {"--set", "new"}).standard_error,
      HasSubstr("the new set \"new\" needs a backup pin"));
}

TEST_F(GenerateNewHostsTest, WhatTheFileSaysHasNoPinsIsNotGivenAny) {
  const std::string file = directory_.Write("pins.json", FileText());
  const ProcessResult result =
      Run({server_.Target("plain.example.com"), "--update", file});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(
      result.standard_error,
      HasSubstr("says that plain.example.com has no pins (\"plain.example"));
}

TEST_F(GenerateNewHostsTest, WhatIsNotReachedIsNotAdded) {
  const ProcessResult result =
      Update(FileText(), {absl::StrCat(kApi, "@127.0.0.1:", ClosedPort())});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(SetOf(kHost), "app");
  EXPECT_EQ(SetOf(kApi), "");
}

TEST_F(GenerateNewHostsTest, WhatIsNotFitToBePinnedIsNotAdded) {
  const std::string local = directory_.Write("local.pem", pki_.root.Pem());
  directory_.Write("roots.pem", MakePki("B", kHost).root.Pem());
  const ProcessResult result =
      ExpectNothingWritten(FileText(), 1, {"--local-roots", local});
  EXPECT_THAT(result.standard_error, HasSubstr("added to this machine"));
}

TEST_F(GenerateNewHostsTest, ASetIsNotNamedForNothing) {
  const std::string file = directory_.Write("pins.json", FileText());
  for (const std::vector<std::string>& hosts :
       std::vector<std::vector<std::string>>{
           {}, {"more.example.com"}, {"a.wild.example.com"}}) {
    std::vector<std::string> arguments = hosts;
    arguments.insert(arguments.end(), {"--update", file, "--set", "app"});
    const ProcessResult result = Run(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.standard_error;
    EXPECT_THAT(result.standard_error, HasSubstr("does not cover"));
  }
}

TEST_F(GenerateNewHostsTest, Json) {
  const ProcessResult result = Update(
      FileText(), {"--json", "--set", "new", "--backup", Path("spare.pub")});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::vector<std::string> lines =
      absl::StrSplit(result.standard_output, '\n', absl::SkipEmpty());
  const Json sets = Json::parse(lines.back())["sets"];
  ASSERT_EQ(sets.size(), 3u);
  EXPECT_EQ(sets[0]["made"], false);
  EXPECT_EQ(sets[0]["hosts_added"], Json::array());
  EXPECT_EQ(sets[2]["set"], "new");
  EXPECT_EQ(sets[2]["made"], true);
  EXPECT_EQ(sets[2]["hosts_added"], Json::array({kHost}));
  EXPECT_EQ(sets[2]["added"].size(), 2u);
  EXPECT_EQ(sets[2]["backups_added"].size(), 1u);
}

}  // namespace
