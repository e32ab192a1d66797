#include "tools/tlspin/host_findings.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/path.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/finding_words.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::ErrorCode;
using ::pinning::NamedPin;
using ::pinning::PinDetails;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStatus;
using ::pinning::Verdict;

Finding Make(absl::string_view code, const Verdict& verdict,
             std::string message) {
  Finding finding;
  finding.code = std::string(code);
  finding.severity = RuleOf(code)->severity;
  if (verdict.pins() != nullptr) {
    finding.set = Escape(verdict.pins()->set);
  }
  finding.message = std::move(message);
  return finding;
}

FilePlace SetPlace(const PinDetails* pins, const CheckPolicy& policy) {
  return pins == nullptr || policy.places == nullptr
             ? FilePlace()
             : policy.places->Set(pins->set);
}

FilePlace ExpiryPlace(const PinDetails& pins, const CheckPolicy& policy) {
  return policy.places == nullptr ? FilePlace()
                                  : policy.places->Member(pins.set, "expires");
}

FilePlace PinPlace(const PinDetails& pins, PinPlaces::List list, size_t index,
                   const CheckPolicy& policy) {
  return policy.places == nullptr ? FilePlace()
                                  : policy.places->Pin(pins.set, list, index);
}

// SeverityOfExpiry returns how grave it is to have `left` before expiry; null
// if it is not worth a word. What has expired has findings of its own.
const Severity* SeverityOfExpiry(absl::Duration left, absl::Duration warn,
                                 absl::Duration fail) {
  static constexpr Severity kWarn = Severity::kWarning;
  static constexpr Severity kFail = Severity::kError;
  if (left < absl::ZeroDuration()) {
    return nullptr;
  }
  if (left < fail) {
    return &kFail;
  }
  return left < warn ? &kWarn : nullptr;
}

void FindExpiry(const Verdict& verdict, const CheckPolicy& policy,
                std::vector<Finding>& findings) {
  const PinDetails& pins = *verdict.pins();
  const Severity* severity = SeverityOfExpiry(
      pins.expires - verdict.time(), policy.warn_before, policy.fail_before);
  if (severity == nullptr) {
    return;
  }
  Finding finding = Make("expires-soon", verdict,
                         Say(Phrase::kCheckExpiresSoon, policy.language,
                             Escape(pins.set), DateText(pins.expires)));
  finding.severity = *severity;
  finding.place = ExpiryPlace(pins, policy);
  findings.push_back(std::move(finding));
}

void FindCertificateExpiry(const Verdict& verdict, const CheckPolicy& policy,
                           std::vector<Finding>& findings) {
  const absl::Span<const Certificate> path = verdict.path()->certificates();
  for (size_t depth = 0; depth < path.size(); ++depth) {
    const absl::Duration left = path[depth].not_after() - verdict.time();
    const Severity* severity = SeverityOfExpiry(
        left, policy.certificate_warn_before, policy.certificate_fail_before);
    if (severity == nullptr) {
      continue;
    }
    const int64_t days = left / absl::Hours(24);
    Finding finding =
        Make("certificate-expires-soon", verdict,
             Say(days == 0 ? FindingWords::kCertificateExpiresToday
                           : FindingWords::kCertificateExpires,
                 policy.language, SubjectText(path[depth], policy.language),
                 depth, DateText(path[depth].not_after()), days));
    finding.severity = *severity;
    finding.item = absl::StrCat("depth ", depth);
    findings.push_back(std::move(finding));
  }
}

void FindBackups(const Verdict& verdict, const CheckPolicy& policy,
                 std::vector<Finding>& findings) {
  const PinDetails& pins = *verdict.pins();
  for (size_t i = 0; i < pins.backup_pins.size(); ++i) {
    const NamedPin& backup = pins.backup_pins[i];
    const std::string name = Escape(backup.name);
    std::string message;
    if (verdict.pin_status() == PinStatus::kMatchedBackup &&
        pins.matched.has_value() && pins.matched->pin == backup.pin) {
      message = Say(Phrase::kCheckBackupInUse, policy.language, name);
    } else if (Holds(verdict.presented(), backup.pin) ||
               (verdict.path() != nullptr &&
                Holds(verdict.path()->certificates(), backup.pin))) {
      message = Say(FindingWords::kBackupServed, policy.language, name,
                    Escape(pins.set));
    } else {
      continue;
    }
    Finding finding = Make("backup-in-use", verdict, std::move(message));
    finding.item = name;
    finding.place = PinPlace(pins, PinPlaces::List::kBackupPins, i, policy);
    findings.push_back(std::move(finding));
  }
}

// FindKeysNotPinned looks only at roles that the set names: a pin of any role
// says nothing of the keys beside the one that matches.
void FindKeysNotPinned(const Verdict& verdict, const CheckPolicy& policy,
                       std::vector<Finding>& findings) {
  const PinDetails& pins = *verdict.pins();
  const absl::Span<const Certificate> path = verdict.path()->certificates();
  for (const PinRole role :
       {PinRole::kLeaf, PinRole::kIssuer, PinRole::kAnchor}) {
    const absl::Span<const Certificate> served = InRole(path, role);
    bool pinned_role = false, pinned_key = false;
    for (const std::vector<NamedPin>* list : {&pins.pins, &pins.backup_pins}) {
      for (const NamedPin& pin : *list) {
        pinned_role = pinned_role || (pin.role == role && list == &pins.pins);
        pinned_key =
            pinned_key || ((pin.role == role || pin.role == PinRole::kAny) &&
                           Holds(served, pin.pin));
      }
    }
    if (!pinned_role || pinned_key || served.empty()) {
      continue;
    }
    std::string keys;
    for (const Certificate& certificate : served) {
      absl::StrAppend(&keys, keys.empty() ? "" : ", ",
                      SubjectText(certificate, policy.language), " ",
                      certificate.pin().ToString());
    }
    Finding finding =
        Make("key-not-pinned", verdict,
             Say(FindingWords::kKeyNotPinned, policy.language, Escape(pins.set),
                 pinning::PinRoleName(role), keys));
    finding.item = std::string(pinning::PinRoleName(role));
    finding.place = SetPlace(&pins, policy);
    findings.push_back(std::move(finding));
  }
}

Finding PinRefusal(const Verdict& verdict, const CheckPolicy& policy) {
  const PinDetails& pins = *verdict.pins();
  const std::string set = Escape(pins.set);
  Finding finding;
  if (verdict.pin_status() == PinStatus::kBlocked) {
    finding = Make("key-blocked", verdict,
                   Say(FindingWords::kKeyBlocked, policy.language, set,
                       pins.matched.has_value() ? Escape(pins.matched->name)
                                                : std::string()));
    for (size_t i = 0; i < pins.blocked_pins.size(); ++i) {
      if (pins.matched.has_value() &&
          pins.blocked_pins[i].pin == pins.matched->pin) {
        finding.item = Escape(pins.matched->name);
        finding.place =
            PinPlace(pins, PinPlaces::List::kBlockedPins, i, policy);
      }
    }
    return finding;
  }
  if (verdict.pin_status() == PinStatus::kExpired) {
    finding = Make("pins-expired", verdict,
                   Say(FindingWords::kExpiredRejects, policy.language, set,
                       DateText(pins.expires)));
    finding.place = ExpiryPlace(pins, policy);
    return finding;
  }
  finding = Make("pin-mismatch", verdict,
                 Say(FindingWords::kPinMismatch, policy.language, set));
  finding.place = SetPlace(&pins, policy);
  return finding;
}

}  // namespace

absl::Span<const Certificate> InRole(absl::Span<const Certificate> path,
                                     PinRole role) {
  switch (role) {
    case PinRole::kAny:
      break;
    case PinRole::kLeaf:
      return path.subspan(0, 1);
    case PinRole::kIssuer:
      return path.size() < 3 ? path.subspan(0, 0)
                             : path.subspan(1, path.size() - 2);
    case PinRole::kAnchor:
      return path.last(1);
  }
  return path;
}

bool Holds(absl::Span<const Certificate> certificates,
           const pinning::Pin& pin) {
  return std::any_of(certificates.begin(), certificates.end(),
                     [&pin](const Certificate& c) { return c.pin() == pin; });
}

std::vector<Finding> RefusalFindings(const Verdict& verdict,
                                     const CheckPolicy& policy) {
  std::vector<Finding> findings;
  const ErrorCode code = verdict.error().code;
  const bool by_pins = code == ErrorCode::kPinMismatch ||
                       code == ErrorCode::kBlockedPin ||
                       code == ErrorCode::kPinSetExpired;
  if (by_pins && verdict.pins() != nullptr) {
    findings.push_back(PinRefusal(verdict, policy));
  } else if (!verdict.accepted()) {
    findings.push_back(Make("chain-refused", verdict,
                            Say(Phrase::kRefusedFor, policy.language,
                                ErrorText(verdict.error(), policy.language))));
  }
  if (verdict.is_mitm()) {
    findings.push_back(
        Make("intercepted", verdict,
             pinning::DiagnosisSummary(verdict.diagnosis(), policy.language)));
  }
  return findings;
}

std::vector<Finding> HostFindings(const Verdict& verdict,
                                  const CheckPolicy& policy) {
  std::vector<Finding> findings;
  if (verdict.pins() != nullptr) {
    FindExpiry(verdict, policy, findings);
    FindBackups(verdict, policy, findings);
  }
  if (verdict.path() == nullptr) {
    return findings;
  }
  FindCertificateExpiry(verdict, policy, findings);
  const PinStatus status = verdict.pin_status();
  if (status == PinStatus::kMatched || status == PinStatus::kMatchedBackup) {
    FindKeysNotPinned(verdict, policy, findings);
  }
  return findings;
}

}  // namespace tlspin
