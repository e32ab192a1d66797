#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "pinning/pin_store.h"
#include "tests/testing/pki.h"
#include "tests/testing/process.h"
#include "tests/testing/tls_server.h"
#include "tests/testing/tlspin.h"
#include "tools/mint/mint.h"

namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing_support::MakePki;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::TempDirectory;
using ::testing_support::TlsServer;
using Json = nlohmann::ordered_json;

constexpr char kHost[] = "good.example.com";
constexpr char kOther[] = "other.example.com";
constexpr char kAt[] = "2026-06-01T00:00:00Z";

class GenerateTest : public ::testing::Test {
 protected:
  GenerateTest() {
    directory_.Write("roots.pem", pki_.root.Pem());
    directory_.Write("spare.pub", spare_.PublicPem());
  }

  // Run runs generate with `more`, the roots, the backup and the time.
  ProcessResult Run(std::vector<std::string> more) const {
    more.insert(more.begin(), "generate");
    more.insert(more.end(),
                {"--roots", directory_.Path("roots.pem"), "--backup",
                 directory_.Path("spare.pub"), "--at", kAt});
    return testing_support::RunTlspin(more);
  }

  std::string output() const { return directory_.Path("pins.json"); }

  Json Written() const { return Json::parse(ReadFile(output())); }

  // ExpectNothingWritten runs generate over a file that is there and one that
  // is not, and expects `code` and both as they were.
  ProcessResult ExpectNothingWritten(std::vector<std::string> more,
                                     int code) const {
    directory_.Write("old.json", "old");
    std::vector<std::string> over = more;
    over.insert(over.end(), {"-o", directory_.Path("old.json")});
    EXPECT_EQ(Run(over).exit_code, code);
    EXPECT_EQ(ReadFile(directory_.Path("old.json")), "old");
    more.insert(more.end(), {"-o", output()});
    ProcessResult result = Run(more);
    EXPECT_EQ(result.exit_code, code) << result.standard_error;
    EXPECT_FALSE(std::filesystem::exists(output()));
    // Nor a temporary file: two inputs and the old file.
    int files = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(directory_.path())) {
      (void)entry;
      ++files;
    }
    EXPECT_EQ(files, 3);
    return result;
  }

  Pki pki_ = MakePki("A", kHost);
  mint::Key spare_ = mint::Key::Shared("p256-spare");
  TempDirectory directory_;
  TlsServer server_{pki_.Presented()};
};

TEST_F(GenerateTest, PinsIssuerAndAnchorByDefault) {
  const ProcessResult result =
      Run({server_.Target(kHost), "-o", output(), "--set", "example"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::string source = " good.example.com on 2026-06-01";
  const Json expected = {
      {"schema", "pinning.pins/1"},
      {"updated", kAt},
      {"sets",
       {{"example",
         {{"mode", "enforce"},
          {"expires", "2026-08-30T00:00:00Z"},
          {"on-expiry", "stop-enforcing"},
          {"pins",
           {{{"name", "A Intermediate"},
             {"pin", PinTextOf(pki_.intermediate)},
             {"role", "issuer"},
             {"source", "served by" + source}},
            {{"name", "A Root"},
             {"pin", PinTextOf(pki_.root)},
             {"role", "anchor"},
             {"source", "trust anchor of" + source}}}},
          {"backup-pins",
           {{{"name", "backup EC P-256"},
             {"pin", PinTextOf(spare_)},
             {"role", "any"},
             {"source", "a public key file"}}}}}}}},
      {"hosts", {{kHost, "example"}}},
  };
  EXPECT_EQ(ReadFile(output()), expected.dump(2) + "\n");
  EXPECT_TRUE(pinning::PinStore::FromJson(ReadFile(output())).ok());
  EXPECT_THAT(result.standard_output, HasSubstr(PinTextOf(pki_.root)));
  EXPECT_THAT(result.standard_output, HasSubstr("1 host, 1 set, enforced"));

  // The same again is the same file, byte for byte.
  const std::string first = ReadFile(output());
  ASSERT_EQ(Run({server_.Target(kHost), "-o", output(), "--set", "example"})
                .exit_code,
            0);
  EXPECT_EQ(ReadFile(output()), first);
}

TEST_F(GenerateTest, Roles) {
  const struct {
    const char* roles;
    std::vector<std::string> pins;
  } kRows[] = {
      {"leaf", {PinTextOf(pki_.leaf)}},
      {"issuer", {PinTextOf(pki_.intermediate)}},
      {"anchor", {PinTextOf(pki_.root)}},
      {"leaf,anchor", {PinTextOf(pki_.leaf), PinTextOf(pki_.root)}},
      {"all",
       {PinTextOf(pki_.leaf), PinTextOf(pki_.intermediate),
        PinTextOf(pki_.root)}},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.roles);
    const ProcessResult result =
        Run({server_.Target(kHost), "--pin", row.roles, "-o", output()});
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    std::vector<std::string> pins;
    const Json written = Written();
    for (const Json& pin : written["sets"][kHost]["pins"]) {
      pins.push_back(pin["pin"]);
    }
    EXPECT_EQ(pins, row.pins);
  }
}

TEST_F(GenerateTest, HostsWithTheSamePinsShareASetAndNoOthers) {
  const mint::Minted leaf = mint::Issue(
      mint::Leaf({kOther}), mint::Key::Shared("p256-other"), pki_.intermediate);
  const TlsServer other({leaf, pki_.intermediate});
  ASSERT_EQ(Run({other.Target(kOther), server_.Target(kHost), "-o", output()})
                .exit_code,
            0);
  EXPECT_EQ(Written()["sets"].size(), 1u);
  EXPECT_EQ(Written()["hosts"].dump(),
            R"({"other.example.com":"other.example.com",)"
            R"("good.example.com":"other.example.com"})");

  ASSERT_EQ(Run({other.Target(kOther), server_.Target(kHost), "--pin", "leaf",
                 "--set", "x", "-o", output()})
                .exit_code,
            0);
  EXPECT_EQ(Written()["hosts"].dump(),
            R"({"other.example.com":"x","good.example.com":"x-2"})");
}

TEST_F(GenerateTest, FlagsReachTheFile) {
  ASSERT_EQ(Run({server_.Target(kHost), "--expires", "10", "--on-expiry",
                 "reject", "--mode", "report-only", "-o", output()})
                .exit_code,
            0);
  const Json set = Written()["sets"][kHost];
  EXPECT_EQ(set["expires"], "2026-06-11T00:00:00Z");
  EXPECT_EQ(set["on-expiry"], "reject");
  EXPECT_EQ(set["mode"], "report-only");
}

TEST_F(GenerateTest, HostsComeFromAFile) {
  const std::string list = directory_.Write(
      "hosts", absl::StrCat("# ours\n\n  ", server_.Target(kHost), "  \r\n"));
  const ProcessResult result = Run({"--from", list});
  EXPECT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_TRUE(pinning::PinStore::FromJson(result.standard_output).ok())
      << result.standard_output;

  const std::string bad = directory_.Write("bad", "a.example.com\nb c\n");
  const ProcessResult refused = Run({"--from", bad});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.standard_error, HasSubstr("bad:2: "));
  EXPECT_THAT(refused.standard_output, IsEmpty());
}

TEST_F(GenerateTest, RefusesAChainThatDoesNotValidate) {
  directory_.Write("roots.pem", MakePki("B", kHost).root.Pem());
  const ProcessResult result = ExpectNothingWritten({server_.Target(kHost)}, 1);
  EXPECT_THAT(result.standard_output, HasSubstr("REJECT"));
}

TEST_F(GenerateTest, RefusesTheWrongName) {
  ExpectNothingWritten({server_.Target(kOther)}, 1);
}

TEST_F(GenerateTest, RefusesAnAnchorThatWasAddedToTheMachine) {
  directory_.Write("roots.pem", MakePki("B", kHost).root.Pem());
  const TempDirectory elsewhere;
  const ProcessResult result =
      ExpectNothingWritten({server_.Target(kHost), "--local-roots",
                            elsewhere.Write("local.pem", pki_.root.Pem())},
                           1);
  EXPECT_THAT(result.standard_error, HasSubstr("added to this machine"));
}

TEST_F(GenerateTest, IsAllOrNothing) {
  const std::string closed =
      absl::StrCat(kOther, "@127.0.0.1:", testing_support::ClosedPort());
  const ProcessResult result =
      ExpectNothingWritten({server_.Target(kHost), closed}, 3);
  EXPECT_THAT(result.standard_error, HasSubstr("connection refused"));
  // A refusal wins over a host that was not reached.
  ExpectNothingWritten({closed, server_.Target(kOther)}, 1);
}

TEST_F(GenerateTest, RefusesABackupInService) {
  directory_.Write("spare.pub", pki_.intermediate.Pem());
  const ProcessResult result =
      ExpectNothingWritten({server_.Target(kHost), "--pin", "anchor"}, 1);
  EXPECT_THAT(result.standard_error, HasSubstr("in service"));
}

TEST_F(GenerateTest, RefusesBackupFilesThatHoldNoOneKey) {
  directory_.Write("spare.pub", mint::PemOf({pki_.intermediate, pki_.root}));
  EXPECT_THAT(ExpectNothingWritten({server_.Target(kHost)}, 3).standard_error,
              HasSubstr("several keys"));
  directory_.Write("spare.pub", "nothing");
  ExpectNothingWritten({server_.Target(kHost)}, 3);
}

TEST_F(GenerateTest, BackupsMayBeOfEveryKind) {
  for (const std::string& text :
       {spare_.PrivatePem(), spare_.PublicPem(), spare_.CsrPem("spare"),
        mint::SelfSigned(mint::Ca("spare"), spare_).Pem()}) {
    directory_.Write("spare.pub", text);
    const ProcessResult result = Run({server_.Target(kHost), "-o", output()});
    ASSERT_EQ(result.exit_code, 0) << result.standard_error;
    EXPECT_EQ(Written()["sets"][kHost]["backup-pins"][0]["pin"],
              PinTextOf(spare_));
  }
}

TEST_F(GenerateTest, Usage) {
  const ProcessResult no_backup = testing_support::RunTlspin(
      {"generate", server_.Target(kHost), "--roots",
       directory_.Path("roots.pem"), "-o", output()});
  EXPECT_EQ(no_backup.exit_code, 2);
  EXPECT_THAT(no_backup.standard_error, HasSubstr("--backup FILE"));
  EXPECT_THAT(no_backup.standard_error, HasSubstr("hint: "));
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{
           {},
           {"https://good.example.com"},
           {kHost, "--pin", "root"},
           {kHost, "--expires", "2026-05-31"},
           {kHost, "--expires", "0"},
           {kHost, "--expires", "soon"},
           {kHost, "--timeout", "-1"},
           {kHost, "--timeout", "soon"},
           {kHost, "--proxy", "ftp://127.0.0.1"},
           {kHost, "--on-expiry", "never"},
           {kHost, "--json"}}) {
    const ProcessResult result = Run(more);
    EXPECT_EQ(result.exit_code, 2)
        << (more.empty() ? "no host" : more.back()) << result.standard_error;
  }
}

TEST_F(GenerateTest, JsonHasOneVerdictPerHost) {
  const ProcessResult result =
      Run({server_.Target(kHost), server_.Target(kOther), "--json", "-o",
           output()});
  EXPECT_EQ(result.exit_code, 1);
  const std::vector<std::string> lines =
      absl::StrSplit(result.standard_output, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(Json::parse(lines[0])["endpoint"]["host"], kHost);
  EXPECT_EQ(Json::parse(lines[0])["fit_to_pin"], true);
  EXPECT_EQ(Json::parse(lines[1])["fit_to_pin"], false);
}

}  // namespace
