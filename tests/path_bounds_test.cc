// Chains made to cost: each is decided, or given up as kBudgetExhausted, within
// Limits. What is counted is work, never time.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "pinning/path_builder.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/hostile_chains.h"
#include "tests/testing/paths.h"

namespace pinning {
namespace {

using testing::FindAll;
using testing::HostileChain;
using testing::MintedNow;

Verdict VerdictOf(const HostileChain& hostile, Limits limits = Limits()) {
  Verifier::Options options;
  options.trust_store = hostile.TrustStoreOf();
  options.pin_store = PinStore::Empty();
  options.limits = limits;
  std::vector<absl::Span<const uint8_t>> presented(hostile.presented.begin(),
                                                   hostile.presented.end());
  return (*Verifier::Create(std::move(options)))
      ->VerifyDer(presented, *ServerName::FromString("www.example.com"),
                  MintedNow());
}

PathBuilder::Result SearchAll(const HostileChain& hostile) {
  return FindAll(PathBuilder(hostile.TrustStoreOf(), Limits()),
                 hostile.ChainOf())
      .result;
}

// ExpectWithinLimits holds a search for every path to the default limits.
void ExpectWithinLimits(const PathBuilder::Result& result) {
  const Limits limits;
  EXPECT_LE(result.signatures_checked, limits.max_signatures);
  EXPECT_LE(result.paths_visited, limits.max_build_calls);
  EXPECT_LE(result.failed_paths.size(), PathBuilder::kMaxFailedPaths);
}

TEST(PathBoundsTest, HostileChainsAreDecidedWithinLimits) {
  const struct {
    HostileChain chain;
    ErrorCode error;  // kUnspecified: accepted
    int depth;
  } rows[] = {
      {testing::HonestChain(), ErrorCode::kUnspecified, -1},
      {testing::ForgedMesh(), ErrorCode::kBudgetExhausted, -1},
      {testing::ForgedForManyAnchors(), ErrorCode::kBudgetExhausted, -1},
      {testing::AllNamedAlike(), ErrorCode::kBudgetExhausted, -1},
      {testing::DeepChain(), ErrorCode::kBudgetExhausted, -1},
      {testing::NameConstraintBomb(), ErrorCode::kBudgetExhausted, -1},
      {testing::PolicyBomb(), ErrorCode::kBudgetExhausted, -1},
      {testing::ManyNames(1000, 10), ErrorCode::kUnspecified, -1},
      {testing::ManyNames(10'000, 0), ErrorCode::kUnspecified, -1},
      {testing::ManyNames(10'000, 20), ErrorCode::kUnspecified, -1},
      {testing::ManyNames(10'000, 30), ErrorCode::kBudgetExhausted, -1},
      {testing::ManyNames(20'000, 0), ErrorCode::kMalformedCertificate, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.chain.name);
    const Verdict verdict = VerdictOf(row.chain);
    EXPECT_EQ(verdict.accepted(), row.error == ErrorCode::kUnspecified);
    EXPECT_EQ(ErrorCodeName(verdict.error().code), ErrorCodeName(row.error))
        << verdict.ToString();
    EXPECT_EQ(verdict.error().depth, row.depth);
    if (row.error != ErrorCode::kMalformedCertificate) {
      const PathBuilder::Result result = SearchAll(row.chain);
      ExpectWithinLimits(result);
      EXPECT_EQ(result.exhausted_budget,
                row.error == ErrorCode::kBudgetExhausted);
    }
  }
}

// An authority that hands out cross-signs to all comers: every path is valid,
// and the first will do. That the rest were not all seen is said.
TEST(PathBoundsTest, AMeshOfValidCrossSignsIsAcceptedAndNotSeenWhole) {
  const HostileChain mesh = testing::VouchedMesh();
  EXPECT_TRUE(VerdictOf(mesh).accepted());
  const PathBuilder::Result all = SearchAll(mesh);
  ExpectWithinLimits(all);
  EXPECT_GT(all.paths_visited, 0);
  EXPECT_TRUE(all.exhausted_budget);
}

TEST(PathBoundsTest, AForgeryCostsASignatureOnlyIfItNamesAnAnchor) {
  // Of thirty that could have signed each other, five name the anchor.
  EXPECT_EQ(SearchAll(testing::ForgedMesh()).signatures_checked, 5);
}

// docs/defaults.md states this multiple.
TEST(PathBoundsTest, TheWorstCostsFiftyTimesTheSignaturesOfAnHonestChain) {
  const int honest = SearchAll(testing::HonestChain()).signatures_checked;
  EXPECT_EQ(honest, 2);
  int worst = 0;
  for (const HostileChain& chain : testing::AllHostileChains()) {
    SCOPED_TRACE(chain.name);
    const PathBuilder::Result result = SearchAll(chain);
    ExpectWithinLimits(result);
    worst = std::max(worst, result.signatures_checked);
  }
  // The limit is reached: it is what bounds the cost, not the lack of ideas.
  EXPECT_EQ(worst, 50 * honest);
}

}  // namespace
}  // namespace pinning
