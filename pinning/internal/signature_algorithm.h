#ifndef PINNING_INTERNAL_SIGNATURE_ALGORITHM_H_
#define PINNING_INTERNAL_SIGNATURE_ALGORITHM_H_

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "pinning/internal/byte_hash.h"
#include "pinning/internal/parsed_certificate.h"

// The algorithms that may have made a signature (signature.h).
namespace pinning {
namespace internal {

// An Identifier is an AlgorithmIdentifier, DER, made of its hexadecimal form.
class Identifier {
 public:
  constexpr Identifier(const char* hex) {  // implicit, for tables
    for (; *hex != '\0'; hex += 2) {
      octets_[size_++] =
          static_cast<uint8_t>(16 * Digit(hex[0]) + Digit(hex[1]));
    }
  }

  bool operator==(Bytes bytes) const {
    return SameBytes(Bytes(octets_.data(), size_), bytes);
  }

 private:
  static constexpr int Digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
  }

  size_t size_ = 0;
  std::array<uint8_t, 67> octets_{};
};

enum class Padding { kNone, kPkcs1, kPss };

struct Algorithm {
  Identifier identifier;
  int key_type;
  const EVP_MD* (*digest)();
  Padding padding;
};

// FindAlgorithm returns the algorithm, or null if it is not one that may be
// used. Identifiers are compared whole, so that an unexpected parameter is an
// unknown algorithm and never an ignored one.
const Algorithm* FindAlgorithm(Bytes identifier);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_SIGNATURE_ALGORITHM_H_
