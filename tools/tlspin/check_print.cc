#include "tools/tlspin/check_print.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/pin_set.h"
#include "pinning/report.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/probe.h"
#include "tools/tlspin/roots.h"
#include "tools/tlspin/table.h"
#include "tools/tlspin/verdict_text.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;

std::string ChangesText(const std::vector<Change>& changes, bool full) {
  Table table;
  for (const Change& change : changes) {
    const std::string role(PinRoleName(change.role));
    for (const Change::Key& key : change.expected) {
      table.AddRow({role, "expected", PinText(key.pin, full), key.name});
    }
    for (const Change::Key& key : change.served) {
      table.AddRow({role, "served", PinText(key.pin, full), key.name});
    }
    if (change.served.empty()) {
      table.AddRow({role, "served", "none"});
    }
  }
  return changes.empty() ? "" : table.ToString("changed");
}

std::string DaysText(int64_t days) {
  return absl::StrCat(days, days == 1 ? " day" : " days");
}

// AcceptedText returns what there is to say of a host that is as it should be.
std::string AcceptedText(const CheckResult& result) {
  const pinning::PinDetails* pins = result.verdict->pins();
  if (pins == nullptr) {
    return "not pinned, as the file says";
  }
  if (!pins->matched.has_value()) {
    return "accepted";
  }
  return absl::StrCat("matches \"", Escape(pins->matched->name), "\" (depth ",
                      pins->matched_depth, "), ", Escape(pins->set), " has ",
                      DaysText(result.days_left.value_or(0)), " left");
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

std::string Count(size_t count, absl::string_view what) {
  return absl::StrCat(count, " ", what);
}

}  // namespace

void PrintCheckResult(Context& context, const CheckPrintOptions& options,
                      const CheckResult& result) {
  Output& out = context.out;
  const std::string target = Escape(result.target);

  if (result.verdict.has_value() && !result.verdict->accepted()) {
    VerdictTextOptions text;
    text.full_pins = options.full_pins;
    text.failed_paths = context.verbose;
    text.evidence_codes = context.verbose;
    text.language = context.language;
    out.Answer(Labelled("server", target));
    out.Answer(ChangesText(result.changes, options.full_pins));
    PrintVerdict(*result.verdict, text, out);
    return;
  }
  switch (result.kind) {
    case CheckResult::Kind::kAccepted:
      out.Answer(
          Labelled("ok", absl::StrCat(target, ": ", AcceptedText(result))));
      break;
    case CheckResult::Kind::kRefused:
      out.Answer(ChangesText(result.changes, options.full_pins));
      out.Answer(
          Labelled("refused", absl::StrCat(target, ": ", result.reason)));
      break;
    case CheckResult::Kind::kNotReached:
      out.Answer(Labelled(
          "unknown", result.verdict.has_value() || !result.endpoint.has_value()
                         ? absl::StrCat(target, ": ", result.reason)
                         : result.reason));
      break;
  }
  for (const CheckWarning& warning : result.warnings) {
    out.Answer(Labelled("warning", absl::StrCat(target, ": ", warning.message,
                                                " [", warning.code, "]")));
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
      absl::StrAppend(&missing, missing.empty() ? "; not " : ", ",
                      Escape(entry.pattern));
    }
  }
  context.out.Answer(Labelled(
      "coverage",
      absl::StrCat(checked, " of ", pinned, " patterns checked", missing)));
}

void PrintCheckAnswer(Context& context, const CheckPrintOptions& options,
                      const std::vector<CheckResult>& results) {
  size_t refused = 0, unknown = 0;
  for (const CheckResult& result : results) {
    refused += result.kind == CheckResult::Kind::kRefused ? 1 : 0;
    unknown += result.kind == CheckResult::Kind::kNotReached ? 1 : 0;
  }
  const std::string file = Escape(options.pin_file);
  if (refused + unknown == 0) {
    context.out.Answer(absl::StrCat(
        context.out.Paint(Output::Style::kGood, "OK"), "       ", file, ": ",
        results.size() == 1
            ? "the host matches its pins"
            : absl::StrCat("all ", results.size(), " hosts match their pins"),
        "\n"));
    return;
  }
  std::string text;
  if (refused > 0) {
    text = Count(refused, "refused");
  }
  if (unknown > 0) {
    absl::StrAppend(&text, text.empty() ? "" : ", ",
                    Count(unknown, "could not be checked"));
  }
  context.out.Answer(absl::StrCat(
      context.out.Paint(Output::Style::kBad, refused > 0 ? "FAIL" : "UNKNOWN"),
      refused > 0 ? "     " : "  ", file, ": of ", results.size(),
      results.size() == 1 ? " host " : " hosts ", text, "\n"));
}

}  // namespace tlspin
