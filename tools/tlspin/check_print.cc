#include "tools/tlspin/check_print.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
using ::pinning::PinStore;

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

// AcceptedText returns what there is to say of a host that is as it should be.
std::string AcceptedText(const CheckResult& result, Language language) {
  const pinning::PinDetails* pins = result.verdict->pins();
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

Json KeysJson(const std::vector<Change::Key>& keys) {
  Json list = Json::array();
  for (const Change::Key& key : keys) {
    list.push_back({{"pin", key.pin.ToString()}, {"name", key.name}});
  }
  return list;
}

Json EndpointOf(const CheckResult& result) {
  return result.endpoint.has_value() ? EndpointJson(*result.endpoint) : Json();
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
  for (const CheckWarning& warning : result.warnings) {
    json["warnings"].push_back(
        {{"code", warning.code}, {"message", warning.message}});
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
                   absl::StrCat(target, ": ", AcceptedText(result, language))));
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
  for (const CheckWarning& warning : result.warnings) {
    out.Answer(Labelled(
        Say(Phrase::kCheckWarning, language),
        absl::StrCat(target, ": ", warning.message, " [", warning.code, "]")));
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

void PrintCheckCoverage(Context& context, const PinStore& store,
                        const std::vector<CheckResult>& results) {
  std::vector<std::string> covered;
  for (const CheckResult& result : results) {
    if (result.verdict.has_value() && result.verdict->pins() != nullptr) {
      covered.push_back(result.verdict->pins()->pattern);
    }
  }
  size_t pinned = 0, checked = 0;
  std::string missing;
  for (const PinStore::Entry& entry : store.entries()) {
    if (entry.pin_set == nullptr) {
      continue;
    }
    ++pinned;
    if (std::find(covered.begin(), covered.end(), entry.pattern) !=
        covered.end()) {
      ++checked;
    } else {
      absl::StrAppend(&missing, missing.empty() ? "" : ", ",
                      Escape(entry.pattern));
    }
  }
  const Language language = context.language;
  std::string text = Say(Phrase::kCheckPatterns, language, checked, pinned);
  if (!missing.empty()) {
    text = Say(Phrase::kCheckPatternsMissing, language, text, missing);
  }
  context.out.Answer(Labelled(Say(Phrase::kCheckCoverage, language), text));
}

void PrintCheckAnswer(Context& context, const CheckPrintOptions& options,
                      const std::vector<CheckResult>& results) {
  size_t refused = 0, unknown = 0;
  for (const CheckResult& result : results) {
    refused += result.kind == CheckResult::Kind::kRefused ? 1 : 0;
    unknown += result.kind == CheckResult::Kind::kNotReached ? 1 : 0;
  }
  const Language language = context.language;
  std::string text;
  Phrase answer = Phrase::kCheckGood;
  if (refused + unknown == 0) {
    text = results.size() == 1
               ? Say(Phrase::kCheckOneGood, language)
               : Say(Phrase::kCheckAllGood, language, results.size());
  } else {
    answer = refused > 0 ? Phrase::kCheckFail : Phrase::kCheckUndecided;
    if (refused > 0) {
      text = Say(Phrase::kCheckCountRefused, language, refused);
    }
    if (unknown > 0) {
      absl::StrAppend(&text, text.empty() ? "" : ", ",
                      Say(Phrase::kCheckCountUnknown, language, unknown));
    }
    text = results.size() == 1
               ? Say(Phrase::kCheckOfOne, language, text)
               : Say(Phrase::kCheckOfMany, language, results.size(), text);
  }
  const std::string word = Say(answer, language);
  std::string line =
      Labelled(word, absl::StrCat(Escape(options.pin_file), ": ", text));
  context.out.Answer(line.replace(
      0, word.size(),
      context.out.Paint(answer == Phrase::kCheckGood ? Output::Style::kGood
                                                     : Output::Style::kBad,
                        word)));
}

}  // namespace tlspin
