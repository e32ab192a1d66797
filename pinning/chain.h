#ifndef PINNING_CHAIN_H_
#define PINNING_CHAIN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"

namespace pinning {

// A Chain is what a peer presented: a leaf and a bag of intermediates in no
// promised order. Nothing in a Chain has been verified, so no function that
// decides trust takes a Chain without also taking trust anchors.
class Chain {
 public:
  // FromDer parses `certificates`, whose first element is the leaf. It returns
  // FAILED_PRECONDITION if there are none, RESOURCE_EXHAUSTED if there are more
  // than `kMaxLength`, and INVALID_ARGUMENT, naming the index, if any of them
  // does not parse.
  static absl::StatusOr<Chain> FromDer(
      absl::Span<const absl::Span<const uint8_t>> certificates);

  // FromCertificates makes a chain of `certificates`, whose first is the leaf.
  // It fails as FromDer does.
  static absl::StatusOr<Chain> FromCertificates(
      std::vector<Certificate> certificates);

  static constexpr size_t kMaxLength = 32;

  const Certificate& leaf() const { return certificates_.front(); }
  absl::Span<const Certificate> intermediates() const {
    return absl::MakeConstSpan(certificates_).subspan(1);
  }
  // certificates returns all of them in the order presented, leaf first.
  absl::Span<const Certificate> certificates() const { return certificates_; }

 private:
  explicit Chain(std::vector<Certificate> certificates);

  std::vector<Certificate> certificates_;
};

}  // namespace pinning

#endif  // PINNING_CHAIN_H_
