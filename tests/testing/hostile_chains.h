#ifndef TESTS_TESTING_HOSTILE_CHAINS_H_
#define TESTS_TESTING_HOSTILE_CHAINS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pinning/chain.h"
#include "pinning/trust_store.h"

// Chains that cost a verifier what they can, and an honest one to compare them
// with. "Forged" certificates take names of others and are signed by nobody;
// "vouched" ones hang below an authority that an anchor did certify.
namespace pinning {
namespace testing {

// A HostileChain is what is presented, leaf first, and what is trusted. The
// leaf is for www.example.com.
struct HostileChain {
  std::string name;
  std::vector<std::vector<uint8_t>> presented;
  std::vector<std::vector<uint8_t>> anchors;

  Chain ChainOf() const;
  std::shared_ptr<const TrustStore> TrustStoreOf() const;
};

// Leaf, intermediate, root. `key_type` is of all keys, as Key::Shared names it.
HostileChain HonestChain(const std::string& key_type = "p256");

// Six layers of five forged certificates each; any of a layer could be issued
// by any of the layer above: 15,625 paths, none of them signed.
HostileChain ForgedMesh();

// Thirty forged certificates in the name of an anchor that has four keys: each
// of them might have signed each.
HostileChain ForgedForManyAnchors();

// Thirty-one certificates of which each might have issued each, all named like
// the anchor.
HostileChain AllNamedAlike();

// Thirty intermediates one below the other, all in order.
HostileChain DeepChain();

// A thousand names against a thousand constraints.
HostileChain NameConstraintBomb();

// Authorities that require a policy, and list and map thousands.
HostileChain PolicyBomb();

// A leaf with `names` names under an authority with `constraints` constraints
// that exclude none of them.
HostileChain ManyNames(int names, int constraints);

// ForgedMesh with signatures: five certificates for the name and the key of
// each layer, so that every path is valid.
HostileChain VouchedMesh();

// ForgedMesh with signatures and five keys in each layer, of which one signs:
// every certificate has four issuers that did not sign it.
HostileChain VouchedMeshOfKeys(const std::string& key_type = "p256");

// AllHostileChains returns one of each but the honest.
std::vector<HostileChain> AllHostileChains();

}  // namespace testing
}  // namespace pinning

#endif  // TESTS_TESTING_HOSTILE_CHAINS_H_
