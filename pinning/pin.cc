#include "pinning/pin.h"

#include <openssl/sha.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "pinning/internal/base64.h"

namespace pinning {
namespace {

constexpr absl::string_view kPrefix = "sha256/";

}  // namespace

absl::StatusOr<Pin> Pin::FromString(absl::string_view text) {
  absl::string_view base64 = text;
  if (!absl::ConsumePrefix(&base64, kPrefix)) {
    return absl::InvalidArgumentError(
        "pin, offset 0: a pin begins with \"sha256/\"");
  }
  std::array<uint8_t, kSize> digest;
  if (internal::Base64DecodeTo(base64, absl::MakeSpan(digest))) {
    return Pin(digest);
  }
  auto bytes = internal::Base64Decode(base64);
  if (!bytes.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("pin, after \"sha256/\": ", bytes.status().message()));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("pin, offset ", kPrefix.size(), ": the digest has ",
                   bytes->size(), " bytes, SHA-256 has ", kSize));
}

Pin Pin::OfSpki(absl::Span<const uint8_t> spki_der) {
  std::array<uint8_t, kSize> digest;
  SHA256(spki_der.data(), spki_der.size(), digest.data());
  return Pin(digest);
}

std::string Pin::ToString() const {
  return absl::StrCat(kPrefix, internal::Base64Encode(digest_));
}

}  // namespace pinning
