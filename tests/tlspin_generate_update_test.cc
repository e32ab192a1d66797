// tlspin generate --update: what a pin file gains, keeps and loses.

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

constexpr char kOther[] = "other.example.com";
constexpr char kGone[] = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=";
constexpr char kBackup[] =
    "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=";

class GenerateUpdateTest : public GenerateFixture {
 protected:
  // FileText returns a pin file in a hand of its own: the anchor is pinned, as
  // is a key that is gone.
  std::string FileText() const {
    return absl::StrReplaceAll(
        R"({ "schema": "pinning.pins/1",
  "comment": "reviewed by Zo\u00eb",
  "updated":  "2026-02-01",
  "sets": {
    "other": {"mode": "report-only", "expires": "2026-12-01",
      "on-expiry": "reject", "comment": "do not touch",
      "pins": [ {"pin": "@gone", "name": "G"} ],
      "backup-pins": [ {"pin": "@backup", "name": "B"} ]},
    "app": {
      "pins": [
        { "name": "root", "pin": "@root", "role": "anchor", "comment": "why" },
        { "name": "gone", "pin": "@gone", "role": "issuer" }
      ],
      "mode": "enforce", "expires": "2026-12-31", "on-expiry": "reject",
      "backup-pins": [
        { "name": "safe 2", "pin": "@backup", "comment": "in the safe" }
      ]
    }
  },
  "hosts": {"**.other.example.net": "other", "good.example.com": "app"}
}
)",
        {{"@root", PinTextOf(pki_.root)},
         {"@gone", kGone},
         {"@backup", kBackup}});
  }

  // AppOnly is FileText without the set that has a pattern alone.
  std::string AppOnly() const {
    std::string text = FileText();
    const size_t begin = text.find("    \"other\"");
    text.erase(begin, text.find("    \"app\"") - begin);
    return absl::StrReplaceAll(text,
                               {{"\"**.other.example.net\": \"other\", ", ""}});
  }

  // Update runs an update of `text` that writes to another file, for the
  // server.
  ProcessResult Update(const std::string& text,
                       std::vector<std::string> more = {}) const {
    directory_.Write("pins.json", text);
    more.insert(more.begin(), {server_.Target(kHost), "--update",
                               Path("pins.json"), "-o", Path("new.json")});
    return Run(more);
  }

  // ExpectNothingWritten runs an update that is refused.
  ProcessResult ExpectNothingWritten(
      const std::string& text, int code,
      const std::vector<std::string>& more = {}) {
    ProcessResult result = Update(text, more);
    EXPECT_EQ(result.exit_code, code)
        << result.standard_output << result.standard_error;
    EXPECT_FALSE(Exists("new.json"));
    EXPECT_EQ(ReadFile(Path("pins.json")), text);
    return result;
  }
};

TEST_F(GenerateUpdateTest, AddsWhatIsServedAndTouchesNothingElse) {
  const ProcessResult result = Update(FileText());
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  // The set pins an issuer and an anchor, so the new issuer is added, in the
  // hand of the file. The date of the list stays: not all of it was looked at.
  const std::string gone = absl::StrCat("{ \"name\": \"gone\", \"pin\": \"",
                                        kGone, "\", \"role\": \"issuer\" }");
  EXPECT_EQ(ReadFile(Path("new.json")),
            absl::StrReplaceAll(
                FileText(),
                {{gone, absl::StrCat(
                            gone,
                            ",\n        { \"name\": \"A Intermediate\", "
                            "\"pin\": \"",
                            PinTextOf(pki_.intermediate),
                            "\", \"role\": \"issuer\", \"source\": \"served by "
                            "good.example.com on 2026-06-01\" }")}}));
  EXPECT_THAT(result.standard_output, HasSubstr("added: issuer"));
  EXPECT_THAT(result.standard_output, HasSubstr("pin-added"));
  EXPECT_THAT(result.standard_output, HasSubstr(kGone));
  EXPECT_THAT(result.standard_output, HasSubstr("accepts more"));
}

TEST_F(GenerateUpdateTest, TheSameAgainChangesNoByteButTheDate) {
  ASSERT_EQ(Update(AppOnly()).exit_code, 0);
  const std::string first = ReadFile(Path("new.json"));
  EXPECT_THAT(first, HasSubstr("\"updated\":  \"2026-06-01T00:00:00Z\""));
  const ProcessResult again = Update(first);
  ASSERT_EQ(again.exit_code, 0) << again.standard_error;
  EXPECT_EQ(ReadFile(Path("new.json")), first);
  EXPECT_THAT(again.standard_output, HasSubstr("decided alike"));
}

TEST_F(GenerateUpdateTest, InPlaceAndToStandardOutput) {
  const std::string file = directory_.Write("in.json", AppOnly());
  const ProcessResult out = Run({server_.Target(kHost), "--update", file});
  ASSERT_EQ(out.exit_code, 0) << out.standard_error;
  EXPECT_EQ(ReadFile(file), AppOnly());
  const ProcessResult result =
      Run({server_.Target(kHost), "--update", file, "--in-place"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_EQ(ReadFile(file), out.standard_output);
  EXPECT_THAT(out.standard_error, HasSubstr("pin-added"));
}

TEST_F(GenerateUpdateTest, PruneRemovesWhatIsOnNoPath) {
  const ProcessResult result = Update(AppOnly(), {"--prune"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::string written = ReadFile(Path("new.json"));
  EXPECT_THAT(written, Not(HasSubstr(kGone)));
  EXPECT_THAT(written, HasSubstr(kBackup));
  EXPECT_THAT(written, HasSubstr(PinTextOf(pki_.root)));
  EXPECT_THAT(result.standard_output, HasSubstr("pin-removed"));
}

TEST_F(GenerateUpdateTest, PruneKeepsWhatOtherNamesMayNeed) {
  const std::string text = absl::StrReplaceAll(
      AppOnly(), {{"\"good.example.com\": \"app\"",
                   "\"good.example.com\": \"app\", \"*.example.com\": "
                   "\"app\""}});
  const ProcessResult result = Update(text, {"--prune"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_THAT(ReadFile(Path("new.json")), HasSubstr(kGone));
  EXPECT_THAT(result.standard_output, HasSubstr("*.example.com"));
}

TEST_F(GenerateUpdateTest, AHostThatIsNotReachedKeepsItsPins) {
  const std::string text = absl::StrReplaceAll(
      AppOnly(), {{"\"good.example.com\": \"app\"",
                   "\"good.example.com\": \"app\", \"other.example.com\": "
                   "\"app\""}});
  const std::string closed = absl::StrCat(kOther, "@127.0.0.1:", ClosedPort());
  const ProcessResult result = Update(text, {closed, "--prune"});
  EXPECT_EQ(result.exit_code, 3);
  const std::string written = ReadFile(Path("new.json"));
  EXPECT_THAT(written, HasSubstr(kGone));
  EXPECT_THAT(written, HasSubstr(PinTextOf(pki_.intermediate)));
  EXPECT_THAT(written, HasSubstr("\"updated\":  \"2026-02-01\""));
  EXPECT_THAT(result.standard_output, HasSubstr("not asked: other.example"));
  EXPECT_THAT(result.standard_error, HasSubstr("connection refused"));
}

TEST_F(GenerateUpdateTest, NothingIsWrittenIfNoHostIsReached) {
  directory_.Write("pins.json", AppOnly());
  const std::string closed = absl::StrCat(kHost, "@127.0.0.1:", ClosedPort());
  const ProcessResult result =
      Run({closed, "--update", Path("pins.json"), "-o", Path("new.json")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_FALSE(Exists("new.json"));
}

TEST_F(GenerateUpdateTest, RefusesASetNoneOfWhosePinsIsServed) {
  const std::string text = absl::StrReplaceAll(
      AppOnly(), {{PinTextOf(pki_.root), PinTextOf(MakePki("Z", kHost).root)}});
  const ProcessResult result = ExpectNothingWritten(text, 1);
  EXPECT_THAT(result.standard_error, HasSubstr("no pin of the set \"app\""));
  EXPECT_THAT(result.standard_error, HasSubstr("--allow-mismatch"));
  const ProcessResult allowed = Update(text, {"--allow-mismatch"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.standard_error;
  EXPECT_THAT(ReadFile(Path("new.json")), HasSubstr(PinTextOf(pki_.root)));
}

TEST_F(GenerateUpdateTest, RefusesABlockedKeyEvenIfAMismatchIsAllowed) {
  const std::string text = absl::StrReplaceAll(
      AppOnly(),
      {{"\"mode\": \"enforce\"",
        absl::StrCat("\"blocked-pins\": [{\"name\": \"lost\", \"pin\": \"",
                     PinTextOf(pki_.leaf), "\"}], \"mode\": \"enforce\"")}});
  const ProcessResult result =
      ExpectNothingWritten(text, 1, {"--allow-mismatch"});
  EXPECT_THAT(result.standard_error, HasSubstr("blocked key \"lost\""));
}

TEST_F(GenerateUpdateTest, RefusesWhatIsNotFitToBePinned) {
  directory_.Write("roots.pem", MakePki("B", kHost).root.Pem());
  ExpectNothingWritten(AppOnly(), 1);
  const std::string local = directory_.Write("local.pem", pki_.root.Pem());
  const ProcessResult result =
      ExpectNothingWritten(AppOnly(), 1, {"--local-roots", local});
  EXPECT_THAT(result.standard_error, HasSubstr("added to this machine"));
}

TEST_F(GenerateUpdateTest, ABackupInServiceBecomesAPinIfAnotherIsLeft) {
  const std::string text =
      absl::StrReplaceAll(AppOnly(), {{kBackup, PinTextOf(pki_.intermediate)}});
  const ProcessResult kept = Update(text);
  ASSERT_EQ(kept.exit_code, 0) << kept.standard_error;
  EXPECT_EQ(Read("new.json")["sets"]["app"]["backup-pins"].size(), 1u);
  EXPECT_THAT(kept.standard_output, HasSubstr("backup in service"));

  const ProcessResult moved = Update(text, {"--backup", Path("spare.pub")});
  ASSERT_EQ(moved.exit_code, 0) << moved.standard_error;
  const Json set = Read("new.json")["sets"]["app"];
  ASSERT_EQ(set["backup-pins"].size(), 1u);
  EXPECT_EQ(set["backup-pins"][0]["pin"], PinTextOf(spare_));
  ASSERT_EQ(set["pins"].size(), 3u);
  EXPECT_EQ(set["pins"][2]["pin"], PinTextOf(pki_.intermediate));
  EXPECT_EQ(set["pins"][2]["comment"], "in the safe");
}

TEST_F(GenerateUpdateTest, RefusesABackupThatIsInServiceOrAPin) {
  directory_.Write("issuer.pem", pki_.intermediate.Pem());
  EXPECT_THAT(
      ExpectNothingWritten(AppOnly(), 1, {"--backup", Path("issuer.pem")})
          .standard_error,
      HasSubstr("in service"));
  const std::string text =
      absl::StrReplaceAll(AppOnly(), {{kGone, PinTextOf(spare_)}});
  EXPECT_THAT(ExpectNothingWritten(text, 1, {"--backup", Path("spare.pub")})
                  .standard_error,
              HasSubstr("is a pin of the set"));
}

TEST_F(GenerateUpdateTest, TermsChangeOnlyIfAsked) {
  ASSERT_EQ(
      Update(AppOnly(), {"--expires", "10", "--mode", "report-only",
                         "--on-expiry", "stop-enforcing", "--pin", "leaf"})
          .exit_code,
      0);
  const Json set = Read("new.json")["sets"]["app"];
  EXPECT_EQ(set["expires"], "2026-06-11T00:00:00Z");
  EXPECT_EQ(set["mode"], "report-only");
  EXPECT_EQ(set["on-expiry"], "stop-enforcing");
  EXPECT_EQ(set["pins"][2]["pin"], PinTextOf(pki_.leaf));
}

TEST_F(GenerateUpdateTest, Json) {
  const ProcessResult result = Update(AppOnly(), {"--json"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::vector<std::string> lines =
      absl::StrSplit(result.standard_output, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 2u);
  const Json update = Json::parse(lines[1]);
  EXPECT_EQ(update["schema"], "tlspin.update/1");
  EXPECT_EQ(update["complete"], true);
  EXPECT_EQ(update["same"], false);
  EXPECT_EQ(update["sets"][0]["added"][0]["pin"], PinTextOf(pki_.intermediate));
  EXPECT_EQ(update["sets"][0]["not_served"][0]["pin"], kGone);
  EXPECT_EQ(update["hosts"][0]["changes"][0]["code"], "pin-added");
}

TEST_F(GenerateUpdateTest, AFileThatIsNoPinFileIsRefused) {
  const ProcessResult bad = Run(
      {"--update", directory_.Write("bad.json", "{}"), server_.Target(kHost)});
  EXPECT_EQ(bad.exit_code, 3);
  EXPECT_THAT(bad.standard_error, HasSubstr("bad.json:1:1"));
}

TEST_F(GenerateUpdateTest, Usage) {
  const std::string file = directory_.Write("pins.json", FileText());
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{
           {"--in-place", "--backup", Path("spare.pub")},
           {"--prune", "--backup", Path("spare.pub")},
           {"--allow-mismatch", "--backup", Path("spare.pub")},
           {"--update", file, "--in-place", "-o", Path("new.json")},
           {"--update", "-", "--in-place"},
           {"--update", file, "--set", "x"},
           {"--update", file, "--json"},
           {"--update", file, "--candidates"}}) {
    std::vector<std::string> arguments = more;
    arguments.insert(arguments.begin(), kHost);
    const ProcessResult result = Run(arguments);
    EXPECT_EQ(result.exit_code, 2) << more.back() << result.standard_error;
  }
}

}  // namespace
