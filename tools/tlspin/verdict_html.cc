#include "tools/tlspin/verdict_html.h"

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
#include "pinning/path.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/trust_store.h"
#include "tools/tlspin/html_writer.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/sct_text.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_page_css.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Diagnosis;
using ::pinning::DiagnosisKind;
using ::pinning::Evidence;
using ::pinning::FailedPath;
using ::pinning::Language;
using ::pinning::NamedPin;
using ::pinning::Pin;
using ::pinning::PinDetails;
using ::pinning::TrustAnchor;
using ::pinning::Verdict;
using ::pinning::VerifiedPath;

// A VerdictPageWriter writes the sections of a page, one function each, in the
// order in which whoever has to act on it needs them.
class VerdictPageWriter {
 public:
  VerdictPageWriter(const Verdict& verdict, const PageFacts& facts)
      : verdict_(verdict),
        facts_(facts),
        html_(LanguageTag(facts.language), Title(), VerdictPageCss()) {}

  std::string Write();

 private:
  // Text returns `phrase` in the language of the page.
  template <typename... Arguments>
  std::string Text(Phrase phrase, const Arguments&... arguments) const {
    return Say(phrase, facts_.language, arguments...);
  }

  std::string Title() const;
  Phrase Headline() const;
  void WriteVerdict();
  void WriteFinding();
  void WriteAdvice();
  void WriteEvidence();
  void WriteKeys();
  void WriteServed();
  void WriteExpected();
  void WriteExpectedRows(PinKind kind, absl::Span<const NamedPin> pins);
  void WritePath();
  void WriteTried();
  void WriteFacts();

  void WriteColumns(absl::Span<const Phrase> columns);
  void WriteCertificateCells(size_t number, const Certificate& certificate);
  void WritePathTable(absl::string_view caption,
                      absl::Span<const Certificate> certificates,
                      std::optional<TrustAnchor::Origin> origin);
  bool IsOnPath(const Pin& pin) const;
  void WriteMatch(const Certificate& certificate);
  void WriteWhere(const Pin& pin);
  void WriteMark(absl::string_view sort, absl::string_view text);
  void WriteRows(const PageFacts::Rows& rows);
  void WriteRow(Phrase label, absl::string_view text);

  const Verdict& verdict_;
  const PageFacts& facts_;
  HtmlWriter html_;
};

std::string VerdictPageWriter::Write() {
  {
    HtmlElement main(html_, "main");
    WriteVerdict();
    WriteAdvice();
    WriteEvidence();
    WriteKeys();
    WritePath();
    WriteTried();
    WriteFacts();
  }
  {
    HtmlElement footer(html_, "footer");
    html_.Line("p", Text(Phrase::kPageFooter));
  }
  return html_.Finish();
}

std::string VerdictPageWriter::Title() const {
  return Text(verdict_.is_mitm()    ? Phrase::kPageTitleMitm
              : verdict_.accepted() ? Phrase::kPageTitleAccepted
                                    : Phrase::kPageTitleRefused,
              verdict_.host());
}

Phrase VerdictPageWriter::Headline() const {
  if (!verdict_.accepted()) {
    return verdict_.is_mitm() ? Phrase::kPageRefusedMitm : Phrase::kPageRefused;
  }
  if (verdict_.would_reject()) {
    return verdict_.is_mitm() ? Phrase::kPageAcceptedButMitm
                              : Phrase::kPageAcceptedBut;
  }
  return Phrase::kPageAccepted;
}

void VerdictPageWriter::WriteVerdict() {
  const Diagnosis& diagnosis = verdict_.diagnosis();
  HtmlElement header(html_, "header",
                     {{"class", verdict_.accepted() ? verdict_.would_reject()
                                                          ? "verdict reported"
                                                          : "verdict accepted"
                                                    : "verdict refused"}});
  html_.Line("p", Text(Phrase::kPageConnection, verdict_.host()),
             {{"class", "about"}});
  html_.Line("h1", Text(Headline()));
  if (verdict_.accepted()) {
    html_.Line("p", AcceptText(verdict_, facts_.language));
  }
  if (diagnosis.kind != DiagnosisKind::kNone) {
    html_.Line("p", DiagnosisSummary(diagnosis, facts_.language),
               {{"class", "summary"}});
  }
  WriteFinding();
}

// WriteFinding writes who it is, how sure that is, and with which code the
// chain was refused.
void VerdictPageWriter::WriteFinding() {
  const Diagnosis& diagnosis = verdict_.diagnosis();
  HtmlElement list(html_, "dl");
  if (diagnosis.kind != DiagnosisKind::kNone) {
    if (!diagnosis.product.empty()) {
      html_.Line("dt", Text(Phrase::kPageWho));
      HtmlElement who(html_, "dd");
      html_.Foreign(diagnosis.product);
    }
    if (diagnosis.vendor_kind != pinning::VendorKind::kUnknown) {
      WriteRow(Phrase::kPageKindOfProduct,
               VendorKindText(diagnosis.vendor_kind, facts_.language));
    }
    WriteRow(
        Phrase::kPageDiagnosis,
        absl::StrCat(DiagnosisKindText(diagnosis.kind, facts_.language), ", ",
                     ConfidenceText(diagnosis.confidence, facts_.language)));
  }
  if (!verdict_.accepted()) {
    WriteRow(Phrase::kPageRefusalCode,
             ErrorText(verdict_.error(), facts_.language));
  }
  WriteRow(Phrase::kPagePinStatus, PinStatusName(verdict_.pin_status()));
}

void VerdictPageWriter::WriteAdvice() {
  const Diagnosis& diagnosis = verdict_.diagnosis();
  const std::string advice = DiagnosisAdvice(diagnosis, facts_.language);
  if (advice.empty()) {
    return;
  }
  HtmlElement section(html_, "section", {{"class", "advice"}});
  html_.Line("h2", Text(Phrase::kPageWhatToDo));
  html_.Line("p", advice);
  if (diagnosis.exempt.empty()) {
    return;
  }
  html_.Line("p", Text(Phrase::kPageExempt));
  HtmlElement list(html_, "ul", {{"class", "exempt"}});
  for (const std::string& pattern : diagnosis.exempt) {
    HtmlElement item(html_, "li");
    html_.Line("code", pattern);
  }
}

void VerdictPageWriter::WriteEvidence() {
  const Diagnosis& diagnosis = verdict_.diagnosis();
  HtmlElement section(html_, "section", {{"id", "why"}});
  html_.Line("h2", Text(Phrase::kPageWhy));
  if (diagnosis.evidence.empty()) {
    html_.Line("p", Text(Phrase::kPageNoEvidence));
    return;
  }
  html_.Line("p", Text(Phrase::kPageWhyOrder), {{"class", "more"}});
  HtmlElement list(html_, "ol", {{"class", "evidence"}});
  for (const Evidence& evidence : diagnosis.evidence) {
    HtmlElement item(html_, "li");
    html_.Foreign(EvidenceSentence(evidence, facts_.language));
    HtmlElement more(html_, "span", {{"class", "more"}});
    html_.Line("code", evidence.code);
    html_.Text(absl::StrCat(
        ", ", EvidenceWeightText(evidence.weight, facts_.language)));
    if (evidence.depth >= 0) {
      html_.Text(
          absl::StrCat(", ", Text(Phrase::kPageCertificateN, evidence.depth)));
    }
    if (!evidence.field.empty()) {
      html_.Text(", ");
      html_.Text(Text(Phrase::kPageFieldN, evidence.field));
    }
  }
}

void VerdictPageWriter::WriteKeys() {
  HtmlElement section(html_, "section", {{"id", "keys"}});
  html_.Line("h2", Text(Phrase::kPageKeys));
  HtmlElement sides(html_, "div", {{"class", "sides"}});
  {
    HtmlElement side(html_, "div", {{"id", "served"}});
    html_.Line("h3", Text(Phrase::kPageServed));
    WriteServed();
  }
  HtmlElement side(html_, "div", {{"id", "expected"}});
  html_.Line("h3", Text(Phrase::kPageExpected));
  WriteExpected();
}

void VerdictPageWriter::WriteServed() {
  if (verdict_.presented().empty()) {
    html_.Line("p", Text(Phrase::kPageNothingServed));
    return;
  }
  HtmlElement table(html_, "table");
  html_.Line("caption", Text(Phrase::kPageServedCaption));
  WriteColumns(
      {Phrase::kPageNumber, Phrase::kPageCertificate, Phrase::kPageMatch});
  HtmlElement body(html_, "tbody");
  for (size_t i = 0; i < verdict_.presented().size(); ++i) {
    const Certificate& certificate = verdict_.presented()[i];
    HtmlElement row(html_, "tr");
    WriteCertificateCells(i, certificate);
    HtmlElement cell(html_, "td");
    WriteMatch(certificate);
  }
}

// WriteMatch says which pin of the set, if any, is that of `certificate`.
void VerdictPageWriter::WriteMatch(const Certificate& certificate) {
  const PinDetails* pins = verdict_.pins();
  if (pins == nullptr) {
    html_.Text("–");
    return;
  }
  const struct {
    absl::Span<const NamedPin> pins;
    Phrase phrase;
    const char* sort;
  } kLists[] = {
      {pins->blocked_pins, Phrase::kPageMatchesBlocked, "no"},
      {pins->pins, Phrase::kPageMatchesPin, "yes"},
      {pins->backup_pins, Phrase::kPageMatchesBackup, "other"},
  };
  for (const auto& list : kLists) {
    for (const NamedPin& pin : list.pins) {
      if (pin.pin != certificate.pin()) {
        continue;
      }
      const std::string text = Text(list.phrase, pin.name);
      // A key that was served beside the path proves nothing.
      if (IsOnPath(pin.pin)) {
        WriteMark(list.sort, text);
      } else {
        WriteMark("other", Text(Phrase::kPageMatchesOffPath, text));
      }
      return;
    }
  }
  WriteMark(verdict_.accepted() ? "" : "no", Text(Phrase::kPageMatchesNone));
}

bool VerdictPageWriter::IsOnPath(const Pin& pin) const {
  if (verdict_.path() == nullptr) {
    return false;
  }
  const absl::Span<const Certificate> path = verdict_.path()->certificates();
  return std::any_of(path.begin(), path.end(), [&pin](const Certificate& each) {
    return each.pin() == pin;
  });
}

void VerdictPageWriter::WriteExpected() {
  const PinDetails* pins = verdict_.pins();
  if (pins == nullptr) {
    html_.Line("p", Text(Phrase::kPageNothingExpected));
    return;
  }
  html_.Line("p", Text(Phrase::kPageSetLine,
                       PinSetText(*pins, verdict_.time(), facts_.language)));
  HtmlElement table(html_, "table");
  html_.Line("caption", Text(Phrase::kPageExpectedCaption));
  WriteColumns({Phrase::kPageExpectedPin, Phrase::kPageWhere});
  HtmlElement body(html_, "tbody");
  WriteExpectedRows(PinKind::kPin, pins->pins);
  WriteExpectedRows(PinKind::kBackup, pins->backup_pins);
  WriteExpectedRows(PinKind::kBlocked, pins->blocked_pins);
}

void VerdictPageWriter::WriteExpectedRows(PinKind kind,
                                          absl::Span<const NamedPin> pins) {
  for (const NamedPin& pin : pins) {
    HtmlElement row(html_, "tr");
    {
      HtmlElement cell(html_, "th", {{"scope", "row"}});
      {
        HtmlElement name(html_, "span", {{"class", "name"}});
        html_.Foreign(pin.name);
      }
      html_.Line("code", pin.pin.ToString(), {{"class", "more"}});
      html_.Line("span", PinKindText(kind, pin.role, facts_.language),
                 {{"class", "more"}});
    }
    HtmlElement cell(html_, "td");
    if (kind == PinKind::kBlocked) {
      html_.Text(PinWhereText(pin, verdict_, facts_.language));
    } else {
      WriteWhere(pin.pin);
    }
  }
}

// WriteWhere says whether the key of `pin` was served.
void VerdictPageWriter::WriteWhere(const Pin& pin) {
  const absl::Span<const Certificate> served = verdict_.presented();
  for (size_t i = 0; i < served.size(); ++i) {
    if (served[i].pin() == pin) {
      if (IsOnPath(pin)) {
        WriteMark("yes", Text(Phrase::kPageServedAt, i));
      } else {
        WriteMark("other", Text(Phrase::kPageServedOffPath, i));
      }
      return;
    }
  }
  // Servers seldom send the root.
  if (verdict_.path() != nullptr && verdict_.path()->anchor().pin() == pin) {
    WriteMark("yes", Text(Phrase::kPageAnchorHolds));
    return;
  }
  WriteMark(verdict_.accepted() ? "" : "no", Text(Phrase::kPageNotServed));
}

void VerdictPageWriter::WritePath() {
  HtmlElement section(html_, "section", {{"id", "path"}});
  html_.Line("h2", Text(Phrase::kPagePath));
  const VerifiedPath* path = verdict_.path();
  if (path == nullptr) {
    html_.Line("p", Text(Phrase::kPageNoPath));
    return;
  }
  WritePathTable(Text(Phrase::kPagePathCaption), path->certificates(),
                 path->anchor_origin());
}

void VerdictPageWriter::WriteTried() {
  HtmlElement section(html_, "section", {{"id", "tried"}});
  html_.Line("h2", Text(Phrase::kPageTried));
  if (verdict_.failed_paths().empty()) {
    html_.Line("p", Text(Phrase::kPageTriedNone));
  }
  size_t number = 0;
  for (const FailedPath& failed : verdict_.failed_paths()) {
    ++number;
    html_.Line("h3", absl::StrCat(Text(Phrase::kPageTriedN, number), ": ",
                                  ErrorCodeName(failed.error.code)));
    html_.Line("p", ErrorText(failed.error, facts_.language));
    html_.Line("p", Text(!failed.reached_anchor ? Phrase::kPageDidNotReach
                         : failed.anchor_origin == TrustAnchor::Origin::kLocal
                             ? Phrase::kPageReachedLocal
                             : Phrase::kPageReachedAnchor));
    WritePathTable(Text(Phrase::kPageTriedCaption, number), failed.certificates,
                   failed.reached_anchor
                       ? std::make_optional(failed.anchor_origin)
                       : std::nullopt);
  }
}

void VerdictPageWriter::WritePathTable(
    absl::string_view caption, absl::Span<const Certificate> certificates,
    std::optional<TrustAnchor::Origin> origin) {
  HtmlElement table(html_, "table");
  html_.Line("caption", caption);
  WriteColumns(
      {Phrase::kPageNumber, Phrase::kPageCertificate, Phrase::kPageRole});
  HtmlElement body(html_, "tbody");
  for (size_t i = 0; i < certificates.size(); ++i) {
    HtmlElement row(html_, "tr");
    WriteCertificateCells(i, certificates[i]);
    HtmlElement cell(html_, "td");
    const bool is_anchor = origin.has_value() && i + 1 == certificates.size();
    const std::string role =
        RoleText(i, certificates.size(), origin, facts_.language);
    if (is_anchor && *origin == TrustAnchor::Origin::kLocal) {
      WriteMark("no", role);
    } else {
      html_.Text(is_anchor ? Text(Phrase::kFromProgramme, role) : role);
    }
  }
}

void VerdictPageWriter::WriteFacts() {
  {
    HtmlElement section(html_, "section", {{"id", "connection"}});
    html_.Line("h2", Text(Phrase::kPageConnectionFacts));
    if (facts_.connection.empty()) {
      html_.Line("p", Text(Phrase::kPageOffline));
    } else {
      WriteRows(facts_.connection);
    }
    if (verdict_.scts() != nullptr) {
      WriteRows(
          {{Phrase::kPageScts, SctText(*verdict_.scts(), facts_.language)}});
    }
  }
  HtmlElement section(html_, "section", {{"id", "judged"}});
  html_.Line("h2", Text(Phrase::kPageJudged));
  PageFacts::Rows rows = {{Phrase::kPageTimeUsed, TimeText(verdict_.time())}};
  rows.insert(rows.end(), facts_.judged.begin(), facts_.judged.end());
  for (const std::string& name : verdict_.weakenings()) {
    rows.push_back({Phrase::kPageWeakenings, name});
  }
  WriteRows(rows);
}

void VerdictPageWriter::WriteColumns(absl::Span<const Phrase> columns) {
  HtmlElement head(html_, "thead");
  HtmlElement row(html_, "tr");
  for (size_t i = 0; i < columns.size(); ++i) {
    const bool number = columns[i] == Phrase::kPageNumber;
    html_.Line("th", Text(columns[i]),
               {{"scope", "col"},
                {"class", number                    ? "number"
                          : i + 1 == columns.size() ? "side"
                                                    : "main"}});
  }
}

// WriteCertificateCells writes the number of `certificate` and what it is.
void VerdictPageWriter::WriteCertificateCells(size_t number,
                                              const Certificate& certificate) {
  html_.Line("td", absl::StrCat(number));
  HtmlElement cell(html_, "th", {{"scope", "row"}});
  {
    HtmlElement name(html_, "span", {{"class", "name"}});
    html_.Foreign(SubjectText(certificate, facts_.language));
  }
  html_.Line("code", certificate.pin().ToString(), {{"class", "more"}});
  {
    HtmlElement more(html_, "span", {{"class", "more"}});
    html_.Text(absl::StrCat(Text(Phrase::kPageIssuedBy), " "));
    html_.Foreign(IssuerText(certificate));
  }
  HtmlElement more(html_, "span", {{"class", "more"}});
  html_.Text(absl::StrCat(Text(Phrase::kPageValidFrom), " "));
  html_.Line("time", TimeText(certificate.not_before()));
  html_.Text(absl::StrCat(" ", Text(Phrase::kPageValidTo), " "));
  html_.Line("time", TimeText(certificate.not_after()));
}

// WriteMark writes `text` as a mark that says yes, no or another thing by its
// colour too; an empty `sort` is no mark.
void VerdictPageWriter::WriteMark(absl::string_view sort,
                                  absl::string_view text) {
  if (sort.empty()) {
    html_.Text(text);
    return;
  }
  html_.Line("span", text, {{"class", absl::StrCat("mark ", sort)}});
}

void VerdictPageWriter::WriteRow(Phrase label, absl::string_view text) {
  html_.Line("dt", Text(label));
  html_.Line("dd", text);
}

void VerdictPageWriter::WriteRows(const PageFacts::Rows& rows) {
  HtmlElement list(html_, "dl");
  for (const auto& [label, text] : rows) {
    WriteRow(label, text);
  }
}

}  // namespace

std::string VerdictPage(const Verdict& verdict, const PageFacts& facts) {
  return VerdictPageWriter(verdict, facts).Write();
}

}  // namespace tlspin
