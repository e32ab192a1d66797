// RevocationData::FromCrls on any bytes: it does not crash, what it accepts
// finds what it lists, and can be held against a certificate and a key.
#include <algorithm>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/internal/crl_parser.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/signature.h"
#include "pinning/revocation.h"
#include "tests/fuzz/fuzz.h"
#include "tools/mint/mint.h"

namespace {

using fuzz::Require;
using pinning::Certificate;
using pinning::RevocationData;
using pinning::internal::ParsedCrl;
using Bytes = absl::Span<const uint8_t>;

// SomeLeaf returns a certificate with a distribution point.
const Certificate& SomeLeaf() {
  static const Certificate& leaf = *[] {
    mint::Spec spec = mint::Leaf({"www.example.com"});
    spec.extra.push_back({"2.5.29.31",
                          false,
                          {0x30, 0x0b, 0x30, 0x09, 0xa0, 0x07, 0xa0, 0x05, 0x86,
                           0x03, 'a', ':', 'b'}});
    return new Certificate(*Certificate::FromDer(
        mint::SelfSigned(spec, mint::Key::Shared("p256-leaf")).der));
  }();
  return leaf;
}

void CheckUses(const ParsedCrl& crl) {
  Require(std::all_of(crl.serials.begin(), crl.serials.end(),
                      [&](Bytes serial) { return crl.Lists(serial); }),
          "what is listed is found");
  Require(!crl.Lists({}), "a serial has an octet");
  const bool covers = crl.Covers(SomeLeaf().parsed());
  Require(!(covers && crl.only_authorities), "the leaf is no authority");
  const bool verified =
      pinning::internal::VerifySignature(crl.signed_data, SomeLeaf().spki_der())
          .passed();
  Require(!verified || !crl.signed_data.signature.empty(),
          "no signature is none");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes der(data, size);
  const absl::StatusOr<std::shared_ptr<const RevocationData>> loaded =
      RevocationData::FromCrls({der});
  if (!loaded.ok()) {
    Require(loaded.status().code() == absl::StatusCode::kInvalidArgument,
            "a refusal is INVALID_ARGUMENT");
    return 0;
  }
  const auto crl =
      pinning::internal::ParseCrl(der, RevocationData::kMaxCrlEntries);
  Require(crl.ok(), "it parses again");
  const auto found =
      (*loaded)->CrlsOf(pinning::internal::NormalizedOf((*crl)->issuer));
  Require(
      found.size() == 1 && found[0]->serials.size() == (*crl)->serials.size(),
      "it is found under the name of its issuer");
  CheckUses(**crl);
  return 0;
}
