#include "pinning/internal/json_text_fault.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "simdjson.h"

namespace pinning::internal {

size_t FirstInvalidUtf8(absl::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    uint8_t lead = static_cast<uint8_t>(text[i]);
    size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (i + length > text.size() ||
        !simdjson::validate_utf8(text.data() + i, length)) {
      return i;
    }
    i += length;
  }
  return 0;
}

size_t FirstStringFault(absl::string_view text) {
  size_t begin = text.npos;  // of the string we are in
  for (size_t i = 0; i < text.size(); ++i) {
    if (begin == text.npos) {
      if (text[i] == '"') {
        begin = i;
      }
    } else if (static_cast<uint8_t>(text[i]) < 0x20) {
      return i;
    } else if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      begin = text.npos;
    }
  }
  return begin == text.npos ? 0 : begin;
}

}  // namespace pinning::internal
