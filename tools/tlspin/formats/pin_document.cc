#include "tools/tlspin/formats/pin_document.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/types/span.h"
#include "pinning/internal/json_reader.h"

namespace tlspin {
namespace {

using ::pinning::NamedPin;
using ::pinning::PinSet;
using ::pinning::PinStore;
using ::pinning::internal::JsonDocument;
using ::pinning::internal::JsonMember;
using ::pinning::internal::JsonValue;

// The store was read from the same text: it has the values, in the order of the
// text, and all that is looked for here is there.
class Reader {
 public:
  Reader(const JsonDocument& json, absl::string_view text)
      : json_(json), text_(text, "") {}

  void Read(PinDocument& document) const {
    const JsonValue& root = json_.root();
    document.comment = TextOf(root, "comment", document.comment_place);
    const std::vector<std::shared_ptr<const PinSet>> sets =
        *document.store->pin_sets();
    const std::vector<JsonMember> members =
        root.Find("sets")->members().ToVector();
    std::map<const PinSet*, size_t> indexes;
    for (size_t i = 0; i < sets.size(); ++i) {
      indexes[sets[i].get()] = i;
      document.sets.push_back(SetOf(*sets[i], members[i]));
    }
    const std::vector<PinStore::Entry> entries = *document.store->entries();
    const std::vector<JsonMember> hosts =
        root.Find("hosts")->members().ToVector();
    for (size_t i = 0; i < entries.size(); ++i) {
      document.hosts.push_back({std::string(entries[i].pattern()),
                                entries[i].is_pinned()
                                    ? indexes[entries[i].pin_set()->get()]
                                    : kNoSet,
                                PlaceOf(hosts[i].key_offset)});
    }
  }

 private:
  Place PlaceOf(size_t offset) const { return text_.PlaceOf(offset); }

  std::string TextOf(const JsonValue& object, absl::string_view key,
                     Place& place) const {
    const std::optional<JsonValue> value = object.Find(key);
    if (!value.has_value()) {
      return "";
    }
    place = PlaceOf(value->offset());
    return std::string(value->string());
  }

  DocumentSet SetOf(const PinSet& set, const JsonMember& member) const {
    DocumentSet result;
    result.set = &set;
    result.place = PlaceOf(member.key_offset);
    result.mode_place = PlaceOf(member.value.Find("mode")->offset());
    result.expires_place = PlaceOf(member.value.Find("expires")->offset());
    result.on_expiry_place = PlaceOf(member.value.Find("on-expiry")->offset());
    result.comment = TextOf(member.value, "comment", result.comment_place);
    result.pins = PinsOf(set.pins(), member.value.Find("pins"));
    result.backup_pins =
        PinsOf(set.backup_pins(), member.value.Find("backup-pins"));
    result.blocked_pins =
        PinsOf(set.blocked_pins(), member.value.Find("blocked-pins"));
    return result;
  }

  std::vector<DocumentPin> PinsOf(absl::Span<const NamedPin> pins,
                                  const std::optional<JsonValue>& array) const {
    std::vector<DocumentPin> result;
    const std::vector<JsonValue> elements = array.has_value()
                                                ? array->elements().ToVector()
                                                : std::vector<JsonValue>();
    for (size_t i = 0; i < pins.size(); ++i) {
      const JsonValue value = elements[i];
      DocumentPin pin{pins[i], "", "", PlaceOf(value.offset())};
      Place unused;
      pin.source = TextOf(value, "source", unused);
      pin.comment = TextOf(value, "comment", unused);
      result.push_back(std::move(pin));
    }
    return result;
  }

  const JsonDocument& json_;
  const SourceText text_;
};

}  // namespace

std::vector<const DocumentPin*> AllowedPins(const DocumentSet& set) {
  std::vector<const DocumentPin*> pins;
  for (const DocumentPin& pin : set.pins) {
    pins.push_back(&pin);
  }
  for (const DocumentPin& pin : set.backup_pins) {
    pins.push_back(&pin);
  }
  return pins;
}

absl::StatusOr<PinDocument> ReadPinDocument(absl::string_view text,
                                            absl::string_view file_name) {
  PinDocument document;
  document.file_name = std::string(file_name);
  absl::StatusOr<std::shared_ptr<const PinStore>> store =
      PinStore::FromJson(text, file_name);
  if (!store.ok()) {
    return store.status();
  }
  document.store = *std::move(store);
  const absl::StatusOr<JsonDocument> json =
      JsonDocument::Parse(text, file_name);
  if (!json.ok()) {
    return json.status();
  }
  Reader(*json, text).Read(document);
  return document;
}

}  // namespace tlspin
