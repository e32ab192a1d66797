#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/internal/circumstance_signs.h"
#include "pinning/internal/diagnoser.h"
#include "pinning/internal/evidence_codes.h"
#include "pinning/internal/interception_questions.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/interception_signs.h"
#include "pinning/internal/text_escape.h"
#include "pinning/internal/utc_time.h"
#include "pinning/observation.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace internal {
namespace {

// Chromium stops enforcing its built-in pins this long after the list was last
// known to be right: a rotation since is then likelier than an attack.
constexpr absl::Duration kPinListLifetime = absl::Hours(24 * 70);

// Clocks that disagree by less are not evidence of anything.
constexpr absl::Duration kClockSlack = absl::Hours(24);

constexpr size_t kManyNames = 8;

}  // namespace

bool Diagnoser::KnownProduct() {
  if (seen_.catalogue == nullptr) {
    return false;
  }
  std::vector<const Certificate*> certificates = scene_.proven;
  for (const VerifiedPath& path : seen_.valid_paths) {
    for (const Certificate& certificate : path.certificates()) {
      certificates.push_back(&certificate);
    }
  }
  const InterceptorCatalogue::Product* product = nullptr;
  const size_t on_proven = scene_.proven.size();
  for (size_t i = 0; i < certificates.size() && product == nullptr; ++i) {
    const int depth = i < on_proven ? static_cast<int>(i) : -1;
    product = seen_.catalogue->FindByKey(certificates[i]->pin());
    if (product != nullptr) {
      AddConclusive(evidence::kKnownKey, {EscapeText(product->name)}, depth,
                    "subjectPublicKeyInfo");
    }
  }
  const bool by_key = product != nullptr;
  // The console of a firewall bears its maker's name too.
  const bool may_be_its_own = !scene_.public_name && LocalAnchor() == nullptr;
  for (size_t i = 0;
       i < certificates.size() && product == nullptr && !may_be_its_own; ++i) {
    const int depth = i < on_proven ? static_cast<int>(i) : -1;
    product = seen_.catalogue->FindByIssuer(*certificates[i]);
    if (product != nullptr) {
      AddConclusive(
          evidence::kKnownProduct,
          {AuthorityName(*certificates[i]), EscapeText(product->name)}, depth,
          "issuer");
    }
  }
  if (product == nullptr) {
    product = seen_.catalogue->FindBySubject(scene_.leaf());
    if (product != nullptr) {
      AddConclusive(
          evidence::kKnownProduct,
          {EscapeText(scene_.leaf().subject(), 128), EscapeText(product->name)},
          0, "subject", "known-product.subject");
    }
  }
  if (product == nullptr) {
    return false;
  }
  if (!by_key && PinnedDepthOnProven() >= 0) {
    // Anyone may bear the name; who holds the pinned key is who was meant.
    diagnosis_.evidence.clear();
    return false;
  }
  diagnosis_.product = product->name;
  diagnosis_.vendor_kind = product->kind;
  AddLocalAnchor();
  const bool more = by_key || LocalAnchor() != nullptr || Score(signs_) >= 1;
  ConcludeInterception(more ? Confidence::kHigh : Confidence::kMedium);
  return true;
}

bool Diagnoser::PinsUnmetOnLocalAnchor() {
  if (!has_valid_path() || !IsPinFailure() ||
      reaches(TrustAnchor::Origin::kBundled)) {
    return false;
  }
  if (seen_.error.code == ErrorCode::kPinSetExpired) {
    for (const VerifiedPath& path : seen_.valid_paths) {
      if (FindPinned(*seen_.pin_set, path.certificates()) >= 0) {
        return false;  // the pins are met; only their time has passed
      }
    }
  }
  AddLocalAnchor();
  // The pins are those of a private authority that is still installed. Its
  // operator moved to another sooner than somebody inspects with a leaf that
  // has no forger's habits.
  if (scene_.pinned_locally && CountTelling(signs_) == 0 &&
      IsCleanLeaf(scene_)) {
    if (seen_.pin_set->IsExpired(seen_.now)) {
      Add(evidence::kPinSetExpired);
    }
    Conclude(DiagnosisKind::kStalePins, Confidence::kLow);
    return true;
  }
  // For a name that only a private authority issues for, the pins may as well
  // be those of the authority before.
  const bool plain = !scene_.public_name && CountTelling(signs_) == 0;
  // Nor do pins that no anchor explains say that it was not the operator who
  // moved to another authority, if the leaf has no forger's habits.
  const bool alike = CountTelling(signs_) == 0 &&
                     scene_.pinned_anchor == nullptr && IsCleanLeaf(scene_);
  ConcludeInterception(plain                          ? Confidence::kLow
                       : Score(signs_) >= 2 && !alike ? Confidence::kHigh
                                                      : Confidence::kMedium);
  return true;
}

// InspectionRootInBundle: a bundle may hold an inspection root by mistake. No
// public authority signs its own key into a leaf, calls itself a proxy, or
// leaves out every mark that it has to set and then builds as a product does.
bool Diagnoser::InspectionRootInBundle() {
  const int telling = CountTelling(signs_);
  if (telling >= 2) {
    ConcludeInterception(Confidence::kMedium);
    return true;
  }
  if (seen_.pin_set == nullptr || !scene_.public_name ||
      HasAnyPublicMark(scene_) || (telling == 0 && Resembled() == nullptr)) {
    return false;
  }
  ConcludeInterception(Confidence::kLow);
  return true;
}

bool Diagnoser::PinsUnmetOnPublicAnchor() {
  if (!has_valid_path() || !IsPinFailure() || seen_.pin_set == nullptr) {
    return false;
  }
  if (InspectionRootInBundle()) {
    return true;
  }
  if (seen_.error.code == ErrorCode::kBudgetExhausted) {
    return false;
  }
  Add(evidence::kPublicAnchor,
      {EscapeText(seen_.valid_paths[0].anchor().subject(), 128)},
      static_cast<int>(seen_.valid_paths[0].certificates().size()) - 1,
      "subject");
  if (seen_.error.code == ErrorCode::kBlockedPin) {
    Add(evidence::kBlockedKey, {}, seen_.error.depth, "subjectPublicKeyInfo");
    Conclude(DiagnosisKind::kUnexpectedIssuer, Confidence::kHigh);
    return true;
  }
  int stale = 0;
  if (seen_.pin_set->IsExpired(seen_.now)) {
    ++stale;
    Add(evidence::kPinSetExpired);
  }
  const int served = FindPinned(*seen_.pin_set, seen_.chain->certificates());
  if (served >= 0) {
    ++stale;
    Add(evidence::kPinnedKeyServed, {}, served, "subjectPublicKeyInfo");
  }
  if (stale > 0) {
    Conclude(DiagnosisKind::kStalePins,
             stale > 1 ? Confidence::kHigh : Confidence::kMedium);
    return true;
  }
  if (seen_.pin_store != nullptr &&
      seen_.now - seen_.pin_store->updated() > kPinListLifetime) {
    Add(evidence::kPinListOld,
        {absl::FormatTime("%Y-%m-%d", seen_.pin_store->updated(),
                          absl::UTCTimeZone())});
    Conclude(DiagnosisKind::kStalePins, Confidence::kLow);
    return true;
  }
  Conclude(DiagnosisKind::kUnexpectedIssuer, Confidence::kMedium);
  return true;
}

bool Diagnoser::WrongName() {
  if (!has_valid_path() || seen_.error.code != ErrorCode::kNameMismatch) {
    return false;
  }
  const bool bundled = reaches(TrustAnchor::Origin::kBundled);
  const int against = Score(signs_) + (bundled ? 0 : 1);
  if (CountTelling(signs_) >= (bundled ? 2 : 1) ||
      (!bundled && scene_.pin_set != nullptr && against >= 3)) {
    AddLocalAnchor();
    ConcludeInterception(Confidence::kMedium);
    return true;
  }
  AddNameMismatch();
  const int pinned = PinnedDepthOnProven();
  const bool related = RelatedNames(scene_.leaf(), *scene_.name);
  const std::vector<Evidence> portal = FindPortalSigns(scene_);
  // A public root that is pinned signs for login pages too.
  const bool pinned_root_only =
      pinned > 0 && pinned + 1 == static_cast<int>(scene_.proven.size());
  if (pinned >= 0 && (related || portal.empty() || !pinned_root_only)) {
    Add(evidence::kPinnedKeyOnPath, {}, pinned, "subjectPublicKeyInfo");
    Conclude(DiagnosisKind::kServer, Confidence::kHigh);
    return true;
  }
  if (related) {
    Conclude(DiagnosisKind::kServer, Confidence::kMedium);
    return true;
  }
  AddSigns(portal);
  // A certificate for many names is a content network's, not a login page's.
  if (portal.empty() &&
      (!bundled || scene_.leaf().dns_names().size() >= kManyNames)) {
    Conclude(DiagnosisKind::kServer, Confidence::kLow);
    return true;
  }
  Conclude(DiagnosisKind::kCaptivePortal,
           portal.empty() ? Confidence::kLow : Confidence::kMedium);
  return true;
}

// ProvenButRefused judges a chain whose signatures lead to an anchor although
// RFC 5280 refuses the path: expired, most often.
bool Diagnoser::ProvenButRefused() {
  if (has_valid_path() || !scene_.proven_origin.has_value()) {
    return false;
  }
  const bool local = scene_.proven_origin == TrustAnchor::Origin::kLocal;
  const int pinned = PinnedDepthOnProven();
  if (local && pinned < 0) {
    const bool pins_unmet = seen_.pin_set != nullptr && scene_.public_name;
    if (pins_unmet || CountTelling(signs_) >= 1) {
      AddLocalAnchor();
      ConcludeInterception(Score(signs_) >= 2 ? Confidence::kHigh
                                              : Confidence::kMedium);
      return true;
    }
  }
  if (!local && pinned < 0 && InspectionRootInBundle()) {
    return true;
  }
  if (Times(pinned >= 0)) {
    return true;
  }
  if (!scene_.name_matches && !local && pinned < 0 &&
      !RelatedNames(scene_.leaf(), *scene_.name)) {
    return CaptivePortal();
  }
  Add(evidence::kProfile, {std::string(ErrorCodeName(seen_.error.code))},
      seen_.error.depth);
  Conclude(DiagnosisKind::kServer,
           pinned >= 0 ? Confidence::kHigh : Confidence::kMedium);
  return true;
}

bool Diagnoser::Times(bool pinned_key_on_path) {
  const TimeSigns times = FindTimeSigns(scene_);
  if (times.signs.empty()) {
    return false;
  }
  AddSigns(times.signs);
  const bool behind_list = seen_.pin_store != nullptr &&
                           seen_.pin_store->updated() - seen_.now > kClockSlack;
  if (behind_list) {
    Add(evidence::kClockBehindPinList,
        {FormatUtcTime(seen_.pin_store->updated())});
  }
  if (times.one_time_explains && times.expired == 0) {
    const bool much = times.latest_start - seen_.now > kClockSlack;
    Conclude(DiagnosisKind::kClock, times.not_yet_valid > 1 || behind_list
                                        ? Confidence::kHigh
                                    : much ? Confidence::kMedium
                                           : Confidence::kLow);
    return true;
  }
  if (times.one_time_explains && times.not_yet_valid == 0 &&
      times.expired > 1) {
    Conclude(DiagnosisKind::kClock, Confidence::kMedium);
    return true;
  }
  if (pinned_key_on_path) {
    Add(evidence::kPinnedKeyOnPath, {}, PinnedDepthOnProven(),
        "subjectPublicKeyInfo");
  }
  Conclude(DiagnosisKind::kServer,
           pinned_key_on_path ? Confidence::kHigh : Confidence::kMedium);
  return true;
}

bool Diagnoser::CaptivePortal() {
  if (scene_.name_matches) {
    return false;
  }
  const auto add_name_mismatch = [this] {
    if (scene_.self_signed_leaf) {
      Add(evidence::kSelfSignedLeaf, {}, 0, "issuer");
    }
    AddNameMismatch();
  };
  const std::vector<Evidence> defaults = FindDefaultSigns(scene_);
  if (!defaults.empty() && CountTelling(signs_) <= 1) {
    AddSigns(defaults);
    add_name_mismatch();
    Conclude(DiagnosisKind::kServer, Confidence::kMedium);
    return true;
  }
  const std::vector<Evidence> portal = FindPortalSigns(scene_);
  // One self-signed certificate for some other name is a portal's way, unless
  // the operator pinned the name: then who answers is not the operator.
  const bool lone = scene_.self_signed_leaf &&
                    seen_.chain->certificates().size() == 1 &&
                    seen_.pin_set == nullptr;
  if (portal.empty() && !(lone && scene_.public_name) &&
      scene_.proven_origin != TrustAnchor::Origin::kBundled) {
    return false;
  }
  if (seen_.pin_set != nullptr && portal.empty() &&
      CountTelling(signs_) > (scene_.pinned_anchor == nullptr ? 0 : 1)) {
    return false;
  }
  AddSigns(portal);
  add_name_mismatch();
  Conclude(DiagnosisKind::kCaptivePortal,
           portal.empty() ? Confidence::kLow : Confidence::kMedium);
  return true;
}

bool Diagnoser::GenericInterception() {
  // Who holds a pinned key is who was meant.
  if (has_valid_path() || scene_.proven_origin.has_value() ||
      PinnedDepthOnProven() >= 0) {
    return false;
  }
  const std::optional<Confidence> confidence = WeighSigns(scene_, signs_);
  if (!confidence.has_value()) {
    return false;
  }
  ConcludeInterception(*confidence);
  return true;
}

bool Diagnoser::ServerMistake() {
  if (has_valid_path()) {
    return false;
  }
  const int pinned = PinnedDepthOnProven();
  if (pinned >= 0) {
    Add(evidence::kPinnedKeyOnPath, {}, pinned, "subjectPublicKeyInfo",
        "pinned-key-on-path.partial");
  }
  const Certificate& top = *scene_.proven.back();
  const bool incomplete = !scene_.proven_origin.has_value() &&
                          !top.IsSelfIssued() &&
                          (HasPublicCaMarks(top) || scene_.pinned_locally);
  if (incomplete) {
    Add(evidence::kMissingIssuer, {AuthorityName(top)},
        static_cast<int>(scene_.proven.size()) - 1, "issuer");
  }
  if (pinned < 0 && !incomplete) {
    return false;
  }
  Conclude(DiagnosisKind::kServer,
           pinned >= 0 ? Confidence::kHigh : Confidence::kMedium);
  return true;
}

// UnknownAuthority: a chain in good order, of an authority that is neither
// trusted nor pinned. It may be the operator's own or an interceptor's, and the
// chain does not tell which.
bool Diagnoser::UnknownAuthority() {
  if (has_valid_path() || seen_.pin_set == nullptr || !scene_.public_name ||
      scene_.proven_origin.has_value() || scene_.proven.size() < 2 ||
      PinnedDepthOnProven() >= 0) {
    return false;
  }
  AddSigns(signs_);
  const Certificate& top = *scene_.proven.back();
  if (!top.IsSelfIssued()) {
    Add(evidence::kMissingIssuer, {AuthorityName(top)},
        static_cast<int>(scene_.proven.size()) - 1, "issuer");
  }
  diagnosis_.advice_message = "advice.unknown-authority";
  diagnosis_.advice_arguments = {EscapeText(scene_.name->ToString()),
                                 AuthorityName(top)};
  Conclude(DiagnosisKind::kUnexpectedIssuer, Confidence::kLow);
  return true;
}

}  // namespace internal
}  // namespace pinning
