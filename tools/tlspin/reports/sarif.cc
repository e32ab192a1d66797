#include "tools/tlspin/reports/sarif.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

// UriOf returns the file `path` as a URI reference (RFC 3986, 4.1): a relative
// path stays relative, so that a code host finds the file in the checkout.
std::string UriOf(absl::string_view path) {
  constexpr char kHex[] = "0123456789ABCDEF";
  while (absl::StartsWith(path, "./")) {
    path.remove_prefix(2);
  }
  std::string uri = absl::StartsWith(path, "/") ? "file://" : "";
  for (const char c : path) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || absl::StrContains("-._~/", c)) {
      uri += c;
    } else {
      absl::StrAppend(&uri, "%", std::string(1, kHex[byte >> 4]),
                      std::string(1, kHex[byte & 15]));
    }
  }
  return uri;
}

Json RuleJson(const FindingRule& rule) {
  Json json;
  json["id"] = std::string(rule.code);
  json["shortDescription"]["text"] = absl::StrCat(rule.summary, ".");
  json["help"]["text"] = std::string(rule.advice);
  json["defaultConfiguration"]["level"] =
      std::string(SeverityName(rule.severity));
  return json;
}

// A pin file that came by standard input has no address that anyone could
// open.
bool HasFile(const CheckReport& report) { return report.pin_file != "-"; }

Json LocationJson(const CheckReport& report, const Finding& finding) {
  Json location;
  if (HasFile(report)) {
    Json& physical = location["physicalLocation"];
    physical["artifactLocation"] = {{"uri", UriOf(report.pin_file)},
                                    {"index", 0}};
    if (finding.place.line != 0) {
      physical["region"] = {{"startLine", finding.place.line},
                            {"startColumn", finding.place.character}};
    }
  }
  if (!finding.target.empty()) {
    location["logicalLocations"] = Json::array(
        {{{"fullyQualifiedName", finding.target}, {"kind", "resource"}}});
  }
  return location;
}

// Sentence returns `message` as a sentence with its full stop.
std::string Sentence(absl::string_view message) {
  std::string text(message);
  if (!text.empty() && text.back() != '.') {
    text += '.';
  }
  return text;
}

std::string MessageText(const Finding& finding) {
  return Sentence(finding.target.empty()
                      ? finding.message
                      : absl::StrCat(finding.target, ": ", finding.message));
}

Json ResultJson(const CheckReport& report, const Finding& finding) {
  Json json;
  json["ruleId"] = finding.code;
  const absl::Span<const FindingRule> rules = FindingRules();
  for (size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].code == finding.code) {
      json["ruleIndex"] = i;
    }
  }
  json["level"] = std::string(SeverityName(
      Fails(report, finding) ? Severity::kError : finding.severity));
  json["message"]["text"] = MessageText(finding);
  Json location = LocationJson(report, finding);
  if (!location.empty()) {
    json["locations"] = Json::array({std::move(location)});
  }
  // Not the line: what is found stays the same when the file grows above it.
  json["partialFingerprints"]["tlspinFinding/v1"] = absl::StrCat(
      finding.code, "|", finding.target, "|", finding.set, "|", finding.item);
  json["properties"] = {
      {"host", finding.target.empty() ? Json() : Json(finding.target)},
      {"set", finding.set.empty() ? Json() : Json(finding.set)},
      {"undecided", finding.undecided}};
  return json;
}

Json InvocationJson(const CheckReport& report) {
  Json json;
  Json notifications = Json::array();
  for (const Finding& finding : report.findings) {
    if (finding.undecided) {
      notifications.push_back({{"descriptor", {{"id", finding.code}}},
                               {"level", "error"},
                               {"message", {{"text", MessageText(finding)}}}});
    }
  }
  json["executionSuccessful"] = notifications.empty();
  json["exitCode"] = report.exit_code;
  json["exitCodeDescription"] = report.answer;
  json["toolExecutionNotifications"] = std::move(notifications);
  json["properties"] = {{"judgedAt", TimeText(report.time)},
                        {"strict", report.strict}};
  return json;
}

}  // namespace

std::string SarifReport(const CheckReport& report) {
  const std::pair<std::string, std::string> tool =
      absl::StrSplit(report.tool, absl::MaxSplits(' ', 1));
  Json run;
  Json& driver = run["tool"]["driver"];
  driver["name"] = tool.first;
  driver["version"] = tool.second;
  driver["rules"] = Json::array();
  for (const FindingRule& rule : FindingRules()) {
    driver["rules"].push_back(RuleJson(rule));
  }
  run["columnKind"] = "unicodeCodePoints";
  run["invocations"] = Json::array({InvocationJson(report)});
  if (HasFile(report)) {
    run["artifacts"] =
        Json::array({{{"location", {{"uri", UriOf(report.pin_file)}}},
                      {"roles", Json::array({"analysisTarget"})},
                      {"mimeType", "application/json"}}});
  }
  run["results"] = Json::array();
  for (const Finding& finding : report.findings) {
    run["results"].push_back(ResultJson(report, finding));
  }
  Json log;
  log["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  log["version"] = "2.1.0";
  log["runs"] = Json::array({std::move(run)});
  return absl::StrCat(log.dump(2, ' ', true, Json::error_handler_t::replace),
                      "\n");
}

}  // namespace tlspin
