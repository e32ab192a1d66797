// tlspin generate --new-backup-key: a key that is made with the pin file.

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
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
using ::testing::StartsWith;
using ::testing_support::ClosedPort;
using ::testing_support::GenerateFixture;
using ::testing_support::MakePki;
using ::testing_support::PinTextOf;
using ::testing_support::ProcessOptions;
using ::testing_support::ProcessResult;
using ::testing_support::ReadFile;
using ::testing_support::RunTlspin;

class GenerateBackupTest : public GenerateFixture {
 protected:
  // Make runs generate for `target`, with a new key.
  ProcessResult Make(const std::string& target,
                     std::vector<std::string> more = {},
                     ProcessOptions options = {}) const {
    more.insert(more.begin(), {target, "--new-backup-key", Path("key.pem"),
                               "-o", Path("pins.json")});
    return Run(more, options);
  }

  // PinOfFile returns what `tlspin pin` says of the key.
  Json PinOfFile(std::vector<std::string> more = {},
                 ProcessOptions options = {}) const {
    more.insert(more.begin(), {"pin", Path("key.pem"), "--json"});
    const ProcessResult result = RunTlspin(more, options);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return Json::parse(result.standard_output, nullptr, false);
  }

  std::string BackupPin() const {
    return Read("pins.json")["sets"][kHost]["backup-pins"][0]["pin"];
  }
};

TEST_F(GenerateBackupTest, MakesAKeyForItsOwnerAloneAndPinsIt) {
  const ProcessResult result = Make(server_.Target(kHost));
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  struct stat file;
  ASSERT_EQ(stat(Path("key.pem").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777, 0600u);
  EXPECT_THAT(ReadFile(Path("key.pem")),
              StartsWith("-----BEGIN PRIVATE KEY-----\n"));
  const Json key = PinOfFile();
  EXPECT_EQ(key["pin"], BackupPin());
  EXPECT_EQ(key["key"], "EC P-256");
  EXPECT_THAT(result.standard_error, HasSubstr("not encrypted"));
  EXPECT_THAT(result.standard_error, HasSubstr("offline"));
  // Nothing of the key is in what was printed.
  EXPECT_THAT(result.standard_output + result.standard_error,
              Not(HasSubstr("PRIVATE")));
}

TEST_F(GenerateBackupTest, EachKeyIsAnother) {
  ASSERT_EQ(Make(server_.Target(kHost)).exit_code, 0);
  const std::string first = BackupPin();
  std::filesystem::remove(Path("key.pem"));
  ASSERT_EQ(Make(server_.Target(kHost)).exit_code, 0);
  EXPECT_NE(BackupPin(), first);
}

TEST_F(GenerateBackupTest, Rsa) {
  ASSERT_EQ(
      Make(server_.Target(kHost), {"--backup-key-type", "rsa-3072"}).exit_code,
      0);
  EXPECT_EQ(PinOfFile()["key"], "RSA 3072");
  EXPECT_EQ(PinOfFile()["pin"], BackupPin());
}

TEST_F(GenerateBackupTest, IsEncryptedOnRequest) {
  const std::string password = directory_.Write("password", "correct horse\n");
  const ProcessResult result =
      Make(server_.Target(kHost),
           {"--encrypt-backup-key", "--password-file", password});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  EXPECT_THAT(ReadFile(Path("key.pem")),
              StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  EXPECT_EQ(PinOfFile({"--password-file", password})["pin"], BackupPin());
  // And can be given back as a backup.
  const ProcessResult again =
      Run({server_.Target(kHost), "--backup", Path("key.pem"),
           "--password-file", password, "-o", Path("again.json")});
  EXPECT_EQ(again.exit_code, 0) << again.standard_error;
  EXPECT_EQ(Read("again.json")["sets"][kHost]["backup-pins"][0]["pin"],
            BackupPin());
}

TEST_F(GenerateBackupTest, ThePasswordMayComeFromTheEnvironment) {
  ProcessOptions options;
  options.environment["TLSPIN_PASSWORD"] = "correct horse";
  ASSERT_EQ(
      Make(server_.Target(kHost), {"--encrypt-backup-key"}, options).exit_code,
      0);
  EXPECT_EQ(PinOfFile({}, options)["pin"], BackupPin());
}

TEST_F(GenerateBackupTest, AnEmptyPasswordIsRefused) {
  const ProcessResult result =
      Make(server_.Target(kHost), {"--encrypt-backup-key", "--password-file",
                                   directory_.Write("password", "\n")});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_FALSE(Exists("key.pem"));
  EXPECT_FALSE(Exists("pins.json"));
}

TEST_F(GenerateBackupTest, NeverOverwrites) {
  directory_.Write("key.pem", "mine");
  const ProcessResult result = Make(server_.Target(kHost));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.standard_error, HasSubstr("never overwritten"));
  EXPECT_EQ(ReadFile(Path("key.pem")), "mine");
  EXPECT_FALSE(Exists("pins.json"));
  // Nor where a link leads that leads nowhere yet.
  std::filesystem::remove(Path("key.pem"));
  std::filesystem::create_symlink(Path("elsewhere"), Path("key.pem"));
  EXPECT_EQ(Make(server_.Target(kHost)).exit_code, 3);
  EXPECT_FALSE(Exists("elsewhere"));
}

TEST_F(GenerateBackupTest, LeavesNoKeyBehindIfThereAreNoPins) {
  const std::string closed = absl::StrCat(kHost, "@127.0.0.1:", ClosedPort());
  EXPECT_EQ(Make(closed).exit_code, 3);
  EXPECT_FALSE(Exists("key.pem"));
  // The pin file cannot be written: a directory is in its place.
  const ProcessResult blocked =
      Run({server_.Target(kHost), "--new-backup-key", Path("key.pem"), "-o",
           Path("no/such/pins.json")});
  EXPECT_EQ(blocked.exit_code, 3);
  EXPECT_FALSE(Exists("key.pem"));
  // What is not fit to be pinned.
  directory_.Write("roots.pem", MakePki("B", kHost).root.Pem());
  EXPECT_EQ(Make(server_.Target(kHost)).exit_code, 1);
  EXPECT_FALSE(Exists("key.pem"));
  const std::string local = directory_.Write("local.pem", pki_.root.Pem());
  const ProcessResult intercepted =
      Make(server_.Target(kHost), {"--local-roots", local});
  EXPECT_EQ(intercepted.exit_code, 1);
  EXPECT_THAT(intercepted.standard_error, HasSubstr("added to this machine"));
  EXPECT_FALSE(Exists("key.pem"));
  EXPECT_FALSE(Exists("pins.json"));
}

TEST_F(GenerateBackupTest, Usage) {
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{
           {"--new-backup-key", Path("key.pem")},  // no file of pins
           {"--new-backup-key", Path("pins.json"), "-o", Path("pins.json")},
           {"--new-backup-key", Path("./pins.json"), "-o", Path("pins.json")},
           {"--new-backup-key", Path("key.pem"), "-o", Path("pins.json"),
            "--backup-key-type", "rsa-1024"},
           {"--backup", Path("spare.pub"), "--encrypt-backup-key"}}) {
    std::vector<std::string> arguments = more;
    arguments.insert(arguments.begin(), server_.Target(kHost));
    const ProcessResult result = Run(arguments);
    EXPECT_EQ(result.exit_code, 2) << more.back() << result.standard_error;
    EXPECT_FALSE(Exists("key.pem"));
    EXPECT_FALSE(Exists("pins.json"));
  }
}

}  // namespace
