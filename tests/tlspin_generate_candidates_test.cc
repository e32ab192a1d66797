// tlspin generate --candidates: the keys that could be pinned, and which to.

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "absl/time/time.h"
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
using ::testing_support::CrossSign;
using ::testing_support::GenerateFixture;
using ::testing_support::MakePki;
using ::testing_support::Masked;
using ::testing_support::PinTextOf;
using ::testing_support::Pki;
using ::testing_support::ProcessResult;
using ::testing_support::TlsServer;

class GenerateCandidatesTest : public GenerateFixture {
 protected:
  // JsonOf returns the line about the one host of `target`.
  Json JsonOf(const std::string& target,
              std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {target, "--candidates", "--json"});
    const ProcessResult result = Run(more);
    EXPECT_EQ(result.exit_code, 0) << result.standard_error;
    return Json::parse(result.standard_output);
  }

  // ServeUnder serves a leaf under an intermediate made of `spec`.
  TlsServer ServeUnder(const mint::Spec& spec) const {
    const mint::Minted issuer =
        mint::Issue(spec, mint::Key::Shared("p256-issuer"), pki_.root);
    return TlsServer(
        {mint::Issue(mint::Leaf({kHost}), pki_.leaf.key, issuer), issuer});
  }
};

TEST_F(GenerateCandidatesTest, Text) {
  const ProcessResult result = Run(
      {server_.Target(kHost), "--candidates", "--backup", Path("spare.pub")});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::string text = Masked(result.standard_output,
                                  {{PinTextOf(pki_.leaf), "<leaf>"},
                                   {PinTextOf(pki_.intermediate), "<issuer>"},
                                   {PinTextOf(pki_.root), "<root>"},
                                   {PinTextOf(spare_), "<spare>"},
                                   {server_.Target(kHost), "<host>"}});
  EXPECT_EQ(
      text,
      "host     <host> (TLSv1.3)\n"
      "keys     0  leaf    <leaf>  good.example.com\n"
      "            lasts    ends 2027-01-01, in 214 days of 365; its renewal, "
      "by then at the latest, may bring a new key\n"
      "            lets in  this key alone, in whatever certificate\n"
      "         1  issuer  <issuer>  A Intermediate\n"
      "            lasts    ends 2027-01-01, in 214 days; the next leaf, due "
      "by "
      "2027-01-01, may come from another issuer\n"
      "            lets in  what it and any authority below it issue (no path "
      "length)\n"
      "         2  anchor  <root>  A Root\n"
      "            lasts    ends 2027-01-01, in 214 days; a root programme may "
      "drop it, or the server move to another, before\n"
      "            lets in  what it and any authority below it issue (no path "
      "length)\n"
      "            note     not served: from the roots given\n"
      "propose  pin     <issuer>  A Intermediate: it lets in less than the "
      "anchor, and the leaf need not be renewed before the pins expire on "
      "2026-08-30\n"
      "         backup  <spare>  backup EC P-256: not in service; whoever runs "
      "the server must be able to put it into service\n");
}

TEST_F(GenerateCandidatesTest, WithoutABackupItSaysWhereToGetOne) {
  const ProcessResult result = Run({server_.Target(kHost), "--candidates"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.standard_output, HasSubstr("backup  none: "));
  EXPECT_THAT(result.standard_output, HasSubstr("--new-backup-key"));
}

TEST_F(GenerateCandidatesTest, TheIssuerIsProposedWhileItOutlastsThePins) {
  const Json lasts = JsonOf(server_.Target(kHost), {"--expires", "2026-12-31"});
  EXPECT_EQ(lasts["proposal"]["current"]["role"], "issuer");
  EXPECT_THAT(std::string(lasts["proposal"]["current"]["reason"]),
              HasSubstr("less than the anchor"));
  // Every certificate ends before: there is nothing good to propose.
  const Json ends = JsonOf(server_.Target(kHost), {"--expires", "2027-06-01"});
  EXPECT_THAT(std::string(ends["proposal"]["current"]["reason"]),
              HasSubstr("earlier --expires"));
}

TEST_F(GenerateCandidatesTest, ALeafThatEndsBeforeThePinsSpeaksForTheAnchor) {
  mint::Spec spec = mint::Leaf({kHost});
  spec.not_after = spec.not_before + absl::Hours(24 * 200);
  const TlsServer server(
      {mint::Issue(spec, pki_.leaf.key, pki_.intermediate), pki_.intermediate});
  const Json current = JsonOf(server.Target(kHost))["proposal"]["current"];
  EXPECT_EQ(current["role"], "anchor");
  EXPECT_EQ(current["depth"], 2);
  EXPECT_EQ(current["pin"], PinTextOf(pki_.root));
  EXPECT_THAT(std::string(current["reason"]), HasSubstr("has to be renewed"));
}

TEST_F(GenerateCandidatesTest, WhatAnIssuerLetsIn) {
  mint::Spec unlimited = mint::Ca("Issuer"), none = unlimited, one = unlimited,
             named = unlimited;
  none.path_length = 0;
  one.path_length = 1;
  named.permitted = {"dns:example.com"};
  named.excluded = {"dns:secret.example.com"};
  const struct {
    const mint::Spec& spec;
    const char* admits;
    Json length;
    Json permitted, excluded;
  } kRows[] = {
      {unlimited, "anything-below", nullptr, Json::array(), Json::array()},
      {none, "its-own", 0, Json::array(), Json::array()},
      {one, "some-levels", 1, Json::array(), Json::array()},
      {named, "anything-below", nullptr, Json::array({"example.com"}),
       Json::array({"secret.example.com"})},
  };
  for (const auto& row : kRows) {
    const TlsServer server = ServeUnder(row.spec);
    const Json keys = JsonOf(server.Target(kHost))["candidates"];
    ASSERT_EQ(keys.size(), 3u);
    EXPECT_EQ(keys[0]["admits"], "this-key");
    EXPECT_EQ(keys[1]["admits"], row.admits);
    EXPECT_EQ(keys[1]["path_length"], row.length);
    EXPECT_EQ(keys[1]["permitted_names"], row.permitted);
    EXPECT_EQ(keys[1]["excluded_names"], row.excluded);
  }
}

TEST_F(GenerateCandidatesTest, WhatIsServedBesideThePathIsNotVerified) {
  const Pki other = MakePki("B", kHost);
  const TlsServer server({pki_.leaf, pki_.intermediate, other.intermediate,
                          CrossSign(pki_.root, other.root)});
  const Json keys = JsonOf(server.Target(kHost))["candidates"];
  ASSERT_EQ(keys.size(), 5u);
  EXPECT_EQ(keys[2]["role"], "anchor");
  EXPECT_EQ(keys[2]["served"], false);
  EXPECT_EQ(keys[3]["pin"], PinTextOf(other.intermediate));
  EXPECT_EQ(keys[3]["role"], nullptr);
  EXPECT_EQ(keys[3]["depth"], nullptr);
  EXPECT_EQ(keys[3]["same_key_as_depth"], nullptr);
  EXPECT_EQ(keys[4]["same_key_as_depth"], 2);
  const ProcessResult text = Run({server.Target(kHost), "--candidates"});
  EXPECT_THAT(text.standard_output, HasSubstr("-  beside  "));
  EXPECT_THAT(text.standard_output, HasSubstr("nothing about it is verified"));
  EXPECT_THAT(text.standard_output, HasSubstr("the key of 2 in another"));
}

TEST_F(GenerateCandidatesTest, PinProposedWritesTheOneKey) {
  const ProcessResult result =
      Run({server_.Target(kHost), "--pin", "proposed", "--backup",
           Path("spare.pub"), "-o", Path("pins.json")});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const Json pins = Read("pins.json")["sets"][kHost]["pins"];
  ASSERT_EQ(pins.size(), 1u);
  EXPECT_EQ(pins[0]["pin"], PinTextOf(pki_.intermediate));
}

TEST_F(GenerateCandidatesTest, NothingIsProposedOfWhatIsNotFit) {
  directory_.Write("roots.pem", MakePki("B", kHost).root.Pem());
  const std::string local = directory_.Write("local.pem", pki_.root.Pem());
  const ProcessResult text =
      Run({server_.Target(kHost), "--candidates", "--local-roots", local});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_THAT(text.standard_error, HasSubstr("added to this machine"));
  EXPECT_EQ(text.standard_output.find("propose"), std::string::npos);
  const ProcessResult json = Run({server_.Target(kHost), "--candidates",
                                  "--json", "--local-roots", local});
  EXPECT_EQ(json.exit_code, 1);
  const Json line = Json::parse(json.standard_output);
  EXPECT_EQ(line["fit_to_pin"], false);
  EXPECT_EQ(line["candidates"], Json::array());
  EXPECT_EQ(line["proposal"], nullptr);
}

TEST_F(GenerateCandidatesTest, EachVersionOfTlsIsHeldToTheSame) {
  const ProcessResult result =
      Run({server_.Target(kHost), "--candidates", "--json", "--tls-versions"});
  ASSERT_EQ(result.exit_code, 0) << result.standard_error;
  const std::vector<std::string> lines =
      absl::StrSplit(result.standard_output, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(Json::parse(lines[0])["tls_version"], "TLSv1.2");
  EXPECT_EQ(Json::parse(lines[1])["tls_version"], "TLSv1.3");
  EXPECT_EQ(Json::parse(lines[1])["peer"], "127.0.0.1");
  const ProcessResult written =
      Run({server_.Target(kHost), "--tls-versions", "--backup",
           Path("spare.pub"), "-o", Path("pins.json")});
  EXPECT_EQ(written.exit_code, 0) << written.standard_error;
  EXPECT_EQ(Read("pins.json")["sets"][kHost]["pins"].size(), 2u);
}

TEST_F(GenerateCandidatesTest, WritesNoFile) {
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{
           {"-o", Path("pins.json")}, {"--new-backup-key", Path("key.pem")}}) {
    std::vector<std::string> arguments = {server_.Target(kHost),
                                          "--candidates"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(Run(arguments).exit_code, 2) << more.front();
    EXPECT_FALSE(Exists("pins.json"));
    EXPECT_FALSE(Exists("key.pem"));
  }
}

}  // namespace
