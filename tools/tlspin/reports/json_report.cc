#include "tools/tlspin/reports/json_report.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

Json OrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json PlaceJson(const FilePlace& place) {
  return place.line == 0
             ? Json()
             : Json({{"line", place.line}, {"column", place.column}});
}

Json HostJson(const CheckedHost& host) {
  Json json;
  json["target"] = host.target;
  json["endpoint"] = {
      {"host", host.host}, {"address", host.address}, {"port", host.port}};
  json["peer"] = OrNull(host.peer);
  json["result"] = host.result;
  json["message"] = host.message;
  json["error_code"] = OrNull(host.error_code);
  json["set"] = OrNull(host.set);
  json["pattern"] = OrNull(host.pattern);
  json["matched"] = OrNull(host.matched);
  json["path"] = Json::array();
  for (const CheckedCertificate& certificate : host.path) {
    json["path"].push_back({{"depth", certificate.depth},
                            {"subject", certificate.subject},
                            {"pin", certificate.pin},
                            {"not_after", TimeText(certificate.not_after)}});
  }
  return json;
}

std::string KindName(CheckedPin::Kind kind) {
  switch (kind) {
    case CheckedPin::Kind::kPin:
      break;
    case CheckedPin::Kind::kBackup:
      return "backup";
    case CheckedPin::Kind::kBlocked:
      return "blocked";
  }
  return "pin";
}

Json PinJson(const CheckedPin& pin) {
  Json json;
  json["pin"] = pin.pin;
  json["name"] = pin.name;
  json["kind"] = KindName(pin.kind);
  json["role"] = pin.role;
  json["seen"] = pin.seen;
  json["history"] = Json();
  if (pin.runs > 0) {
    json["history"] = {
        {"runs", pin.runs},
        {"since", TimeText(pin.since)},
        {"last_seen",
         pin.last_seen.has_value() ? Json(TimeText(*pin.last_seen)) : Json()}};
  }
  return json;
}

Json SetJson(const CheckedSet& set) {
  Json json;
  json["name"] = set.name;
  json["mode"] = set.mode;
  json["expires"] = TimeText(set.expires);
  json["place"] = PlaceJson(set.place);
  json["pins"] = Json::array();
  for (const CheckedPin& pin : set.pins) {
    json["pins"].push_back(PinJson(pin));
  }
  return json;
}

Json FindingJson(const CheckReport& report, const Finding& finding) {
  Json json;
  json["code"] = finding.code;
  json["severity"] = std::string(SeverityName(finding.severity));
  json["fails"] = Fails(report, finding);
  json["undecided"] = finding.undecided;
  json["target"] = OrNull(finding.target);
  json["set"] = OrNull(finding.set);
  json["item"] = OrNull(finding.item);
  json["message"] = finding.message;
  json["place"] = PlaceJson(finding.place);
  return json;
}

}  // namespace

std::string JsonReport(const CheckReport& report) {
  Json json;
  json["schema"] = "tlspin.check-report/1";
  json["tool"] = report.tool;
  json["pin_file"] = report.pin_file;
  json["time"] = TimeText(report.time);
  json["strict"] = report.strict;
  json["exit_code"] = report.exit_code;
  json["answer"] = report.answer;
  json["hosts"] = Json::array();
  for (const CheckedHost& host : report.hosts) {
    json["hosts"].push_back(HostJson(host));
  }
  json["sets"] = Json::array();
  for (const CheckedSet& set : report.sets) {
    json["sets"].push_back(SetJson(set));
  }
  json["patterns"] = Json::array();
  for (const CheckedPattern& pattern : report.patterns) {
    json["patterns"].push_back({{"pattern", pattern.pattern},
                                {"set", pattern.set},
                                {"reached", pattern.reached},
                                {"place", PlaceJson(pattern.place)}});
  }
  json["findings"] = Json::array();
  for (const Finding& finding : report.findings) {
    json["findings"].push_back(FindingJson(report, finding));
  }
  return absl::StrCat(json.dump(2, ' ', true, Json::error_handler_t::replace),
                      "\n");
}

}  // namespace tlspin
