#include "pinning/internal/json_value.h"

#include <optional>

#include "absl/strings/string_view.h"

namespace pinning::internal {

JsonRange<JsonValue> JsonValue::elements() const {
  return is_array() ? Children<JsonValue>() : JsonRange<JsonValue>(tree_, 0, 0);
}

JsonRange<JsonMember> JsonValue::members() const {
  return is_object() ? Children<JsonMember>()
                     : JsonRange<JsonMember>(tree_, 0, 0);
}

std::optional<JsonValue> JsonValue::Find(absl::string_view key) const {
  for (const JsonMember& member : members()) {
    if (member.key == key) {
      return member.value;
    }
  }
  return std::nullopt;
}

absl::string_view JsonKindName(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kBool:
      return "a boolean";
    case JsonValue::Kind::kNumber:
      return "a number";
    case JsonValue::Kind::kString:
      return "a string";
    case JsonValue::Kind::kArray:
      return "an array";
    case JsonValue::Kind::kObject:
      return "an object";
  }
  return "a value";
}

}  // namespace pinning::internal
