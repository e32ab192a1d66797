#include "tools/tlspin/verdict_words.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "pinning/path.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Language;
using ::pinning::NamedPin;
using ::pinning::PinDetails;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStatus;
using ::pinning::TrustAnchor;
using ::pinning::Verdict;

constexpr char kCommonName[] = "2.5.4.3";

std::string ExpiryText(const PinDetails& pins, absl::Time now,
                       Language language) {
  const std::string date = DateText(pins.expires);
  if (now > pins.expires) {
    return Say(pins.on_expiry == PinSet::OnExpiry::kReject
                   ? Phrase::kExpiredRejects
                   : Phrase::kExpiredStops,
               language, date);
  }
  const int64_t days = (pins.expires - now) / absl::Hours(24);
  return days == 1 ? Say(Phrase::kExpiresInOneDay, language, date)
                   : Say(Phrase::kExpiresInDays, language, date, days);
}

}  // namespace

std::string PinText(const pinning::Pin& pin, bool full) {
  const std::string text = pin.ToString();
  constexpr size_t kHead = 7 + 4;  // "sha256/" and four characters
  return full ? text
              : absl::StrCat(text.substr(0, kHead), "…",
                             text.substr(text.size() - 4));
}

std::string SubjectText(const Certificate& certificate, Language language) {
  const std::vector<std::string> names =
      certificate.SubjectAttribute(kCommonName);
  if (!names.empty()) {
    return absl::StrCat("CN=", Escape(names.front()));
  }
  const std::string subject = certificate.subject();
  return subject.empty() ? Say(Phrase::kNoSubject, language)
                         : EscapeMessage(subject);
}

std::string IssuerText(const Certificate& certificate) {
  const std::vector<std::string> names =
      certificate.IssuerAttribute(kCommonName);
  return names.empty() ? EscapeMessage(certificate.issuer())
                       : absl::StrCat("CN=", Escape(names.front()));
}

std::string ErrorText(const pinning::PathError& error, Language language) {
  const absl::string_view spec = ErrorCodeSpec(error.code);
  std::string text =
      absl::StrCat(ErrorCodeName(error.code),
                   spec.empty() ? "" : absl::StrCat(" (", spec, ")"));
  if (error.depth >= 0) {
    text = Say(Phrase::kAtDepth, language, text, error.depth);
  }
  if (!error.detail.empty()) {
    absl::StrAppend(&text, ": ", EscapeMessage(error.detail));
  }
  return text;
}

std::string RoleText(size_t depth, size_t length,
                     std::optional<TrustAnchor::Origin> origin,
                     Language language) {
  if (!origin.has_value() || depth + 1 != length) {
    return Say(depth == 0 ? Phrase::kLeaf : Phrase::kIssuer, language);
  }
  const std::string role =
      Say(depth == 0 ? Phrase::kLeafAndAnchor : Phrase::kAnchor, language);
  return *origin == TrustAnchor::Origin::kLocal
             ? Say(Phrase::kAddedHere, language, role)
             : role;
}

std::string PinSetText(const PinDetails& pins, absl::Time now,
                       Language language) {
  return Say(Phrase::kSetForPattern, language, Escape(pins.set),
             Escape(pins.pattern),
             Say(pins.mode == PinSet::Mode::kEnforce ? Phrase::kEnforced
                                                     : Phrase::kReportOnly,
                 language),
             ExpiryText(pins, now, language));
}

std::string PinKindText(PinKind kind, PinRole role, Language language) {
  const std::string text =
      Say(kind == PinKind::kPin      ? Phrase::kKindPin
          : kind == PinKind::kBackup ? Phrase::kKindBackup
                                     : Phrase::kKindBlocked,
          language);
  switch (role) {
    case PinRole::kLeaf:
      return Say(Phrase::kOnlyAsLeaf, language, text);
    case PinRole::kIssuer:
      return Say(Phrase::kOnlyAsIssuer, language, text);
    case PinRole::kAnchor:
      return Say(Phrase::kOnlyAsAnchor, language, text);
    case PinRole::kAny:
      break;
  }
  return text;
}

namespace {

// Counts returns whether a pin of `role` may match the certificate at `depth`
// of a path of `size` certificates.
bool Counts(PinRole role, size_t depth, size_t size) {
  switch (role) {
    case PinRole::kLeaf:
      return depth == 0;
    case PinRole::kIssuer:
      return depth > 0 && depth + 1 < size;
    case PinRole::kAnchor:
      return depth + 1 == size;
    case PinRole::kAny:
      break;
  }
  return true;
}

}  // namespace

std::string PinWhereText(const NamedPin& pin, const Verdict& verdict,
                         Language language) {
  if (verdict.path() == nullptr) {
    return Say(Phrase::kNoPathToCompare, language);
  }
  const PinDetails& pins = *verdict.pins();
  if (pins.matched.has_value() && pins.matched->pin == pin.pin) {
    return Say(Phrase::kOnPath, language, pins.matched_depth);
  }
  const absl::Span<const Certificate> path = verdict.path()->certificates();
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i].pin() == pin.pin) {
      return Say(Counts(pin.role, i, path.size()) ? Phrase::kOnPath
                                                  : Phrase::kOnPathNoCount,
                 language, i);
    }
  }
  return Say(Phrase::kNotOnPath, language);
}

std::string AcceptText(const Verdict& verdict, Language language) {
  const std::string host = Escape(verdict.host());
  std::string text;
  switch (verdict.pin_status()) {
    case PinStatus::kMatched:
    case PinStatus::kMatchedBackup:
      text = Say(verdict.pin_status() == PinStatus::kMatched
                     ? Phrase::kAcceptMatched
                     : Phrase::kAcceptMatchedBackup,
                 language, host, Escape(verdict.pins()->matched->name));
      break;
    case PinStatus::kNotPinned:
      text = Say(Phrase::kAcceptNotPinned, language, host);
      break;
    default:
      text = Say(Phrase::kAcceptOtherwise, language, host,
                 PinStatusName(verdict.pin_status()));
  }
  return verdict.would_reject() ? Say(Phrase::kWouldReject, language, text)
                                : text;
}

}  // namespace tlspin
