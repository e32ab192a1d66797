#include "tools/tlspin/formats/chromium.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "pinning/internal/json_reader.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"

// Chromium's two files: hosts and sets in JSON, keys in .pins.
namespace tlspin {
namespace {

using ::pinning::internal::JsonDocument;
using ::pinning::internal::JsonMember;
using ::pinning::internal::JsonValue;
using Kind = JsonValue::Kind;

constexpr Capabilities Can() {
  Capabilities can;
  can.hosts = HostForm::kNamesAndAllBelow;
  can.overlap = Overlap::kMostSpecific;
  can.blocked_pins = true;
  can.notes = true;
  return can;
}

class Reader {
 public:
  Reader(const JsonDocument& json, const ChromiumPins& pins)
      : json_(json), pins_(pins) {}

  absl::StatusOr<Imported> Read();

 private:
  absl::Status ReadPinset(const JsonValue& value);
  absl::Status ReadEntry(const JsonValue& value);
  absl::Status ReadKeys(const JsonValue& list, std::vector<ImportedPin>& pins);
  absl::Status Expect(const JsonValue& value, Kind kind) {
    return value.kind() == kind
               ? absl::OkStatus()
               : json_.ErrorAt(value,
                               absl::StrCat("expected ", JsonKindName(kind)));
  }
  Place PlaceOf(size_t offset) const {
    const pinning::internal::JsonPlace place = json_.PlaceOf(offset);
    return {place.line, place.column};
  }

  const JsonDocument& json_;
  const ChromiumPins& pins_;
  std::map<std::string, size_t> sets_;
  std::set<std::string> used_;  // names of keys
  Imported imported_;
};

absl::StatusOr<Imported> Reader::Read() {
  imported_.updated = pins_.timestamp;
  const JsonValue& root = json_.root();
  absl::Status status = Expect(root, Kind::kObject);
  std::optional<JsonValue> lists[2];
  for (const JsonMember& member : root.members()) {
    const int list = member.key == "pinsets"   ? 0
                     : member.key == "entries" ? 1
                                               : 2;
    if (list == 2) {
      return json_.ErrorAt(
          member.key_offset,
          "unknown key: \"pinsets\" and \"entries\" are known");
    }
    lists[list] = member.value;
    status.Update(Expect(member.value, Kind::kArray));
  }
  if (status.ok() && (!lists[0].has_value() || !lists[1].has_value())) {
    return json_.ErrorAt(root, "\"pinsets\" and \"entries\" are needed");
  }
  for (int i = 0; i < 2 && status.ok(); ++i) {
    for (const JsonValue& value : lists[i]->elements()) {
      if (status.ok()) {
        status = i == 0 ? ReadPinset(value) : ReadEntry(value);
      }
    }
  }
  if (!status.ok()) {
    return status;
  }
  for (const auto& [name, key] : pins_.keys) {
    if (used_.count(name) == 0) {
      imported_.ignored.push_back(
          IgnoredAt({}, absl::StrCat("the key ", name, ", which no set has")));
    }
  }
  return std::move(imported_);
}

absl::Status Reader::ReadPinset(const JsonValue& value) {
  absl::Status status = Expect(value, Kind::kObject);
  ImportedSet set;
  set.place = PlaceOf(value.offset());
  for (const JsonMember& member : value.members()) {
    if (member.key == "name") {
      status.Update(Expect(member.value, Kind::kString));
      set.name = member.value.string();
    } else if (member.key == "static_spki_hashes") {
      status.Update(ReadKeys(member.value, set.pins));
    } else if (member.key == "bad_static_spki_hashes") {
      status.Update(ReadKeys(member.value, set.blocked_pins));
    } else if (member.key == "report_uri") {
      imported_.ignored.push_back(
          IgnoredAt(PlaceOf(member.key_offset), "report_uri"));
    } else {
      return json_.ErrorAt(member.key_offset, "unknown key of a pinset");
    }
  }
  if (!status.ok()) {
    return status;
  }
  if (set.name.empty() || set.pins.empty()) {
    return json_.ErrorAt(
        value, "a pinset needs a \"name\" and \"static_spki_hashes\"");
  }
  if (!sets_.try_emplace(set.name, imported_.sets.size()).second) {
    return json_.ErrorAt(value, "a pinset of this name is there already");
  }
  imported_.sets.push_back(std::move(set));
  return status;
}

absl::Status Reader::ReadKeys(const JsonValue& list,
                              std::vector<ImportedPin>& pins) {
  absl::Status status = Expect(list, Kind::kArray);
  for (const JsonValue& name : list.elements()) {
    status.Update(Expect(name, Kind::kString));
    const auto key = pins_.keys.find(std::string(name.string()));
    if (status.ok() && key == pins_.keys.end()) {
      return json_.ErrorAt(name, "the .pins file has no key of this name");
    }
    if (status.ok()) {
      used_.insert(key->first);
      AddPin({key->second.pin, key->first, pinning::PinRole::kAny,
              PlaceOf(name.offset())},
             pins);
    }
  }
  return status;
}

absl::Status Reader::ReadEntry(const JsonValue& value) {
  absl::Status status = Expect(value, Kind::kObject);
  FormatEntry entry;
  entry.place = PlaceOf(value.offset());
  for (const JsonMember& member : value.members()) {
    if (member.key == "name") {
      status.Update(Expect(member.value, Kind::kString));
      entry.host = member.value.string();
    } else if (member.key == "include_subdomains") {
      status.Update(Expect(member.value, Kind::kBool));
      entry.one_below = entry.all_below = member.value.boolean();
    } else if (member.key == "pins") {
      const auto set = sets_.find(std::string(member.value.string()));
      if (set == sets_.end()) {
        return json_.ErrorAt(member.value, "there is no pinset of this name");
      }
      entry.set = set->second;
    } else {
      return json_.ErrorAt(member.key_offset, "unknown key of an entry");
    }
  }
  if (status.ok() && (entry.host.empty() || entry.set == kNoSet)) {
    return json_.ErrorAt(value, "an entry needs a \"name\" and \"pins\"");
  }
  imported_.entries.push_back(std::move(entry));
  return status;
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  const absl::StatusOr<ChromiumPins> pins = ReadChromiumPins(source.companion);
  if (!pins.ok()) {
    return pins.status();
  }
  const std::string text = WithoutJsonExtensions(source.text.text());
  const absl::StatusOr<JsonDocument> json =
      JsonDocument::Parse(text, source.text.file_name());
  if (!json.ok()) {
    return json.status();
  }
  return Reader(*json, *pins).Read();
}

}  // namespace

const FormatSpec kChromiumFormat = {
    "chromium",
    "Chromium's static pins",
    ".json",
    ".pins",
    Can(),
    "Chromium does not enforce a list that is ten weeks old, nor for anchors "
    "that were added to the machine",
    WriteChromium,
    Read};

}  // namespace tlspin
