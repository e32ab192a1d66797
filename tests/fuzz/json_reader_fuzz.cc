// JsonDocument on any text: no crash, a refusal begins FILE:LINE:COLUMN, and
// every value of a text that is read stands where the document says.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/json_reader.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/places.h"

namespace {

using fuzz::Require;
using pinning::internal::JsonDocument;
using pinning::internal::JsonMember;
using pinning::internal::JsonValue;

void CheckValue(absl::string_view text, const JsonDocument& document,
                const JsonValue& value, int depth) {
  Require(depth <= JsonDocument::kMaxDepth, "depth is bounded");
  Require(value.offset() < text.size(), "a value is in the text");
  const char first = text[value.offset()];
  Require(value.is_object()   ? first == '{'
          : value.is_array()  ? first == '['
          : value.is_string() ? first == '"'
                              : first != ' ',
          "a value stands where the document says");
  Require(
      fuzz::OffsetOf(text, document.PlaceOf(value.offset())) == value.offset(),
      "a place is the offset's");
  for (const JsonValue& element : value.elements()) {
    CheckValue(text, document, element, depth + 1);
  }
  for (const JsonMember& member : value.members()) {
    Require(text[member.key_offset] == '"', "a key stands where it says");
    Require(value.Find(member.key).has_value(), "a key is found");
    CheckValue(text, document, member.value, depth + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = fuzz::TextOf(data, size);
  const auto strict = JsonDocument::Parse(text, "fuzz.json");
  const auto lenient =
      JsonDocument::ParseAllowingDuplicateKeys(text, "fuzz.json");
  if (strict.ok()) {
    Require(lenient.ok(), "what is strict is lenient");
    Require(strict->first_duplicate() == std::string::npos,
            "no key comes twice");
  } else {
    fuzz::RequirePlace(strict.status(), "fuzz.json", text);
  }
  if (lenient.ok()) {
    Require(strict.ok() || lenient->first_duplicate() != std::string::npos,
            "only a key that comes twice is let pass");
    CheckValue(text, *lenient, lenient->root(), 1);
  }
  return 0;
}
