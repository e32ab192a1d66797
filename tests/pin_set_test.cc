#include "pinning/pin_set.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/path.h"
#include "pinning/path_builder.h"
#include "pinning/pin.h"
#include "pinning/trust_store.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'780'000'000);
const absl::Time kExpiry = absl::FromUnixSeconds(1'790'000'000);

Pin TestPin(uint8_t n) {
  std::array<uint8_t, Pin::kSize> digest{};
  digest[0] = n;
  return Pin(digest);
}

// Filler returns a builder that builds: a pin and a backup that are nobody's.
PinSet::Builder Filler() {
  PinSet::Builder builder("set");
  builder.AddPin({TestPin(1), "nobody's"})
      .AddBackupPin({TestPin(2), "nobody's backup"})
      .SetExpiry(kExpiry, PinSet::OnExpiry::kReject);
  return builder;
}

TEST(PinSetBuilder, BuildsWhatItWasGiven) {
  auto set = PinSet::Builder("webex")
                 .AddPin({TestPin(1), "one", PinRole::kAnchor})
                 .AddPin({TestPin(2), "two", PinRole::kLeaf})
                 .AddBackupPin({TestPin(3), "three"})
                 .AddBlockedPin({TestPin(4), "four"})
                 .SetMode(PinSet::Mode::kReportOnly)
                 .SetExpiry(kExpiry, PinSet::OnExpiry::kStopEnforcing)
                 .Build();
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->name(), "webex");
  EXPECT_EQ(set->mode(), PinSet::Mode::kReportOnly);
  EXPECT_EQ(set->on_expiry(), PinSet::OnExpiry::kStopEnforcing);
  EXPECT_EQ(set->expires(), kExpiry);
  ASSERT_EQ(set->pins().size(), 2u);
  EXPECT_EQ(set->pins()[1].name, "two");
  EXPECT_EQ(set->pins()[1].role, PinRole::kLeaf);
  ASSERT_EQ(set->backup_pins().size(), 1u);
  ASSERT_EQ(set->blocked_pins().size(), 1u);
  EXPECT_EQ(set->blocked_pins()[0].pin, TestPin(4));
}

TEST(PinSetBuilder, EnforcesUnlessToldOtherwise) {
  EXPECT_EQ(Filler().Build()->mode(), PinSet::Mode::kEnforce);
}

TEST(PinSetBuilder, RefusesASetThatIsNotWhole) {
  const auto expiry = PinSet::OnExpiry::kReject;
  const std::pair<absl::string_view, PinSet::Builder> kCases[] = {
      {"no name", PinSet::Builder("")
                      .AddPin({TestPin(1), "a"})
                      .AddBackupPin({TestPin(2), "b"})
                      .SetExpiry(kExpiry, expiry)},
      {"no pin", PinSet::Builder("s")
                     .AddBackupPin({TestPin(2), "b"})
                     .SetExpiry(kExpiry, expiry)},
      {"no backup pin", PinSet::Builder("s")
                            .AddPin({TestPin(1), "a"})
                            .SetExpiry(kExpiry, expiry)},
      {"no expiry", PinSet::Builder("s")
                        .AddPin({TestPin(1), "a"})
                        .AddBackupPin({TestPin(2), "b"})},
      {"an expiry that never comes",
       Filler().SetExpiry(absl::InfiniteFuture(), expiry)},
      {"the backup is a pin", Filler().AddBackupPin({TestPin(1), "b"})},
      {"a pin twice", Filler().AddPin({TestPin(1), "again"})},
      {"a pin twice in two roles",
       Filler().AddPin({TestPin(1), "again", PinRole::kLeaf})},
      {"a backup pin twice", Filler().AddBackupPin({TestPin(2), "again"})},
      {"a pin that is blocked", Filler().AddBlockedPin({TestPin(1), "x"})},
      {"a backup that is blocked", Filler().AddBlockedPin({TestPin(2), "x"})},
      {"a blocked pin twice", Filler()
                                  .AddBlockedPin({TestPin(3), "x"})
                                  .AddBlockedPin({TestPin(3), "y"})},
  };
  for (const auto& [what, builder] : kCases) {
    EXPECT_EQ(builder.Build().status().code(),
              absl::StatusCode::kInvalidArgument)
        << what;
  }
}

TEST(PinSet, ExpiresAfterItsLastInstant) {
  PinSet set = *Filler().Build();
  EXPECT_FALSE(set.IsExpired(kExpiry - absl::Nanoseconds(1)));
  EXPECT_FALSE(set.IsExpired(kExpiry));
  EXPECT_TRUE(set.IsExpired(kExpiry + absl::Nanoseconds(1)));
}

TEST(PinSet, RoleNamesAreStable) {
  EXPECT_EQ(PinRoleName(PinRole::kAny), "any");
  EXPECT_EQ(PinRoleName(PinRole::kLeaf), "leaf");
  EXPECT_EQ(PinRoleName(PinRole::kIssuer), "issuer");
  EXPECT_EQ(PinRoleName(PinRole::kAnchor), "anchor");
}

// A path of four: leaf, two issuers, anchor; only PathBuilder can make it.
class PinSetMatch : public testing::Test {
 protected:
  static std::vector<mint::Minted> MintChain() {
    using mint::Key;
    auto root = mint::SelfSigned(mint::Ca("Root"), Key::Shared("p256-psroot"));
    auto outer =
        mint::Issue(mint::Ca("Outer"), Key::Shared("p256-psouter"), root);
    auto inner =
        mint::Issue(mint::Ca("Inner"), Key::Shared("p256-psinner"), outer);
    auto leaf = mint::Issue(mint::Leaf({"www.example.com"}),
                            Key::Shared("p256-psleaf"), inner);
    return {leaf, inner, outer, root};
  }

  // Prove calls `use` with the proved path of `chain`, whose last certificate
  // is the anchor.
  static void Prove(const std::vector<mint::Minted>& chain,
                    const std::function<void(const VerifiedPath&)>& use) {
    std::vector<Certificate> presented;
    for (const mint::Minted& minted : chain) {
      presented.push_back(*Certificate::FromDer(minted.der));
    }
    auto store =
        TrustStore::FromPem(chain.back().Pem(), TrustAnchor::Origin::kBundled);
    ASSERT_TRUE(store.ok()) << store.status();
    auto presented_chain = Chain::FromCertificates(presented);
    ASSERT_TRUE(presented_chain.ok()) << presented_chain.status();
    PathBuilder builder(*store, Limits());
    auto result =
        builder.Search(*presented_chain, KeyPurpose::kServerAuth, kNow,
                       [&](const VerifiedPath& path) {
                         EXPECT_EQ(path.certificates().size(), chain.size());
                         use(path);
                         return PathBuilder::Visit::kStop;
                       });
    EXPECT_EQ(result.paths_visited, 1) << result.best_error.detail;
  }

  static Pin PinOf(const mint::Minted& minted) {
    return Pin::OfSpki(minted.key.SpkiDer());
  }
};

TEST_F(PinSetMatch, RolesRestrictWhereAPinMatches) {
  std::vector<mint::Minted> chain = MintChain();
  struct Case {
    PinRole role;
    std::vector<int> depths;  // where it matches
  };
  const Case kCases[] = {
      {PinRole::kAny, {0, 1, 2, 3}},
      {PinRole::kLeaf, {0}},
      {PinRole::kIssuer, {1, 2}},
      {PinRole::kAnchor, {3}},
  };
  Prove(chain, [&](const VerifiedPath& path) {
    for (const Case& c : kCases) {
      for (int depth = 0; depth < 4; ++depth) {
        PinSet set =
            *Filler().AddPin({PinOf(chain[depth]), "pin", c.role}).Build();
        PinSet::MatchResult result = set.MatchPath(path);
        bool wanted = std::count(c.depths.begin(), c.depths.end(), depth) > 0;
        EXPECT_EQ(result.match,
                  wanted ? PinSet::Match::kMatched : PinSet::Match::kMismatch)
            << PinRoleName(c.role) << " at depth " << depth;
        EXPECT_EQ(result.depth, wanted ? depth : -1);
        EXPECT_EQ(result.pin, wanted ? &set.pins()[1] : nullptr);
      }
    }
  });
}

TEST_F(PinSetMatch, RolesRestrictBackupPinsToo) {
  std::vector<mint::Minted> chain = MintChain();
  Prove(chain, [&](const VerifiedPath& path) {
    PinSet leaf =
        *Filler()
             .AddBackupPin({PinOf(chain[0]), "backup", PinRole::kLeaf})
             .Build();
    EXPECT_EQ(leaf.MatchPath(path).match, PinSet::Match::kMatchedBackup);
    EXPECT_EQ(leaf.MatchPath(path).pin, &leaf.backup_pins()[1]);
    PinSet anchor =
        *Filler()
             .AddBackupPin({PinOf(chain[0]), "backup", PinRole::kAnchor})
             .Build();
    EXPECT_EQ(anchor.MatchPath(path).match, PinSet::Match::kMismatch);
  });
}

TEST_F(PinSetMatch, ABlockedPinWinsWhereverItStands) {
  std::vector<mint::Minted> chain = MintChain();
  Prove(chain, [&](const VerifiedPath& path) {
    for (int blocked = 1; blocked < 4; ++blocked) {
      PinSet set = *Filler()
                        .AddPin({PinOf(chain[0]), "matches nearer"})
                        .AddBlockedPin(
                            {PinOf(chain[blocked]), "blocked", PinRole::kLeaf})
                        .Build();
      PinSet::MatchResult result = set.MatchPath(path);
      EXPECT_EQ(result.match, PinSet::Match::kBlocked) << blocked;
      EXPECT_EQ(result.depth, blocked);
      EXPECT_EQ(result.pin, &set.blocked_pins()[0]);
    }
  });
}

TEST_F(PinSetMatch, APinWinsOverABackupNearerTheLeaf) {
  std::vector<mint::Minted> chain = MintChain();
  Prove(chain, [&](const VerifiedPath& path) {
    PinSet set = *Filler()
                      .AddPin({PinOf(chain[3]), "root"})
                      .AddBackupPin({PinOf(chain[0]), "leaf"})
                      .Build();
    EXPECT_EQ(set.MatchPath(path).match, PinSet::Match::kMatched);
    EXPECT_EQ(set.MatchPath(path).depth, 3);
  });
}

TEST_F(PinSetMatch, TheMatchNearestToTheLeafIsReported) {
  std::vector<mint::Minted> chain = MintChain();
  Prove(chain, [&](const VerifiedPath& path) {
    PinSet set = *Filler()
                      .AddPin({PinOf(chain[3]), "root"})
                      .AddPin({PinOf(chain[1]), "inner"})
                      .Build();
    EXPECT_EQ(set.MatchPath(path).depth, 1);
    EXPECT_EQ(set.MatchPath(path).pin->name, "inner");
  });
}

TEST_F(PinSetMatch, ALoneCertificateIsLeafAndAnchorButNoIssuer) {
  auto lone = mint::SelfSigned(mint::Leaf({"www.example.com"}),
                               mint::Key::Shared("p256-pslone"));
  Prove({lone}, [&](const VerifiedPath& path) {
    for (PinRole role :
         {PinRole::kAny, PinRole::kLeaf, PinRole::kIssuer, PinRole::kAnchor}) {
      PinSet set = *Filler().AddPin({PinOf(lone), "lone", role}).Build();
      EXPECT_EQ(set.MatchPath(path).match, role == PinRole::kIssuer
                                               ? PinSet::Match::kMismatch
                                               : PinSet::Match::kMatched)
          << PinRoleName(role);
    }
  });
}

TEST_F(PinSetMatch, NoPinOnThePathIsAMismatch) {
  Prove(MintChain(), [&](const VerifiedPath& path) {
    PinSet set = *Filler().Build();
    EXPECT_EQ(set.MatchPath(path).match, PinSet::Match::kMismatch);
    EXPECT_EQ(set.MatchPath(path).pin, nullptr);
    EXPECT_EQ(set.MatchPath(path).depth, -1);
  });
}

}  // namespace
}  // namespace pinning
