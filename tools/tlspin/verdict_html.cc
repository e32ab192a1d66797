#include "tools/tlspin/verdict_html.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/diagnosis.h"
#include "tools/tlspin/html_writer.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/sct_text.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_page_writer.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Diagnosis;
using ::pinning::DiagnosisKind;
using ::pinning::Evidence;
using ::pinning::Verdict;

}  // namespace

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

std::string VerdictPage(const Verdict& verdict, const PageFacts& facts) {
  return VerdictPageWriter(verdict, facts).Write();
}

}  // namespace tlspin
