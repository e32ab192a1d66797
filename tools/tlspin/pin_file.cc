#include "tools/tlspin/pin_file.h"

#include <memory>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "pinning/pin_store.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using Json = nlohmann::ordered_json;
using ::pinning::PinSet;

Json JsonOf(const std::vector<PinFilePin>& pins, bool with_role = true) {
  Json list = Json::array();
  for (const PinFilePin& pin : pins) {
    list.push_back(PinFilePinJson(pin, with_role));
  }
  return list;
}

}  // namespace

nlohmann::ordered_json PinFilePinJson(const PinFilePin& pin, bool with_role) {
  Json json;
  json["name"] = pin.pin.name;
  json["pin"] = pin.pin.pin.ToString();
  if (with_role) {
    json["role"] = std::string(pinning::PinRoleName(pin.pin.role));
  }
  if (!pin.source.empty()) {
    json["source"] = pin.source;
  }
  return json;
}

nlohmann::ordered_json PinFileSetJson(const PinFileSet& set) {
  Json json;
  json["mode"] = set.mode == PinSet::Mode::kEnforce ? "enforce" : "report-only";
  json["expires"] = TimeText(set.expires);
  json["on-expiry"] =
      set.on_expiry == PinSet::OnExpiry::kReject ? "reject" : "stop-enforcing";
  json["pins"] = JsonOf(set.pins);
  json["backup-pins"] = JsonOf(set.backup_pins);
  if (!set.blocked_pins.empty()) {
    json["blocked-pins"] = JsonOf(set.blocked_pins, /*with_role=*/false);
  }
  return json;
}

absl::StatusOr<std::string> PinFileToJson(const PinFile& file) {
  Json json;
  json["schema"] = "pinning.pins/1";
  json["updated"] = TimeText(file.updated);
  json["sets"] = Json::object();
  for (const PinFileSet& set : file.sets) {
    json["sets"][set.name] = PinFileSetJson(set);
  }
  json["hosts"] = Json::object();
  for (const PinFile::Host& host : file.hosts) {
    json["hosts"][host.pattern] = host.set;
  }
  // Certificate text is escaped by whoever made the names; ASCII keeps a
  // reviewer's screen from being written on by what was missed.
  std::string text =
      json.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) +
      "\n";
  const absl::StatusOr<std::shared_ptr<const pinning::PinStore>> store =
      pinning::PinStore::FromJson(text, "the pin file to be written");
  if (!store.ok()) {
    return store.status();
  }
  return text;
}

}  // namespace tlspin
