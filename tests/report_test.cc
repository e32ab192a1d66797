#include "pinning/report.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::ChainOf;
using testing_support::MakePki;
using testing_support::NameOf;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::PinPolicy;
using testing_support::PinStoreOf;
using testing_support::Pki;
using testing_support::TrustStoreOf;
using testing_support::VerifierOf;

using Json = nlohmann::ordered_json;

constexpr absl::string_view kHost = "a.wbx2.com";

std::vector<std::string> KeysOf(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& item : object.items()) {
    keys.push_back(item.key());
  }
  return keys;
}

Verdict VerdictFor(const Pki& pki, const PinPolicy& policy,
                   TrustAnchor::Origin origin = TrustAnchor::Origin::kBundled) {
  return VerifierOf(TrustStoreOf({pki.root}, origin),
                    PinStoreOf(policy, {"*.wbx2.com"}))
      ->Verify(ChainOf(pki.Presented()), NameOf(kHost), Now());
}

PinPolicy FixedPolicy() {
  PinPolicy policy;
  policy.name = "webex";
  policy.expires = absl::FromUnixSeconds(1803081600);  // 2027-02-20
  return policy;
}

TEST(VerdictToJson, GoldenWithoutCertificates) {
  const Verdict verdict =
      Verdict::Reject({ErrorCode::kNoServerName, -1, "no name was set"}, Now());
  EXPECT_EQ(
      VerdictToJson(verdict),
      R"({"schema":"tlspin.verdict/1","host":"","time":"2026-06-01T00:00:00Z",)"
      R"("accepted":false,"error":{"code":31,"name":"NO_SERVER_NAME",)"
      R"("spec":"RFC 9525 6.1","depth":-1,"detail":"no name was set"},)"
      R"("pin_status":"not-evaluated","would_reject":false,"mitm":false,)"
      R"("diagnosis":null,"path":[],"pins":null,"presented":[],)"
      R"("failed_paths":[],"weakenings":[]})");
}

TEST(VerdictToJson, HasEveryKeyInOrder) {
  const Pki pki = MakePki("report", kHost);
  PinPolicy policy = FixedPolicy();
  policy.blocked = {PinOf(mint::Key::Shared("p256-report-blocked"))};
  const Json json = Json::parse(
      VerdictToJson(VerdictFor(pki, policy, TrustAnchor::Origin::kLocal)));
  EXPECT_THAT(
      KeysOf(json),
      ElementsAre("schema", "host", "time", "accepted", "error", "pin_status",
                  "would_reject", "mitm", "diagnosis", "path", "pins",
                  "presented", "failed_paths", "weakenings"));
  EXPECT_THAT(KeysOf(json["diagnosis"]),
              ElementsAre("kind", "product", "vendor_kind", "confidence",
                          "evidence", "advice", "exempt"));
  EXPECT_THAT(KeysOf(json["diagnosis"]["evidence"][0]),
              ElementsAre("code", "sentence", "depth", "field", "weight"));
  EXPECT_THAT(KeysOf(json["path"][0]),
              ElementsAre("depth", "role", "subject", "issuer", "serial",
                          "not_before", "not_after", "pin"));
  EXPECT_THAT(KeysOf(json["path"][2]),
              ElementsAre("depth", "role", "subject", "issuer", "serial",
                          "not_before", "not_after", "pin", "origin"));
  EXPECT_THAT(KeysOf(json["pins"]),
              ElementsAre("set", "pattern", "mode", "on_expiry", "expires",
                          "matched", "expected", "blocked"));
  EXPECT_THAT(KeysOf(json["pins"]["expected"][0]),
              ElementsAre("name", "pin", "role", "backup"));
  EXPECT_THAT(KeysOf(json["pins"]["blocked"][0]),
              ElementsAre("name", "pin", "role"));
  EXPECT_EQ(json["mitm"], true);
  EXPECT_EQ(json["diagnosis"]["kind"], "interception");
  EXPECT_EQ(json["path"][0]["role"], "leaf");
  EXPECT_EQ(json["path"][1]["role"], "issuer");
  EXPECT_EQ(json["path"][2]["role"], "anchor");
  EXPECT_EQ(json["path"][2]["origin"], "local");
  EXPECT_EQ(json["pins"]["matched"], nullptr);
  EXPECT_EQ(json["pins"]["pattern"], "*.wbx2.com");
  EXPECT_EQ(json["pins"]["expires"], "2027-02-20T00:00:00Z");
  EXPECT_EQ(json["pins"]["expected"][1]["backup"], true);
  EXPECT_EQ(json["presented"].size(), 2u);
  EXPECT_EQ(json["presented"][1]["role"], "extra");
}

TEST(VerdictToJson, SaysWhatMatchedAndWhatFailed) {
  const Pki pki = MakePki("report", kHost);
  PinPolicy policy = FixedPolicy();
  policy.pins = {PinOf(pki.intermediate)};
  const Json matched = Json::parse(VerdictToJson(VerdictFor(pki, policy)));
  EXPECT_EQ(matched["accepted"], true);
  EXPECT_EQ(matched["error"], nullptr);
  EXPECT_THAT(KeysOf(matched["pins"]["matched"]),
              ElementsAre("name", "pin", "role", "depth"));
  EXPECT_EQ(matched["pins"]["matched"]["depth"], 1);
  EXPECT_EQ(matched["pins"]["matched"]["pin"],
            PinOf(pki.intermediate).ToString());
  const Pki other = MakePki("report-other", kHost);
  const Verdict refused =
      VerifierOf(TrustStoreOf({other.root}), PinStore::Empty())
          ->Verify(ChainOf(pki.Presented()), NameOf(kHost), Now());
  const Json json = Json::parse(VerdictToJson(refused));
  EXPECT_EQ(json["path"].size(), 0u);
  ASSERT_GE(json["failed_paths"].size(), 1u);
  EXPECT_THAT(KeysOf(json["failed_paths"][0]),
              ElementsAre("error", "certificates"));
  EXPECT_THAT(KeysOf(json["failed_paths"][0]["certificates"][0]),
              ElementsAre("subject", "pin"));
}

TEST(VerdictToJson, HoldsHostileText) {
  const mint::Minted root = mint::SelfSigned(
      mint::Ca("evil \x1b[2J\xe2\x80\xae\""), mint::Key::P256());
  const mint::Minted leaf =
      mint::Issue(mint::Leaf({std::string(kHost)}), mint::Key::P256(), root);
  const std::string text = VerdictToJson(
      VerifierOf(TrustStoreOf({root}, TrustAnchor::Origin::kLocal),
                 PinStoreOf(FixedPolicy(), {"*.wbx2.com"}))
          ->Verify(ChainOf({leaf, root}), NameOf(kHost), Now()));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
  EXPECT_TRUE(Json::accept(text));
}

TEST(Report, HasTheKeysOfRfc7469InOrder) {
  const Pki pki = MakePki("report", kHost);
  const Report report = Report::FromVerdict(VerdictFor(pki, FixedPolicy()));
  const Json json = Json::parse(report.ToJson());
  EXPECT_THAT(
      KeysOf(json),
      ElementsAre("date-time", "hostname", "port", "effective-expiration-date",
                  "include-subdomains", "noted-hostname",
                  "served-certificate-chain", "validated-certificate-chain",
                  "known-pins", "report-only", "pin-status", "error",
                  "weakenings", "diagnosis", "pins-updated"));
  EXPECT_EQ(json["date-time"], "2026-06-01T00:00:00Z");
  EXPECT_EQ(json["hostname"], "a.wbx2.com");
  EXPECT_EQ(json["effective-expiration-date"], "2027-02-20T00:00:00Z");
  EXPECT_EQ(json["include-subdomains"], true);
  EXPECT_EQ(json["noted-hostname"], "wbx2.com");
  EXPECT_THAT(json["served-certificate-chain"],
              ElementsAre(pki.leaf.Pem(), pki.intermediate.Pem()));
  EXPECT_THAT(
      json["validated-certificate-chain"],
      ElementsAre(pki.leaf.Pem(), pki.intermediate.Pem(), pki.root.Pem()));
  EXPECT_THAT(
      json["known-pins"],
      ElementsAre(
          "pin-sha256=\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\"",
          "pin-sha256=\"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\""));
  EXPECT_EQ(json["pin-status"], "mismatch");
  EXPECT_EQ(json["error"], "PIN_MISMATCH");
  EXPECT_EQ(json["pins-updated"], "1970-01-01T00:00:00Z");
}

TEST(Report, SaysWhoIsInTheMiddleInCodes) {
  const Pki pki = MakePki("report", kHost);
  const Report report = Report::FromVerdict(
      VerdictFor(pki, FixedPolicy(), TrustAnchor::Origin::kLocal));
  const Json diagnosis = Json::parse(report.ToJson())["diagnosis"];
  EXPECT_THAT(KeysOf(diagnosis), ElementsAre("kind", "product", "vendor-kind",
                                             "confidence", "evidence"));
  EXPECT_EQ(diagnosis["kind"], "interception");
  EXPECT_THAT(KeysOf(diagnosis["evidence"][0]),
              ElementsAre("code", "depth", "field"));
  EXPECT_EQ(diagnosis["evidence"][0]["code"], "local-anchor");
  EXPECT_THAT(report.ToText(), HasSubstr("\nmeans interception, "));
  EXPECT_EQ(Json::parse(Report().ToJson())["diagnosis"], nullptr);
}

// A digest of the configuration covers the roots that were added to a machine:
// it would tell one machine from all others.
TEST(Report, DoesNotNameTheMachine) {
  const Pki pki = MakePki("report", kHost);
  Report report = Report::FromVerdict(VerdictFor(pki, FixedPolicy()));
  const std::string json = report.ToJson(), text = report.ToText();
  report.config_digest.fill(0xab);
  EXPECT_EQ(report.ToJson(), json);
  EXPECT_EQ(report.ToText(), text);
}

TEST(Report, ReportOnlySaysWhatWouldHaveBeen) {
  const Pki pki = MakePki("report", kHost);
  PinPolicy policy = FixedPolicy();
  policy.mode = PinSet::Mode::kReportOnly;
  EXPECT_EQ(Report::FromVerdict(VerdictFor(pki, policy)).error,
            ErrorCode::kPinMismatch);
  EXPECT_TRUE(Report::FromVerdict(VerdictFor(pki, policy)).report_only);
  policy.blocked = {PinOf(pki.leaf)};
  EXPECT_EQ(Report::FromVerdict(VerdictFor(pki, policy)).error,
            ErrorCode::kBlockedPin);
  policy.expires = Now() - absl::Hours(1);
  EXPECT_EQ(Report::FromVerdict(VerdictFor(pki, policy)).error,
            ErrorCode::kPinSetExpired);
}

TEST(Report, ToTextPutsServedBesideExpected) {
  const Pki pki = MakePki("report", kHost);
  const std::string text =
      Report::FromVerdict(VerdictFor(pki, FixedPolicy())).ToText();
  EXPECT_EQ(
      text,
      absl::StrCat(
          "pins not met for a.wbx2.com at 2026-06-01T00:00:00Z: PIN_MISMATCH, "
          "pins mismatch\n"
          "means unexpected-issuer, medium confidence\n"
          "served\n"
          "  0  ",
          PinOf(pki.leaf).ToString(), "  CN=a.wbx2.com\n  1  ",
          PinOf(pki.intermediate).ToString(),
          "  CN=report Intermediate\n"
          "validated\n"
          "  0  ",
          PinOf(pki.leaf).ToString(), "  CN=a.wbx2.com\n  1  ",
          PinOf(pki.intermediate).ToString(), "  CN=report Intermediate\n  2  ",
          PinOf(pki.root).ToString(),
          "  CN=report Root\n"
          "expected for *.wbx2.com until 2027-02-20T00:00:00Z\n"
          "     sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
          "     sha256/AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\n"));
}

}  // namespace
}  // namespace pinning
