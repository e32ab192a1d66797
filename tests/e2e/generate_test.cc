// The life of a pin file against a real nginx: made, kept through a new leaf,
// brought up to date when the issuer changes; and a backup key that OpenSSL
// reads.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/nginx.h"
#include "tests/e2e/programs.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::ReadFile;
using testing_support::RunProcess;

constexpr char kHost[] = "idbroker.webex.com";

class GenerateTest : public ProgramsTest {
 protected:
  GenerateTest() : ProgramsTest({"nginx", "openssl"}) {}

  void SetUp() override {
    ProgramsTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    directory_.Write("roots.pem", authority_.root.Pem());
    nginx_ = std::make_unique<Nginx>(std::vector<Site>{
        MakeSite(kHost, authority_, mint::Key::Shared("p256-leaf-1"))});
  }

  std::string Path(const std::string& name) const {
    return directory_.Path(name);
  }

  ProcessResult Run(const std::string& command,
                    std::vector<std::string> more) const {
    more.insert(more.begin(), command);
    more.insert(more.end(),
                {nginx_->Target(kHost), "--roots", Path("roots.pem")});
    return Tlspin(more);
  }

  // Generate makes the pin file, of the issuer and the anchor, with a new key.
  void Generate() const {
    const ProcessResult result =
        Run("generate",
            {"--new-backup-key", Path("spare.key"), "-o", Path("pins.json")});
    ASSERT_EQ(result.exit_code, 0) << Show(result);
  }

  Authority authority_ = MakeAuthority("B", /*rsa=*/false);
  testing_support::TempDirectory directory_;
  std::unique_ptr<Nginx> nginx_;
};

TEST_F(GenerateTest, APinFileOutlivesALeafAndFollowsTheIssuer) {
  ASSERT_NO_FATAL_FAILURE(Generate());
  // Somebody reviews it.
  const std::string reviewed = absl::StrReplaceAll(
      ReadFile(Path("pins.json")),
      {{"\"role\": \"anchor\"",
        "\"role\": \"anchor\", \"comment\": \"agreed with the CA\""},
       {"\"updated\"", "\"comment\": \"reviewed\",\n  \"updated\""}});
  directory_.Write("pins.json", reviewed);

  nginx_->Serve(
      {MakeSite(kHost, authority_, mint::Key::Shared("p256-leaf-2"))});
  const ProcessResult renewed = Run("check", {Path("pins.json")});
  EXPECT_EQ(renewed.exit_code, 0) << Show(renewed);

  Authority rotated = authority_;
  const mint::Key key = mint::Key::Shared("p256-rotated");
  rotated.intermediate =
      mint::Issue(mint::Ca("B Issuing CA 2"), key, authority_.root);
  nginx_->Serve({MakeSite(kHost, rotated, mint::Key::Shared("p256-leaf-3"))});
  const ProcessResult updated =
      Run("generate", {"--update", Path("pins.json"), "-o", Path("new.json")});
  ASSERT_EQ(updated.exit_code, 0) << Show(updated);
  EXPECT_THAT(updated.standard_output, HasSubstr("pin-added"));
  EXPECT_THAT(updated.standard_output, HasSubstr("B Issuing CA 2"));
  EXPECT_THAT(updated.standard_output, HasSubstr("kept, on no path asked"));
  const std::string text = ReadFile(Path("new.json"));
  EXPECT_THAT(text, HasSubstr("\"comment\": \"reviewed\""));
  EXPECT_THAT(text, HasSubstr("\"comment\": \"agreed with the CA\""));
  EXPECT_THAT(text, HasSubstr(PinText(key)));
  EXPECT_THAT(text, HasSubstr(PinText(authority_.intermediate.key)));

  const ProcessResult diff =
      Tlspin({"diff", Path("pins.json"), Path("new.json")});
  EXPECT_EQ(diff.exit_code, 1) << Show(diff);
  const ProcessResult checked = Run("check", {Path("new.json")});
  EXPECT_EQ(checked.exit_code, 0) << Show(checked);

  const ProcessResult pruned =
      Run("generate", {"--update", Path("new.json"), "--in-place", "--prune"});
  ASSERT_EQ(pruned.exit_code, 0) << Show(pruned);
  EXPECT_THAT(ReadFile(Path("new.json")),
              Not(HasSubstr(PinText(authority_.intermediate.key))));
}

TEST_F(GenerateTest, AnotherAuthorityIsNotFollowedUnasked) {
  ASSERT_NO_FATAL_FAILURE(Generate());
  const Authority other = MakeAuthority("C", /*rsa=*/false);
  directory_.Write("roots.pem", mint::PemOf({authority_.root, other.root}));
  nginx_->Serve({MakeSite(kHost, other, mint::Key::Shared("p256-leaf-3"))});
  const std::string before = ReadFile(Path("pins.json"));
  const ProcessResult refused =
      Run("generate", {"--update", Path("pins.json"), "--in-place"});
  EXPECT_EQ(refused.exit_code, 1) << Show(refused);
  EXPECT_EQ(ReadFile(Path("pins.json")), before);
}

TEST_F(GenerateTest, TheBackupKeyTakesOver) {
  ASSERT_NO_FATAL_FAILURE(Generate());
  // The key in service and its authority are lost. Another authority certifies
  // the backup key, and the clients that are out there go on.
  const Authority other = MakeAuthority("C", /*rsa=*/false);
  directory_.Write("roots.pem", other.root.Pem());
  directory_.Write("ca.pem", other.intermediate.Pem());
  directory_.Write("ca.key", other.intermediate.key.PrivatePem());
  directory_.Write("extensions", std::string("subjectAltName=DNS:") + kHost +
                                     "\nextendedKeyUsage=serverAuth\n");
  const std::string openssl = FindProgram("openssl");
  const ProcessResult asked =
      RunProcess(openssl, {"req", "-new", "-key", Path("spare.key"), "-subj",
                           "/CN=spare", "-out", Path("spare.csr")});
  ASSERT_EQ(asked.exit_code, 0) << Show(asked);
  const ProcessResult certified = RunProcess(
      openssl, {"x509", "-req", "-in", Path("spare.csr"), "-CA", Path("ca.pem"),
                "-CAkey", Path("ca.key"), "-days", "30", "-extfile",
                Path("extensions"), "-out", Path("spare.pem")});
  ASSERT_EQ(certified.exit_code, 0) << Show(certified);
  nginx_->Serve(
      {Site{kHost, ReadFile(Path("spare.pem")) + other.intermediate.Pem(),
            ReadFile(Path("spare.key"))}});
  const ProcessResult checked = Run("check", {Path("pins.json"), "--json"});
  EXPECT_EQ(checked.exit_code, 0) << Show(checked);
  EXPECT_THAT(checked.standard_output, HasSubstr("matched-backup"));
}

TEST_F(GenerateTest, OpenSslReadsTheKeyThatWasMade) {
  for (const char* type : {"ec-p256", "rsa-3072"}) {
    for (const bool encrypted : {false, true}) {
      if (encrypted && std::string(type) == "rsa-3072") {
        continue;  // encryption does not know what it encrypts
      }
      SCOPED_TRACE(type);
      const std::string name =
          std::string(type) + (encrypted ? ".enc" : ".key");
      std::vector<std::string> arguments = {
          "--new-backup-key", Path(name), "--backup-key-type", type, "-o",
          Path("pins.json")};
      const std::string password = directory_.Write("password", "a b c\n");
      if (encrypted) {
        arguments.insert(arguments.end(),
                         {"--encrypt-backup-key", "--password-file", password});
      }
      const ProcessResult made = Run("generate", arguments);
      ASSERT_EQ(made.exit_code, 0) << Show(made);
      const ProcessResult read = RunProcess(
          FindProgram("openssl"),
          {"pkey", "-in", Path(name), "-check", "-passin", "file:" + password,
           "-pubout", "-out", Path("spare.pub")});
      ASSERT_EQ(read.exit_code, 0) << Show(read);
      // OpenSSL's public half has the pin that the file says.
      const ProcessResult pin = Tlspin({"pin", Path("spare.pub"), "--json"});
      const std::string pins = ReadFile(Path("pins.json"));
      const size_t backup = pins.find("sha256/", pins.find("backup-pins"));
      EXPECT_THAT(pin.standard_output, HasSubstr(pins.substr(backup, 7 + 44)));
      const ProcessResult wrong = RunProcess(
          FindProgram("openssl"),
          {"pkey", "-in", Path(name), "-noout", "-passin", "pass:wrong"});
      EXPECT_EQ(wrong.exit_code != 0, encrypted) << Show(wrong);
    }
  }
}

}  // namespace
}  // namespace e2e
