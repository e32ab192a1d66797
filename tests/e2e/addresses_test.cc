// A name with several addresses: what generate makes of those that are missing,
// and how soon another one is tried.

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/network.h"
#include "tests/e2e/programs.h"
#include "tests/testing/process.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHost[] = "many.webex.com";
constexpr int kPort = 4443;

class AddressesTest : public NetworkTest {
 protected:
  AddressesTest() : NetworkTest({"openssl", "iptables"}) {}

  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) {
      return;
    }
    network_ = std::make_unique<Network>(std::vector<std::string>());
    ASSERT_TRUE(network_->ok()) << network_->failure();
    network_->Write("hosts", absl::StrCat("127.0.0.1 ", kHost, "\n127.0.0.2 ",
                                          kHost, "\n"));
    network_->Write("roots.pem", authority_.root.Pem() + other_.root.Pem());
    network_->Write("spare.pub", mint::Key::Shared("p256-spare").PublicPem());
    output_ = absl::StrCat(network_->WritableDirectory("out"), "/pins.json");
  }

  // Serve starts a server at `address` and leaves it running.
  void Serve(const std::string& address, const Authority& authority) {
    const Site site =
        MakeSite(kHost, authority, mint::Key::Shared("p256-leaf"));
    const std::string chain = network_->Write(address + ".pem", site.chain_pem);
    const std::string key = network_->Write(address + ".key", site.key_pem);
    auto server = network_->Start(
        FindProgram("openssl"),
        {"s_server", "-accept", absl::StrCat(address, ":", kPort), "-cert",
         chain, "-cert_chain", chain, "-key", key, "-www"});
    ASSERT_TRUE(server->WaitForOutput("ACCEPT"))
        << Show(server->Wait(absl::ZeroDuration()));
    servers_.push_back(std::move(server));
  }

  ProcessResult Generate(std::vector<std::string> more) const {
    more.insert(more.begin(),
                {"generate", absl::StrCat(kHost, ":", kPort), "--roots",
                 Network::Path("roots.pem"), "--backup",
                 Network::Path("spare.pub"), "-o", output_});
    return network_->Tlspin(more);
  }

  bool IsWritten() const {
    return network_->Run(FindProgram("test"), {"-s", output_}).exit_code == 0;
  }

  nlohmann::json Written() const {
    return nlohmann::json::parse(testing_support::ReadFile(
        absl::StrCat(network_->directory().path(), "/out/pins.json")));
  }

  const Authority authority_ = MakeAuthority("A", /*rsa=*/false);
  const Authority other_ = MakeAuthority("B", /*rsa=*/false);
  std::unique_ptr<Network> network_;
  std::string output_;
  std::vector<std::unique_ptr<BackgroundProcess>> servers_;
};

TEST_F(AddressesTest, AllThatAnswerAlike) {
  Serve("127.0.0.1", authority_);
  Serve("127.0.0.2", authority_);
  const ProcessResult result = Generate({"--all-addresses"});
  EXPECT_EQ(result.exit_code, 0) << Show(result);
  EXPECT_THAT(result.standard_error, Not(HasSubstr("warning")));
  EXPECT_TRUE(IsWritten());
}

TEST_F(AddressesTest, OneThatIsMissingIsAWarningAndUndecided) {
  Serve("127.0.0.1", authority_);
  const ProcessResult result = Generate({"--all-addresses"});
  EXPECT_EQ(result.exit_code, 3) << Show(result);
  EXPECT_THAT(
      result.standard_error,
      AllOf(HasSubstr(absl::StrCat("warning: ", kHost, "@127.0.0.2:", kPort)),
            HasSubstr("connection refused"),
            HasSubstr(absl::StrCat("other addresses of ", kHost, " answered")),
            HasSubstr("those of the addresses that answered")));
  EXPECT_THAT(result.standard_error, Not(HasSubstr("nothing was written")));
  ASSERT_TRUE(IsWritten());
  const nlohmann::json set = Written()["sets"][kHost];
  ASSERT_EQ(set["pins"].size(), 2u);
  EXPECT_EQ(set["pins"][0]["pin"], PinText(authority_.intermediate.key));

  // So too when the file is brought up to date. It may need what it has.
  const ProcessResult updated = network_->Tlspin(
      {"generate", absl::StrCat(kHost, ":", kPort), "--roots",
       Network::Path("roots.pem"), "--update", output_, "--in-place", "--prune",
       "--pin", "leaf", "--all-addresses"});
  EXPECT_EQ(updated.exit_code, 3) << Show(updated);
  EXPECT_THAT(updated.standard_error, HasSubstr("warning: "));
  EXPECT_EQ(Written()["sets"][kHost]["pins"].size(), 3u);
}

TEST_F(AddressesTest, JsonSaysWhichIsMissing) {
  Serve("127.0.0.2", authority_);
  const ProcessResult result = Generate({"--all-addresses", "--json"});
  EXPECT_EQ(result.exit_code, 3) << Show(result);
  EXPECT_THAT(result.standard_output,
              AllOf(HasSubstr("\"code\":\"connection-refused\""),
                    HasSubstr(absl::StrCat(kHost, "@127.0.0.1:", kPort)),
                    HasSubstr("\"peer\":\"127.0.0.2\"")));
  EXPECT_TRUE(IsWritten());
}

TEST_F(AddressesTest, NothingIsWrittenIfNoneAnswers) {
  const ProcessResult result = Generate({"--all-addresses"});
  EXPECT_EQ(result.exit_code, 3) << Show(result);
  for (const char* address : {"127.0.0.1", "127.0.0.2"}) {
    EXPECT_THAT(result.standard_error, HasSubstr(address));
  }
  EXPECT_THAT(result.standard_error, HasSubstr("nothing was written"));
  EXPECT_FALSE(IsWritten());
}

TEST_F(AddressesTest, DifferentKeysAreRefused) {
  Serve("127.0.0.1", authority_);
  Serve("127.0.0.2", other_);
  const ProcessResult result = Generate({"--all-addresses"});
  EXPECT_EQ(result.exit_code, 1) << Show(result);
  EXPECT_THAT(result.standard_error, HasSubstr("are not those at"));
  EXPECT_FALSE(IsWritten());
}

TEST_F(AddressesTest, AnAddressThatSwallowsPacketsCostsNoTimeOut) {
  Serve("127.0.0.1", authority_);
  Serve("127.0.0.2", authority_);
  for (const char* silent : {"127.0.0.1", "127.0.0.2"}) {
    SCOPED_TRACE(silent);
    network_->MustRun("iptables",
                      {"-I", "INPUT", "-d", silent, "-p", "tcp", "--dport",
                       absl::StrCat(kPort), "-j", "DROP"});
    const absl::Time start = absl::Now();
    const ProcessResult result = network_->Tlspin(
        {"inspect", absl::StrCat(kHost, ":", kPort), "--json", "--roots",
         Network::Path("roots.pem"), "--timeout", "120"});
    EXPECT_EQ(result.exit_code, 0) << Show(result);
    // An equal share would have been a minute.
    EXPECT_LT(absl::Now() - start, absl::Seconds(40));
    network_->MustRun("iptables", {"-F", "INPUT"});
  }
}

}  // namespace
}  // namespace e2e
