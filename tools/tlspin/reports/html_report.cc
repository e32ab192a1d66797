#include "tools/tlspin/reports/html_report.h"

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/tlspin/html_writer.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_page_css.h"

namespace tlspin {
namespace {

class Page {
 public:
  Page(const CheckReport& report, HtmlWriter& writer)
      : report_(report), writer_(writer) {}

  void Write() {
    HtmlElement main(writer_, "main");
    Answer();
    Findings();
    Hosts();
    Sets();
    Patterns();
    Judged();
  }

 private:
  void Answer();
  void Findings();
  void FindingRow(const Finding& finding);
  void Hosts();
  void Sets();
  void SetTable(const CheckedSet& set);
  void Patterns();
  void Judged();

  void Head(std::initializer_list<const char*> names) {
    HtmlElement head(writer_, "thead");
    HtmlElement row(writer_, "tr");
    for (const char* name : names) {
      writer_.Line("th", name, {{"scope", "col"}});
    }
  }

  // Mark writes a word as a cell, coloured by `kind`: "yes", "no" or "other".
  void Mark(absl::string_view word, absl::string_view kind) {
    HtmlElement cell(writer_, "td", {{"class", "words"}});
    writer_.Line("span", word, {{"class", absl::StrCat("mark ", kind)}});
  }

  // Name is Cell for what is short and not to be broken within a word.
  void Name(absl::string_view text) {
    HtmlElement cell(writer_, "td", {{"class", "words"}});
    writer_.Foreign(text);
  }

  // Cell writes text that may be a stranger's.
  void Cell(absl::string_view text) {
    HtmlElement cell(writer_, "td");
    writer_.Foreign(text);
  }

  void Code(absl::string_view text) {
    HtmlElement cell(writer_, "td");
    writer_.Line("code", text);
  }

  std::string Left(absl::Time until) const {
    const int64_t days = (until - report_.time) / absl::Hours(24);
    return until < report_.time
               ? absl::StrCat(DateText(until), ", expired")
               : absl::StrCat(DateText(until), ", ", days,
                              days == 1 ? " day left" : " days left");
  }

  void Row(absl::string_view term, absl::string_view text) {
    writer_.Line("dt", term);
    HtmlElement value(writer_, "dd");
    writer_.Foreign(text);
  }

  const CheckReport& report_;
  HtmlWriter& writer_;
};

absl::string_view MarkOf(const CheckReport& report, const Finding& finding) {
  if (Fails(report, finding) || finding.undecided) {
    return "no";
  }
  return finding.severity == Severity::kNote ? "yes" : "other";
}

void Page::Answer() {
  const char* state = report_.exit_code == 0   ? "accepted"
                      : report_.exit_code == 1 ? "refused"
                                               : "reported";
  HtmlElement box(writer_, "header",
                  {{"class", absl::StrCat("verdict ", state)}});
  writer_.Line("h1", report_.exit_code == 0   ? "Check passed"
                     : report_.exit_code == 1 ? "Check failed"
                                              : "Check undecided");
  writer_.Line("p", report_.answer, {{"class", "summary"}});
  HtmlElement about(writer_, "p", {{"class", "about"}});
  writer_.Foreign(report_.pin_file);
  writer_.Text(absl::StrCat(", judged at ", TimeText(report_.time),
                            ", exit code ", report_.exit_code));
}

void Page::FindingRow(const Finding& finding) {
  HtmlElement row(writer_, "tr");
  Mark(finding.undecided ? "undecided" : SeverityName(finding.severity),
       MarkOf(report_, finding));
  Cell(finding.target.empty() ? "pin file" : finding.target);
  Name(finding.set);
  HtmlElement cell(writer_, "td");
  writer_.Foreign(finding.message);
  HtmlElement more(writer_, "span", {{"class", "more"}});
  writer_.Line("code", finding.code);
  if (finding.place.line != 0) {
    writer_.Text(" at ");
    writer_.Foreign(absl::StrCat(report_.pin_file, ":", finding.place.line, ":",
                                 finding.place.column));
  }
  if (const FindingRule* rule = RuleOf(finding.code); rule != nullptr) {
    writer_.Text(absl::StrCat(". ", rule->advice));
  }
}

void Page::Findings() {
  writer_.Line("h2", "Findings");
  if (report_.findings.empty()) {
    writer_.Line("p", "None.");
    return;
  }
  HtmlElement table(writer_, "table");
  Head({"Severity", "Host", "Set", "What was found"});
  HtmlElement body(writer_, "tbody");
  // The gravest first.
  for (const absl::string_view mark : {"no", "other", "yes"}) {
    for (const Finding& finding : report_.findings) {
      if (MarkOf(report_, finding) == mark) {
        FindingRow(finding);
      }
    }
  }
}

void Page::Hosts() {
  writer_.Line("h2", "Hosts");
  if (report_.hosts.empty()) {
    writer_.Line("p", "None was asked.");
    return;
  }
  HtmlElement table(writer_, "table");
  Head({"Host", "Result", "Pins", "First certificate to expire"});
  HtmlElement body(writer_, "tbody");
  for (const CheckedHost& host : report_.hosts) {
    HtmlElement row(writer_, "tr");
    Cell(host.target);
    {
      HtmlElement cell(writer_, "td");
      writer_.Line(
          "span", host.result,
          {{"class",
            absl::StrCat("mark ", host.result == "accepted"  ? "yes"
                                  : host.result == "refused" ? "no"
                                                             : "other")}});
      HtmlElement more(writer_, "span", {{"class", "more"}});
      writer_.Foreign(host.message);
    }
    Cell(host.set.empty() ? "not pinned"
                          : absl::StrCat(host.set, " for ", host.pattern));
    const CheckedCertificate* first = nullptr;
    for (const CheckedCertificate& certificate : host.path) {
      if (first == nullptr || certificate.not_after < first->not_after) {
        first = &certificate;
      }
    }
    Cell(first == nullptr
             ? ""
             : absl::StrCat(Left(first->not_after), ": ", first->subject));
  }
}

void Page::SetTable(const CheckedSet& set) {
  writer_.Line("h3", absl::StrCat("Set ", set.name));
  writer_.Line("p", absl::StrCat(set.mode, "; expires ", Left(set.expires)));
  HtmlElement table(writer_, "table");
  Head({"Pin", "Name", "Kind", "Role", "In service"});
  HtmlElement body(writer_, "tbody");
  for (const CheckedPin& pin : set.pins) {
    HtmlElement row(writer_, "tr");
    Code(pin.pin);
    Cell(pin.name);
    const bool is_pin = pin.kind == CheckedPin::Kind::kPin;
    Cell(is_pin                                  ? "pin"
         : pin.kind == CheckedPin::Kind::kBackup ? "backup"
                                                 : "blocked");
    Cell(pin.role);
    std::string seen = pin.seen ? "seen" : "not seen";
    if (pin.runs > 0) {
      absl::StrAppend(
          &seen, "; in ", pin.runs, pin.runs == 1 ? " run" : " runs", " since ",
          DateText(pin.since), ", last ",
          pin.last_seen.has_value() ? DateText(*pin.last_seen) : "never");
    }
    Mark(seen, pin.seen == is_pin ? "yes" : "other");
  }
}

void Page::Sets() {
  writer_.Line("h2", "Pin sets");
  for (const CheckedSet& set : report_.sets) {
    SetTable(set);
  }
}

void Page::Patterns() {
  writer_.Line("h2", "Host patterns");
  HtmlElement table(writer_, "table");
  Head({"Pattern", "Set", "Reached"});
  HtmlElement body(writer_, "tbody");
  for (const CheckedPattern& pattern : report_.patterns) {
    HtmlElement row(writer_, "tr");
    Cell(pattern.pattern);
    Cell(pattern.set);
    Mark(pattern.reached ? "yes" : "no", pattern.reached ? "yes" : "other");
  }
}

void Page::Judged() {
  writer_.Line("h2", "How this was judged");
  HtmlElement list(writer_, "dl");
  Row("Time used", TimeText(report_.time));
  Row("Pin file", report_.pin_file);
  Row("Warnings fail", report_.strict ? "yes (--strict)" : "no");
  Row("Tool", report_.tool);
}

}  // namespace

std::string HtmlReport(const CheckReport& report) {
  HtmlWriter writer("en", absl::StrCat("tlspin check: ", report.answer),
                    VerdictPageCss());
  Page(report, writer).Write();
  return writer.Finish();
}

}  // namespace tlspin
