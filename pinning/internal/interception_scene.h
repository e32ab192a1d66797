#ifndef PINNING_INTERNAL_INTERCEPTION_SCENE_H_
#define PINNING_INTERNAL_INTERCEPTION_SCENE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"

// The facts of a served chain, gathered once without believing a word of it.
namespace pinning {
namespace internal {

// A Scene is a served chain with its signatures followed as far as they hold.
// It points into what it was made from and is used on the spot.
struct Scene {
  const Chain* chain = nullptr;
  const ServerName* name = nullptr;
  absl::Time now;
  const TrustStore* trust_store = nullptr;
  const PinSet* pin_set = nullptr;  // may be null

  // Leaf first, each certificate's signature verified with the key of the
  // next; the last is an anchor if `proven_origin` is set.
  std::vector<const Certificate*> proven;
  std::optional<TrustAnchor::Origin> proven_origin;

  // The certificate that the leaf's issuer name leads to: the one that signed
  // the leaf if there is one, else any of that name, else null.
  const Certificate* issuer = nullptr;
  int issuer_depth = -1;  // in the served chain; -1: an anchor
  bool issuer_signed = false;
  bool self_signed_leaf = false;
  bool name_matches = false;
  // Whether a public authority would issue for `name`: not for an IP address,
  // a single label, or a name kept for private use.
  bool public_name = false;
  // Whether a pinned key is that of an anchor of a public root programme, or
  // of one that was added to the machine.
  bool pinned_publicly = false;
  bool pinned_locally = false;

  const Certificate& leaf() const { return chain->leaf(); }
};

// MayEndAtPinnedRoot returns whether what is proven may go on, for all that is
// known, to a pinned root that is neither served nor an anchor: the pins name
// no public authority, and the last certificate names another issuer.
bool MayEndAtPinnedRoot(const Scene& scene);

Scene MakeScene(const Chain& chain, const ServerName& name, absl::Time now,
                const TrustStore& trust_store, const PinSet* pin_set);

// IsPinned returns whether `set` has `pin` among its pins and backup pins.
bool IsPinned(const PinSet& set, const Pin& pin);

// FindPinned returns the index of the first of `certificates` whose key is
// pinned by `set`, or -1.
int FindPinned(const PinSet& set, absl::Span<const Certificate> certificates);

// FindAppendedGenuine returns the index of a served certificate that a public
// authority of the bundle issued and the leaf does not chain to, or -1. One
// that is for `scene.name` itself comes first, and sets `*for_name`.
int FindAppendedGenuine(const Scene& scene, bool* for_name);

// HasPublicCaMarks returns whether `certificate` has an SCT list (RFC 6962,
// 3.3), authority information access or CRL distribution points: the Baseline
// Requirements make public authorities set the latter two.
bool HasPublicCaMarks(const Certificate& certificate);

// AuthorityName returns, escaped, what to call the authority that issued
// `certificate`: its common name, else its organization, else the whole name.
std::string AuthorityName(const Certificate& certificate);

// RelatedNames returns whether a dNSName of `leaf` is at or under the domain
// that `name` is registered in, as far as can be told without a list.
bool RelatedNames(const Certificate& leaf, const ServerName& name);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_INTERCEPTION_SCENE_H_
