#include "tools/tlspin/verdict_text.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "pinning/error.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "pinning/trust_store.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/sct_text.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Diagnosis;
using ::pinning::DiagnosisKind;
using ::pinning::Evidence;
using ::pinning::EvidenceWeight;
using ::pinning::FailedPath;
using ::pinning::Language;
using ::pinning::NamedPin;
using ::pinning::PinDetails;
using ::pinning::TrustAnchor;
using ::pinning::Verdict;
using ::pinning::VerifiedPath;

std::string PathText(Phrase label, absl::Span<const Certificate> certificates,
                     std::optional<TrustAnchor::Origin> origin,
                     const VerdictTextOptions& options) {
  Table table;
  for (size_t i = 0; i < certificates.size(); ++i) {
    table.AddRow({absl::StrCat(i),
                  SubjectText(certificates[i], options.language),
                  PinText(certificates[i].pin(), options.full_pins),
                  RoleText(i, certificates.size(), origin, options.language)});
  }
  return table.ToString(Say(label, options.language));
}

// ServedText returns the certificates as the peer sent them: their order says
// nothing about who issued whom.
std::string ServedText(absl::Span<const Certificate> certificates,
                       const VerdictTextOptions& options) {
  Table table;
  for (size_t i = 0; i < certificates.size(); ++i) {
    table.AddRow(
        {absl::StrCat(i), SubjectText(certificates[i], options.language),
         PinText(certificates[i].pin(), options.full_pins),
         Say(i == 0 ? Phrase::kLeaf : Phrase::kAsServed, options.language)});
  }
  return table.ToString(Say(Phrase::kLabelServed, options.language));
}

void AddPins(PinKind kind, absl::Span<const NamedPin> pins,
             const Verdict& verdict, const VerdictTextOptions& options,
             Table& table) {
  for (const NamedPin& pin : pins) {
    table.AddRow({PinText(pin.pin, options.full_pins), Escape(pin.name),
                  PinKindText(kind, pin.role, options.language),
                  PinWhereText(pin, verdict, options.language)});
  }
}

std::string PinsText(const Verdict& verdict,
                     const VerdictTextOptions& options) {
  const std::string label = Say(Phrase::kLabelPins, options.language);
  if (!options.has_pins) {
    return Labelled(label, Say(Phrase::kNoPins, options.language));
  }
  if (verdict.pins() == nullptr) {
    return Labelled(label, Say(Phrase::kNoPinsForName, options.language));
  }
  const PinDetails& pins = *verdict.pins();
  Table table;
  AddPins(PinKind::kPin, pins.pins, verdict, options, table);
  AddPins(PinKind::kBackup, pins.backup_pins, verdict, options, table);
  AddPins(PinKind::kBlocked, pins.blocked_pins, verdict, options, table);
  return absl::StrCat(
      Labelled(label, PinSetText(pins, verdict.time(), options.language)),
      table.ToString(""));
}

std::string TriedText(const Verdict& verdict,
                      const VerdictTextOptions& options) {
  std::string text;
  for (const FailedPath& failed : verdict.failed_paths()) {
    absl::StrAppend(
        &text,
        PathText(Phrase::kLabelTried, failed.certificates,
                 failed.reached_anchor
                     ? std::make_optional(failed.anchor_origin)
                     : std::nullopt,
                 options),
        Labelled("", Say(Phrase::kRefusedFor, options.language,
                         ErrorText(failed.error, options.language))));
  }
  return text;
}

// ReasonText returns the sentence of `evidence` and, if it is asked for, what
// a program would look at.
std::string ReasonText(const Evidence& evidence,
                       const VerdictTextOptions& options) {
  std::string text =
      EscapeMessage(EvidenceSentence(evidence, options.language));
  if (!options.evidence_codes) {
    return text;
  }
  absl::StrAppend(&text, " [", evidence.code);
  if (evidence.depth >= 0) {
    absl::StrAppend(
        &text, ", ",
        Say(Phrase::kPageCertificateN, options.language, evidence.depth));
  }
  if (!evidence.field.empty()) {
    absl::StrAppend(&text, ", ", evidence.field);
  }
  return absl::StrCat(text, "]");
}

// MeansText says what the diagnosis is, how sure, and whose work.
std::string MeansText(const Diagnosis& diagnosis, Language language) {
  std::string means =
      absl::StrCat(DiagnosisKindText(diagnosis.kind, language), ", ",
                   ConfidenceText(diagnosis.confidence, language));
  if (diagnosis.kind != DiagnosisKind::kInterception) {
    return absl::StrCat(means, ": ", DiagnosisSummary(diagnosis, language));
  }
  if (diagnosis.product.empty()) {
    return means;
  }
  absl::StrAppend(&means, ": ", EscapeMessage(diagnosis.product));
  if (diagnosis.vendor_kind != pinning::VendorKind::kUnknown) {
    absl::StrAppend(&means, " (",
                    VendorKindText(diagnosis.vendor_kind, language), ")");
  }
  return means;
}

// IsDetail returns whether `evidence` counts for nothing by itself and does not
// help to say who it is.
bool IsDetail(const Evidence& evidence) {
  return evidence.weight == EvidenceWeight::kWeak &&
         evidence.code != "resembles-product";
}

std::string WhyText(const Verdict& verdict, const VerdictTextOptions& options) {
  const Diagnosis& diagnosis = verdict.diagnosis();
  const std::string label = Say(Phrase::kLabelMeans, options.language);
  if (diagnosis.kind == DiagnosisKind::kNone) {
    return verdict.accepted()
               ? ""
               : Labelled(label, Say(Phrase::kNoDiagnosis, options.language));
  }
  const auto details = static_cast<size_t>(std::count_if(
      diagnosis.evidence.begin(), diagnosis.evidence.end(), IsDetail));
  // One is shown: saying that there is one takes as long.
  const bool shorten = !options.evidence_codes && details > 1 &&
                       details < diagnosis.evidence.size();
  Table why;
  for (const Evidence& evidence : diagnosis.evidence) {
    if (!shorten || !IsDetail(evidence)) {
      why.AddRow({ReasonText(evidence, options)});
    }
  }
  if (shorten) {
    why.AddRow({Say(Phrase::kMoreSigns, options.language, details)});
  }
  return absl::StrCat(Labelled(label, MeansText(diagnosis, options.language)),
                      why.ToString(Say(Phrase::kLabelWhy, options.language)));
}

// HintText says what to do where no diagnosis does, or "".
std::string HintText(const Verdict& verdict, Language language) {
  const std::string advice = DiagnosisAdvice(verdict.diagnosis(), language);
  if (!advice.empty()) {
    return EscapeMessage(advice);
  }
  if (!verdict.accepted()) {
    return verdict.error().code == pinning::ErrorCode::kNoPath &&
                   !verdict.presented().empty()
               ? Say(Phrase::kHintNoPath, language,
                     IssuerText(verdict.presented()[0]))
               : "";
  }
  // What an unpinned client sees of an inspecting proxy is just this.
  return verdict.pin_status() == pinning::PinStatus::kNotPinned &&
                 verdict.path() != nullptr &&
                 verdict.path()->anchor_origin() == TrustAnchor::Origin::kLocal
             ? Say(Phrase::kHintLocalAnchor, language)
             : "";
}

// SummaryText is what a refusal for interception says in so many words.
std::string SummaryText(const Verdict& verdict, Language language) {
  return EscapeMessage(DiagnosisSummary(verdict.diagnosis(), language));
}

// PaintedLine is Labelled with a coloured label, whose colour takes no room.
std::string PaintedLine(Phrase label, Output::Style style,
                        absl::string_view text, Language language,
                        const Output& out) {
  const std::string word = Say(label, language);
  std::string line = Labelled(word, text);
  return line.replace(0, word.size(), out.Paint(style, word));
}

void PrintAnswer(const Verdict& verdict, const VerdictTextOptions& options,
                 Output& out) {
  const Language language = options.language;
  if (verdict.accepted()) {
    std::string text = AcceptText(verdict, language);
    if (verdict.is_mitm()) {
      text = Say(Phrase::kWithDetail, language, text,
                 SummaryText(verdict, language));
    }
    out.Answer(PaintedLine(Phrase::kAccept, Output::Style::kGood, text,
                           language, out));
    return;
  }
  const std::string error = ErrorText(verdict.error(), language);
  if (verdict.is_mitm()) {
    out.Answer(Labelled(Say(Phrase::kLabelError, language), error));
  }
  out.Answer(
      PaintedLine(Phrase::kReject, Output::Style::kBad,
                  verdict.is_mitm() ? SummaryText(verdict, language) : error,
                  language, out));
}

}  // namespace

void PrintVerdict(const Verdict& verdict, const VerdictTextOptions& options,
                  Output& out) {
  const Language language = options.language;
  out.Answer(
      Labelled(Say(Phrase::kLabelHost, language), Escape(verdict.host())));
  out.Answer(
      Labelled(Say(Phrase::kLabelTime, language), TimeText(verdict.time())));
  const VerifiedPath* path = verdict.path();
  if (path != nullptr) {
    out.Answer(PathText(Phrase::kLabelPath, path->certificates(),
                        path->anchor_origin(), options));
  } else {
    out.Answer(ServedText(verdict.presented(), options));
  }
  if (options.failed_paths) {
    out.Answer(TriedText(verdict, options));
  }
  out.Answer(PinsText(verdict, options));
  if (verdict.scts() != nullptr) {
    out.Answer(Labelled(Say(Phrase::kLabelScts, language),
                        SctText(*verdict.scts(), language)));
  }
  out.Answer(WhyText(verdict, options));
  PrintAnswer(verdict, options, out);
  const std::string hint = HintText(verdict, language);
  if (!hint.empty()) {
    out.Hint(hint);
  }
}

}  // namespace tlspin
