#include "tests/testing/pki.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "pinning/spki.h"

namespace testing_support {
namespace {

void Check(const absl::Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "test set-up: %s\n", status.ToString().c_str());
    std::abort();
  }
}

template <typename T>
T Value(absl::StatusOr<T> value) {
  Check(value.status());
  return *std::move(value);
}

// A pin whose key nobody holds.
pinning::Pin NobodysPin(uint8_t fill) {
  std::array<uint8_t, pinning::Pin::kSize> digest;
  digest.fill(fill);
  return pinning::Pin(digest);
}

}  // namespace

absl::Time Now() {
  return absl::FromCivil(absl::CivilDay(2026, 6, 1), absl::UTCTimeZone());
}

Pki MakePki(absl::string_view label, absl::string_view host,
            absl::string_view key_type) {
  const mint::Minted root =
      mint::SelfSigned(mint::Ca(absl::StrCat(label, " Root")),
                       mint::Key::Shared(absl::StrCat("p256-root-", label)));
  const mint::Minted intermediate = mint::Issue(
      mint::Ca(absl::StrCat(label, " Intermediate")),
      mint::Key::Shared(absl::StrCat("p256-intermediate-", label)), root);
  const mint::Minted leaf = mint::Issue(
      mint::Leaf({std::string(host)}),
      mint::Key::Shared(absl::StrCat(key_type, "-leaf-", label)), intermediate);
  return {root, intermediate, leaf};
}

mint::Minted CrossSign(const mint::Minted& authority,
                       const mint::Minted& issuer) {
  const std::vector<std::string> names =
      Parse(authority).SubjectAttribute("2.5.4.3");
  return mint::Issue(mint::Ca(names.empty() ? "" : names.front()),
                     authority.key, issuer);
}

pinning::Certificate Parse(const mint::Minted& minted) {
  // No test mints a certificate in which the two find different keys.
  pinning::Certificate certificate =
      Value(pinning::Certificate::FromDer(minted.der));
  if (Value(pinning::FindSpki(minted.der)) != certificate.spki_der()) {
    std::fprintf(stderr, "FindSpki finds another SPKI\n");
    std::abort();
  }
  return certificate;
}

pinning::Chain ChainOf(const std::vector<mint::Minted>& presented) {
  std::vector<absl::Span<const uint8_t>> certificates;
  for (const mint::Minted& minted : presented) {
    certificates.push_back(minted.der);
  }
  return Value(pinning::Chain::FromDer(certificates));
}

pinning::ServerName NameOf(absl::string_view host) {
  return Value(pinning::ServerName::FromString(host));
}

pinning::Pin PinOf(const mint::Minted& minted) { return PinOf(minted.key); }

pinning::Pin PinOf(const mint::Key& key) {
  return pinning::Pin::OfSpki(key.SpkiDer());
}

std::shared_ptr<const pinning::TrustStore> TrustStoreOf(
    const std::vector<mint::Minted>& anchors,
    pinning::TrustAnchor::Origin origin) {
  pinning::TrustStore::Builder builder;
  Check(builder.AddPem(mint::PemOf(anchors), origin));
  return builder.Build();
}

pinning::PinSet PinSetOf(const PinPolicy& policy) {
  pinning::PinSet::Builder builder(policy.name);
  const auto add = [&](std::vector<pinning::Pin> pins, absl::string_view name,
                       auto method, std::vector<pinning::PinRole> roles = {}) {
    roles.resize(pins.size(), pinning::PinRole::kAny);
    for (size_t i = 0; i < pins.size(); ++i) {
      (builder.*
       method)(pinning::NamedPin{pins[i], absl::StrCat(name, i), roles[i]});
    }
  };
  add(policy.pins.empty() ? std::vector<pinning::Pin>{NobodysPin(1)}
                          : policy.pins,
      "pin", &pinning::PinSet::Builder::AddPin, policy.roles);
  add(policy.backup.empty() ? std::vector<pinning::Pin>{NobodysPin(2)}
                            : policy.backup,
      "backup", &pinning::PinSet::Builder::AddBackupPin);
  add(policy.blocked, "blocked", &pinning::PinSet::Builder::AddBlockedPin);
  builder.SetMode(policy.mode).SetExpiry(policy.expires, policy.on_expiry);
  return Value(builder.Build());
}

std::shared_ptr<const pinning::PinStore> PinStoreOf(
    const PinPolicy& policy, const std::vector<std::string>& patterns) {
  pinning::PinStore::Builder builder;
  builder.SetUpdated(Now() - absl::Hours(24));
  Check(builder.AddPinSet(PinSetOf(policy)));
  for (const std::string& pattern : patterns) {
    Check(builder.MapHost(pattern, policy.name));
  }
  return Value(builder.Build());
}

std::shared_ptr<const pinning::Verifier> VerifierOf(
    std::shared_ptr<const pinning::TrustStore> trust_store,
    std::shared_ptr<const pinning::PinStore> pin_store) {
  pinning::Verifier::Options options;
  options.trust_store = std::move(trust_store);
  options.pin_store = std::move(pin_store);
  return Value(pinning::Verifier::Create(std::move(options)));
}

}  // namespace testing_support
