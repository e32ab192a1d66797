#ifndef TESTS_TESTING_PKI_H_
#define TESTS_TESTING_PKI_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"
#include "pinning/verifier.h"
#include "tools/mint/mint.h"

// A small public key infrastructure, and the stores built of it. A failure in
// here is a fault of the test and ends it.
namespace testing_support {

// Now returns a time at which what mint makes by default is valid.
absl::Time Now();

// A Pki is a root, an intermediate under it, and a leaf under that.
struct Pki {
  mint::Minted root;
  mint::Minted intermediate;
  mint::Minted leaf;

  // Presented returns what a server would send: leaf, intermediate.
  std::vector<mint::Minted> Presented() const { return {leaf, intermediate}; }
};

// MakePki returns a Pki whose leaf is for `host`. Names and keys are those of
// `label`: equal for equal labels, and shared with no other label. `key_type`
// is the key of the leaf, as Key::Shared names it; the authorities have P-256.
Pki MakePki(absl::string_view label, absl::string_view host,
            absl::string_view key_type = "p256");

// CrossSign returns a certificate for the name and key of `authority`, issued
// by `issuer`.
mint::Minted CrossSign(const mint::Minted& authority,
                       const mint::Minted& issuer);

pinning::Certificate Parse(const mint::Minted& minted);
pinning::Chain ChainOf(const std::vector<mint::Minted>& presented);
pinning::ServerName NameOf(absl::string_view host);
pinning::Pin PinOf(const mint::Minted& minted);
pinning::Pin PinOf(const mint::Key& key);

std::shared_ptr<const pinning::TrustStore> TrustStoreOf(
    const std::vector<mint::Minted>& anchors,
    pinning::TrustAnchor::Origin origin =
        pinning::TrustAnchor::Origin::kBundled);

// A PinPolicy is what goes into a pin set; unset, as most tests want it.
struct PinPolicy {
  std::string name = "set";
  std::vector<pinning::Pin> pins;  // empty: one that is nobody's
  // Of `pins`, in the same order; `kAny` for those that it is too short for.
  std::vector<pinning::PinRole> roles;
  std::vector<pinning::Pin> backup;  // empty: one that is nobody's
  std::vector<pinning::Pin> blocked;
  pinning::PinSet::Mode mode = pinning::PinSet::Mode::kEnforce;
  absl::Time expires = Now() + absl::Hours(24 * 90);
  pinning::PinSet::OnExpiry on_expiry = pinning::PinSet::OnExpiry::kReject;
};

pinning::PinSet PinSetOf(const PinPolicy& policy);

// PinStoreOf maps each of `patterns` to a set made of `policy`.
std::shared_ptr<const pinning::PinStore> PinStoreOf(
    const PinPolicy& policy, const std::vector<std::string>& patterns);

std::shared_ptr<const pinning::Verifier> VerifierOf(
    std::shared_ptr<const pinning::TrustStore> trust_store,
    std::shared_ptr<const pinning::PinStore> pin_store);

}  // namespace testing_support

#endif  // TESTS_TESTING_PKI_H_
