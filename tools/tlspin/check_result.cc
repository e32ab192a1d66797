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
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Language;
using ::pinning::NamedPin;
using ::pinning::PinDetails;
using ::pinning::PinRole;
using ::pinning::PinStatus;
using ::pinning::PinStore;
using ::pinning::ServerName;
using ::pinning::Verdict;

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

// FindWhyRefused adds why `verdict`, which accepts, is no yes for a check.
void FindWhyRefused(const Verdict& verdict, const PinStore& pins,
                    const ServerName& name, const CheckPolicy& policy,
                    std::vector<Finding>& findings) {
  Finding finding;
  finding.severity = Severity::kError;
  if (verdict.pins() == nullptr) {
    if (!pins.Find(name)->has_value()) {
      finding.code = "not-covered";
      finding.message = Say(Phrase::kCheckNotCovered, policy.language);
      findings.push_back(std::move(finding));
    }
    return;
  }
  const std::string& set = verdict.pins()->set;
  finding.set = Escape(set);
  if (verdict.pin_status() == PinStatus::kExpired) {
    finding.code = "pins-expired";
    finding.message = Say(Phrase::kCheckExpired, policy.language, Escape(set),
                          DateText(verdict.pins()->expires));
    if (policy.places != nullptr) {
      finding.place = policy.places->Member(set, "expires");
    }
  } else if (verdict.would_reject()) {
    finding.code = "report-only-mismatch";
    finding.message =
        Say(Phrase::kCheckReportOnly, policy.language, Escape(set));
    if (policy.places != nullptr) {
      finding.place = policy.places->Member(set, "mode");
    }
  } else {
    return;
  }
  findings.push_back(std::move(finding));
}

// ReasonOf returns the finding that refuses a host which a client accepts, as a
// clause; empty if none does.
std::string ReasonOf(const std::vector<Finding>& findings,
                     const CheckPolicy& policy) {
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::kError) {
      return finding.message;
    }
  }
  for (const Finding& finding : findings) {
    if (policy.strict && finding.severity == Severity::kWarning) {
      return Say(Phrase::kCheckStrict, policy.language, finding.message);
    }
  }
  return "";
}

Finding NotReached(const std::string& target, const std::string& message) {
  Finding finding;
  finding.code = "not-reached";
  finding.severity = Severity::kWarning;
  finding.target = target;
  finding.message = message;
  finding.undecided = true;
  return finding;
}

void ConcludePinned(const Verdict& verdict, const CheckPolicy& policy,
                    CheckResult& result) {
  const PinDetails& pins = *verdict.pins();
  result.days_left = (pins.expires - verdict.time()) / absl::Hours(24);
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

// FindVersions adds why a version of TLS beside the one that decided is
// refused. What a server presents to an old client counts too.
void FindVersions(const Probe& probe, const CheckPolicy& policy,
                  std::vector<Finding>& findings) {
  for (const VersionProbe& version : probe.versions) {
    if (!version.verdict.has_value() || version.verdict->accepted() ||
        version.version == probe.served.version) {
      continue;
    }
    for (Finding& finding : RefusalFindings(*version.verdict, policy)) {
      finding.item = version.served.tls_version;
      finding.message = absl::StrCat(finding.item, ": ", finding.message);
      findings.push_back(std::move(finding));
    }
  }
}

}  // namespace

CheckResult Conclude(const Probe& probe, const PinStore& pins,
                     const CheckPolicy& policy) {
  CheckResult result;
  result.target = probe.Target();
  result.endpoint = probe.endpoint;
  result.proxy = probe.proxy;
  result.peer = probe.peer;
  const absl::StatusOr<ServerName> name =
      ServerName::FromString(probe.endpoint.host);
  if (!probe.verdict.has_value() || !name.ok()) {
    result.reason = EscapeMessage(probe.status.message());
    result.hint = EscapeMessage(HintOf(probe.status));
    result.code = CodeOf(probe.status);
    result.findings.push_back(NotReached(result.target, result.reason));
    return result;
  }
  result.verdict = probe.verdict;
  const Verdict& verdict = *result.verdict;
  if (verdict.pins() != nullptr) {
    ConcludePinned(verdict, policy, result);
  }
  if (verdict.accepted()) {
    FindWhyRefused(verdict, pins, *name, policy, result.findings);
  }
  for (Finding& finding : RefusalFindings(verdict, policy)) {
    result.findings.push_back(std::move(finding));
  }
  FindVersions(probe, policy, result.findings);
  for (Finding& finding : HostFindings(verdict, policy)) {
    result.findings.push_back(std::move(finding));
  }
  for (Finding& finding : result.findings) {
    finding.target = result.target;
  }
  if (!verdict.accepted()) {
    result.kind = CheckResult::Kind::kRefused;
    return result;
  }
  result.reason = ReasonOf(result.findings, policy);
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

std::string ResultText(const CheckResult& result, Language language) {
  if (!result.verdict.has_value() || !result.reason.empty()) {
    return result.reason;
  }
  if (!result.verdict->accepted()) {
    return result.findings.front().message;
  }
  const PinDetails* pins = result.verdict->pins();
  if (pins == nullptr) {
    return Say(Phrase::kCheckNotPinned, language);
  }
  if (!pins->matched.has_value()) {
    return Say(Phrase::kCheckAccepted, language);
  }
  const int64_t days = result.days_left.value_or(0);
  return Say(days == 1 ? Phrase::kCheckMatchesOneDay : Phrase::kCheckMatches,
             language, Escape(pins->matched->name), pins->matched_depth,
             Escape(pins->set), days);
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

int CheckExitCode(const std::vector<CheckResult>& results,
                  const std::vector<Finding>& of_file, bool strict) {
  const auto any = [&results](CheckResult::Kind kind) {
    return std::any_of(
        results.begin(), results.end(),
        [kind](const CheckResult& result) { return result.kind == kind; });
  };
  const bool file_fails = std::any_of(
      of_file.begin(), of_file.end(), [strict](const Finding& finding) {
        return !finding.undecided &&
               (finding.severity == Severity::kError ||
                (strict && finding.severity == Severity::kWarning));
      });
  if (any(CheckResult::Kind::kRefused) || file_fails) {
    return kNo;
  }
  return any(CheckResult::Kind::kNotReached) ? kUndecided : kYes;
}

}  // namespace tlspin
