#include "tools/tlspin/pin_diff_print.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/host_cells.h"

namespace tlspin {
namespace {

Json TextOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json JsonOf(const PinChange& change) {
  Json json;
  json["code"] = std::string(PinChangeName(change.kind));
  json["accepts_more"] = change.accepts_more;
  json["refuses_more"] = change.refuses_more;
  json["pin"] = change.pin.has_value() ? Json(change.pin->ToString()) : Json();
  json["name"] = TextOrNull(change.name);
  json["old"] = TextOrNull(change.was);
  json["new"] = TextOrNull(change.is_now);
  return json;
}

Json JsonOf(const HostChange& host) {
  Json json;
  json["hosts"] = Json::array();
  for (const HostCell& cell : host.hosts) {
    json["hosts"].push_back({{"pattern", cell.ToString()},
                             {"example", cell.representative.ToString()}});
  }
  json["old_set"] = TextOrNull(host.old_set);
  json["new_set"] = TextOrNull(host.new_set);
  json["changes"] = Json::array();
  for (const PinChange& change : host.changes) {
    json["changes"].push_back(JsonOf(change));
  }
  return json;
}

std::string SetText(const std::string& name) {
  return name.empty() ? "not pinned"
                      : absl::StrCat("set \"", Escape(name), "\"");
}

std::string LineOf(const PinChange& change) {
  std::string line = absl::StrCat("  ", PinChangeName(change.kind));
  line.resize(15, ' ');
  if (change.pin.has_value()) {
    absl::StrAppend(&line, change.pin->ToString(), "  ", Escape(change.name),
                    "  ");
  }
  if (!change.was.empty() && !change.is_now.empty()) {
    absl::StrAppend(&line, change.was, " -> ", change.is_now);
  } else {
    absl::StrAppend(&line, change.was, change.is_now);
  }
  return absl::StrCat(line, ": ",
                      DiffEffectText(change.accepts_more, change.refuses_more),
                      "\n");
}

}  // namespace

void AddDiffKeys(const PinDiff& diff, Json& json) {
  json["same"] = diff.same();
  json["accepts_more"] = diff.accepts_more();
  json["refuses_more"] = diff.refuses_more();
  json["hosts"] = Json::array();
  for (const HostChange& host : diff.hosts) {
    json["hosts"].push_back(JsonOf(host));
  }
}

std::string DiffEffectText(bool accepts_more, bool refuses_more) {
  return accepts_more && refuses_more ? "accepts more and refuses more"
         : accepts_more               ? "accepts more"
         : refuses_more               ? "refuses more"
                                      : "decides nothing else";
}

std::string DiffText(const PinDiff& diff) {
  std::string text;
  for (const HostChange& host : diff.hosts) {
    for (size_t i = 0; i < host.hosts.size(); ++i) {
      absl::StrAppend(&text, i == 0 ? "hosts    " : "         ",
                      Escape(host.hosts[i].ToString()), "\n");
    }
    absl::StrAppend(&text, "         ", SetText(host.old_set), " -> ",
                    SetText(host.new_set), "\n");
    for (const PinChange& change : host.changes) {
      absl::StrAppend(&text, LineOf(change));
    }
  }
  return text;
}

}  // namespace tlspin
