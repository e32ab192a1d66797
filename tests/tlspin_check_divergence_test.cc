#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/language.h"
#include "pinning/pin_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/pki.h"
#include "tools/tlspin/check_findings.h"
#include "tools/tlspin/check_result.h"
#include "tools/tlspin/host_findings.h"
#include "tools/tlspin/pin_places.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/reports/check_report.h"

namespace {

using ::testing::IsEmpty;
using ::tlspin::Probe;

Probe ProbeOf(size_t index, const std::string& host,
              std::vector<std::vector<uint8_t>> chain) {
  Probe probe;
  probe.index = index;
  probe.endpoint.host = probe.endpoint.address = host;
  probe.served.certificates = std::move(chain);
  return probe;
}

std::vector<tlspin::Finding> Find(const std::vector<Probe>& probes) {
  return tlspin::DivergenceFindings(probes, *pinning::PinStore::Empty(),
                                    tlspin::PinPlaces(),
                                    pinning::Language::kEnglish);
}

TEST(DivergenceFindings, OneForEachEndpointWhoseAddressesDiffer) {
  const std::vector<tlspin::Finding> findings =
      Find({ProbeOf(0, "a.example", {{1}, {2}}), ProbeOf(0, "a.example", {{1}}),
            ProbeOf(0, "a.example", {{1}}), ProbeOf(1, "b.example", {{3}})});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "chains-diverge");
  EXPECT_EQ(findings[0].severity, tlspin::Severity::kWarning);
  EXPECT_EQ(findings[0].target, "a.example:443");
}

TEST(DivergenceFindings, OfVersionsToo) {
  Probe probe = ProbeOf(0, "a.example", {{1}});
  probe.versions.resize(2);
  probe.versions[0].served.certificates = {{2}};
  probe.versions[1].served.certificates = {{1}};
  EXPECT_EQ(Find({probe}).size(), 1u);
}

TEST(DivergenceFindings, NotWhereChainsAreEqualOrThereIsNone) {
  EXPECT_THAT(
      Find({ProbeOf(0, "a.example", {{1}}), ProbeOf(0, "a.example", {{1}}),
            ProbeOf(0, "a.example", {}), ProbeOf(1, "b.example", {{2}})}),
      IsEmpty());
  EXPECT_THAT(Find({}), IsEmpty());
}

TEST(Conclude, AnotherVersionThatIsRefusedCounts) {
  const testing_support::Pki pki =
      testing_support::MakePki("A", "good.example.com");
  testing_support::PinPolicy pins;
  pins.pins = {testing_support::PinOf(pki.intermediate)};
  const auto verifier = testing_support::VerifierOf(
      testing_support::TrustStoreOf({pki.root}),
      testing_support::PinStoreOf(pins, {"good.example.com"}));
  const pinning::Verdict good = verifier->Verify(
      testing_support::ChainOf(pki.Presented()),
      testing_support::NameOf("good.example.com"), testing_support::Now());
  ASSERT_TRUE(good.accepted()) << good.ToString();

  Probe probe = ProbeOf(0, "good.example.com", {{1}});
  probe.served.version = 0x0304;
  probe.verdict = good;
  probe.versions.resize(2);
  probe.versions[0].version = 0x0303;
  probe.versions[0].served.tls_version = "TLSv1.2";
  probe.versions[1].version = 0x0304;
  probe.versions[1].verdict = good;
  const tlspin::CheckPolicy policy;
  // A version that the server does not speak is no finding.
  EXPECT_EQ(tlspin::Conclude(probe, verifier->pin_store(), policy).kind,
            tlspin::CheckResult::Kind::kAccepted);

  pinning::PathError error;
  error.code = pinning::ErrorCode::kExpired;
  probe.versions[0].verdict =
      pinning::Verdict::Reject(error, testing_support::Now());
  const tlspin::CheckResult result =
      tlspin::Conclude(probe, verifier->pin_store(), policy);
  EXPECT_EQ(result.kind, tlspin::CheckResult::Kind::kRefused);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].code, "chain-refused");
  EXPECT_EQ(result.findings[0].item, "TLSv1.2");
  EXPECT_THAT(result.reason, ::testing::HasSubstr("TLSv1.2: refused: EXPIRED"));
}

}  // namespace
