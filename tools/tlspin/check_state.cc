#include "tools/tlspin/check_state.h"

#include <sys/stat.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/output.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

constexpr char kSchema[] = "tlspin.check-state/1";

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("not a state of tlspin check: ", what,
                   "; give another file, or delete this one to begin again"));
}

// TimeOf returns the time at `key`; a message if it is none.
absl::StatusOr<absl::Time> TimeOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) {
    return Malformed(absl::StrCat("\"", key, "\" is no time"));
  }
  absl::StatusOr<absl::Time> time = ParseTime(found->get<std::string>());
  if (!time.ok()) {
    return Malformed(absl::StrCat("\"", key, "\" is no time"));
  }
  return time;
}

absl::StatusOr<CheckState::Seen> SeenOf(const Json& json) {
  CheckState::Seen seen;
  const auto runs = json.find("runs");
  if (runs == json.end() || !runs->is_number_unsigned()) {
    return Malformed("\"runs\" is no number");
  }
  seen.runs = runs->get<int64_t>();
  const absl::StatusOr<absl::Time> since = TimeOf(json, "since");
  if (!since.ok()) {
    return since.status();
  }
  seen.since = *since;
  if (json.contains("last_seen") && !json["last_seen"].is_null()) {
    const absl::StatusOr<absl::Time> last = TimeOf(json, "last_seen");
    if (!last.ok()) {
      return last.status();
    }
    seen.last_seen = *last;
  }
  return seen;
}

std::string TextOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : "";
}

}  // namespace

absl::StatusOr<CheckState> CheckState::FromJson(absl::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || TextOf(json, "schema") != kSchema) {
    return Malformed(absl::StrCat("no \"schema\": \"", kSchema, "\""));
  }
  const auto pins = json.find("pins");
  if (pins == json.end() || !pins->is_array()) {
    return Malformed("\"pins\" is no list");
  }
  CheckState state;
  for (const Json& pin : *pins) {
    if (!pin.is_object() || TextOf(pin, "set").empty() ||
        TextOf(pin, "pin").empty()) {
      return Malformed("a member of \"pins\" lacks its \"set\" or \"pin\"");
    }
    absl::StatusOr<Seen> seen = SeenOf(pin);
    if (!seen.ok()) {
      return seen.status();
    }
    state.pins_[{TextOf(pin, "set"), TextOf(pin, "pin")}] = *seen;
  }
  return state;
}

absl::StatusOr<CheckState> CheckState::Load(const std::string& path) {
  struct stat file;
  if (stat(path.c_str(), &file) != 0 && errno == ENOENT) {
    return CheckState();
  }
  const absl::StatusOr<std::string> text = ReadInput(path);
  if (!text.ok()) {
    return text.status();
  }
  absl::StatusOr<CheckState> state = FromJson(*text);
  if (!state.ok()) {
    return InFile(path, state.status());
  }
  return state;
}

const CheckState::Seen* CheckState::Find(const std::string& set,
                                         const std::string& pin) const {
  const auto found = pins_.find({set, pin});
  return found == pins_.end() ? nullptr : &found->second;
}

const CheckState::Seen& CheckState::Note(const std::string& set,
                                         const std::string& pin, bool seen,
                                         absl::Time now) {
  Seen& known = pins_[{set, pin}];
  if (known.runs == 0) {
    known.since = now;
  }
  ++known.runs;
  if (seen) {
    known.last_seen = now;
  }
  return known;
}

std::string CheckState::ToJson() const {
  Json json;
  json["schema"] = kSchema;
  json["pins"] = Json::array();
  for (const auto& [key, seen] : pins_) {
    json["pins"].push_back({{"set", key.first},
                            {"pin", key.second},
                            {"runs", seen.runs},
                            {"since", TimeText(seen.since)},
                            {"last_seen", seen.last_seen.has_value()
                                              ? Json(TimeText(*seen.last_seen))
                                              : Json()}});
  }
  return absl::StrCat(json.dump(2, ' ', true, Json::error_handler_t::replace),
                      "\n");
}

}  // namespace tlspin
