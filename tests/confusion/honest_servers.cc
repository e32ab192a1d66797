#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "pinning/diagnosis.h"
#include "tests/confusion/cases.h"
#include "tests/confusion/shapes.h"
#include "tests/testing/pki.h"
#include "tools/mint/mint.h"

// Failures of servers that public authorities certify, and changes of theirs.
namespace confusion {
namespace {

using pinning::DiagnosisKind;
using testing_support::Now;
using testing_support::PinOf;
using testing_support::Pki;

constexpr char kHost[] = "identity.webex.com";
constexpr auto kNone = DiagnosisKind::kNone;
constexpr auto kServer = DiagnosisKind::kServer;
constexpr auto kUnexpected = DiagnosisKind::kUnexpectedIssuer;
constexpr auto kStale = DiagnosisKind::kStalePins;

mint::Key LeafKey() { return mint::Key::Shared("p256-honest"); }

mint::Spec PublicLeaf(std::vector<std::string> names) {
  mint::Spec leaf = mint::Leaf(std::move(names));
  leaf.extra.push_back(CrlPointer());
  leaf.not_before = Now() - 30 * kDay;
  leaf.not_after = Now() + 170 * kDay;
  return leaf;
}

std::vector<mint::Minted> Chain(const mint::Spec& leaf) {
  return {mint::Issue(leaf, LeafKey(), World().intermediate),
          World().intermediate};
}

Question Unpinned(Question question) {
  question.pins.clear();
  return question;
}

Question RootPinned(Question question) {
  question.pins = {PinOf(World().root)};
  return question;
}

Question IntermediatePinned(Question question) {
  question.pins = {PinOf(World().intermediate)};
  return question;
}

// Other is another public authority, with a leaf for the host.
Pki Other() {
  const mint::Minted root =
      mint::SelfSigned(Authority("Other Public Root", 3000 * kDay, 7300 * kDay),
                       mint::Key::Shared("p256-other-root"));
  mint::Spec spec =
      Authority("Other Public Issuing CA", 900 * kDay, 3000 * kDay);
  spec.extra = {CrlPointer(), Access()};
  const mint::Minted intermediate =
      mint::Issue(spec, mint::Key::Shared("p256-other-intermediate"), root);
  return {root, intermediate,
          mint::Issue(PublicLeaf({kHost}), LeafKey(), intermediate)};
}

std::vector<Case> Leaves() {
  mint::Spec expired = PublicLeaf({kHost});
  expired.not_after = Now() - kDay;
  mint::Spec purpose = PublicLeaf({kHost});
  purpose.extended_key_usage = {"1.3.6.1.5.5.7.3.2"};
  mint::Spec critical = PublicLeaf({kHost});
  critical.extra.push_back({"1.3.6.1.4.1.99999.1", true, {0x05, 0x00}});
  mint::Spec sha1 = PublicLeaf({kHost});
  sha1.algorithm = mint::SignatureAlgorithm::kEcdsaSha1;
  mint::Spec renewed = PublicLeaf({kHost});  // 90 days, no CRL, no OCSP
  renewed.extra.pop_back();
  renewed.not_before = Now() - absl::Hours(1);
  renewed.not_after = Now() + 90 * kDay;
  mint::Spec short_lived = PublicLeaf({kHost});
  short_lived.extra = {PublicExtensions().front(), PublicExtensions().back()};
  short_lived.not_before = Now() - absl::Hours(1);
  short_lived.not_after = Now() + 6 * kDay;
  mint::Spec renewed_late = renewed;
  renewed_late.not_before = Now() - 91 * kDay;
  renewed_late.not_after = Now() - kDay;
  std::vector<std::string> many;
  for (int i = 0; i < 90; ++i) {
    many.push_back("site" + std::to_string(i) + ".example.net");
  }
  const mint::Minted weak =
      mint::Issue(PublicLeaf({kHost}), mint::Key::Shared("rsa1024-honest"),
                  World().intermediate);
  return {
      {"leaf expired yesterday", kServer, Pinned(Chain(expired))},
      {"leaf expired yesterday, root alone pinned", kServer,
       RootPinned(Pinned(Chain(expired)))},
      {"leaf expired yesterday, not pinned", kServer,
       Unpinned(Pinned(Chain(expired)))},
      {"ninety-day leaf not renewed", kServer, Pinned(Chain(renewed_late))},
      {"leaf for client authentication", kServer, Pinned(Chain(purpose))},
      {"unknown critical extension", kServer, Pinned(Chain(critical))},
      {"signed with SHA-1", kServer, Pinned(Chain(sha1))},
      {"RSA key of 1024 bits", kServer, Pinned({weak, World().intermediate})},
      {"another host of the operator", kServer,
       Pinned(Chain(PublicLeaf({"www.webex.com"})))},
      {"another host of the operator, not pinned", kServer,
       Unpinned(Pinned(Chain(PublicLeaf({"www.webex.com"}))))},
      {"default certificate of the hosting company", kServer,
       Pinned(Chain(PublicLeaf({"server12.hosting.example.net"})))},
      {"certificate of a content network for ninety others, not pinned",
       kServer, Unpinned(Pinned(Chain(PublicLeaf(many))))},
      {"renewed an hour ago", kNone, Pinned(Chain(renewed))},
      {"valid for six days, no pointers", kNone, Pinned(Chain(short_lived))},
      {"valid for six days, no pointers, intermediate missing", kServer,
       Pinned({mint::Issue(short_lived, LeafKey(), World().intermediate)})},
  };
}

std::vector<Case> Chains() {
  const Pki& world = World();
  const Pki other = Other();
  mint::Spec constrained =
      Authority("genuine Constrained CA", 900 * kDay, 3000 * kDay);
  constrained.permitted = {"dns:example.org"};
  constrained.extra = {CrlPointer(), Access()};
  const mint::Minted narrow =
      mint::Issue(constrained, mint::Key::Shared("p256-narrow"), world.root);
  mint::Spec old = Authority("genuine Intermediate", 2900 * kDay, 2890 * kDay);
  old.extra = {CrlPointer(), Access()};
  const mint::Minted old_intermediate =
      mint::Issue(old, world.intermediate.key, world.root);
  const mint::Minted junk = {{0x30, 0x03, 0x02, 0x01, 0x05}, LeafKey()};
  mint::Minted foreign = FakeRoot("Some Other Company CA");
  return {
      {"intermediate missing", kServer, Pinned({world.leaf})},
      {"intermediate missing, root alone pinned", kServer,
       RootPinned(Pinned({world.leaf}))},
      {"intermediate missing, intermediate alone pinned", kServer,
       IntermediatePinned(Pinned({world.leaf}))},
      {"intermediate missing, not pinned", kServer,
       Unpinned(Pinned({world.leaf}))},
      {"wrong intermediate served", kServer,
       Pinned({world.leaf, other.intermediate})},
      {"intermediate of another known authority served", kServer,
       [&] {
         Question question = Pinned({world.leaf, other.intermediate});
         question.bundled.push_back(other.root);
         return question;
       }()},
      {"root served in place of the intermediate", kServer,
       Pinned({world.leaf, world.root})},
      {"old intermediate served, which has expired", kServer,
       Pinned({world.leaf, old_intermediate})},
      {"name constraints not met", kServer,
       Pinned({mint::Issue(PublicLeaf({kHost}), LeafKey(), narrow), narrow})},
      {"something that is no certificate in the chain", kServer,
       Pinned({world.leaf, world.intermediate, junk})},
      {"duplicates, another's root, wrong order", kNone,
       Pinned({world.leaf, foreign, world.root, world.intermediate, world.leaf,
               world.intermediate})},
      {"cross-signed by a root that is not known", kNone,
       Pinned({world.leaf, world.intermediate,
               testing_support::CrossSign(world.root, foreign)})},
  };
}

}  // namespace

std::vector<Case> ServerFailures() {
  std::vector<Case> cases = Leaves();
  for (Case& more : Chains()) {
    cases.push_back(std::move(more));
  }
  return cases;
}

std::vector<Case> Rotations() {
  const Pki& world = World();
  const Pki other = Other();
  mint::Spec spec = Authority("genuine Intermediate 2", 10 * kDay, 3000 * kDay);
  spec.extra = {CrlPointer(), Access()};
  const mint::Minted second =
      mint::Issue(spec, mint::Key::Shared("p256-world-second"), world.root);
  const auto with_other = [&](Question question) {
    question.bundled = {world.root, other.root};
    return question;
  };
  const Question elsewhere = with_other(Pinned(other.Presented()));
  Question old = elsewhere;
  old.updated = Now() - 100 * kDay;
  Question expired = elsewhere;
  expired.expires = Now() - kDay;
  Question met = Pinned(world.Presented());
  met.expires = Now() - kDay;
  Question cross = with_other(
      Pinned({other.leaf, other.intermediate, world.intermediate, world.root}));
  mint::Spec fresh = PublicLeaf({kHost});
  fresh.not_before = Now() - absl::Hours(1);
  fresh.not_after = Now() + 90 * kDay;
  const mint::Minted under_second = mint::Issue(fresh, LeafKey(), second);
  return {
      {"mis-issued by another public authority", kUnexpected, elsewhere},
      {"mis-issued an hour ago by another public authority", kUnexpected,
       with_other(Pinned({mint::Issue(fresh, LeafKey(), other.intermediate),
                          other.intermediate}))},
      {"rotated to another public authority, pins of yesterday", kStale,
       elsewhere},
      {"rotated to another public authority, pins of a hundred days ago",
       kStale, old},
      {"rotated to another public authority, pins expired", kStale, expired},
      {"rotated to another public authority, pinned keys served beside it",
       kStale, cross},
      {"pins met but expired", kStale, met},
      {"rotated intermediate under the pinned root", kNone,
       Pinned({under_second, second})},
      {"rotated intermediate, the old one alone pinned", kStale,
       IntermediatePinned(Pinned({under_second, second}))},
  };
}

}  // namespace confusion
