#include "pinning/internal/json_checker.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/nearest_word.h"

namespace pinning::internal {

JsonChecker::JsonChecker(const JsonDocument& document) : document_(document) {
  if (document.first_duplicate() != std::string::npos) {
    Fail(document.first_duplicate(),
         "this key is already in the same object: delete one of them");
  }
}

void JsonChecker::Fail(size_t offset, absl::string_view message) {
  if (offset < offset_) {
    offset_ = offset;
    message_ = std::string(message);
  }
}

absl::Status JsonChecker::status() const {
  return ok() ? absl::OkStatus() : document_.ErrorAt(offset_, message_);
}

bool JsonChecker::ExpectKind(const JsonValue& value, JsonValue::Kind kind,
                             absl::string_view what) {
  if (value.kind() == kind) {
    return true;
  }
  Fail(value.offset(), absl::StrCat(what, " is ", JsonKindName(kind), ", not ",
                                    JsonKindName(value.kind())));
  return false;
}

bool JsonChecker::FindKeys(const JsonValue& object,
                           absl::Span<const JsonKey> keys,
                           std::optional<JsonValue>* values) {
  bool known = true;
  size_t next = 0;  // keys come in their usual order, as a rule
  for (const JsonMember& member : object.members()) {
    size_t i = 0;
    while (i < keys.size() && keys[next].name != member.key) {
      next = next + 1 == keys.size() ? 0 : next + 1;
      ++i;
    }
    if (i == keys.size()) {
      known = false;
    } else if (!values[next].has_value()) {
      values[next] = member.value;
    }
  }
  for (size_t i = 0; i < keys.size(); ++i) {
    known = known && (values[i].has_value() || !keys[i].required);
  }
  return known;
}

void JsonChecker::FailKeys(const JsonValue& object, size_t offset,
                           absl::Span<const JsonKey> keys,
                           absl::string_view what) {
  std::vector<absl::string_view> names;
  for (const JsonKey& key : keys) {
    names.push_back(key.name);
  }
  std::vector<absl::string_view> misspelt;
  for (const JsonMember& member : object.members()) {
    if (std::find(names.begin(), names.end(), member.key) != names.end()) {
      continue;
    }
    absl::string_view nearest = NearestWord(member.key, names);
    misspelt.push_back(nearest);
    Fail(member.key_offset,
         absl::StrCat("unknown key",
                      nearest.empty()
                          ? absl::StrCat(": ", what, " has the keys ",
                                         absl::StrJoin(names, ", "))
                          : absl::StrCat("; did you mean \"", nearest, "\"?")));
  }
  for (const JsonKey& key : keys) {
    if (key.required && !object.Find(key.name).has_value() &&
        std::find(misspelt.begin(), misspelt.end(), key.name) ==
            misspelt.end()) {
      Fail(offset, absl::StrCat(what, " lacks \"", key.name, "\": write ",
                                key.example));
    }
  }
}

std::optional<size_t> JsonChecker::OneOf(
    const JsonValue& value, absl::Span<const absl::string_view> choices,
    absl::string_view what) {
  if (!ExpectKind(value, JsonValue::Kind::kString, what)) {
    return std::nullopt;
  }
  auto found = std::find(choices.begin(), choices.end(), value.string());
  if (found == choices.end()) {
    Fail(value.offset(),
         absl::StrCat(what, " is one of \"", absl::StrJoin(choices, "\", \""),
                      "\"", DidYouMean(value.string(), choices)));
    return std::nullopt;
  }
  return found - choices.begin();
}

}  // namespace pinning::internal
