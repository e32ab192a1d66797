#include "pinning/internal/signature_algorithm.h"

namespace pinning {
namespace internal {
namespace {

const EVP_MD* NoDigest() { return nullptr; }

constexpr Algorithm kAlgorithms[] = {
    // RFC 5758, 3.2: ECDSA, parameters absent.
    {"300a06082a8648ce3d040302", EVP_PKEY_EC, EVP_sha256, Padding::kNone},
    {"300a06082a8648ce3d040303", EVP_PKEY_EC, EVP_sha384, Padding::kNone},
    {"300a06082a8648ce3d040304", EVP_PKEY_EC, EVP_sha512, Padding::kNone},
    // RFC 4055, 5: RSA PKCS #1 v1.5. Parameters are NULL, and implementations
    // MUST accept them absent.
    {"300d06092a864886f70d01010b0500", EVP_PKEY_RSA, EVP_sha256,
     Padding::kPkcs1},
    {"300b06092a864886f70d01010b", EVP_PKEY_RSA, EVP_sha256, Padding::kPkcs1},
    {"300d06092a864886f70d01010c0500", EVP_PKEY_RSA, EVP_sha384,
     Padding::kPkcs1},
    {"300b06092a864886f70d01010c", EVP_PKEY_RSA, EVP_sha384, Padding::kPkcs1},
    {"300d06092a864886f70d01010d0500", EVP_PKEY_RSA, EVP_sha512,
     Padding::kPkcs1},
    {"300b06092a864886f70d01010d", EVP_PKEY_RSA, EVP_sha512, Padding::kPkcs1},
    // RFC 4055, 3.1: RSA-PSS, MGF1 with the same hash, and a salt as long as
    // it. Its 2.1: the parameters of a hash are NULL or absent, alike.
    {"304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a"
     "06092a864886f70d010108300d06096086480165030402010500a203020120",
     EVP_PKEY_RSA, EVP_sha256, Padding::kPss},
    {"303d06092a864886f70d01010a3030a00d300b0609608648016503040201a11a301806"
     "092a864886f70d010108300b0609608648016503040201a203020120",
     EVP_PKEY_RSA, EVP_sha256, Padding::kPss},
    {"304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a"
     "06092a864886f70d010108300d06096086480165030402020500a203020130",
     EVP_PKEY_RSA, EVP_sha384, Padding::kPss},
    {"303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806"
     "092a864886f70d010108300b0609608648016503040202a203020130",
     EVP_PKEY_RSA, EVP_sha384, Padding::kPss},
    {"304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a"
     "06092a864886f70d010108300d06096086480165030402030500a203020140",
     EVP_PKEY_RSA, EVP_sha512, Padding::kPss},
    {"303d06092a864886f70d01010a3030a00d300b0609608648016503040203a11a301806"
     "092a864886f70d010108300b0609608648016503040203a203020140",
     EVP_PKEY_RSA, EVP_sha512, Padding::kPss},
    // RFC 8410, 3: Ed25519, parameters absent.
    {"300506032b6570", EVP_PKEY_ED25519, NoDigest, Padding::kNone},
};

}  // namespace

const Algorithm* FindAlgorithm(Bytes identifier) {
  for (const Algorithm& algorithm : kAlgorithms) {
    if (algorithm.identifier == identifier) {
      return &algorithm;
    }
  }
  return nullptr;
}

}  // namespace internal
}  // namespace pinning
