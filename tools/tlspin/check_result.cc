#include "tools/tlspin/check_result.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/path.h"
#include "pinning/server_name.h"
#include "tools/tlspin/connection_error.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/time_flag.h"
#include "tools/tlspin/verdict_text.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Language;
using ::pinning::NamedPin;
using ::pinning::PinDetails;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStatus;
using ::pinning::PinStore;
using ::pinning::ServerName;
using ::pinning::Verdict;

bool Holds(absl::Span<const Certificate> certificates,
           const pinning::Pin& pin) {
  return std::any_of(certificates.begin(), certificates.end(),
                     [&pin](const Certificate& c) { return c.pin() == pin; });
}

// InRole returns the part of a path where a pin of `role` may match.
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

std::vector<Change> Changes(absl::Span<const Certificate> path,
                            const PinDetails& pins, Language language) {
  std::vector<Change> changes;
  for (const PinRole role :
       {PinRole::kLeaf, PinRole::kIssuer, PinRole::kAnchor, PinRole::kAny}) {
    Change change;
    change.role = role;
    for (const NamedPin& pin : pins.pins) {
      if (pin.role == role) {
        change.expected.push_back({pin.pin, Escape(pin.name)});
      }
    }
    if (change.expected.empty()) {
      continue;
    }
    for (const Certificate& certificate : InRole(path, role)) {
      change.served.push_back(
          {certificate.pin(), SubjectText(certificate, language)});
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

// WhyRefused returns why `verdict`, which accepts, is no yes for a check, or ""
// if it is.
std::string WhyRefused(const Verdict& verdict, const PinStore& pins,
                       const ServerName& name, Language language) {
  if (verdict.pins() == nullptr) {
    const PinStore::Entry* entry = pins.Find(name);
    return entry == nullptr ? Say(Phrase::kCheckNotCovered, language) : "";
  }
  const std::string& set = verdict.pins()->set;
  if (verdict.pin_status() == PinStatus::kExpired) {
    return Say(Phrase::kCheckExpired, language, Escape(set),
               DateText(verdict.pins()->expires));
  }
  if (verdict.would_reject()) {
    return Say(Phrase::kCheckReportOnly, language, Escape(set));
  }
  return "";
}

std::vector<CheckWarning> Warnings(const Verdict& verdict,
                                   const CheckPolicy& policy) {
  std::vector<CheckWarning> warnings;
  const PinDetails& pins = *verdict.pins();
  const absl::Duration left = pins.expires - verdict.time();
  if (left >= absl::ZeroDuration() && left < policy.warn_before) {
    warnings.push_back(
        {"expires-soon", Say(Phrase::kCheckExpiresSoon, policy.language,
                             Escape(pins.set), DateText(pins.expires))});
  }
  if (verdict.pin_status() == PinStatus::kMatchedBackup) {
    warnings.push_back(
        {"backup-in-use",
         Say(Phrase::kCheckBackupInUse, policy.language,
             pins.matched.has_value() ? Escape(pins.matched->name) : "")});
  }
  return warnings;
}

void ConcludePinned(const Verdict& verdict, const CheckPolicy& policy,
                    CheckResult& result) {
  const PinDetails& pins = *verdict.pins();
  result.days_left = (pins.expires - verdict.time()) / absl::Hours(24);
  result.warnings = Warnings(verdict, policy);
  if (verdict.path() == nullptr) {
    return;
  }
  const absl::Span<const Certificate> path = verdict.path()->certificates();
  for (const NamedPin& pin : pins.pins) {
    if (!Holds(path, pin.pin)) {
      result.not_served.push_back(pin);
    }
  }
  if (verdict.pin_status() == PinStatus::kMismatch) {
    result.changes = Changes(path, pins, policy.language);
  }
}

}  // namespace

CheckResult Conclude(const Probe& probe, const PinStore& pins,
                     const CheckPolicy& policy) {
  CheckResult result;
  result.target = probe.endpoint.ToString();
  result.endpoint = probe.endpoint;
  const absl::StatusOr<ServerName> name =
      ServerName::FromString(probe.endpoint.host);
  if (!probe.verdict.has_value() || !name.ok()) {
    result.reason = EscapeMessage(probe.status.message());
    result.hint = EscapeMessage(HintOf(probe.status));
    result.code = CodeOf(probe.status);
    return result;
  }
  result.verdict = probe.verdict;
  const Verdict& verdict = *result.verdict;
  if (verdict.pins() != nullptr) {
    ConcludePinned(verdict, policy, result);
  }
  if (!verdict.accepted()) {
    result.kind = CheckResult::Kind::kRefused;
    return result;
  }
  result.reason = WhyRefused(verdict, pins, *name, policy.language);
  if (result.reason.empty() && policy.strict && !result.warnings.empty()) {
    result.reason =
        Say(Phrase::kCheckStrict, policy.language, result.warnings[0].message);
  }
  result.kind = result.reason.empty() ? CheckResult::Kind::kAccepted
                                      : CheckResult::Kind::kRefused;
  return result;
}

CheckResult UncheckedPattern(const std::string& pattern, Language language) {
  CheckResult result;
  result.target = pattern;
  result.reason = Say(Phrase::kCheckPattern, language);
  std::string under = pattern;
  while (absl::StartsWith(under, "*")) {
    under.erase(0, 1);
  }
  result.hint = Say(Phrase::kCheckPatternHint, language, under);
  return result;
}

std::vector<std::string> Drift(const std::vector<CheckResult>& results,
                               const PinStore& pins, Language language) {
  std::vector<std::string> lines;
  for (const PinSet* set : pins.pin_sets()) {
    bool seen = false, good = true;
    std::vector<const CheckResult*> of_set;
    for (const CheckResult& result : results) {
      if (result.verdict.has_value() && result.verdict->pins() != nullptr &&
          result.verdict->pins()->set == set->name()) {
        seen = true;
        good = good && result.kind == CheckResult::Kind::kAccepted;
        of_set.push_back(&result);
      }
    }
    if (!seen || !good) {
      continue;
    }
    for (const NamedPin& pin : set->pins()) {
      const bool served = std::any_of(
          of_set.begin(), of_set.end(), [&pin](const CheckResult* result) {
            return result->verdict->path() != nullptr &&
                   Holds(result->verdict->path()->certificates(), pin.pin);
          });
      if (!served) {
        lines.push_back(Say(Phrase::kCheckDriftPin, language,
                            Escape(set->name()), Escape(pin.name),
                            PinRoleName(pin.role)));
      }
    }
  }
  return lines;
}

std::string CheckKindName(CheckResult::Kind kind) {
  switch (kind) {
    case CheckResult::Kind::kAccepted:
      return "accepted";
    case CheckResult::Kind::kRefused:
      return "refused";
    case CheckResult::Kind::kNotReached:
      break;
  }
  return "not-reached";
}

int CheckExitCode(const std::vector<CheckResult>& results) {
  const auto any = [&results](CheckResult::Kind kind) {
    return std::any_of(
        results.begin(), results.end(),
        [kind](const CheckResult& result) { return result.kind == kind; });
  };
  if (any(CheckResult::Kind::kRefused)) {
    return kNo;
  }
  return any(CheckResult::Kind::kNotReached) ? kUndecided : kYes;
}

}  // namespace tlspin
