#ifndef TESTS_BENCHMARKS_WORLDS_H_
#define TESTS_BENCHMARKS_WORLDS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "pinning/trust_store.h"

// The chains that benchmarks judge, of the kinds that are common, and the roots
// that they are judged by.
namespace benchmarks {

constexpr char kHost[] = "www.example.com";
constexpr int kRoots = 151;

// A World is a chain of one kind, a store of many roots, one of which is the
// chain's, and more leaves of the same intermediate. What differs from run to
// run is the RSA keys; sizes and all that is not signed with ECDSA do not.
struct World {
  // Chain returns what a server presents: a leaf and its intermediate.
  std::vector<absl::Span<const uint8_t>> Chain(int leaf = 0) const {
    return {leaves[leaf], intermediate};
  }
  std::shared_ptr<const pinning::TrustStore> Store() const;

  std::string name;  // "rsa", "ec" or "mixed"
  std::vector<std::vector<uint8_t>> leaves;
  std::vector<uint8_t> intermediate;
  std::string roots_pem, one_pem;
  std::vector<std::vector<uint8_t>> issuers;  // SPKIs: intermediate's, root's
};

// Made once each. Leaf, intermediate, root: RSA-2048, RSA-2048, RSA-4096;
// P-256, P-256, P-384; P-256, RSA-2048, RSA-4096.
const World& Rsa();
const World& Ec();
const World& Mixed();

}  // namespace benchmarks

#endif  // TESTS_BENCHMARKS_WORLDS_H_
