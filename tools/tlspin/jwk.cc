// JSON Web Keys (RFC 7517) with the parameters of RFC 7518, 6.2 and 6.3, and
// RFC 8037, 2.

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "tools/tlspin/files.h"
#include "tools/tlspin/key_file.h"

namespace tlspin {
namespace {

using KeyOr = absl::StatusOr<bssl::UniquePtr<EVP_PKEY>>;

// Text returns the string member `name` of `jwk`, or an empty one.
std::string Text(const nlohmann::json& jwk, const char* name) {
  const auto found = jwk.find(name);
  return found != jwk.end() && found->is_string() ? found->get<std::string>()
                                                  : std::string();
}

// Octets decodes the base64url member `name`. It is read back to be sure that
// no other text would have given the same octets.
absl::StatusOr<std::string> Octets(const nlohmann::json& jwk,
                                   const char* name) {
  const std::string text = Text(jwk, name);
  std::string octets;
  if (text.empty() || !absl::WebSafeBase64Unescape(text, &octets) ||
      absl::WebSafeBase64Escape(octets) != text) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", name, "\" is missing or not base64url"));
  }
  return octets;
}

absl::StatusOr<bssl::UniquePtr<BIGNUM>> Number(const nlohmann::json& jwk,
                                               const char* name) {
  const absl::StatusOr<std::string> octets = Octets(jwk, name);
  if (!octets.ok()) {
    return octets.status();
  }
  return bssl::UniquePtr<BIGNUM>(
      BN_bin2bn(AsBytes(*octets).data(), octets->size(), nullptr));
}

KeyOr RsaKey(const nlohmann::json& jwk) {
  absl::StatusOr<bssl::UniquePtr<BIGNUM>> n = Number(jwk, "n");
  absl::StatusOr<bssl::UniquePtr<BIGNUM>> e = Number(jwk, "e");
  if (!n.ok() || !e.ok()) {
    return n.ok() ? e.status() : n.status();
  }
  const bssl::UniquePtr<RSA> rsa(RSA_new());
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  if (!RSA_set0_key(rsa.get(), n->get(), e->get(), nullptr)) {
    return absl::InvalidArgumentError("not an RSA key");
  }
  n->release();  // `rsa` owns them now
  e->release();
  if (!EVP_PKEY_set1_RSA(key.get(), rsa.get())) {
    return absl::InvalidArgumentError("not an RSA key");
  }
  return key;
}

int CurveOf(const std::string& name) {
  return name == "P-256"   ? NID_X9_62_prime256v1
         : name == "P-384" ? NID_secp384r1
         : name == "P-521" ? NID_secp521r1
                           : NID_undef;
}

KeyOr EcKey(const nlohmann::json& jwk) {
  const absl::StatusOr<bssl::UniquePtr<BIGNUM>> x = Number(jwk, "x");
  const absl::StatusOr<bssl::UniquePtr<BIGNUM>> y = Number(jwk, "y");
  if (!x.ok() || !y.ok()) {
    return x.ok() ? y.status() : x.status();
  }
  const bssl::UniquePtr<EC_KEY> ec(
      EC_KEY_new_by_curve_name(CurveOf(Text(jwk, "crv"))));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  // This also checks that the point is on the curve.
  if (ec == nullptr ||
      !EC_KEY_set_public_key_affine_coordinates(ec.get(), x->get(), y->get()) ||
      !EVP_PKEY_set1_EC_KEY(key.get(), ec.get())) {
    return absl::InvalidArgumentError(
        "not a point on the curve P-256, P-384 or P-521");
  }
  return key;
}

KeyOr OctetKey(const nlohmann::json& jwk) {
  const absl::StatusOr<std::string> x = Octets(jwk, "x");
  if (!x.ok()) {
    return x.status();
  }
  bssl::UniquePtr<EVP_PKEY> key(
      Text(jwk, "crv") != "Ed25519"
          ? nullptr
          : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                        AsBytes(*x).data(), x->size()));
  if (key == nullptr) {
    return absl::InvalidArgumentError("not an Ed25519 key");
  }
  return key;
}

absl::StatusOr<KeyItem> ItemOfJwk(const nlohmann::json& jwk) {
  if (!jwk.is_object()) {
    return absl::InvalidArgumentError("not an object");
  }
  const std::string type = Text(jwk, "kty");
  const KeyOr key =
      type == "RSA"  ? RsaKey(jwk)
      : type == "EC" ? EcKey(jwk)
      : type == "OKP"
          ? OctetKey(jwk)
          : absl::InvalidArgumentError("\"kty\" is not RSA, EC or OKP");
  if (!key.ok()) {
    return key.status();
  }
  return ItemOf(jwk.contains("d") ? "private key" : "public key", key->get());
}

}  // namespace

absl::StatusOr<std::vector<KeyItem>> ParseJwk(absl::string_view content) {
  const nlohmann::json json = nlohmann::json::parse(
      content.begin(), content.end(), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    return absl::InvalidArgumentError("not JSON, so not a JWK");
  }
  const auto set = json.find("keys");
  const bool is_set = set != json.end() && set->is_array();
  const nlohmann::json keys = is_set ? *set : nlohmann::json::array({json});
  std::vector<KeyItem> items;
  for (size_t i = 0; i < keys.size(); ++i) {
    absl::StatusOr<KeyItem> item = ItemOfJwk(keys[i]);
    if (!item.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("JWK ", i, ": ", item.status().message()));
    }
    items.push_back(*std::move(item));
  }
  if (items.empty()) {
    return absl::NotFoundError("the JWK set is empty");
  }
  return items;
}

}  // namespace tlspin
