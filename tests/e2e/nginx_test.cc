// tlspin against a real nginx: genuine RSA and ECDSA chains, and what becomes
// of a pin file when the server's keys change.

#include "tests/e2e/nginx.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/programs.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::HasSubstr;

constexpr char kRsaHost[] = "idbroker.webex.com";
constexpr char kEcdsaHost[] = "identity.webex.com";
constexpr char kWildcardHost[] = "a.wbx2.com";

class NginxTest : public ProgramsTest {
 protected:
  NginxTest() : ProgramsTest({"nginx"}) {}

  void SetUp() override {
    ProgramsTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    directory_.Write("roots.pem", mint::PemOf({rsa_.root, ecdsa_.root}));
    directory_.Write("backup.pem",
                     mint::Key::Shared("p256-backup").PublicPem());
    nginx_ = std::make_unique<Nginx>(Sites());
  }

  std::vector<Site> Sites() const {
    return {MakeSite(kRsaHost, rsa_, mint::Key::Shared("rsa2048-leaf")),
            MakeSite(kEcdsaHost, ecdsa_, mint::Key::Shared("p256-leaf-1")),
            MakeSite(kWildcardHost, ecdsa_, mint::Key::Shared("p256-leaf-2"))};
  }

  std::string roots() const { return directory_.Path("roots.pem"); }
  std::string pins() const { return directory_.Path("pins.json"); }

  std::vector<std::string> Targets() const {
    return {nginx_->Target(kRsaHost), nginx_->Target(kEcdsaHost),
            nginx_->Target(kWildcardHost)};
  }

  // Generate makes the pin file, of the keys that have the role `role`.
  ProcessResult Generate(const std::string& role) const {
    std::vector<std::string> arguments = {"generate"};
    for (const std::string& target : Targets()) {
      arguments.push_back(target);
    }
    for (const std::string& word :
         {std::string("--roots"), roots(), std::string("--pin"), role,
          std::string("--backup"), directory_.Path("backup.pem"),
          std::string("-o"), pins()}) {
      arguments.push_back(word);
    }
    return Tlspin(arguments);
  }

  ProcessResult Check(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"check", pins()};
    for (const std::string& target : Targets()) {
      arguments.push_back(target);
    }
    arguments.insert(arguments.end(), {"--roots", roots()});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Tlspin(arguments);
  }

  Authority rsa_ = MakeAuthority("A", /*rsa=*/true);
  Authority ecdsa_ = MakeAuthority("B", /*rsa=*/false);
  TempDirectory directory_;
  std::unique_ptr<Nginx> nginx_;
};

TEST_F(NginxTest, InspectAcceptsEachHostByItsPins) {
  directory_.Write("pins.json",
                   PinFile({kRsaHost, kEcdsaHost, "*.wbx2.com"},
                           {rsa_.intermediate.key, ecdsa_.intermediate.key}));
  for (const std::string& target : Targets()) {
    SCOPED_TRACE(target);
    const ProcessResult result = Tlspin(
        {"inspect", target, "--roots", roots(), "--pins", pins(), "--json"});
    EXPECT_EQ(result.exit_code, 0) << Show(result);
    EXPECT_THAT(result.standard_output, HasSubstr("\"accepted\":true"));
    EXPECT_THAT(result.standard_output, HasSubstr("\"mitm\":false"));
    EXPECT_THAT(result.standard_output, HasSubstr("\"matched\""));
  }
}

TEST_F(NginxTest, InspectWithoutPinsAcceptsAndSaysThatNothingIsPinned) {
  const ProcessResult result = Tlspin(
      {"inspect", nginx_->Target(kRsaHost), "--roots", roots(), "--json"});
  EXPECT_EQ(result.exit_code, 0) << Show(result);
  EXPECT_THAT(result.standard_output, HasSubstr("\"not-pinned\""));
}

TEST_F(NginxTest, InspectRefusesAServerWhoseRootIsNotGiven) {
  const std::string other =
      directory_.Write("other.pem", MakeAuthority("C", false).root.Pem());
  const ProcessResult result =
      Tlspin({"inspect", nginx_->Target(kRsaHost), "--roots", other});
  EXPECT_EQ(result.exit_code, 1) << Show(result);
}

TEST_F(NginxTest, InspectRefusesTheWrongName) {
  const ProcessResult result = Tlspin(
      {"inspect", nginx_->Target("other.webex.com"), "--roots", roots()});
  EXPECT_EQ(result.exit_code, 1) << Show(result);
}

TEST_F(NginxTest, CheckPassesOnGeneratedPins) {
  for (const char* role : {"leaf", "issuer", "anchor", "all"}) {
    SCOPED_TRACE(role);
    std::filesystem::remove(pins());
    const ProcessResult generated = Generate(role);
    ASSERT_EQ(generated.exit_code, 0) << Show(generated);
    const ProcessResult checked = Check();
    EXPECT_EQ(checked.exit_code, 0) << Show(checked);
  }
}

TEST_F(NginxTest, LintAcceptsGeneratedPins) {
  const ProcessResult generated = Generate("issuer");
  ASSERT_EQ(generated.exit_code, 0) << Show(generated);
  const ProcessResult linted = Tlspin({"lint", pins()});
  EXPECT_EQ(linted.exit_code, 0) << Show(linted);
}

TEST_F(NginxTest, ANewLeafUnderThePinnedIssuerStillPasses) {
  const ProcessResult generated = Generate("issuer");
  ASSERT_EQ(generated.exit_code, 0) << Show(generated);
  nginx_->Serve(
      {MakeSite(kRsaHost, rsa_, mint::Key::Shared("rsa2048-leaf-new")),
       MakeSite(kEcdsaHost, ecdsa_, mint::Key::Shared("p256-leaf-new-1")),
       MakeSite(kWildcardHost, ecdsa_, mint::Key::Shared("p256-leaf-new-2"))});
  const ProcessResult checked = Check();
  EXPECT_EQ(checked.exit_code, 0) << Show(checked);
}

TEST_F(NginxTest, ANewLeafFailsWhereTheLeafIsPinned) {
  const ProcessResult generated = Generate("leaf");
  ASSERT_EQ(generated.exit_code, 0) << Show(generated);
  std::vector<Site> sites = Sites();
  const mint::Key key = mint::Key::Shared("p256-leaf-new-1");
  sites[1] = MakeSite(kEcdsaHost, ecdsa_, key);
  nginx_->Serve(sites);
  const ProcessResult checked = Check({"--json"});
  EXPECT_EQ(checked.exit_code, 1) << Show(checked);
  EXPECT_THAT(checked.standard_output, HasSubstr(PinText(key)));
}

TEST_F(NginxTest, ANewIssuerUnderTheSameRootFailsAndIsShown) {
  const ProcessResult generated = Generate("issuer");
  ASSERT_EQ(generated.exit_code, 0) << Show(generated);
  Authority rotated = ecdsa_;
  mint::Spec issuer = mint::Ca("B Issuing CA 2");
  const mint::Key key = mint::Key::Shared("p256-rotated");
  rotated.intermediate = mint::Issue(issuer, key, ecdsa_.root);
  std::vector<Site> sites = Sites();
  sites[1] = MakeSite(kEcdsaHost, rotated, mint::Key::Shared("p256-leaf-1"));
  nginx_->Serve(sites);
  const ProcessResult checked = Check();
  EXPECT_EQ(checked.exit_code, 1) << Show(checked);
  const std::string said = checked.standard_output + checked.standard_error;
  EXPECT_THAT(said, HasSubstr(kEcdsaHost));
  // What is served now, and what the file wants, side by side.
  EXPECT_THAT(said, HasSubstr("B Issuing CA 2"));
  EXPECT_THAT(said, HasSubstr(PinText(key)));
  EXPECT_THAT(said, HasSubstr(PinText(ecdsa_.intermediate.key)));
}

TEST_F(NginxTest, ANewRootThatIsTrustedFailsWhereTheAnchorIsPinned) {
  const ProcessResult generated = Generate("anchor");
  ASSERT_EQ(generated.exit_code, 0) << Show(generated);
  const Authority other = MakeAuthority("C", /*rsa=*/false);
  directory_.Write("roots.pem",
                   mint::PemOf({rsa_.root, ecdsa_.root, other.root}));
  std::vector<Site> sites = Sites();
  sites[1] = MakeSite(kEcdsaHost, other, mint::Key::Shared("p256-leaf-1"));
  nginx_->Serve(sites);
  const ProcessResult checked = Check();
  EXPECT_EQ(checked.exit_code, 1) << Show(checked);
  EXPECT_THAT(checked.standard_output, HasSubstr("C Root"));
}

}  // namespace
}  // namespace e2e
