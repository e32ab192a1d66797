#include "tools/tlspin/pin_places.h"

#include <algorithm>
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
  absl::StatusOr<JsonDocument> document = JsonDocument::Parse(text, "pins");
  if (document.ok()) {
    places.text_ = std::string(text);
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
      1 + CodePoints(absl::string_view(text_).substr(begin, place.column - 1));
  return result;
}

FilePlace PinPlaces::Byte(size_t offset) const {
  return document_.has_value() && offset <= text_.size() ? At(offset)
                                                         : FilePlace();
}

FilePlace PinPlaces::File() const {
  return document_.has_value() ? At(document_->root().offset()) : FilePlace();
}

FilePlace PinPlaces::Updated() const {
  const JsonValue* updated =
      document_.has_value() ? document_->root().Find("updated") : nullptr;
  return updated == nullptr ? FilePlace() : At(updated->offset());
}

const JsonMember* PinPlaces::SetMember(absl::string_view name) const {
  const JsonValue* sets =
      document_.has_value() ? document_->root().Find("sets") : nullptr;
  if (sets == nullptr) {
    return nullptr;
  }
  for (const JsonMember& member : sets->members()) {
    if (member.key == name) {
      return &member;
    }
  }
  return nullptr;
}

FilePlace PinPlaces::Set(absl::string_view name) const {
  const JsonMember* set = SetMember(name);
  return set == nullptr ? FilePlace() : At(set->key_offset);
}

FilePlace PinPlaces::Member(absl::string_view set,
                            absl::string_view key) const {
  const JsonMember* member = SetMember(set);
  const JsonValue* value =
      member == nullptr ? nullptr : member->value.Find(key);
  return value == nullptr ? FilePlace() : At(value->offset());
}

FilePlace PinPlaces::Pin(absl::string_view set, List list, size_t index) const {
  const JsonMember* member = SetMember(set);
  const JsonValue* pins =
      member == nullptr ? nullptr : member->value.Find(KeyOf(list));
  if (pins == nullptr || index >= pins->elements().size()) {
    return FilePlace();
  }
  return At(pins->elements()[index].offset());
}

FilePlace PinPlaces::Host(size_t index) const {
  const JsonValue* hosts =
      document_.has_value() ? document_->root().Find("hosts") : nullptr;
  if (hosts == nullptr || index >= hosts->members().size()) {
    return FilePlace();
  }
  return At(hosts->members()[index].key_offset);
}

}  // namespace tlspin
