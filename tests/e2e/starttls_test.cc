// tlspin against real servers of protocols that begin without TLS, beside
// `openssl s_client`, which was written by others.

#include "tools/tlspin/net/starttls.h"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/authority.h"
#include "tests/e2e/inspection.h"
#include "tests/e2e/programs.h"
#include "tests/e2e/starttls_server.h"
#include "tools/mint/mint.h"

namespace e2e {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Tls = StartTlsServer::Tls;
using tlspin::StartTls;

constexpr char kHost[] = "mail.webex.com";

std::vector<std::string> Programs(StartTls protocol) {
  std::vector<std::string> programs = StartTlsServer::Programs(protocol);
  programs.insert(programs.end(), {"openssl", "setpriv"});
  return programs;
}

class StartTlsTest : public ProgramsTest,
                     public ::testing::WithParamInterface<StartTls> {
 protected:
  StartTlsTest() : ProgramsTest(Programs(GetParam())) {}

  void SetUp() override {
    ProgramsTest::SetUp();
    if (!IsSkipped() && StartTlsServer::NeedsRoot(GetParam()) &&
        geteuid() != 0) {
      MissingHere("the server can only be started by root");
    }
    directory_.Write("roots.pem", authority_.root.Pem());
    directory_.Write("pins.json", PinFile({kHost}, {site_key_}));
    directory_.Write("other.json",
                     PinFile({kHost}, {mint::Key::Shared("p256-other")}));
  }

  static std::string Name() {
    return std::string(tlspin::StartTlsName(GetParam()));
  }

  // Tool runs a command of tlspin, with --starttls and the roots.
  ProcessResult Tool(std::vector<std::string> arguments,
                     const std::string& protocol = Name()) const {
    arguments.insert(arguments.end(),
                     {"--starttls", protocol, "--roots",
                      directory_.Path("roots.pem"), "--timeout", "60"});
    return Tlspin(arguments);
  }

  Inspection Inspect(int port, const std::string& pins) const {
    return ReadInspection(Tool({"inspect", TargetAt(kHost, port), "--json",
                                "--pins", directory_.Path(pins)}));
  }

  const Authority authority_ = MakeAuthority("A", /*rsa=*/false);
  const mint::Key site_key_ = mint::Key::Shared("p256-leaf");
  const Site site_ = MakeSite(kHost, authority_, site_key_);
  TempDirectory directory_;
};

// FirstCertificate returns the first in a text, without its line ends.
std::string FirstCertificate(absl::string_view text) {
  constexpr absl::string_view kEnd = "-----END CERTIFICATE-----";
  const size_t begin = text.find("-----BEGIN CERTIFICATE-----");
  const size_t end = text.find(kEnd);
  if (begin == absl::string_view::npos || end == absl::string_view::npos) {
    return "";
  }
  std::string certificate;
  for (const char c : text.substr(begin, end - begin)) {
    if (c != '\n' && c != '\r') {
      certificate.push_back(c);
    }
  }
  return certificate;
}

TEST_P(StartTlsTest, TheChainOfTheServerIsJudged) {
  const StartTlsServer server(GetParam(), site_, Tls::kOn);
  const Inspection seen = Inspect(server.port(), "pins.json");
  ExpectGenuine(seen);
  EXPECT_EQ(seen.pin_status, "matched") << server.Log();
  const auto verdict = nlohmann::json::parse(seen.result.standard_output);
  std::vector<std::string> pins;
  for (const auto& certificate : verdict.at("presented")) {
    pins.push_back(certificate.at("pin").get<std::string>());
  }
  EXPECT_THAT(pins, ElementsAre(PinText(site_key_),
                                PinText(authority_.intermediate.key)));

  const ProcessResult checked = Tool(
      {"check", directory_.Path("pins.json"), TargetAt(kHost, server.port())});
  EXPECT_EQ(checked.exit_code, 0) << Show(checked);
}

TEST_P(StartTlsTest, OtherPinsAreRefused) {
  const StartTlsServer server(GetParam(), site_, Tls::kOn);
  const Inspection seen = Inspect(server.port(), "other.json");
  EXPECT_EQ(seen.result.exit_code, 1) << Show(seen.result);
  EXPECT_EQ(seen.error, "PIN_MISMATCH");
  const ProcessResult checked = Tool(
      {"check", directory_.Path("other.json"), TargetAt(kHost, server.port())});
  EXPECT_EQ(checked.exit_code, 1) << Show(checked);
}

// A server that is not what the test takes it for would make the others mean
// nothing.
TEST_P(StartTlsTest, OpensslFetchesTheSameLeaf) {
  const StartTlsServer server(GetParam(), site_, Tls::kOn);
  const ProcessResult result = testing_support::RunProcess(
      FindProgram("openssl"),
      {"s_client", "-starttls", Name(), "-xmpphost", kHost, "-connect",
       absl::StrCat("127.0.0.1:", server.port()), "-servername", kHost,
       "-CAfile", directory_.Path("roots.pem"), "-verify_return_error",
       "-showcerts"});
  EXPECT_THAT(result.standard_output, HasSubstr("Verify return code: 0 (ok)"))
      << Show(result);
  EXPECT_EQ(FirstCertificate(result.standard_output),
            FirstCertificate(site_.chain_pem))
      << Show(result);
}

TEST_P(StartTlsTest, AServerWithoutTlsIsUndecided) {
  const StartTlsServer server(GetParam(), site_, Tls::kOff);
  const Inspection seen = Inspect(server.port(), "pins.json");
  ExpectUndecided(seen, "starttls-not-offered");
  Note(Name(), seen);
}

// Whatever the two are, there is an answer in time, and it is not yes.
TEST_P(StartTlsTest, TheWrongProtocolIsUndecided) {
  const StartTlsServer server(GetParam(), site_, Tls::kOn);
  for (const StartTls other : tlspin::AllStartTls()) {
    if (other == GetParam()) {
      continue;
    }
    const std::string name(tlspin::StartTlsName(other));
    SCOPED_TRACE(name);
    const ProcessResult result = Tlspin(
        {"inspect", TargetAt(kHost, server.port()), "--json", "--starttls",
         name, "--roots", directory_.Path("roots.pem"), "--timeout", "2"});
    EXPECT_EQ(result.exit_code, 3) << Show(result);
    const Inspection seen = ReadInspection(result);
    EXPECT_TRUE(absl::StartsWith(seen.error, "starttls-")) << Show(result);
    Note(absl::StrCat(Name(), " taken for ", name), seen);
  }
}

TEST_P(StartTlsTest, TlsAtOnceIsUndecided) {
  const StartTlsServer server(GetParam(), site_, Tls::kOn);
  const ProcessResult result =
      Tlspin({"inspect", TargetAt(kHost, server.port()), "--json", "--roots",
              directory_.Path("roots.pem"), "--timeout", "2"});
  EXPECT_EQ(result.exit_code, 3) << Show(result);
  Note(absl::StrCat(Name(), " taken for TLS"), ReadInspection(result));
}

INSTANTIATE_TEST_SUITE_P(
    Protocols, StartTlsTest,
    ::testing::ValuesIn(std::vector<StartTls>(tlspin::AllStartTls().begin(),
                                              tlspin::AllStartTls().end())),
    [](const ::testing::TestParamInfo<StartTls>& info) {
      return std::string(tlspin::StartTlsName(info.param));
    });

}  // namespace
}  // namespace e2e
