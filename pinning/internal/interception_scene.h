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
#include "pinning/connection_facts.h"
#include "pinning/ct_log_list.h"
#include "pinning/observation.h"
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
  const PinSet* pin_set = nullptr;  // may be null, like these
  const ConnectionFacts* facts = nullptr;
  const SctEvidence* scts = nullptr;

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
  // A bundled anchor whose key is pinned, or null: the pins then say that the
  // server's certificate is a public authority's.
  const TrustAnchor* pinned_anchor = nullptr;
  // Whether a pinned key is that of an anchor that was added to the machine.
  bool pinned_locally = false;
  // Whether a public authority would issue for `name`: not for an IP address,
  // a single label, or a name kept for private use.
  bool public_name = false;

  const Certificate& leaf() const { return chain->leaf(); }
};

Scene MakeScene(const Observation& observation);

// MayEndAtPinnedRoot returns whether what is proven may go on, for all that is
// known, to a pinned root that is neither served nor an anchor: the pins name
// no public authority, the last certificate names another issuer, and the
// pins' roles let them be there.
bool MayEndAtPinnedRoot(const Scene& scene);

// PinsMustBeServed returns whether a root that is not installed cannot explain
// why no pinned key was found: every pin is for the leaf, or for an issuer
// while the issuer was served. Backup pins are not yet in service.
bool PinsMustBeServed(const Scene& scene);

// IsPinned returns whether `set` has `pin` among its pins and backup pins.
bool IsPinned(const PinSet& set, const Pin& pin);

// FindPinned returns the index of the first of `certificates` whose key is
// pinned by `set`, or -1.
int FindPinned(const PinSet& set, absl::Span<const Certificate> certificates);

// FindAppendedGenuine returns the index of a served certificate that a public
// authority of the bundle issued and the leaf does not chain to, or -1. One
// that is for `scene.name` itself comes first, and sets `*for_name`.
int FindAppendedGenuine(const Scene& scene, bool* for_name);

// HasTimestamps returns whether `certificate` has an SCT list (RFC 6962, 3.3),
// whatever is in it.
bool HasTimestamps(const Certificate& certificate);

// HasPointers returns whether `certificate` has authority information access or
// CRL distribution points (RFC 5280, 4.2.2.1 and 4.2.1.13): the Baseline
// Requirements make public authorities set one or both.
bool HasPointers(const Certificate& certificate);

// HasPublicCaMarks returns whether `certificate` has any of these.
bool HasPublicCaMarks(const Certificate& certificate);

// AuthorityName returns, escaped, what to call the authority that issued
// `certificate`: its common name, else its organization, else the whole name.
std::string AuthorityName(const Certificate& certificate);

// RelatedNames returns whether a dNSName of `leaf` is at or under the domain
// that `name` is registered in.
bool RelatedNames(const Certificate& leaf, const ServerName& name);

}  // namespace internal
}  // namespace pinning

#endif  // PINNING_INTERNAL_INTERCEPTION_SCENE_H_
