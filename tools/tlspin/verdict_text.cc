#include "tools/tlspin/verdict_text.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/error.h"
#include "pinning/interception.h"
#include "pinning/path.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/trust_store.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Diagnosis;
using ::pinning::DiagnosisKind;
using ::pinning::Evidence;
using ::pinning::FailedPath;
using ::pinning::NamedPin;
using ::pinning::PathError;
using ::pinning::PinDetails;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStatus;
using ::pinning::TrustAnchor;
using ::pinning::Verdict;
using ::pinning::VerifiedPath;

constexpr char kCommonName[] = "2.5.4.3";

std::string ErrorText(const PathError& error) {
  const absl::string_view spec = ErrorCodeSpec(error.code);
  return absl::StrCat(
      ErrorCodeName(error.code),
      spec.empty() ? "" : absl::StrCat(" (", spec, ")"),
      error.depth < 0 ? "" : absl::StrCat(" at depth ", error.depth),
      error.detail.empty() ? ""
                           : absl::StrCat(": ", EscapeMessage(error.detail)));
}

// Role returns what the certificate at `depth` of `length` is on its path.
std::string Role(size_t depth, size_t length, bool reached_anchor,
                 TrustAnchor::Origin origin) {
  std::string role = depth == 0 ? "leaf" : "issuer";
  if (reached_anchor && depth + 1 == length) {
    role = depth == 0 ? "leaf and anchor" : "anchor";
    if (origin == TrustAnchor::Origin::kLocal) {
      role += ", added to this machine";
    }
  }
  return role;
}

std::string PathText(absl::string_view label,
                     absl::Span<const Certificate> certificates,
                     bool reached_anchor, TrustAnchor::Origin origin,
                     bool full) {
  Table table;
  for (size_t i = 0; i < certificates.size(); ++i) {
    table.AddRow({absl::StrCat(i), SubjectText(certificates[i]),
                  PinText(certificates[i].pin(), full),
                  Role(i, certificates.size(), reached_anchor, origin)});
  }
  return table.ToString(label);
}

// ServedText returns the certificates as the peer sent them: their order says
// nothing about who issued whom.
std::string ServedText(absl::Span<const Certificate> certificates, bool full) {
  Table table;
  for (size_t i = 0; i < certificates.size(); ++i) {
    table.AddRow({absl::StrCat(i), SubjectText(certificates[i]),
                  PinText(certificates[i].pin(), full),
                  i == 0 ? "leaf" : "as served"});
  }
  return table.ToString("served");
}

std::string ExpiryText(const PinDetails& pins, absl::Time now) {
  const std::string date = DateText(pins.expires);
  const bool reject = pins.on_expiry == PinSet::OnExpiry::kReject;
  if (now > pins.expires) {
    return absl::StrCat("expired ", date,
                        reject ? ", refuses everything" : ", not enforced");
  }
  const int64_t days = (pins.expires - now) / absl::Hours(24);
  return absl::StrCat("expires ", date, ", ", days,
                      days == 1 ? " day left" : " days left");
}

// WhereText says where on the path that decided `pin` is.
std::string WhereText(const NamedPin& pin, const Verdict& verdict) {
  if (verdict.path() == nullptr) {
    return "no valid path to compare";
  }
  const PinDetails& pins = *verdict.pins();
  if (pins.matched.has_value() && pins.matched->pin == pin.pin) {
    return absl::StrCat("on the path at depth ", pins.matched_depth);
  }
  const absl::Span<const Certificate> path = verdict.path()->certificates();
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i].pin() == pin.pin) {
      return absl::StrCat("on the path at depth ", i,
                          ", where it does not count");
    }
  }
  return "not on the path";
}

void AddPins(absl::string_view sort, absl::Span<const NamedPin> pins,
             const Verdict& verdict, bool full, Table& table) {
  for (const NamedPin& pin : pins) {
    std::string kind(sort);
    if (pin.role != PinRole::kAny) {
      absl::StrAppend(&kind, ", as ", PinRoleName(pin.role), " only");
    }
    table.AddRow({PinText(pin.pin, full), Escape(pin.name), kind,
                  WhereText(pin, verdict)});
  }
}

std::string PinsText(const Verdict& verdict,
                     const VerdictTextOptions& options) {
  if (!options.has_pins) {
    return Labelled("pins", "no pins");
  }
  if (verdict.pins() == nullptr) {
    return Labelled("pins", "none for this name");
  }
  const PinDetails& pins = *verdict.pins();
  std::string text = Labelled(
      "pins",
      absl::StrCat(
          Escape(pins.set), " for ", Escape(pins.pattern), " (",
          pins.mode == PinSet::Mode::kEnforce ? "enforced" : "report-only",
          ", ", ExpiryText(pins, verdict.time()), ")"));
  Table table;
  AddPins("pin", pins.pins, verdict, options.full_pins, table);
  AddPins("backup", pins.backup_pins, verdict, options.full_pins, table);
  AddPins("blocked", pins.blocked_pins, verdict, options.full_pins, table);
  absl::StrAppend(&text, table.ToString(""));
  return text;
}

std::string TriedText(const Verdict& verdict, bool full) {
  std::string text;
  for (const FailedPath& failed : verdict.failed_paths()) {
    absl::StrAppend(
        &text,
        PathText("tried", failed.certificates, failed.reached_anchor,
                 failed.anchor_origin, full),
        Labelled("", absl::StrCat("refused: ", ErrorText(failed.error))));
  }
  return text;
}

std::string WhyText(const Verdict& verdict) {
  const Diagnosis& diagnosis = verdict.diagnosis();
  if (diagnosis.kind == DiagnosisKind::kNone) {
    return "";
  }
  std::string means =
      absl::StrCat(DiagnosisKindName(diagnosis.kind), ", ",
                   ConfidenceName(diagnosis.confidence), " confidence");
  if (!diagnosis.product.empty()) {
    absl::StrAppend(&means, ": ", EscapeMessage(diagnosis.product));
    if (diagnosis.vendor_kind != pinning::VendorKind::kUnknown) {
      absl::StrAppend(&means, " (", VendorKindName(diagnosis.vendor_kind), ")");
    }
  }
  std::string text = Labelled("means", means);
  Table why;
  for (const Evidence& evidence : diagnosis.evidence) {
    why.AddRow({EscapeMessage(evidence.sentence)});
  }
  return absl::StrCat(text, why.ToString("why"));
}

// MitmText is what a refusal for interception says in so many words.
std::string MitmText(const Diagnosis& diagnosis) {
  return absl::StrCat(
      "MITM: this connection is intercepted and inspected",
      diagnosis.product.empty()
          ? ""
          : absl::StrCat(" by \"", EscapeMessage(diagnosis.product), "\""));
}

std::string AcceptText(const Verdict& verdict) {
  std::string text = Escape(verdict.host());
  switch (verdict.pin_status()) {
    case PinStatus::kMatched:
    case PinStatus::kMatchedBackup:
      absl::StrAppend(&text, ": the pin \"",
                      Escape(verdict.pins()->matched->name), "\" matched",
                      verdict.pin_status() == PinStatus::kMatchedBackup
                          ? ", a backup pin: rotation is under way"
                          : "");
      break;
    case PinStatus::kNotPinned:
      absl::StrAppend(&text, ": the path is valid; the name is not pinned");
      break;
    default:
      absl::StrAppend(&text, ": the path is valid; pins are ",
                      PinStatusName(verdict.pin_status()));
  }
  if (verdict.would_reject()) {
    absl::StrAppend(&text, "; report-only: would have been refused");
    if (verdict.is_mitm()) {
      absl::StrAppend(&text, ", ", MitmText(verdict.diagnosis()));
    }
  }
  return text;
}

}  // namespace

std::string PinText(const pinning::Pin& pin, bool full) {
  const std::string text = pin.ToString();
  constexpr size_t kHead = 7 + 4;  // "sha256/" and four characters
  return full ? text
              : absl::StrCat(text.substr(0, kHead), "…",
                             text.substr(text.size() - 4));
}

std::string SubjectText(const Certificate& certificate) {
  const std::vector<std::string> names =
      certificate.SubjectAttribute(kCommonName);
  if (!names.empty()) {
    return absl::StrCat("CN=", Escape(names.front()));
  }
  const std::string subject = certificate.subject();
  return subject.empty() ? "(no subject)" : EscapeMessage(subject);
}

void PrintVerdict(const Verdict& verdict, const VerdictTextOptions& options,
                  Output& out) {
  out.Answer(Labelled("host", Escape(verdict.host())));
  out.Answer(Labelled("time", TimeText(verdict.time())));
  const VerifiedPath* path = verdict.path();
  if (path != nullptr) {
    out.Answer(PathText("path", path->certificates(), true,
                        path->anchor_origin(), options.full_pins));
  } else {
    out.Answer(ServedText(verdict.presented(), options.full_pins));
  }
  if (options.failed_paths) {
    out.Answer(TriedText(verdict, options.full_pins));
  }
  out.Answer(PinsText(verdict, options));
  out.Answer(WhyText(verdict));
  if (verdict.accepted()) {
    out.Answer(absl::StrCat(out.Paint(Output::Style::kGood, "ACCEPT"), "   ",
                            AcceptText(verdict), "\n"));
  } else {
    if (verdict.is_mitm()) {
      out.Answer(Labelled("error", ErrorText(verdict.error())));
    }
    out.Answer(absl::StrCat(out.Paint(Output::Style::kBad, "REJECT"), "   ",
                            verdict.is_mitm() ? MitmText(verdict.diagnosis())
                                              : ErrorText(verdict.error()),
                            "\n"));
  }
  if (!verdict.diagnosis().advice.empty()) {
    out.Hint(EscapeMessage(verdict.diagnosis().advice));
  }
}

}  // namespace tlspin
