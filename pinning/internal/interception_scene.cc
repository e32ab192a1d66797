#include "pinning/internal/interception_scene.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/chain.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/distinguished_name.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/registered_domain.h"
#include "pinning/internal/signature.h"
#include "pinning/internal/text_escape.h"
#include "pinning/observation.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace internal {
namespace {

// A refused chain is hostile: it may be followed this far and no further.
constexpr int kMaxSignatures = 48;
constexpr size_t kMaxProven = 8;

// Content octets of the OBJECT IDENTIFIERs.
constexpr uint8_t kSctList[] = {0x2b, 0x06, 0x01, 0x04, 0x01,
                                0xd6, 0x79, 0x02, 0x04, 0x02};
constexpr uint8_t kAuthorityInformationAccess[] = {0x2b, 0x06, 0x01, 0x05,
                                                   0x05, 0x07, 0x01, 0x01};
constexpr uint8_t kCrlDistributionPoints[] = {0x55, 0x1d, 0x1f};

class SceneMaker {
 public:
  explicit SceneMaker(Scene* scene) : scene_(scene) {}

  void FollowSignatures() {
    const Certificate* top = &scene_->leaf();
    scene_->proven.push_back(top);
    while (scene_->proven.size() < kMaxProven) {
      const TrustAnchor* anchor = FindAnchor(*top);
      if (anchor != nullptr) {
        if (anchor->certificate.der() != top->der()) {
          scene_->proven.push_back(&anchor->certificate);
        }
        scene_->proven_origin = anchor->origin;
        return;
      }
      const Certificate* next = FindServedIssuer(*top);
      if (next == nullptr) {
        return;
      }
      scene_->proven.push_back(next);
      top = next;
    }
  }

  void FindIssuer() {
    const Certificate& leaf = scene_->leaf();
    scene_->self_signed_leaf = leaf.IsSelfIssued() && Signed(leaf, leaf);
    if (scene_->proven.size() > 1) {
      scene_->issuer_signed = true;
      SetIssuer(*scene_->proven[1]);
      return;
    }
    if (scene_->self_signed_leaf) {
      return;
    }
    for (const Certificate& served : scene_->chain->intermediates()) {
      if (IsNamedBy(leaf, served)) {
        SetIssuer(served);
        return;
      }
    }
    for (const TrustAnchor* anchor : scene_->trust_store->AnchorsFor(leaf)) {
      SetIssuer(anchor->certificate);
      return;
    }
  }

 private:
  static bool IsNamedBy(const Certificate& issued, const Certificate& issuer) {
    return NamesMatch(issued.parsed().issuer, issuer.parsed().subject);
  }

  bool Signed(const Certificate& issued, const Certificate& issuer) {
    if (++signatures_ > kMaxSignatures) {
      return false;
    }
    return VerifySignature(issued.parsed(), issuer.parsed().spki).passed();
  }

  // FindAnchor prefers a bundled anchor: what a public programme vouches for
  // says more of a chain than what was added to the machine.
  const TrustAnchor* FindAnchor(const Certificate& top) {
    const TrustAnchor* local = nullptr;
    std::vector<const TrustAnchor*> anchors =
        scene_->trust_store->AnchorsFor(top);
    if (const TrustAnchor* itself = scene_->trust_store->FindKey(top)) {
      anchors.insert(anchors.begin(), itself);
    }
    for (const TrustAnchor* anchor : anchors) {
      const bool is_top = anchor->certificate.spki_der() == top.spki_der() &&
                          IsNamedBy(top, top);
      if (!is_top && !Signed(top, anchor->certificate)) {
        continue;
      }
      if (anchor->origin == TrustAnchor::Origin::kBundled) {
        return anchor;
      }
      local = anchor;
    }
    return local;
  }

  const Certificate* FindServedIssuer(const Certificate& top) {
    for (const Certificate& served : scene_->chain->intermediates()) {
      const bool used = std::any_of(
          scene_->proven.begin(), scene_->proven.end(),
          [&](const Certificate* other) { return *other == served; });
      if (!used && IsNamedBy(top, served) && Signed(top, served)) {
        return &served;
      }
    }
    return nullptr;
  }

  void SetIssuer(const Certificate& issuer) {
    scene_->issuer = &issuer;
    const absl::Span<const Certificate> served = scene_->chain->certificates();
    for (size_t i = 0; i < served.size(); ++i) {
      if (served[i] == issuer) {
        scene_->issuer_depth = static_cast<int>(i);
        return;
      }
    }
  }

  Scene* scene_;
  int signatures_ = 0;
};

bool IsPublicName(const ServerName& name) {
  return name.kind() == ServerName::Kind::kDns &&
         !IsPrivateName(name.ToString());
}

// FindPinnedAnchor returns the first anchor of `origin` whose key is pinned.
const TrustAnchor* FindPinnedAnchor(const Scene& scene,
                                    TrustAnchor::Origin origin) {
  if (scene.pin_set == nullptr) {
    return nullptr;
  }
  for (const TrustAnchor& anchor : scene.trust_store->anchors()) {
    if (anchor.origin == origin &&
        IsPinned(*scene.pin_set, anchor.certificate.pin())) {
      return &anchor;
    }
  }
  return nullptr;
}

bool HasExtension(const Certificate& certificate,
                  absl::Span<const uint8_t> oid) {
  for (const RawExtension& extension : certificate.parsed().extensions) {
    if (extension.oid == oid) {
      return true;
    }
  }
  return false;
}

}  // namespace

Scene MakeScene(const Observation& observation) {
  Scene scene;
  scene.chain = observation.chain;
  scene.name = observation.name;
  scene.now = observation.now;
  scene.trust_store = observation.trust_store;
  scene.pin_set = observation.pin_set;
  scene.facts = observation.facts;
  scene.scts = observation.scts;
  SceneMaker maker(&scene);
  maker.FollowSignatures();
  maker.FindIssuer();
  scene.name_matches = scene.name->Matches(scene.leaf());
  scene.public_name = IsPublicName(*scene.name);
  scene.pinned_anchor = FindPinnedAnchor(scene, TrustAnchor::Origin::kBundled);
  scene.pinned_locally =
      FindPinnedAnchor(scene, TrustAnchor::Origin::kLocal) != nullptr;
  return scene;
}

bool MayEndAtPinnedRoot(const Scene& scene) {
  return scene.pin_set != nullptr && scene.pinned_anchor == nullptr &&
         !scene.proven_origin.has_value() &&
         !scene.proven.back()->IsSelfIssued() && !PinsMustBeServed(scene);
}

bool PinsMustBeServed(const Scene& scene) {
  if (scene.pin_set == nullptr || scene.pinned_locally) {
    return false;
  }
  const absl::Span<const NamedPin> pins = scene.pin_set->pins();
  return std::all_of(pins.begin(), pins.end(), [&](const NamedPin& pin) {
    return pin.role == PinRole::kLeaf ||
           (pin.role == PinRole::kIssuer && scene.proven.size() > 1);
  });
}

bool HasTimestamps(const Certificate& certificate) {
  return HasExtension(certificate, kSctList);
}

bool HasPointers(const Certificate& certificate) {
  return HasExtension(certificate, kAuthorityInformationAccess) ||
         HasExtension(certificate, kCrlDistributionPoints);
}

bool HasPublicCaMarks(const Certificate& certificate) {
  return HasTimestamps(certificate) || HasPointers(certificate);
}

bool IsPinned(const PinSet& set, const Pin& pin) {
  const auto holds = [&pin](const NamedPin& named) { return named.pin == pin; };
  return std::any_of(set.pins().begin(), set.pins().end(), holds) ||
         std::any_of(set.backup_pins().begin(), set.backup_pins().end(), holds);
}

int FindPinned(const PinSet& set, absl::Span<const Certificate> certificates) {
  for (size_t i = 0; i < certificates.size(); ++i) {
    if (IsPinned(set, certificates[i].pin())) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

int FindAppendedGenuine(const Scene& scene, bool* for_name) {
  *for_name = false;
  if (scene.proven_origin == TrustAnchor::Origin::kBundled) {
    return -1;
  }
  // Which of the served certificates a bundled anchor signed, and which those.
  const absl::Span<const Certificate> served =
      scene.chain->certificates().subspan(0, kMaxProven);
  const auto signed_by = [](const Certificate& issued,
                            const Certificate& issuer) {
    return VerifySignature(issued.parsed(), issuer.parsed().spki).passed();
  };
  int authority = -1;
  for (size_t i = 1; i < served.size() && authority < 0; ++i) {
    for (const TrustAnchor* anchor : scene.trust_store->AnchorsFor(served[i])) {
      if (anchor->origin == TrustAnchor::Origin::kBundled &&
          !served[i].IsSelfIssued() &&
          signed_by(served[i], anchor->certificate)) {
        authority = static_cast<int>(i);
        break;
      }
    }
  }
  for (size_t i = 1; i < served.size() && authority > 0; ++i) {
    if (served[i].pin() != scene.leaf().pin() &&
        scene.name->Matches(served[i]) &&
        signed_by(served[i], served[authority])) {
      *for_name = true;
      return static_cast<int>(i);
    }
  }
  return authority;
}

std::string AuthorityName(const Certificate& certificate) {
  for (absl::string_view oid : {"2.5.4.3", "2.5.4.10"}) {
    for (const std::string& value : certificate.IssuerAttribute(oid)) {
      if (!value.empty()) {
        return EscapeText(value, 128);
      }
    }
  }
  return EscapeText(certificate.issuer(), 128);
}

bool RelatedNames(const Certificate& leaf, const ServerName& name) {
  if (name.kind() != ServerName::Kind::kDns) {
    return false;
  }
  const std::string whole = name.ToString();
  const absl::string_view domain = RegisteredDomain(whole);
  if (domain.empty()) {
    return false;
  }
  for (const absl::string_view presented : leaf.dns_names()) {
    if (absl::EqualsIgnoreCase(presented, domain) ||
        absl::EndsWithIgnoreCase(presented, absl::StrCat(".", domain))) {
      return true;
    }
  }
  return false;
}

}  // namespace internal
}  // namespace pinning
