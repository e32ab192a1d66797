#include <openssl/bytestring.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/evp.h>
#include <openssl/mem.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>

#include <map>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/mint/der_writer.h"
#include "tools/mint/mint.h"

namespace mint {
namespace {

// Generate makes a key of type `id`, after `configure` has set its parameters.
template <typename Configure>
bssl::UniquePtr<EVP_PKEY> Generate(int id, Configure configure) {
  bssl::UniquePtr<EVP_PKEY_CTX> ctx(EVP_PKEY_CTX_new_id(id, nullptr));
  EVP_PKEY* key = nullptr;
  Check(ctx != nullptr && EVP_PKEY_keygen_init(ctx.get()) &&
            configure(ctx.get()) && EVP_PKEY_keygen(ctx.get(), &key),
        "generating a key");
  return bssl::UniquePtr<EVP_PKEY>(key);
}

bssl::UniquePtr<EVP_PKEY> GenerateEc(int curve) {
  return Generate(EVP_PKEY_EC, [curve](EVP_PKEY_CTX* ctx) {
    return EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, curve);
  });
}

// Marshal returns what `marshal` writes of `key`.
Bytes Marshal(const EVP_PKEY* key, int (*marshal)(CBB*, const EVP_PKEY*)) {
  bssl::ScopedCBB cbb;
  Check(CBB_init(cbb.get(), 256) && marshal(cbb.get(), key) &&
            CBB_flush(cbb.get()),
        "encoding a key");
  return Bytes(CBB_data(cbb.get()), CBB_data(cbb.get()) + CBB_len(cbb.get()));
}

}  // namespace

struct Key::Rep {
  bssl::UniquePtr<EVP_PKEY> key;
};

Key::Key(bssl::UniquePtr<EVP_PKEY> key)
    : rep_(std::make_shared<const Rep>(Rep{std::move(key)})) {}

Key Key::P256() { return Key(GenerateEc(NID_X9_62_prime256v1)); }
Key Key::P384() { return Key(GenerateEc(NID_secp384r1)); }
Key Key::P521() { return Key(GenerateEc(NID_secp521r1)); }

Key Key::P256From(absl::string_view seed) {
  const bssl::UniquePtr<EC_GROUP> group(
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  // The secret has to have 32 bytes at least; the derivation hashes it.
  const std::string secret =
      absl::StrCat("mint::Key::P256From, a test key: ", seed);
  const bssl::UniquePtr<EC_KEY> ec(EC_KEY_derive_from_secret(
      group.get(), reinterpret_cast<const uint8_t*>(secret.data()),
      secret.size()));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  Check(ec != nullptr && EVP_PKEY_set1_EC_KEY(key.get(), ec.get()),
        "deriving a key");
  return Key(std::move(key));
}

Key Key::Ed25519() {
  return Key(Generate(EVP_PKEY_ED25519, [](EVP_PKEY_CTX*) { return 1; }));
}

Key Key::Rsa(int bits) {
  return Key(Generate(EVP_PKEY_RSA, [bits](EVP_PKEY_CTX* ctx) {
    return EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, bits);
  }));
}

Key Key::Shared(absl::string_view name) {
  static std::mutex mutex;
  static auto* keys = new std::map<std::string, Key>;  // never destroyed
  std::lock_guard<std::mutex> lock(mutex);
  auto found = keys->find(std::string(name));
  if (found != keys->end()) {
    return found->second;
  }
  const absl::string_view type = name.substr(0, name.find('-'));
  const auto make = [&]() -> Key {
    if (type == "p256") return P256();
    if (type == "p384") return P384();
    if (type == "p521") return P521();
    if (type == "ed25519") return Ed25519();
    int bits = 0;
    Check(absl::StartsWith(type, "rsa") &&
              absl::SimpleAtoi(type.substr(3), &bits),
          absl::StrCat("finding the key type of \"", name, "\""));
    return Rsa(bits);
  };
  return keys->emplace(name, make()).first->second;
}

EVP_PKEY* Key::get() const { return rep_->key.get(); }

std::vector<uint8_t> Key::SpkiDer() const {
  return Marshal(get(), EVP_marshal_public_key);
}

std::string Key::PrivatePem() const {
  return PemBlock("PRIVATE KEY", Marshal(get(), EVP_marshal_private_key));
}

std::string Key::PublicPem() const { return PemBlock("PUBLIC KEY", SpkiDer()); }

std::string Key::CsrPem(absl::string_view common_name) const {
  const Bytes info = DerSequence(
      {DerInteger(0), DerName({{"2.5.4.3", std::string(common_name)}}),
       SpkiDer(), DerContext(0, true, {})});
  const SignatureAlgorithm algorithm =
      Resolve(SignatureAlgorithm::kDefault, get());
  return PemBlock("CERTIFICATE REQUEST",
                  DerSequence({info, AlgorithmIdentifierDer(algorithm),
                               DerBitString(Sign(get(), algorithm, info))}));
}

}  // namespace mint
