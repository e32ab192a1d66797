// What becomes of hosts that show different chains at different addresses.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/probe.h"

namespace {

using ::pinning::PinRole;
using ::testing::HasSubstr;
using ::testing_support::ChainOf;
using ::testing_support::MakePki;
using ::testing_support::NameOf;
using ::testing_support::Now;
using ::testing_support::PinOf;
using ::testing_support::Pki;
using ::testing_support::TrustStoreOf;
using ::testing_support::VerifierOf;
using ::tlspin::GeneratePolicy;
using ::tlspin::PinFile;
using ::tlspin::PlanPinFile;
using ::tlspin::Probe;

constexpr char kHost[] = "good.example.com";

class GeneratePlanTest : public ::testing::Test {
 protected:
  GeneratePlanTest() {
    policy_.roles = {PinRole::kIssuer, PinRole::kAnchor};
    policy_.expires = Now() + absl::Hours(24 * 90);
    policy_.backups = {
        {{PinOf(mint::Key::Shared("p256-spare")), "spare", PinRole::kAny}, ""}};
  }

  // ProbeOf returns what came of asking `kHost`, the endpoint `index`, at
  // `peer`.
  Probe ProbeOf(const std::vector<mint::Minted>& chain, size_t index,
                const std::string& peer) const {
    Probe probe;
    probe.endpoint.host = probe.endpoint.address = kHost;
    probe.index = index;
    probe.peer = peer;
    probe.verdict =
        VerifierOf(TrustStoreOf({a_.root, b_.root}), pinning::PinStore::Empty())
            ->Verify(ChainOf(chain), NameOf(kHost), Now());
    EXPECT_TRUE(probe.verdict->accepted());
    return probe;
  }

  Pki a_ = MakePki("A", kHost), b_ = MakePki("B", kHost);
  GeneratePolicy policy_;
};

TEST_F(GeneratePlanTest, RefusesAddressesWithDifferentKeysToPin) {
  const std::vector<Probe> probes = {ProbeOf(a_.Presented(), 0, "192.0.2.1"),
                                     ProbeOf(b_.Presented(), 0, "192.0.2.2")};
  const absl::StatusOr<PinFile> refused = PlanPinFile(probes, policy_, Now());
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("192.0.2.2"));

  policy_.allow_divergent = true;
  const absl::StatusOr<PinFile> both = PlanPinFile(probes, policy_, Now());
  ASSERT_TRUE(both.ok()) << both.status();
  ASSERT_EQ(both->sets.size(), 1u);
  EXPECT_EQ(both->sets[0].pins.size(), 4u);
  EXPECT_EQ(both->hosts.size(), 1u);
}

TEST_F(GeneratePlanTest, AnAddressThatPresentedNothingIsNotCounted) {
  Probe missing;
  missing.endpoint.host = missing.endpoint.address = kHost;
  missing.peer = "192.0.2.2";
  missing.others_answered = true;
  for (const std::vector<Probe>& probes : std::vector<std::vector<Probe>>{
           {missing, ProbeOf(a_.Presented(), 0, "192.0.2.1")},
           {ProbeOf(a_.Presented(), 0, "192.0.2.1"), missing}}) {
    const absl::StatusOr<PinFile> file = PlanPinFile(probes, policy_, Now());
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(file->sets[0].pins.size(), 2u);
  }
}

TEST_F(GeneratePlanTest, ADifferentLeafIsNoDivergenceIfItIsNotPinned) {
  const mint::Minted leaf =
      mint::Issue(mint::Leaf({kHost}), mint::Key::Shared("p256-leaf-other"),
                  a_.intermediate);
  const std::vector<Probe> probes = {
      ProbeOf(a_.Presented(), 0, "192.0.2.1"),
      ProbeOf({leaf, a_.intermediate}, 0, "192.0.2.2")};
  EXPECT_TRUE(PlanPinFile(probes, policy_, Now()).ok());
  policy_.roles = {PinRole::kLeaf};
  EXPECT_FALSE(PlanPinFile(probes, policy_, Now()).ok());
}

TEST_F(GeneratePlanTest, AddressesThatWereNamedEachAreAllPinned) {
  const std::vector<Probe> probes = {ProbeOf(a_.Presented(), 0, "192.0.2.1"),
                                     ProbeOf(b_.Presented(), 1, "192.0.2.2")};
  const absl::StatusOr<PinFile> file = PlanPinFile(probes, policy_, Now());
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->sets[0].pins.size(), 4u);
}

}  // namespace
