#include "tests/testing/hostile_chains.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "pinning/certificate.h"
#include "tests/testing/paths.h"
#include "tools/mint/mint.h"

namespace pinning {
namespace testing {
namespace {

using mint::Key;
using mint::Minted;

constexpr int kLayers = 6;
constexpr int kWidth = 5;

Minted Root(const std::string& key = "p256-root") {
  return mint::SelfSigned(mint::Ca("Root"), Key::Shared(key));
}

Minted LeafOf(const Minted& issuer, const std::string& key_type = "p256") {
  return mint::Issue(mint::Leaf({"www.example.com"}),
                     Key::Shared(key_type + "-leaf"), issuer);
}

HostileChain Of(std::string name, const std::vector<Minted>& presented,
                const std::vector<Minted>& anchors) {
  HostileChain chain;
  chain.name = std::move(name);
  for (const Minted& minted : presented) {
    chain.presented.push_back(minted.der);
  }
  for (const Minted& minted : anchors) {
    chain.anchors.push_back(minted.der);
  }
  return chain;
}

// A Mesh says how one is signed.
struct Mesh {
  std::string name;
  std::string key_type = "p256";
  bool forged = false;
  bool own_keys = false;  // each certificate of a layer its own
};

// MakeMesh returns kLayers layers of kWidth certificates of one name each. The
// first of a layer signs all of the layer below.
HostileChain MakeMesh(const Mesh& mesh) {
  const Minted root = Root();
  std::vector<Minted> presented;
  Minted issuer = root;
  for (int layer = 0; layer < kLayers; ++layer) {
    std::vector<Minted> here;
    for (int i = 0; i < kWidth; ++i) {
      mint::Spec spec = mint::Ca(absl::StrCat("Layer ", layer));
      spec.corrupt_signature = mesh.forged;
      // Without key identifiers nothing says which of them is the issuer.
      spec.subject_key_id = spec.authority_key_id = false;
      here.push_back(
          mint::Issue(spec,
                      Key::Shared(absl::StrCat(mesh.key_type, "-mesh", layer,
                                               "-", mesh.own_keys ? i : 0)),
                      issuer));
    }
    issuer = here.front();
    presented.insert(presented.begin(), here.begin(), here.end());
  }
  mint::Spec leaf = mint::Leaf({"www.example.com"});
  leaf.corrupt_signature = mesh.forged;
  leaf.authority_key_id = false;
  presented.insert(presented.begin(),
                   mint::Issue(leaf, Key::Shared("p256-leaf"), issuer));
  return Of(mesh.name, presented, {root});
}

}  // namespace

Chain HostileChain::ChainOf() const {
  std::vector<Certificate> certificates;
  for (const std::vector<uint8_t>& der : presented) {
    certificates.push_back(*Certificate::FromDer(der));
  }
  return *Chain::FromCertificates(std::move(certificates));
}

std::shared_ptr<const TrustStore> HostileChain::TrustStoreOf() const {
  std::vector<TrustAnchor> trusted;
  for (const std::vector<uint8_t>& der : anchors) {
    trusted.push_back(TrustAnchor{*Certificate::FromDer(der)});
  }
  return StoreOf(std::move(trusted));
}

HostileChain HonestChain(const std::string& key_type) {
  const Minted root = Root(key_type + "-root");
  const Minted issuing = mint::Issue(mint::Ca("Issuing"),
                                     Key::Shared(key_type + "-issuing"), root);
  return Of("honest " + key_type, {LeafOf(issuing, key_type), issuing}, {root});
}

HostileChain ForgedMesh() {
  Mesh mesh;
  mesh.name = "forged mesh";
  mesh.forged = mesh.own_keys = true;
  return MakeMesh(mesh);
}

HostileChain ForgedForManyAnchors() {
  std::vector<Minted> anchors;
  for (int i = 0; i < 4; ++i) {
    anchors.push_back(Root(absl::StrCat("p256-root", i)));
  }
  std::vector<Minted> presented;
  for (int i = 0; i < 30; ++i) {
    mint::Spec spec = mint::Ca("Issuing");
    spec.corrupt_signature = true;
    presented.push_back(mint::Issue(
        spec, Key::Shared(absl::StrCat("p256-forged", i)), anchors.front()));
  }
  presented.insert(presented.begin(), LeafOf(presented.front()));
  return Of("forged for many anchors", presented, anchors);
}

HostileChain AllNamedAlike() {
  const Minted root = Root();
  std::vector<Minted> presented = {LeafOf(root)};
  presented.front().der.back() ^= 1;
  for (int i = 0; i < 31; ++i) {
    presented.push_back(mint::SelfSigned(
        mint::Ca("Root"), Key::Shared(absl::StrCat("p256-alike", i))));
  }
  return Of("all named alike", presented, {root});
}

HostileChain DeepChain() {
  const Minted root = Root();
  std::vector<Minted> presented = {root};
  for (int i = 0; i < 30; ++i) {
    presented.insert(presented.begin(),
                     mint::Issue(mint::Ca(absl::StrCat("CA ", i)),
                                 Key::Shared(absl::StrCat("p256-deep", i)),
                                 presented.front()));
  }
  presented.insert(presented.begin(), LeafOf(presented.front()));
  return Of("deep chain", presented, {root});
}

HostileChain NameConstraintBomb() {
  const Minted root = Root();
  mint::Spec authority = mint::Ca("Issuing");
  mint::Spec leaf = mint::Leaf({"www.example.com"});
  for (int i = 0; i < 1000; ++i) {
    authority.permitted.push_back(absl::StrCat("dns:x", i, ".example.com"));
    leaf.dns_names.push_back(absl::StrCat("x", i, ".example.com"));
  }
  authority.permitted.push_back("dns:example.com");
  const Minted issuing =
      mint::Issue(authority, Key::Shared("p256-issuing"), root);
  return Of("name constraint bomb",
            {mint::Issue(leaf, Key::Shared("p256-leaf"), issuing), issuing},
            {root});
}

HostileChain PolicyBomb() {
  using Der = std::vector<uint8_t>;
  const auto wrap = [](uint8_t tag, const std::vector<Der>& parts) {
    Der content;
    for (const Der& part : parts) {
      content.insert(content.end(), part.begin(), part.end());
    }
    return mint::DerWrap(tag, content);
  };
  const auto oid = [&wrap](int number) {  // 1.2.3.(128 + NUMBER)
    return wrap(0x06, {{0x2a, 0x03, static_cast<uint8_t>(0x81 + number / 128),
                        static_cast<uint8_t>(number % 128)}});
  };
  std::vector<Der> policies, mappings;
  for (int i = 0; i < 2500; ++i) {
    policies.push_back(wrap(0x30, {oid(i)}));
    mappings.push_back(wrap(0x30, {oid(i % 50), oid(i / 50)}));
  }
  const auto bomb = [&](mint::Spec spec) {
    spec.extra = {{"2.5.29.32", false, wrap(0x30, policies)},
                  {"2.5.29.33", false, wrap(0x30, mappings)},
                  {"2.5.29.36", false, {0x30, 0x03, 0x80, 0x01, 0x00}}};
    return spec;
  };
  const Minted root = Root();
  const Minted upper =
      mint::Issue(bomb(mint::Ca("Upper")), Key::Shared("p256-upper"), root);
  const Minted issuing = mint::Issue(bomb(mint::Ca("Issuing")),
                                     Key::Shared("p256-issuing"), upper);
  return Of("policy bomb", {LeafOf(issuing), issuing, upper}, {root});
}

HostileChain ManyNames(int names, int constraints) {
  const Minted root = Root();
  mint::Spec authority = mint::Ca("Issuing");
  for (int i = 0; i < constraints; ++i) {
    authority.excluded.push_back(absl::StrCat("dns:x", i, ".example.net"));
  }
  mint::Spec leaf = mint::Leaf({"www.example.com"});
  for (int i = 1; i < names; ++i) {
    // Short, so that ten thousand fit into a certificate.
    std::string label = "000";
    for (int digit = 0, rest = i; digit < 3; ++digit, rest /= 36) {
      label[digit] = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % 36];
    }
    leaf.dns_names.push_back(label);
  }
  const Minted issuing =
      mint::Issue(authority, Key::Shared("p256-issuing"), root);
  return Of(absl::StrCat(names, " names, ", constraints, " constraints"),
            {mint::Issue(leaf, Key::Shared("p256-leaf"), issuing), issuing},
            {root});
}

HostileChain VouchedMesh() {
  Mesh mesh;
  mesh.name = "vouched mesh";
  return MakeMesh(mesh);
}

HostileChain VouchedMeshOfKeys(const std::string& key_type) {
  Mesh mesh;
  mesh.name = "vouched mesh of keys " + key_type;
  mesh.key_type = key_type;
  mesh.own_keys = true;
  return MakeMesh(mesh);
}

std::vector<HostileChain> AllHostileChains() {
  return {ForgedMesh(), ForgedForManyAnchors(), AllNamedAlike(),
          DeepChain(),  NameConstraintBomb(),   ManyNames(10'000, 20),
          PolicyBomb(), VouchedMesh(),          VouchedMeshOfKeys()};
}

}  // namespace testing
}  // namespace pinning
