#include "tools/tlspin/check_print.h"

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/language.h"
#include "pinning/pin_set.h"
#include "pinning/report.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/verdict_text.h"

namespace tlspin {
namespace {

using ::pinning::Language;

std::string ChangesText(const std::vector<Change>& changes, bool full,
                        Language language) {
  Table table;
  for (const Change& change : changes) {
    const std::string role(PinRoleName(change.role));
    for (const Change::Key& key : change.expected) {
      table.AddRow({role, Say(Phrase::kCheckExpected, language),
                    PinText(key.pin, full), key.name});
    }
    for (const Change::Key& key : change.served) {
      table.AddRow({role, Say(Phrase::kCheckServed, language),
                    PinText(key.pin, full), key.name});
    }
    if (change.served.empty()) {
      table.AddRow({role, Say(Phrase::kCheckServed, language),
                    Say(Phrase::kCheckNone, language)});
    }
  }
  return changes.empty() ? ""
                         : table.ToString(Say(Phrase::kCheckChanged, language));
}

Json KeysJson(const std::vector<Change::Key>& keys) {
  Json list = Json::array();
  for (const Change::Key& key : keys) {
    list.push_back({{"pin", key.pin.ToString()}, {"name", key.name}});
  }
  return list;
}

Json EndpointOf(const CheckResult& result) {
  return result.endpoint.has_value()
             ? EndpointJson(*result.endpoint, result.proxy)
             : Json();
}

Json FindingJson(const Finding& finding) {
  Json json;
  json["code"] = finding.code;
  json["severity"] = std::string(SeverityName(finding.severity));
  json["set"] = finding.set.empty() ? Json() : Json(finding.set);
  json["message"] = finding.message;
  json["line"] = finding.place.line == 0 ? Json() : Json(finding.place.line);
  json["column"] =
      finding.place.line == 0 ? Json() : Json(finding.place.column);
  return json;
}

// FindingLine returns the line of a finding on `about`.
std::string FindingLine(Context& context, const std::string& about,
                        const Finding& finding) {
  const Language language = context.language;
  const std::string label = finding.severity == Severity::kError
                                ? Say(Phrase::kLabelError, language)
                            : finding.severity == Severity::kWarning
                                ? Say(Phrase::kCheckWarning, language)
                                : Say(Phrase::kCheckNote, language);
  return Labelled(
      label, absl::StrCat(about, about.empty() ? "" : ": ", finding.message,
                          " [", finding.code, "]"));
}

// MoreJson returns the keys that a check adds to the verdict's.
Json MoreJson(const CheckResult& result) {
  Json json;
  json["endpoint"] = EndpointOf(result);
  json["result"] = CheckKindName(result.kind);
  json["reason"] = result.reason.empty() ? Json() : Json(result.reason);
  json["days_left"] =
      result.days_left.has_value() ? Json(*result.days_left) : Json();
  json["changed"] = Json::array();
  for (const Change& change : result.changes) {
    json["changed"].push_back({{"role", std::string(PinRoleName(change.role))},
                               {"expected", KeysJson(change.expected)},
                               {"served", KeysJson(change.served)}});
  }
  json["not_served"] = Json::array();
  for (const pinning::NamedPin& pin : result.not_served) {
    json["not_served"].push_back(
        {{"pin", pin.pin.ToString()}, {"name", pin.name}});
  }
  json["warnings"] = Json::array();
  json["findings"] = Json::array();
  for (const Finding& finding : result.findings) {
    if (finding.severity == Severity::kWarning) {
      json["warnings"].push_back(
          {{"code", finding.code}, {"message", finding.message}});
    }
    json["findings"].push_back(FindingJson(finding));
  }
  return json;
}

}  // namespace

void PrintCheckResult(Context& context, const CheckPrintOptions& options,
                      const CheckResult& result) {
  Output& out = context.out;
  const std::string target = Escape(result.target);
  const Language language = context.language;

  if (result.verdict.has_value() && !result.verdict->accepted()) {
    VerdictTextOptions text;
    text.full_pins = options.full_pins;
    text.failed_paths = context.verbose;
    text.evidence_codes = context.verbose;
    text.language = language;
    out.Answer(Labelled(Say(Phrase::kLabelServer, language), target));
    out.Answer(ChangesText(result.changes, options.full_pins, language));
    PrintVerdict(*result.verdict, text, out);
    return;
  }
  switch (result.kind) {
    case CheckResult::Kind::kAccepted:
      out.Answer(
          Labelled(Say(Phrase::kCheckOk, language),
                   absl::StrCat(target, ": ", ResultText(result, language))));
      break;
    case CheckResult::Kind::kRefused:
      out.Answer(ChangesText(result.changes, options.full_pins, language));
      out.Answer(Labelled(Say(Phrase::kCheckRefused, language),
                          absl::StrCat(target, ": ", result.reason)));
      break;
    case CheckResult::Kind::kNotReached:
      out.Answer(
          Labelled(Say(Phrase::kCheckUnknown, language),
                   result.verdict.has_value() || !result.endpoint.has_value()
                       ? absl::StrCat(target, ": ", result.reason)
                       : result.reason));
      break;
  }
  for (const Finding& finding : result.findings) {
    // What the line above says already is not said again.
    if (!finding.undecided && finding.message != result.reason &&
        (finding.severity != Severity::kNote || context.verbose)) {
      out.Answer(FindingLine(context, target, finding));
    }
  }
  if (!result.hint.empty()) {
    out.Hint(result.hint);
  }
}

void PrintCheckJson(Context& context, const Judge& judge,
                    const CheckResult& result) {
  Json more = MoreJson(result);
  more["roots"] = RootsJson(judge.roots);
  if (result.verdict.has_value()) {
    context.out.Answer(
        WithKeys(VerdictToJson(*result.verdict, JsonLanguage(context)), more));
    return;
  }
  Json error = {{"schema", "tlspin.error/1"}, {"command", context.command}};
  error["message"] = result.reason;
  error["hint"] = result.hint.empty() ? Json() : Json(result.hint);
  error["exit_code"] = static_cast<int>(kUndecided);
  error["code"] = result.code.empty() ? Json() : Json(result.code);
  error["endpoint"] = EndpointOf(result);
  error["pattern"] = result.endpoint.has_value() ? Json() : Json(result.target);
  error["result"] = CheckKindName(result.kind);
  context.out.Answer(JsonLine(error));
  context.out.Note(result.endpoint.has_value()
                       ? result.reason
                       : absl::StrCat(result.target, ": ", result.reason));
}

void PrintFileFindings(Context& context, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (finding.code == "pin-not-served") {
      context.out.Answer(Labelled(Say(Phrase::kCheckDrift, context.language),
                                  finding.message));
    } else if (finding.code == "pattern-not-asked") {
      continue;  // a line of its own, or the coverage, says it
    } else if (finding.severity != Severity::kNote || context.verbose) {
      context.out.Answer(FindingLine(context, finding.target, finding));
    }
  }
}

void PrintCheckCoverage(Context& context,
                        const std::vector<CheckedPattern>& patterns) {
  size_t checked = 0;
  std::string missing;
  for (const CheckedPattern& pattern : patterns) {
    if (pattern.reached) {
      ++checked;
    } else {
      absl::StrAppend(&missing, missing.empty() ? "" : ", ", pattern.pattern);
    }
  }
  const Language language = context.language;
  std::string text =
      Say(Phrase::kCheckPatterns, language, checked, patterns.size());
  if (!missing.empty()) {
    text = Say(Phrase::kCheckPatternsMissing, language, text, missing);
  }
  context.out.Answer(Labelled(Say(Phrase::kCheckCoverage, language), text));
}

void PrintCheckAnswer(Context& context, const CheckPrintOptions& options,
                      const CheckOutcome& outcome) {
  const Phrase answer = outcome.exit_code == kYes  ? Phrase::kCheckGood
                        : outcome.exit_code == kNo ? Phrase::kCheckFail
                                                   : Phrase::kCheckUndecided;
  const Language language = context.language;
  const std::string word = Say(answer, language);
  std::string line =
      Labelled(word, absl::StrCat(Escape(options.pin_file), ": ",
                                  CheckAnswer(outcome, language)));
  context.out.Answer(line.replace(
      0, word.size(),
      context.out.Paint(answer == Phrase::kCheckGood ? Output::Style::kGood
                                                     : Output::Style::kBad,
                        word)));
}

}  // namespace tlspin
