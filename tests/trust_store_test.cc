#include "pinning/trust_store.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/pin.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

using Origin = TrustAnchor::Origin;

mint::Minted Root(absl::string_view name, absl::string_view key) {
  return mint::SelfSigned(mint::Ca(name), mint::Key::Shared(key));
}

Certificate Parse(const mint::Minted& minted) {
  auto certificate = Certificate::FromDer(minted.der);
  EXPECT_TRUE(certificate.ok()) << certificate.status();
  return *certificate;
}

Certificate IssuedBy(const mint::Minted& root) {
  return Parse(mint::Issue(mint::Leaf({"a.example.com"}),
                           mint::Key::Shared("p256-leaf"), root));
}

TEST(TrustStoreTest, EmptyTrustsNothing) {
  const auto store = TrustStore::Builder().Build();
  const mint::Minted root = Root("A", "p256-a");
  EXPECT_TRUE(store->anchors().empty());
  EXPECT_TRUE(store->distrusted().empty());
  EXPECT_TRUE(store->AnchorsFor(IssuedBy(root)).empty());
  EXPECT_EQ(store->FindKey(Parse(root)), nullptr);
  EXPECT_FALSE(store->IsDistrusted(Parse(root).pin()));
}

TEST(TrustStoreTest, FromPemKeepsEveryAnchorWithItsOrigin) {
  const mint::Minted a = Root("A", "p256-a");
  const mint::Minted b = Root("B", "p256-b");
  const auto store =
      TrustStore::FromPem(absl::StrCat(a.Pem(), b.Pem()), Origin::kLocal);
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_EQ((*store)->anchors().size(), 2u);
  for (const TrustAnchor& anchor : (*store)->anchors()) {
    EXPECT_EQ(anchor.origin, Origin::kLocal);
    EXPECT_FALSE(anchor.enforce_expiry);
    EXPECT_TRUE(anchor.enforce_constraints);
  }
  EXPECT_EQ((*store)->anchors()[0].certificate, Parse(a));
  EXPECT_EQ((*store)->anchors()[1].certificate, Parse(b));
}

TEST(TrustStoreTest, OneBadBlockRefusesTheWhole) {
  const std::string good = Root("A", "p256-a").Pem();
  const std::string bad =
      "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
  for (const std::string& pem :
       {absl::StrCat(good, bad), absl::StrCat(bad, good),
        absl::StrCat(good, good.substr(0, good.size() - 30))}) {
    EXPECT_EQ(TrustStore::FromPem(pem, Origin::kBundled).status().code(),
              absl::StatusCode::kInvalidArgument);
    TrustStore::Builder builder;
    EXPECT_EQ(builder.AddPem(pem, Origin::kBundled).code(),
              absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(builder.Build()->anchors().empty());
  }
  EXPECT_EQ(TrustStore::FromPem("", Origin::kBundled).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(TrustStoreTest, ABadFileLeavesWhatWasAddedBefore) {
  TrustStore::Builder builder;
  ASSERT_TRUE(builder.AddPem(Root("A", "p256-a").Pem(), Origin::kBundled).ok());
  EXPECT_FALSE(builder.AddPem("", Origin::kBundled).ok());
  EXPECT_EQ(builder.Build()->anchors().size(), 1u);
}

TEST(TrustStoreTest, AnchorsForMatchesNames) {
  const mint::Minted a = Root("Test Root", "p256-a");
  const mint::Minted same_name = Root("Test Root", "p256-b");
  const mint::Minted folded = Root(" test  ROOT ", "p256-c");
  const mint::Minted other = Root("Other Root", "p256-d");
  TrustStore::Builder builder;
  for (const mint::Minted& root : {a, other, same_name, folded}) {
    builder.AddAnchor({Parse(root)});
  }
  const auto store = builder.Build();
  const auto anchors = store->AnchorsFor(IssuedBy(a));
  ASSERT_EQ(anchors.size(), 3u);
  EXPECT_EQ(anchors[0]->certificate, Parse(a));
  EXPECT_EQ(anchors[1]->certificate, Parse(same_name));
  EXPECT_EQ(anchors[2]->certificate, Parse(folded));
  EXPECT_EQ(store->AnchorsFor(IssuedBy(other)).size(), 1u);
  EXPECT_TRUE(store->AnchorsFor(IssuedBy(Root("Third", "p256-a"))).empty());
}

TEST(TrustStoreTest, FindKeyIsOfNameAndKey) {
  const mint::Minted root = Root("A", "p256-a");
  mint::Spec renewed_spec = mint::Ca("A");
  renewed_spec.not_after += absl::Hours(24);
  const mint::Minted renewed =
      mint::SelfSigned(renewed_spec, mint::Key::Shared("p256-a"));
  const auto store = TrustStore::Builder().AddAnchor({Parse(root)}).Build();

  const TrustAnchor* found = store->FindKey(Parse(renewed));
  ASSERT_NE(found, nullptr) << "another certificate of the same name and key";
  EXPECT_EQ(found->certificate, Parse(root));
  EXPECT_EQ(store->FindKey(Parse(Root("A", "p256-b"))), nullptr);
  EXPECT_EQ(store->FindKey(Parse(Root("B", "p256-a"))), nullptr);
}

TEST(TrustStoreTest, FindKeyPrefersBundled) {
  const mint::Minted local = Root("A", "p256-a");
  mint::Spec spec = mint::Ca("A");
  spec.not_after += absl::Hours(24);
  const mint::Minted bundled =
      mint::SelfSigned(spec, mint::Key::Shared("p256-a"));
  const auto store = TrustStore::Builder()
                         .AddAnchor({Parse(local), Origin::kLocal})
                         .AddAnchor({Parse(bundled), Origin::kBundled})
                         .Build();
  EXPECT_EQ(store->FindKey(Parse(local))->origin, Origin::kBundled);
}

TEST(TrustStoreTest, TheSameAnchorIsKeptOnceAndStrictest) {
  const Certificate a = Parse(Root("A", "p256-a"));
  const struct {
    std::string name;
    std::vector<TrustAnchor> added;
    Origin origin;
    bool enforce_expiry;
    bool enforce_constraints;
  } kRows[] = {
      {"twice local",
       {{a, Origin::kLocal}, {a, Origin::kLocal}},
       Origin::kLocal,
       false,
       true},
      {"local, then bundled",
       {{a, Origin::kLocal}, {a, Origin::kBundled}},
       Origin::kBundled,
       false,
       true},
      {"bundled, then local",
       {{a, Origin::kBundled}, {a, Origin::kLocal}},
       Origin::kBundled,
       false,
       true},
      {"enforcement is kept",
       {{a, Origin::kLocal, true, false}, {a, Origin::kLocal, false, true}},
       Origin::kLocal,
       true,
       true},
      {"none is added",
       {{a, Origin::kLocal, false, false}, {a, Origin::kLocal, false, false}},
       Origin::kLocal,
       false,
       false},
  };
  for (const auto& row : kRows) {
    TrustStore::Builder builder;
    for (const TrustAnchor& anchor : row.added) {
      builder.AddAnchor(anchor);
    }
    const auto store = builder.Build();
    ASSERT_EQ(store->anchors().size(), 1u) << row.name;
    const TrustAnchor& anchor = store->anchors()[0];
    EXPECT_EQ(anchor.origin, row.origin) << row.name;
    EXPECT_EQ(anchor.enforce_expiry, row.enforce_expiry) << row.name;
    EXPECT_EQ(anchor.enforce_constraints, row.enforce_constraints) << row.name;
  }
}

TEST(TrustStoreTest, DistrustedInOrderAndOnce) {
  const Pin a = Parse(Root("A", "p256-a")).pin();
  const Pin b = Parse(Root("B", "p256-b")).pin();
  const Pin c = Parse(Root("C", "p256-c")).pin();
  const auto store = TrustStore::Builder()
                         .AddDistrusted(b)
                         .AddDistrusted(a)
                         .AddDistrusted(b)
                         .Build();
  EXPECT_EQ(store->distrusted(),
            (a < b ? std::vector<Pin>{a, b} : std::vector<Pin>{b, a}));
  EXPECT_TRUE(store->IsDistrusted(a));
  EXPECT_TRUE(store->IsDistrusted(b));
  EXPECT_FALSE(store->IsDistrusted(c));
}

TEST(TrustStoreTest, ABuilderMayBuildAgain) {
  TrustStore::Builder builder;
  builder.AddAnchor({Parse(Root("A", "p256-a"))});
  const auto first = builder.Build();
  builder.AddAnchor({Parse(Root("B", "p256-b"))});
  EXPECT_EQ(builder.Build()->anchors().size(), 2u);
  EXPECT_EQ(first->anchors().size(), 1u);
}

}  // namespace
}  // namespace pinning
