#include "pinning/path_builder.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pinning/error.h"
#include "tests/testing/paths.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using mint::Key;
using mint::Minted;
using testing::AnchorOf;
using testing::ChainOf;
using ::testing::ElementsAre;
using testing::FindAll;
using testing::Found;
using ::testing::IsEmpty;
using testing::MintedNow;
using testing::NamesOf;
using testing::StoreOf;
using ::testing::UnorderedElementsAre;

Key KeyOf(const std::string& name) { return Key::Shared("p256-" + name); }

Minted Root(const std::string& name) {
  return mint::SelfSigned(mint::Ca(name), KeyOf(name));
}

Minted Ca(const std::string& name, const Minted& issuer) {
  return mint::Issue(mint::Ca(name), KeyOf(name), issuer);
}

Minted Leaf(const Minted& issuer) {
  return mint::Issue(mint::Leaf({"leaf"}), KeyOf("leaf"), issuer);
}

mint::Spec Expired(mint::Spec spec) {
  spec.not_after = MintedNow() - absl::Hours(1);
  return spec;
}

Found Find(const std::vector<Minted>& chain, const std::vector<Minted>& anchors,
           Limits limits = Limits()) {
  std::vector<TrustAnchor> trusted;
  for (const Minted& anchor : anchors) {
    trusted.push_back(AnchorOf(anchor));
  }
  return FindAll(PathBuilder(StoreOf(std::move(trusted)), limits),
                 ChainOf(chain));
}

class PathBuilderTest : public ::testing::Test {
 protected:
  const Minted root_ = Root("Root");
  const Minted other_root_ = Root("Other");
  const Minted issuing_ = Ca("Issuing", root_);
  const Minted leaf_ = Leaf(issuing_);
};

TEST_F(PathBuilderTest, FindsThePathWhateverElseIsServed) {
  const Minted unrelated = Ca("Unrelated", other_root_);
  const std::vector<Minted> thirty(30, issuing_);
  std::vector<Minted> repeated = {leaf_};
  repeated.insert(repeated.end(), thirty.begin(), thirty.end());
  const struct {
    const char* name;
    std::vector<Minted> chain;
  } rows[] = {
      {"as it should be", {leaf_, issuing_}},
      {"with the root", {leaf_, issuing_, root_}},
      {"reversed", {leaf_, root_, issuing_}},
      {"with another chain", {leaf_, unrelated, other_root_, issuing_}},
      {"with a second leaf", {leaf_, leaf_, issuing_}},
      {"one intermediate thirty times", repeated},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Found found = Find(row.chain, {root_});
    EXPECT_THAT(found.paths, ElementsAre("leaf<Issuing<Root"));
    EXPECT_EQ(found.result.paths_visited, 1);
    EXPECT_EQ(found.result.signatures_checked, 2);
    EXPECT_FALSE(found.result.exhausted_budget);
  }
}

TEST_F(PathBuilderTest, HandsOutTheAnchorAndItsOrigin) {
  TrustAnchor anchor = AnchorOf(root_);
  anchor.origin = TrustAnchor::Origin::kLocal;
  const PathBuilder builder(StoreOf({anchor}), Limits());
  int visits = 0;
  builder.Search(ChainOf({leaf_, issuing_}), KeyPurpose::kServerAuth,
                 MintedNow(), [&](const VerifiedPath& path) {
                   ++visits;
                   EXPECT_EQ(path.certificates().size(), 3u);
                   EXPECT_EQ(path.anchor(), anchor.certificate);
                   EXPECT_EQ(path.anchor_origin(), TrustAnchor::Origin::kLocal);
                   return PathBuilder::Visit::kStop;
                 });
  EXPECT_EQ(visits, 1);
}

TEST_F(PathBuilderTest, NoPathIsAtTheCertificateWhoseIssuerIsMissing) {
  const Minted lone = mint::SelfSigned(mint::Leaf({"leaf"}), KeyOf("lone"));
  const struct {
    const char* name;
    std::vector<Minted> chain;
    std::vector<Minted> anchors;
    int depth;
  } rows[] = {
      {"missing intermediate", {leaf_}, {root_}, 0},
      {"missing root", {leaf_, issuing_}, {other_root_}, 1},
      {"root served and not trusted",
       {leaf_, issuing_, root_},
       {other_root_},
       2},
      {"self-signed leaf", {lone}, {root_}, 0},
      {"nothing is trusted", {leaf_, issuing_}, {}, 1},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Found found = Find(row.chain, row.anchors);
    EXPECT_THAT(found.paths, IsEmpty());
    EXPECT_EQ(found.result.best_error.code, ErrorCode::kNoPath);
    EXPECT_EQ(found.result.best_error.depth, row.depth);
    EXPECT_EQ(found.result.signatures_checked, 0);
    ASSERT_EQ(found.result.failed_paths.size(), 1u);
    EXPECT_FALSE(found.result.failed_paths[0].reached_anchor);
    EXPECT_EQ(found.result.failed_paths[0].certificates.size(),
              static_cast<size_t>(row.depth) + 1);
  }
}

TEST_F(PathBuilderTest, ALeafMayBeAnAnchorItself) {
  const Minted server = mint::SelfSigned(mint::Leaf({"server"}), KeyOf("own"));
  EXPECT_THAT(Find({server}, {server}).paths, ElementsAre("server"));
  EXPECT_EQ(Find({server}, {server}).result.signatures_checked, 0);

  // As that very certificate: the same name and key are not enough, as nobody
  // else vouches for the host names.
  const Minted renewed =
      mint::SelfSigned(mint::Leaf({"server", "bank.example"}), KeyOf("own"));
  EXPECT_THAT(Find({renewed}, {server}).paths, IsEmpty());

  // And it is checked as a leaf.
  const Minted expired =
      mint::SelfSigned(Expired(mint::Leaf({"server"})), KeyOf("own"));
  const Found found = Find({expired}, {expired});
  EXPECT_THAT(found.paths, IsEmpty());
  EXPECT_EQ(found.result.best_error.code, ErrorCode::kExpired);
  EXPECT_EQ(found.result.best_error.depth, 0);
  ASSERT_EQ(found.result.failed_paths.size(), 1u);
  EXPECT_TRUE(found.result.failed_paths[0].reached_anchor);
}

TEST_F(PathBuilderTest, VisitsEveryValidPathOnce) {
  const Minted cross = Ca("Root", other_root_);  // Root, by Other
  const Minted issuing_by_other = Ca("Issuing", other_root_);
  const std::vector<Minted> chain = {leaf_, issuing_, cross, issuing_by_other,
                                     cross, issuing_};
  EXPECT_THAT(Find(chain, {root_}).paths, ElementsAre("leaf<Issuing<Root"));
  EXPECT_THAT(
      Find(chain, {other_root_}).paths,
      UnorderedElementsAre("leaf<Issuing<Other", "leaf<Issuing<Root<Other"));
  EXPECT_THAT(Find(chain, {root_, other_root_}).paths,
              UnorderedElementsAre("leaf<Issuing<Root", "leaf<Issuing<Other",
                                   "leaf<Issuing<Root<Other"));
}

TEST_F(PathBuilderTest, TheVisitorStopsTheSearch) {
  const Minted issuing_by_other = Ca("Issuing", other_root_);
  const PathBuilder builder(StoreOf({AnchorOf(root_), AnchorOf(other_root_)}),
                            Limits());
  const PathBuilder::Result result = builder.Search(
      ChainOf({leaf_, issuing_, issuing_by_other}), KeyPurpose::kServerAuth,
      MintedNow(),
      [](const VerifiedPath&) { return PathBuilder::Visit::kStop; });
  EXPECT_EQ(result.paths_visited, 1);
  EXPECT_EQ(result.signatures_checked, 2);
}

TEST_F(PathBuilderTest, AnExpiredCrossSignDoesNotHideTheOtherBranch) {
  const Minted expired =
      mint::Issue(Expired(mint::Ca("Issuing")), KeyOf("Issuing"), other_root_);
  for (const std::vector<Minted>& chain :
       {std::vector<Minted>{leaf_, expired, issuing_},
        std::vector<Minted>{leaf_, issuing_, expired}}) {
    EXPECT_THAT(Find(chain, {root_, other_root_}).paths,
                ElementsAre("leaf<Issuing<Root"));
  }
  // Alone, it is the reason.
  const Found found = Find({leaf_, expired, issuing_}, {other_root_});
  EXPECT_EQ(found.result.best_error.code, ErrorCode::kExpired);
  EXPECT_EQ(found.result.best_error.depth, 1);
  const auto reached = std::count_if(
      found.result.failed_paths.begin(), found.result.failed_paths.end(),
      [](const FailedPath& path) { return path.reached_anchor; });
  EXPECT_EQ(reached, 1);
}

TEST_F(PathBuilderTest, TheSameNameWithAnotherKeyIsTriedAndLeft) {
  const Minted imposter =
      mint::Issue(mint::Ca("Issuing"), KeyOf("imposter"), root_);
  for (const std::vector<Minted>& chain :
       {std::vector<Minted>{leaf_, imposter, issuing_},
        std::vector<Minted>{leaf_, issuing_, imposter}}) {
    const Found found = Find(chain, {root_});
    EXPECT_THAT(found.paths, ElementsAre("leaf<Issuing<Root"));
  }
  const Found found = Find({leaf_, imposter}, {root_});
  EXPECT_EQ(found.result.best_error.code, ErrorCode::kBadSignature);
  EXPECT_EQ(found.result.best_error.depth, 0);
}

TEST_F(PathBuilderTest, KeyIdentifiersOrderAndNeverExclude) {
  // The decoy comes first and has the name; the identifiers point past it.
  const Minted decoy =
      mint::Issue(mint::Ca("Issuing"), KeyOf("imposter"), root_);
  EXPECT_EQ(Find({leaf_, decoy, issuing_}, {root_}).result.signatures_checked,
            4);  // both branches, as the visitor wants all
  const PathBuilder builder(StoreOf({AnchorOf(root_)}), Limits());
  const PathBuilder::Result first = builder.Search(
      ChainOf({leaf_, decoy, issuing_}), KeyPurpose::kServerAuth, MintedNow(),
      [](const VerifiedPath&) { return PathBuilder::Visit::kStop; });
  EXPECT_EQ(first.signatures_checked, 2);

  mint::Spec wrong = mint::Leaf({"leaf"});
  wrong.authority_key_id = false;
  wrong.extra = {{"2.5.29.35", false, {0x30, 0x04, 0x80, 0x02, 0x0b, 0xad}}};
  const Minted mislabelled = mint::Issue(wrong, KeyOf("leaf"), issuing_);
  EXPECT_THAT(Find({mislabelled, issuing_}, {root_}).paths,
              ElementsAre("leaf<Issuing<Root"));
}

TEST_F(PathBuilderTest, LoopsEnd) {
  const Minted a_root = Root("A");
  const Minted b = Ca("B", a_root);
  const Minted a_by_b = Ca("A", b);
  const Minted leaf = Leaf(b);
  const Found found = Find({leaf, b, a_by_b, a_root}, {root_});
  EXPECT_THAT(found.paths, IsEmpty());
  EXPECT_EQ(found.result.best_error.code, ErrorCode::kNoPath);
  EXPECT_FALSE(found.result.exhausted_budget);
  EXPECT_THAT(Find({leaf, b, a_by_b}, {a_root}).paths, ElementsAre("leaf<B<A"));
}

TEST_F(PathBuilderTest, DepthIsLimited) {
  std::vector<Minted> chain = {root_};
  for (int i = 1; i <= 7; ++i) {
    chain.push_back(Ca(absl::StrCat("C", i), chain.back()));
  }
  chain.push_back(Leaf(chain.back()));
  std::reverse(chain.begin(), chain.end());
  ASSERT_EQ(chain.size(), 9u);

  Limits limits;
  limits.max_depth = 9;
  EXPECT_EQ(Find(chain, {root_}, limits).result.paths_visited, 1);
  limits.max_depth = 8;
  const Found found = Find(chain, {root_}, limits);
  EXPECT_EQ(found.result.paths_visited, 0);
  EXPECT_TRUE(found.result.exhausted_budget);
  EXPECT_EQ(found.result.best_error.code, ErrorCode::kBudgetExhausted);
  EXPECT_EQ(found.result.best_error.depth, -1);
}

// Graph returns a leaf and `layers` of two authorities each, every one of which
// is certified by both of the layer above, up to `top`. The number of paths
// doubles with each layer. `leaf` is issued in the name of the lowest layer.
std::vector<Minted> Graph(int layers, const Minted& top) {
  std::vector<Minted> graph;
  std::vector<Minted> above = {top};
  for (int layer = 0; layer < layers; ++layer) {
    std::vector<Minted> here;
    for (const char* side : {"left", "right"}) {
      for (const Minted& issuer : above) {
        graph.push_back(Ca(absl::StrCat(side, layer), issuer));
      }
      here.push_back(graph.back());
    }
    above = std::move(here);
  }
  graph.insert(graph.begin(), Leaf(above.front()));
  return graph;
}

TEST_F(PathBuilderTest, AGraphOfValidSignaturesCostsEachOnce) {
  const Found found = Find(Graph(/*layers=*/4, root_), {root_});
  EXPECT_EQ(found.result.paths_visited, 8);
  // The leaf by its issuer, that by two, they by two each, and again, and the
  // uppermost two by the root.
  EXPECT_EQ(found.result.signatures_checked, 1 + 2 + 4 + 4 + 2);
}

TEST_F(PathBuilderTest, AnExponentialGraphIsCutOffByTheBudget) {
  std::vector<Minted> chain = Graph(/*layers=*/6, root_);
  for (size_t i = 1; i < chain.size(); ++i) {
    chain[i].der.back() ^= 1;  // no signature in it is good
  }
  Limits limits;
  limits.max_build_calls = 50;
  const Found calls = Find(chain, {root_}, limits);
  EXPECT_EQ(calls.result.best_error.code, ErrorCode::kBudgetExhausted);
  EXPECT_EQ(calls.result.best_error.depth, -1);
  EXPECT_TRUE(calls.result.exhausted_budget);

  limits = Limits();
  limits.max_signatures = 1;
  const Found signatures = Find(chain, {root_}, limits);
  EXPECT_EQ(signatures.result.best_error.code, ErrorCode::kBudgetExhausted);
  EXPECT_TRUE(signatures.result.exhausted_budget);
  EXPECT_EQ(signatures.result.signatures_checked, 1);

  // A signature is asked for only where a trusted key would have made it: two
  // certificates claim that. Where nothing is trusted, none is.
  EXPECT_EQ(Find(chain, {root_}).result.signatures_checked, 2);
  EXPECT_EQ(Find(chain, {other_root_}).result.signatures_checked, 0);
  EXPECT_EQ(Find(chain, {root_}).result.failed_paths.size(),
            static_cast<size_t>(PathBuilder::kMaxFailedPaths));
}

TEST_F(PathBuilderTest, NameComparisonsAreLimited) {
  mint::Spec constrained = mint::Ca("Issuing");
  constrained.permitted = {"dns:leaf", "dns:example.com"};
  const Minted issuing = mint::Issue(constrained, KeyOf("Issuing"), root_);
  Limits limits;
  limits.max_name_comparisons = 2;
  EXPECT_EQ(Find({leaf_, issuing}, {root_}, limits).result.paths_visited, 1);
  limits.max_name_comparisons = 1;
  const Found found = Find({leaf_, issuing}, {root_}, limits);
  EXPECT_EQ(found.result.best_error.code, ErrorCode::kBudgetExhausted);
  EXPECT_TRUE(found.result.exhausted_budget);
  EXPECT_EQ(found.result.signatures_checked, 0);
}

TEST_F(PathBuilderTest, AVisitedPathStandsThoughTheBudgetRanOut) {
  Limits limits;
  limits.max_build_calls = 8;
  const Found found = Find(Graph(/*layers=*/4, root_), {root_}, limits);
  EXPECT_GE(found.result.paths_visited, 1);
  EXPECT_TRUE(found.result.exhausted_budget);
}

}  // namespace
}  // namespace pinning
