#include "tools/tlspin/pin_places.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace tlspin {
namespace {

using ::pinning::internal::JsonDocument;
using ::pinning::internal::JsonMember;
using ::pinning::internal::JsonValue;

absl::string_view KeyOf(PinPlaces::List list) {
  switch (list) {
    case PinPlaces::List::kPins:
      break;
    case PinPlaces::List::kBackupPins:
      return "backup-pins";
    case PinPlaces::List::kBlockedPins:
      return "blocked-pins";
  }
  return "pins";
}

// CodePoints returns how many there are in `text`, which is UTF-8.
int CodePoints(absl::string_view text) {
  return static_cast<int>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

PinPlaces PinPlaces::Of(absl::string_view text) {
  PinPlaces places;
  auto copy = std::make_shared<const std::string>(text);
  absl::StatusOr<JsonDocument> document = JsonDocument::Parse(*copy, "pins");
  if (document.ok()) {
    places.text_ = std::move(copy);
    places.document_ = *std::move(document);
  }
  return places;
}

FilePlace PinPlaces::At(size_t offset) const {
  const pinning::internal::JsonPlace place = document_->PlaceOf(offset);
  FilePlace result;
  result.line = static_cast<int>(place.line);
  result.column = static_cast<int>(place.column);
  const size_t begin = offset + 1 - place.column;
  result.character =
      1 + CodePoints(absl::string_view(*text_).substr(begin, place.column - 1));
  return result;
}

FilePlace PinPlaces::Byte(size_t offset) const {
  return document_.has_value() && offset <= text_->size() ? At(offset)
                                                          : FilePlace();
}

FilePlace PinPlaces::File() const {
  return document_.has_value() ? At(document_->root().offset()) : FilePlace();
}

std::optional<JsonValue> PinPlaces::Root(absl::string_view key) const {
  return document_.has_value() ? document_->root().Find(key) : std::nullopt;
}

FilePlace PinPlaces::Updated() const {
  const std::optional<JsonValue> updated = Root("updated");
  return updated.has_value() ? At(updated->offset()) : FilePlace();
}

std::optional<JsonMember> PinPlaces::SetMember(absl::string_view name) const {
  if (const std::optional<JsonValue> sets = Root("sets")) {
    for (const JsonMember& member : sets->members()) {
      if (member.key == name) {
        return member;
      }
    }
  }
  return std::nullopt;
}

FilePlace PinPlaces::Set(absl::string_view name) const {
  const std::optional<JsonMember> set = SetMember(name);
  return set.has_value() ? At(set->key_offset) : FilePlace();
}

std::optional<JsonValue> PinPlaces::ValueIn(absl::string_view set,
                                            absl::string_view key) const {
  const std::optional<JsonMember> member = SetMember(set);
  return member.has_value() ? member->value.Find(key) : std::nullopt;
}

FilePlace PinPlaces::Member(absl::string_view set,
                            absl::string_view key) const {
  const std::optional<JsonValue> value = ValueIn(set, key);
  return value.has_value() ? At(value->offset()) : FilePlace();
}

FilePlace PinPlaces::Pin(absl::string_view set, List list, size_t index) const {
  const std::optional<JsonValue> pins = ValueIn(set, KeyOf(list));
  return pins.has_value() && index < pins->elements().size()
             ? At(pins->elements()[index].offset())
             : FilePlace();
}

FilePlace PinPlaces::Host(size_t index) const {
  const std::optional<JsonValue> hosts = Root("hosts");
  return hosts.has_value() && index < hosts->members().size()
             ? At(hosts->members()[index].key_offset)
             : FilePlace();
}

}  // namespace tlspin
