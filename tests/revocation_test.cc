#include "pinning/revocation.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "pinning/chain.h"
#include "pinning/error.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"
#include "pinning/verdict.h"
#include "pinning/verifier.h"
#include "tests/testing/der.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// Revocation by CRLs (RFC 5280, 5 and 6.3) through Verifier: what is refused,
// and at which depth.
namespace pinning {
namespace {

using mint::Key;
using testing_der::Seq;
using testing_der::Tlv;
using testing_support::ChainOf;
using testing_support::NameOf;
using testing_support::Now;
using Der = std::vector<uint8_t>;

constexpr char kHost[] = "www.example.com";

absl::StatusOr<std::shared_ptr<const RevocationData>> DataOf(
    const std::vector<Der>& crls) {
  const std::vector<absl::Span<const uint8_t>> spans(crls.begin(), crls.end());
  return RevocationData::FromCrls(spans);
}

Key RootKey() { return Key::Shared("p256-revocation-root"); }
Key IssuingKey() { return Key::Shared("p256-revocation-issuing"); }
Key LeafKey() { return Key::Shared("p256-revocation-leaf"); }

mint::Minted RootOf(const mint::Spec& spec) {
  return mint::SelfSigned(spec, RootKey());
}

const Der kIssuingSerial = {0x22};
const Der kLeafSerial = {0x00, 0x91};

// A World is root, issuing and leaf, at depths 2 to 0, and the CRLs of the
// first two. A row changes what it needs.
struct World {
  mint::Spec root = mint::Ca("Root");
  mint::Spec issuing = mint::Ca("Issuing");
  mint::Spec leaf = mint::Leaf({kHost});
  std::optional<mint::CrlSpec> root_crl = mint::CrlSpec();
  std::optional<mint::CrlSpec> issuing_crl = mint::CrlSpec();
  Key crl_key = IssuingKey();  // of the second
  std::vector<Der> more_crls;
  bool enforce_constraints = true;
  bool give_none = false;
  Verifier::Options options;
  absl::Time now = Now();

  World() {
    issuing.serial = kIssuingSerial;
    leaf.serial = kLeafSerial;
  }
};

Verdict Verify(const World& world) {
  const mint::Minted root = RootOf(world.root);
  const mint::Minted issuing = mint::Issue(world.issuing, IssuingKey(), root);
  const mint::Minted leaf = mint::Issue(world.leaf, LeafKey(), issuing);
  std::vector<Der> crls = world.more_crls;
  if (world.root_crl.has_value()) {
    crls.push_back(mint::MintCrl(*world.root_crl, root));
  }
  if (world.issuing_crl.has_value()) {
    crls.push_back(
        mint::MintCrl(*world.issuing_crl, {issuing.der, world.crl_key}));
  }
  Revocation revocation;
  if (!world.give_none) {
    const auto data = DataOf(crls);
    EXPECT_TRUE(data.ok()) << data.status();
    revocation.crls = *data;
  }
  TrustStore::Builder roots;
  TrustAnchor anchor{testing_support::Parse(root)};
  anchor.enforce_constraints = world.enforce_constraints;
  roots.AddAnchor(anchor);
  Verifier::Options options = world.options;
  options.trust_store = roots.Build();
  options.pin_store = PinStore::Empty();
  const auto verifier = Verifier::Create(options);
  EXPECT_TRUE(verifier.ok()) << verifier.status();
  return (*verifier)->Verify(ChainOf({leaf, issuing}), NameOf(kHost), world.now,
                             revocation);
}

struct Row {
  const char* name;
  std::function<void(World&)> change;
  int refused_at = -1;  // the depth; -1: accepted
  ErrorCode code = ErrorCode::kRevocationUnknown;
};

void CheckRows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    World world;
    row.change(world);
    const Verdict verdict = Verify(world);
    EXPECT_EQ(verdict.accepted(), row.refused_at < 0) << verdict.ToString();
    if (row.refused_at >= 0) {
      EXPECT_EQ(verdict.error().code, row.code) << verdict.ToString();
      EXPECT_EQ(verdict.error().depth, row.refused_at) << verdict.ToString();
    }
  }
}

void Revoke(std::optional<mint::CrlSpec>& crl, const Der& serial) {
  crl->serials = {{0x7f}, serial, {0x01}};
}

TEST(RevocationTest, NothingIsAskedWhereNothingIsGiven) {
  CheckRows({
      {"no CRLs", [](World& w) { w.give_none = true; }},
      {"nor those that would revoke",
       [](World& w) {
         w.give_none = true;
         Revoke(w.issuing_crl, kLeafSerial);
       }},
  });
}

TEST(RevocationTest, WhatIsListedIsRefused) {
  CheckRows({
      {"none is", [](World&) {}},
      {"others are",
       [](World& w) {
         w.issuing_crl->serials = {{0x01}, {0x00, 0x90}, {0x00, 0x92}, {0x11}};
       }},
      {"the leaf", [](World& w) { Revoke(w.issuing_crl, kLeafSerial); }, 0,
       ErrorCode::kRevoked},
      {"the authority", [](World& w) { Revoke(w.root_crl, kIssuingSerial); }, 1,
       ErrorCode::kRevoked},
      {"both: the topmost is told",
       [](World& w) {
         Revoke(w.root_crl, kIssuingSerial);
         Revoke(w.issuing_crl, kLeafSerial);
       },
       1, ErrorCode::kRevoked},
      {"a serial of another issuer",
       [](World& w) { Revoke(w.root_crl, kLeafSerial); }},
      {"with a reason, critical or not",
       [](World& w) {
         Revoke(w.issuing_crl, kLeafSerial);
         w.issuing_crl->entry_extra = {
             {"2.5.29.21", true, Tlv(0x0a, {{0x01}})}};
       },
       0, ErrorCode::kRevoked},
      {"one of two CRLs lists it",
       [](World& w) {
         mint::CrlSpec older;
         older.serials = {kLeafSerial};
         const mint::Minted issuing =
             mint::Issue(w.issuing, IssuingKey(), RootOf(w.root));
         w.more_crls = {mint::MintCrl(older, issuing)};
         w.issuing_crl->number = 2;
       },
       0, ErrorCode::kRevoked},
      {"that the certificate is expired is not told before it",
       [](World& w) {
         Revoke(w.issuing_crl, kLeafSerial);
         w.leaf.not_after = Now() - absl::Hours(1);
       },
       0, ErrorCode::kRevoked},
  });
}

TEST(RevocationTest, EveryCertificateBelowTheAnchorHasToBeCovered) {
  CheckRows({
      {"not the leaf", [](World& w) { w.issuing_crl.reset(); }, 0},
      {"not the authority", [](World& w) { w.root_crl.reset(); }, 1},
      {"one of two CRLs is of use",
       [](World& w) {
         mint::CrlSpec old;
         old.next_update = Now() - absl::Hours(1);
         const mint::Minted issuing =
             mint::Issue(w.issuing, IssuingKey(), RootOf(w.root));
         w.more_crls = {mint::MintCrl(old, issuing)};
       }},
      {"by a CRL of another issuer's name",
       [](World& w) {
         w.issuing_crl->issuer_der =
             Seq({Tlv(0x31, {Seq({Tlv(0x06, {{0x55, 0x04, 0x03}}),
                                  Tlv(0x0c, {{'O', 't', 'h', 'e', 'r'}})})})});
       },
       0},
      {"by a CRL that another key of the name signed",
       [](World& w) { w.crl_key = Key::Shared("p256-revocation-other"); }, 0},
      {"by a CRL of that kind which lists it",
       [](World& w) {
         w.crl_key = Key::Shared("p256-revocation-other");
         Revoke(w.issuing_crl, kLeafSerial);
       },
       0},
      {"signed with a bit flipped",
       [](World& w) { w.issuing_crl->corrupt_signature = true; }, 0},
      {"signed with SHA-1",
       [](World& w) {
         w.issuing_crl->algorithm = mint::SignatureAlgorithm::kEcdsaSha1;
       },
       0},
  });
}

TEST(RevocationTest, ACrlHasItsTime) {
  CheckRows({
      {"thisUpdate is now",
       [](World& w) { w.issuing_crl->this_update = Now(); }},
      {"thisUpdate is to come",
       [](World& w) { w.issuing_crl->this_update = Now() + absl::Seconds(1); },
       0},
      {"nextUpdate is now",
       [](World& w) { w.issuing_crl->next_update = Now(); }},
      {"the second of nextUpdate is not over",
       [](World& w) {
         w.issuing_crl->next_update = Now();
         w.now = Now() + absl::Milliseconds(999);
       }},
      {"nextUpdate is past",
       [](World& w) { w.issuing_crl->next_update = Now() - absl::Seconds(1); },
       0},
      {"nextUpdate of the root's is past",
       [](World& w) { w.root_crl->next_update = Now() - absl::Seconds(1); }, 1},
      {"there is no nextUpdate",
       [](World& w) { w.issuing_crl->next_update.reset(); }, 0},
  });
}

TEST(RevocationTest, TheIssuerMustBeAllowedToSignCrls) {
  static constexpr uint16_t kNoCrls = internal::kKeyCertSign;
  CheckRows({
      {"its key usage does not say so",
       [](World& w) { w.issuing.key_usage = kNoCrls; }, 0},
      {"it has none", [](World& w) { w.issuing.key_usage.reset(); }},
      {"nor does the anchor's", [](World& w) { w.root.key_usage = kNoCrls; },
       1},
      {"which does not count",
       [](World& w) {
         w.root.key_usage = kNoCrls;
         w.enforce_constraints = false;
       }},
  });
}

void Extend(World& w, const char* oid, bool critical, Der value) {
  w.issuing_crl->extra = {{oid, critical, std::move(value)}};
}

TEST(RevocationTest, WhatIsNotUnderstoodIsNotUsed) {
  CheckRows({
      {"an unknown extension, not critical",
       [](World& w) {
         Extend(w, "1.3.6.1.4.1.55555.1", false, {0x05, 0x00});
       }},
      {"critical",
       [](World& w) {
         Extend(w, "1.3.6.1.4.1.55555.1", true, {0x05, 0x00});
       },
       0},
      {"and the certificate is listed",
       [](World& w) {
         Extend(w, "1.3.6.1.4.1.55555.1", true, {0x05, 0x00});
         Revoke(w.issuing_crl, kLeafSerial);
       },
       0},
      {"an unknown one of an entry, not critical",
       [](World& w) {
         w.issuing_crl->serials = {{0x01}};
         w.issuing_crl->entry_extra = {
             {"1.3.6.1.4.1.55555.1", false, {0x05, 0x00}}};
       }},
      {"critical, of an entry",
       [](World& w) {
         w.issuing_crl->serials = {{0x01}};
         w.issuing_crl->entry_extra = {
             {"1.3.6.1.4.1.55555.1", true, {0x05, 0x00}}};
       },
       0},
      {"an entry of another issuer",
       [](World& w) {
         w.issuing_crl->serials = {{0x01}};
         w.issuing_crl->entry_extra = {{"2.5.29.29", true, Seq({})}};
       },
       0},
      {"no number", [](World& w) { w.issuing_crl->number.reset(); }, 0},
      {"a critical number",
       [](World& w) { w.issuing_crl->number_critical = true; }, 0},
      {"a negative number",
       [](World& w) {
         w.issuing_crl->number.reset();
         Extend(w, "2.5.29.20", false, {0x02, 0x01, 0xff});
       },
       0},
      {"a number of 20 octets",
       [](World& w) {
         w.issuing_crl->number.reset();
         Extend(w, "2.5.29.20", false, Tlv(0x02, {Der(20, 0x7f)}));
       }},
      {"a number of 21 octets",
       [](World& w) {
         w.issuing_crl->number.reset();
         Extend(w, "2.5.29.20", false, Tlv(0x02, {Der(21, 0x7f)}));
       },
       0},
      {"version 1", [](World& w) { w.issuing_crl->version = 1; }, 0},
      {"a delta CRL",
       [](World& w) {
         Extend(w, "2.5.29.27", true, {0x02, 0x01, 0x01});
       },
       0},
      {"a delta CRL that does not say it is critical",
       [](World& w) {
         Extend(w, "2.5.29.27", false, {0x02, 0x01, 0x01});
       },
       0},
  });
}

Der Uri(const char* text) {
  return Tlv(0x86, {Der(text, text + std::string(text).size())});
}

// Point returns a DistributionPointName by a URI, in context tag [0].
Der Point(const char* uri) { return Tlv(0xa0, {Tlv(0xa0, {Uri(uri)})}); }

void Issuing(std::optional<mint::CrlSpec>& crl, const std::vector<Der>& parts) {
  crl->extra = {{"2.5.29.28", true, Seq(parts)}};
}

void PointLeaf(World& w, const Der& points) {
  w.leaf.extra.push_back({"2.5.29.31", false, points});
}

TEST(RevocationTest, ACrlIsOfUseForWhatItIsAbout) {
  const Der kUsers = {0x81, 0x01, 0xff}, kAuthorities = {0x82, 0x01, 0xff};
  CheckRows({
      {"users, and it is one",
       [&](World& w) { Issuing(w.issuing_crl, {kUsers}); }},
      {"users, and it is an authority",
       [&](World& w) { Issuing(w.root_crl, {kUsers}); }, 1},
      {"authorities, and it is one",
       [&](World& w) { Issuing(w.root_crl, {kAuthorities}); }},
      {"authorities, and it is a user",
       [&](World& w) { Issuing(w.issuing_crl, {kAuthorities}); }, 0},
      {"some reasons",
       [](World& w) {
         Issuing(w.issuing_crl, {{0x83, 0x02, 0x05, 0x60}});
       },
       0},
      {"indirect",
       [](World& w) {
         Issuing(w.issuing_crl, {{0x84, 0x01, 0xff}});
       },
       0},
      {"attribute certificates",
       [](World& w) {
         Issuing(w.issuing_crl, {{0x85, 0x01, 0xff}});
       },
       0},
      {"a distribution point that the certificate has",
       [](World& w) {
         Issuing(w.issuing_crl, {Point("http://a.example/1")});
         PointLeaf(w, Seq({Seq({Point("http://a.example/0")}),
                           Seq({Point("http://a.example/1")})}));
       }},
      {"and where it is listed",
       [](World& w) {
         Issuing(w.issuing_crl, {Point("http://a.example/1")});
         PointLeaf(w, Seq({Seq({Point("http://a.example/1")})}));
         Revoke(w.issuing_crl, kLeafSerial);
       },
       0, ErrorCode::kRevoked},
      {"another distribution point",
       [](World& w) {
         Issuing(w.issuing_crl, {Point("http://a.example/1")});
         PointLeaf(w, Seq({Seq({Point("http://a.example/2")})}));
       },
       0},
      {"the certificate has none",
       [](World& w) { Issuing(w.issuing_crl, {Point("http://a.example/1")}); },
       0},
      {"for some reasons only",
       [](World& w) {
         Issuing(w.issuing_crl, {Point("http://a.example/1")});
         PointLeaf(w, Seq({Seq({Point("http://a.example/1"),
                                Der{0x81, 0x02, 0x05, 0x60}})}));
       },
       0},
      {"malformed in the certificate",
       [](World& w) {
         Issuing(w.issuing_crl, {Point("http://a.example/1")});
         PointLeaf(w, Seq({Der{0x05, 0x00}}));
       },
       0},
      {"named by its issuer",
       [](World& w) { Issuing(w.issuing_crl, {Tlv(0xa0, {Tlv(0xa1, {})})}); },
       0},
      {"none, and the certificate has one",
       [](World& w) {
         PointLeaf(w, Seq({Seq({Point("http://a.example/1")})}));
       }},
  });
}

TEST(RevocationTest, AnotherPathMayNotBeRevoked) {
  const mint::Minted first =
      mint::SelfSigned(mint::Ca("First"), Key::Shared("p256-revocation-first"));
  const mint::Minted second = mint::SelfSigned(
      mint::Ca("Second"), Key::Shared("p256-revocation-second"));
  const mint::Minted by_first =
      mint::Issue(mint::Ca("Issuing"), IssuingKey(), first);
  const mint::Minted by_second =
      mint::Issue(mint::Ca("Issuing"), IssuingKey(), second);
  const mint::Minted leaf =
      mint::Issue(mint::Leaf({kHost}), LeafKey(), by_first);
  mint::CrlSpec revokes;
  revokes.serials = {mint::SerialOf(by_first)};
  const auto data = DataOf({mint::MintCrl(revokes, first),
                            mint::MintCrl(mint::CrlSpec(), second),
                            mint::MintCrl(mint::CrlSpec(), by_first)});
  ASSERT_TRUE(data.ok()) << data.status();
  const auto verifier = testing_support::VerifierOf(
      testing_support::TrustStoreOf({first, second}), PinStore::Empty());
  const Verdict verdict = verifier->Verify(ChainOf({leaf, by_first, by_second}),
                                           NameOf(kHost), Now(), {*data});
  ASSERT_TRUE(verdict.accepted()) << verdict.ToString();
  EXPECT_EQ(verdict.path()->anchor(), testing_support::Parse(second));
  ASSERT_EQ(verdict.failed_paths().size(), 1u);
  EXPECT_EQ(verdict.failed_paths()[0].error.code, ErrorCode::kRevoked);
  EXPECT_EQ(verdict.failed_paths()[0].error.depth, 1);
}

// An authority that certified its next key, under the same name (RFC
// 5280, 4.2): the old and the new one are at depths 2 and 1.
Verdict VerifyRollover(const Key& crl_key, std::vector<Der> serials,
                       uint16_t old_usage) {
  const mint::Minted root = RootOf(mint::Ca("Root"));
  mint::Spec ca = mint::Ca("Issuing");
  ca.key_usage = old_usage;
  const mint::Minted old_one =
      mint::Issue(ca, Key::Shared("p256-revocation-old"), root);
  const mint::Minted new_one =
      mint::Issue(mint::Ca("Issuing"), IssuingKey(), old_one);
  mint::Spec spec = mint::Leaf({kHost});
  spec.serial = kLeafSerial;
  const mint::Minted leaf = mint::Issue(spec, LeafKey(), new_one);
  mint::CrlSpec crl;
  crl.serials = std::move(serials);
  // The new key's certificate is of the old one, so its status is too.
  const auto data = DataOf({mint::MintCrl(mint::CrlSpec(), root),
                            mint::MintCrl(crl, {old_one.der, crl_key})});
  EXPECT_TRUE(data.ok()) << data.status();
  const auto verifier = testing_support::VerifierOf(
      testing_support::TrustStoreOf({root}), PinStore::Empty());
  return verifier->Verify(ChainOf({leaf, new_one, old_one}), NameOf(kHost),
                          Now(), {*data});
}

TEST(RevocationTest, TheKeyAboveOfTheSameNameMaySignForTheNext) {
  const Key old_key = Key::Shared("p256-revocation-old");
  constexpr uint16_t kUsage = internal::kKeyCertSign | internal::kCrlSign;
  EXPECT_TRUE(VerifyRollover(old_key, {}, kUsage).accepted());
  const Verdict revoked = VerifyRollover(old_key, {kLeafSerial}, kUsage);
  EXPECT_EQ(revoked.error().code, ErrorCode::kRevoked);
  EXPECT_EQ(revoked.error().depth, 0);
  // What the next key signed says nothing of its own certificate.
  const Verdict below = VerifyRollover(IssuingKey(), {}, kUsage);
  EXPECT_EQ(below.error().code, ErrorCode::kRevocationUnknown);
  EXPECT_EQ(below.error().depth, 1);
  const Verdict not_allowed =
      VerifyRollover(old_key, {}, internal::kKeyCertSign);
  EXPECT_EQ(not_allowed.error().code, ErrorCode::kRevocationUnknown);
  EXPECT_EQ(not_allowed.error().depth, 1);
}

TEST(RevocationTest, ALeafThatIsTheAnchorIsNotAskedAbout) {
  const mint::Minted leaf = mint::SelfSigned(mint::Leaf({kHost}), LeafKey());
  mint::CrlSpec revokes;
  revokes.serials = {mint::SerialOf(leaf)};
  const auto data = DataOf({mint::MintCrl(revokes, leaf)});
  ASSERT_TRUE(data.ok()) << data.status();
  const auto verifier = testing_support::VerifierOf(
      testing_support::TrustStoreOf({leaf}), PinStore::Empty());
  EXPECT_TRUE(verifier->Verify(ChainOf({leaf}), NameOf(kHost), Now(), {*data})
                  .accepted());
}

TEST(RevocationTest, SignaturesOfCrlsAreCounted) {
  World world;
  world.options.limits.max_signatures = 4;  // two of certificates, two of CRLs
  EXPECT_TRUE(Verify(world).accepted());
  world.options.limits.max_signatures = 3;
  const Verdict verdict = Verify(world);
  EXPECT_EQ(verdict.error().code, ErrorCode::kBudgetExhausted);
  EXPECT_EQ(verdict.error().depth, -1);
}

TEST(RevocationTest, VerifyDerTakesTheSame) {
  const testing_support::Pki pki = testing_support::MakePki("revoked", kHost);
  mint::CrlSpec revokes;
  revokes.serials = {mint::SerialOf(pki.leaf)};
  const auto data = DataOf({mint::MintCrl(mint::CrlSpec(), pki.root),
                            mint::MintCrl(revokes, pki.intermediate)});
  ASSERT_TRUE(data.ok()) << data.status();
  const auto verifier = testing_support::VerifierOf(
      testing_support::TrustStoreOf({pki.root}), PinStore::Empty());
  const absl::Span<const uint8_t> presented[] = {pki.leaf.der,
                                                 pki.intermediate.der};
  EXPECT_TRUE(verifier->VerifyDer(presented, NameOf(kHost), Now()).accepted());
  EXPECT_EQ(verifier->VerifyDer(presented, NameOf(kHost), Now(), {*data})
                .error()
                .code,
            ErrorCode::kRevoked);
}

TEST(RevocationTest, WhatIsMalformedIsNotLoaded) {
  const mint::Minted root = RootOf(mint::Ca("Root"));
  const Der good = mint::MintCrl(mint::CrlSpec(), root);
  const auto made = [&](std::function<void(mint::CrlSpec&)> change) {
    mint::CrlSpec spec;
    change(spec);
    return mint::MintCrl(spec, root);
  };
  Der cut = good, longer = good;
  cut.pop_back();
  longer.push_back(0);
  const struct {
    const char* name;
    Der crl;
  } kRows[] = {
      {"cut short", cut},
      {"trailing byte", longer},
      {"empty", {}},
      {"a certificate", root.der},
      {"version 3", made([](mint::CrlSpec& s) { s.version = 3; })},
      {"an extension twice", made([](mint::CrlSpec& s) {
         s.extra = {{"2.5.29.20", false, {0x02, 0x01, 0x01}}};
       })},
      {"a number that is none", made([](mint::CrlSpec& s) {
         s.number.reset();
         s.extra = {{"2.5.29.20", false, {0x05, 0x00}}};
       })},
      {"a distribution point that is none", made([](mint::CrlSpec& s) {
         s.extra = {{"2.5.29.28", true, {0x30, 0x02, 0x05, 0x00}}};
       })},
      {"a serial that is not minimal", made([](mint::CrlSpec& s) {
         s.serials = {{0x00, 0x01}};
       })},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto data = DataOf({good, row.crl});
    ASSERT_FALSE(data.ok());
    EXPECT_EQ(data.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StartsWith(data.status().message(), "CRL 1: offset "))
        << data.status();
  }
}

TEST(RevocationTest, SizesAreBounded) {
  EXPECT_FALSE(DataOf({}).ok());
  const Der good = mint::MintCrl(mint::CrlSpec(), RootOf(mint::Ca("Root")));
  EXPECT_TRUE(DataOf(std::vector<Der>(RevocationData::kMaxCrls, good)).ok());
  EXPECT_FALSE(
      DataOf(std::vector<Der>(RevocationData::kMaxCrls + 1, good)).ok());
  const Der large(RevocationData::kMaxCrlSize + 1);
  EXPECT_TRUE(absl::StrContains(DataOf({large}).status().message(), "bytes"));
}

TEST(RevocationTest, EntriesAreBounded) {
  mint::CrlSpec spec;
  for (size_t i = 0; i <= RevocationData::kMaxCrlEntries; ++i) {
    spec.serials.push_back({0x40, static_cast<uint8_t>(i >> 16),
                            static_cast<uint8_t>(i >> 8),
                            static_cast<uint8_t>(i)});
  }
  const mint::Minted root = RootOf(mint::Ca("Root"));
  const Der over = mint::MintCrl(spec, root);
  ASSERT_LE(over.size(), RevocationData::kMaxCrlSize);
  EXPECT_TRUE(absl::StrContains(DataOf({over}).status().message(), "entries"));
  spec.serials.pop_back();
  EXPECT_TRUE(DataOf({mint::MintCrl(spec, root)}).ok());
}

}  // namespace
}  // namespace pinning
