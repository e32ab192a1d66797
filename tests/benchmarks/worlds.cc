#include "tests/benchmarks/worlds.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/parsed_certificate.h"
#include "tools/mint/mint.h"

namespace benchmarks {
namespace {

constexpr int kLeaves = 64;

// Serial returns sixteen octets, as most authorities use.
std::vector<uint8_t> Serial(uint8_t number) {
  std::vector<uint8_t> serial(16, 0x5a);
  serial.back() = number;
  return serial;
}

// KeyOf returns the key of `type`, as Key::Shared names it, and `role`.
mint::Key KeyOf(const char* type, const char* role) {
  return absl::string_view(type) == "p256"
             ? mint::Key::P256From(absl::StrCat("benchmark ", role))
             : mint::Key::Shared(absl::StrCat(type, "-", role));
}

// UntilUsual returns what `issue` makes once it has the size that it most often
// has: a signature by ECDSA is a byte or two shorter now and then.
template <typename Issue>
mint::Minted UntilUsual(absl::string_view signed_by, const Issue& issue) {
  // SEQUENCE of two INTEGERs; those that are full and negative are longer.
  const size_t usual = signed_by == "p256" ? 71 : 103;
  while (true) {
    mint::Minted minted = issue();
    // Before the signature: BIT STRING, its length, no unused bits.
    const size_t at = minted.der.size() - usual - 3;
    if (absl::StartsWith(signed_by, "rsa") ||
        (minted.der[at] == 0x03 && minted.der[at + 1] == usual + 1 &&
         minted.der[at + 2] == 0 && minted.der[at + 3] == 0x30)) {
      return minted;
    }
  }
}

std::string RootsPem(const mint::Minted& root) {
  std::vector<mint::Minted> roots = {root};
  for (int i = 1; i < kRoots; ++i) {
    const char* type = i % 2 ? "rsa4096" : "p384";
    mint::Spec spec = mint::Ca(absl::StrCat("Other Root ", i));
    spec.serial = Serial(static_cast<uint8_t>(i));
    roots.push_back(UntilUsual(type, [&] {
      return mint::SelfSigned(spec,
                              mint::Key::Shared(absl::StrCat(type, "-o")));
    }));
  }
  return mint::PemOf(roots);
}

World MakeWorld(std::string name, const char* leaf_key, const char* ca_key,
                const char* root_key) {
  World world;
  world.name = std::move(name);
  mint::Spec root_spec = mint::Ca("Bench Root");
  root_spec.serial = Serial(0);
  const mint::Minted root = UntilUsual(root_key, [&] {
    return mint::SelfSigned(root_spec, KeyOf(root_key, "root"));
  });
  mint::Spec ca_spec = mint::Ca("Bench Intermediate");
  ca_spec.serial = Serial(1);
  const mint::Minted ca = UntilUsual(root_key, [&] {
    return mint::Issue(ca_spec, KeyOf(ca_key, "intermediate"), root);
  });
  for (int i = 0; i < kLeaves; ++i) {
    mint::Spec spec = mint::Leaf({kHost, "example.com"});
    spec.serial = Serial(static_cast<uint8_t>(2 + i));
    if (absl::StartsWith(leaf_key, "rsa")) {  // some libraries insist on it
      spec.key_usage = pinning::internal::kDigitalSignature |
                       pinning::internal::kKeyEncipherment;
    }
    const mint::Minted leaf = UntilUsual(
        ca_key, [&] { return mint::Issue(spec, KeyOf(leaf_key, "leaf"), ca); });
    world.leaves.push_back(leaf.der);
  }
  world.intermediate = ca.der;
  world.roots_pem = RootsPem(root);
  world.one_pem = mint::PemOf({root});
  world.issuers = {ca.key.SpkiDer(), root.key.SpkiDer()};
  return world;
}

}  // namespace

std::shared_ptr<const pinning::TrustStore> World::Store() const {
  return *pinning::TrustStore::FromPem(roots_pem,
                                       pinning::TrustAnchor::Origin::kBundled);
}

const World& Rsa() {
  static const World& world =
      *new World(MakeWorld("rsa", "rsa2048", "rsa2048", "rsa4096"));
  return world;
}

const World& Ec() {
  static const World& world =
      *new World(MakeWorld("ec", "p256", "p256", "p384"));
  return world;
}

const World& Mixed() {
  static const World& world =
      *new World(MakeWorld("mixed", "p256", "rsa2048", "rsa4096"));
  return world;
}

}  // namespace benchmarks
