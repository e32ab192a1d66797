#include "pinning/interception.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/interceptor_catalogue.h"
#include "pinning/internal/evidence_codes.h"
#include "pinning/internal/interception_scene.h"
#include "pinning/internal/interception_signs.h"
#include "pinning/internal/text_escape.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/trust_store.h"

namespace pinning {
namespace {

namespace evidence = internal::evidence;
using internal::EscapeText;
using internal::Scene;
using internal::Sign;

// Chromium stops enforcing its built-in pins this long after the list was last
// known to be right: a rotation since is then likelier than an attack.
constexpr absl::Duration kPinListLifetime = absl::Hours(24 * 70);

// Clocks that disagree by less are not evidence of anything.
constexpr absl::Duration kClockSlack = absl::Hours(24);

// HostsToExempt lists what the pin file maps to the set that was applied, in
// the order of the file: to exempt less would leave the client broken.
std::string HostsToExempt(const Observation& seen) {
  std::vector<std::string> hosts;
  if (seen.pin_set != nullptr && seen.pin_store != nullptr) {
    for (const PinStore::Entry& entry : seen.pin_store->entries()) {
      if (entry.pin_set == seen.pin_set) {
        hosts.push_back(EscapeText(entry.pattern));
      }
    }
  }
  if (hosts.empty()) {
    hosts.push_back(seen.name->ToString());
  }
  if (hosts.size() == 1) {
    return hosts.front();
  }
  const std::string last = std::move(hosts.back());
  hosts.pop_back();
  return absl::StrCat(absl::StrJoin(hosts, ", "), " and ", last);
}

std::string Advice(DiagnosisKind kind, const Observation& seen) {
  const std::string& host = seen.name->ToString();
  switch (kind) {
    case DiagnosisKind::kInterception:
      return absl::StrCat("ask the administrator to exempt ",
                          HostsToExempt(seen), " from TLS inspection");
    case DiagnosisKind::kUnexpectedIssuer:
      return absl::StrCat("ask the operator of ", host,
                          " whether its keys or its certificate authority "
                          "changed; if they did not, report a mis-issued "
                          "certificate to the authority");
    case DiagnosisKind::kStalePins:
      return absl::StrCat("update the pin file, then check ", host, " again");
    case DiagnosisKind::kCaptivePortal:
      return "sign in to the network in a browser, then try again";
    case DiagnosisKind::kClock:
      return absl::StrCat("set the clock of this machine, which says ",
                          absl::FormatTime(seen.now, absl::UTCTimeZone()),
                          ", then try again");
    case DiagnosisKind::kServer:
      return absl::StrCat(
          "tell the operator of ", host,
          " that its certificate is refused: ", ErrorCodeName(seen.error.code));
    case DiagnosisKind::kNone:
      break;
  }
  return "";
}

// A Diagnoser holds one observation while the rules below look at it. Each rule
// either comes to a conclusion or leaves it to the next; the order is in
// Diagnose.
class Diagnoser {
 public:
  explicit Diagnoser(const Observation& observation)
      : seen_(observation),
        scene_(internal::MakeScene(*observation.chain, *observation.name,
                                   observation.now, *observation.trust_store,
                                   observation.pin_set)),
        signs_(internal::FindSigns(scene_)) {}

  Diagnosis Diagnose();

 private:
  // Rules on what was found. Each returns whether it came to a conclusion.
  bool KnownProduct();
  bool PinsUnmetOnLocalAnchor();
  bool PinsUnmetOnPublicAnchor();
  bool WrongName();
  bool ProvenButRefused();
  bool CaptivePortal();
  bool GenericInterception();
  bool ServerMistake();

  void Conclude(DiagnosisKind kind, Confidence confidence);
  void ConcludeInterception(Confidence confidence);
  void Add(absl::string_view code, std::string sentence, int depth = -1,
           absl::string_view field = "");
  void AddSigns(absl::Span<const Sign> signs);
  void AddLocalAnchor();
  // Times returns whether the proven path's validity periods explain the
  // refusal, and concludes.
  bool Times(bool pinned_key_on_path);

  bool has_valid_path() const { return !seen_.valid_paths.empty(); }
  bool IsPinFailure() const;
  bool reaches(TrustAnchor::Origin origin) const;
  const Certificate* LocalAnchor() const;
  int PinnedDepthOnProven() const;

  const Observation& seen_;
  const Scene scene_;
  const std::vector<Sign> signs_;
  Diagnosis diagnosis_;
};

Diagnosis Diagnoser::Diagnose() {
  // The order is the argument: a known name or key first; then what follows
  // from a valid path; then what signatures prove of a path that is not valid,
  // so that an honest mistake is not called an attack; and only then signs.
  const bool concluded = KnownProduct() || PinsUnmetOnLocalAnchor() ||
                         PinsUnmetOnPublicAnchor() || WrongName() ||
                         ProvenButRefused() || CaptivePortal() ||
                         GenericInterception() || ServerMistake();
  if (concluded) {
    diagnosis_.advice = Advice(diagnosis_.kind, seen_);
  }
  return std::move(diagnosis_);
}

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
      Add(evidence::kKnownKey,
          absl::StrCat("the key is known to be that of ", product->name), depth,
          "subjectPublicKeyInfo");
    }
  }
  const bool by_key = product != nullptr;
  for (size_t i = 0; i < certificates.size() && product == nullptr; ++i) {
    const int depth = i < on_proven ? static_cast<int>(i) : -1;
    product = seen_.catalogue->FindByIssuer(*certificates[i]);
    if (product != nullptr) {
      Add(evidence::kKnownProduct,
          absl::StrCat("the issuer \"",
                       internal::AuthorityName(*certificates[i]), "\" is what ",
                       product->name, " calls itself"),
          depth, "issuer");
    }
  }
  if (product == nullptr) {
    return false;
  }
  diagnosis_.product = product->name;
  diagnosis_.vendor_kind = product->kind;
  AddLocalAnchor();
  const bool more =
      by_key || LocalAnchor() != nullptr || internal::Score(signs_) >= 1;
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
      if (internal::FindPinned(*seen_.pin_set, path.certificates()) >= 0) {
        return false;  // the pins are met; only their time has passed
      }
    }
  }
  AddLocalAnchor();
  ConcludeInterception(internal::Score(signs_) >= 2 ? Confidence::kHigh
                                                    : Confidence::kMedium);
  return true;
}

bool Diagnoser::PinsUnmetOnPublicAnchor() {
  if (!has_valid_path() || !IsPinFailure() || seen_.pin_set == nullptr) {
    return false;
  }
  // A bundle may hold an inspection root by mistake. No public authority signs
  // its own key into a leaf, or calls itself a proxy.
  if (internal::CountTelling(signs_) >= 2) {
    ConcludeInterception(Confidence::kMedium);
    return true;
  }
  if (seen_.error.code == ErrorCode::kBudgetExhausted) {
    return false;
  }
  Add(evidence::kPublicAnchor,
      absl::StrCat("the path ends at \"",
                   EscapeText(seen_.valid_paths[0].anchor().subject(), 128),
                   "\", which was not added to this machine"),
      static_cast<int>(seen_.valid_paths[0].certificates().size()) - 1,
      "subject");
  if (seen_.error.code == ErrorCode::kBlockedPin) {
    Add(evidence::kBlockedKey, "a key on the path is blocked",
        seen_.error.depth, "subjectPublicKeyInfo");
    Conclude(DiagnosisKind::kUnexpectedIssuer, Confidence::kHigh);
    return true;
  }
  int stale = 0;
  if (seen_.pin_set->IsExpired(seen_.now)) {
    ++stale;
    Add(evidence::kPinSetExpired, "the pin set has expired");
  }
  const int served =
      internal::FindPinned(*seen_.pin_set, seen_.chain->certificates());
  if (served >= 0) {
    ++stale;
    Add(evidence::kPinnedKeyServed,
        "a pinned key was served, on a certificate the path does not use",
        served, "subjectPublicKeyInfo");
  }
  if (stale > 0) {
    Conclude(DiagnosisKind::kStalePins,
             stale > 1 ? Confidence::kHigh : Confidence::kMedium);
    return true;
  }
  if (seen_.pin_store != nullptr &&
      seen_.now - seen_.pin_store->updated() > kPinListLifetime) {
    Add(evidence::kPinListOld,
        absl::StrCat("the pin list is from ",
                     absl::FormatTime("%Y-%m-%d", seen_.pin_store->updated(),
                                      absl::UTCTimeZone()),
                     ", more than 70 days ago"));
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
  const int against = internal::Score(signs_) + (bundled ? 0 : 1);
  if (internal::CountTelling(signs_) >= (bundled ? 2 : 1) ||
      (!bundled && scene_.pin_set != nullptr && against >= 3)) {
    AddLocalAnchor();
    ConcludeInterception(Confidence::kMedium);
    return true;
  }
  Add(evidence::kNameMismatch,
      absl::StrCat("the certificate is not for ", scene_.name->ToString()), 0,
      "subjectAltName");
  const int pinned = PinnedDepthOnProven();
  if (pinned >= 0) {
    Add(evidence::kPinnedKeyOnPath, "a pinned key is on the path", pinned,
        "subjectPublicKeyInfo");
    Conclude(DiagnosisKind::kServer, Confidence::kHigh);
    return true;
  }
  if (internal::RelatedNames(scene_.leaf(), *scene_.name)) {
    Conclude(DiagnosisKind::kServer, Confidence::kMedium);
    return true;
  }
  const std::vector<Sign> portal = internal::FindPortalSigns(scene_);
  AddSigns(portal);
  if (portal.empty() && !bundled) {
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
    if (pins_unmet || internal::CountTelling(signs_) >= 1) {
      AddLocalAnchor();
      ConcludeInterception(internal::Score(signs_) >= 2 ? Confidence::kHigh
                                                        : Confidence::kMedium);
      return true;
    }
  }
  if (!local && pinned < 0 && internal::CountTelling(signs_) >= 2) {
    ConcludeInterception(Confidence::kMedium);
    return true;
  }
  if (Times(pinned >= 0)) {
    return true;
  }
  if (!scene_.name_matches && !local && pinned < 0 &&
      !internal::RelatedNames(scene_.leaf(), *scene_.name)) {
    return CaptivePortal();
  }
  Add(evidence::kProfile,
      absl::StrCat(
          "its signatures lead to an anchor, but the path is refused: ",
          ErrorCodeName(seen_.error.code)),
      seen_.error.depth);
  Conclude(DiagnosisKind::kServer,
           pinned >= 0 ? Confidence::kHigh : Confidence::kMedium);
  return true;
}

bool Diagnoser::Times(bool pinned_key_on_path) {
  const internal::TimeSigns times = internal::FindTimeSigns(scene_);
  if (times.signs.empty()) {
    return false;
  }
  AddSigns(times.signs);
  const bool behind_list = seen_.pin_store != nullptr &&
                           seen_.pin_store->updated() - seen_.now > kClockSlack;
  if (behind_list) {
    Add(evidence::kClockBehindPinList,
        absl::StrCat(
            "the pin list is from ",
            absl::FormatTime(seen_.pin_store->updated(), absl::UTCTimeZone()),
            ", which this clock says is yet to come"));
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
    Add(evidence::kPinnedKeyOnPath, "a pinned key is on the path",
        PinnedDepthOnProven(), "subjectPublicKeyInfo");
  }
  Conclude(DiagnosisKind::kServer,
           pinned_key_on_path ? Confidence::kHigh : Confidence::kMedium);
  return true;
}

bool Diagnoser::CaptivePortal() {
  if (scene_.name_matches) {
    return false;
  }
  const std::vector<Sign> portal = internal::FindPortalSigns(scene_);
  const bool lone =
      scene_.self_signed_leaf && seen_.chain->certificates().size() == 1;
  // One self-signed certificate for some other name is a portal's way, unless
  // the operator pinned the name: then who answers is not the operator.
  if (portal.empty() &&
      !(lone && seen_.pin_set == nullptr && scene_.public_name) &&
      scene_.proven_origin != TrustAnchor::Origin::kBundled) {
    return false;
  }
  AddSigns(portal);
  if (scene_.self_signed_leaf) {
    Add(evidence::kSelfSignedLeaf, "the certificate signs itself", 0, "issuer");
  }
  Add(evidence::kNameMismatch,
      absl::StrCat("the certificate is not for ", scene_.name->ToString()), 0,
      "subjectAltName");
  Conclude(DiagnosisKind::kCaptivePortal,
           portal.empty() ? Confidence::kLow : Confidence::kMedium);
  return true;
}

bool Diagnoser::GenericInterception() {
  if (has_valid_path() || scene_.proven_origin.has_value()) {
    return false;
  }
  const int score = internal::Score(signs_);
  if (score < 2) {
    return false;
  }
  ConcludeInterception(score >= 3 ? Confidence::kMedium : Confidence::kLow);
  return true;
}

bool Diagnoser::ServerMistake() {
  if (has_valid_path()) {
    return false;
  }
  const int pinned = PinnedDepthOnProven();
  if (pinned >= 0) {
    Add(evidence::kPinnedKeyOnPath,
        "a pinned key is on what could be followed of the path", pinned,
        "subjectPublicKeyInfo");
  }
  const Certificate& top = *scene_.proven.back();
  const bool incomplete = !scene_.proven_origin.has_value() &&
                          !top.IsSelfIssued() &&
                          internal::HasPublicCaMarks(top);
  if (incomplete) {
    Add(evidence::kMissingIssuer,
        absl::StrCat("the certificate of its issuer \"",
                     internal::AuthorityName(top), "\" was not served"),
        static_cast<int>(scene_.proven.size()) - 1, "issuer");
  }
  if (pinned < 0 && !incomplete) {
    return false;
  }
  Conclude(DiagnosisKind::kServer,
           pinned >= 0 ? Confidence::kHigh : Confidence::kMedium);
  return true;
}

void Diagnoser::Conclude(DiagnosisKind kind, Confidence confidence) {
  diagnosis_.kind = kind;
  diagnosis_.confidence = confidence;
}

void Diagnoser::ConcludeInterception(Confidence confidence) {
  AddSigns(signs_);
  if (diagnosis_.product.empty()) {
    diagnosis_.product = internal::AuthorityName(scene_.leaf());
  }
  Conclude(DiagnosisKind::kInterception, confidence);
}

void Diagnoser::Add(absl::string_view code, std::string sentence, int depth,
                    absl::string_view field) {
  diagnosis_.evidence.push_back(
      {std::string(code), std::move(sentence), depth, std::string(field)});
}

void Diagnoser::AddSigns(absl::Span<const Sign> signs) {
  for (const Sign& sign : signs) {
    Add(sign.code, sign.sentence, sign.depth, sign.field);
  }
}

void Diagnoser::AddLocalAnchor() {
  const Certificate* anchor = LocalAnchor();
  if (anchor == nullptr) {
    return;
  }
  Add(evidence::kLocalAnchor,
      absl::StrCat("the anchor \"", EscapeText(anchor->subject(), 128),
                   "\" was added to this machine"),
      has_valid_path()
          ? static_cast<int>(seen_.valid_paths[0].certificates().size()) - 1
          : static_cast<int>(scene_.proven.size()) - 1,
      "subject");
}

bool Diagnoser::IsPinFailure() const {
  switch (seen_.error.code) {
    case ErrorCode::kPinMismatch:
    case ErrorCode::kBlockedPin:
    case ErrorCode::kPinSetExpired:
    case ErrorCode::kBudgetExhausted:
      return seen_.pin_set != nullptr;
    default:
      return false;
  }
}

bool Diagnoser::reaches(TrustAnchor::Origin origin) const {
  return std::any_of(seen_.valid_paths.begin(), seen_.valid_paths.end(),
                     [origin](const VerifiedPath& path) {
                       return path.anchor_origin() == origin;
                     });
}

const Certificate* Diagnoser::LocalAnchor() const {
  if (has_valid_path()) {
    return reaches(TrustAnchor::Origin::kBundled)
               ? nullptr
               : &seen_.valid_paths[0].anchor();
  }
  return scene_.proven_origin == TrustAnchor::Origin::kLocal
             ? scene_.proven.back()
             : nullptr;
}

int Diagnoser::PinnedDepthOnProven() const {
  if (seen_.pin_set == nullptr) {
    return -1;
  }
  for (size_t i = 0; i < scene_.proven.size(); ++i) {
    if (internal::IsPinned(*seen_.pin_set, scene_.proven[i]->pin())) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace

Diagnosis Diagnose(const Observation& observation) {
  return Diagnoser(observation).Diagnose();
}

}  // namespace pinning
