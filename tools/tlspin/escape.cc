#include "tools/tlspin/escape.h"

#include <cstddef>

#include "absl/strings/str_replace.h"
#include "pinning/internal/text_escape.h"

namespace tlspin {

std::string Escape(absl::string_view text) {
  return pinning::internal::EscapeText(text);
}

std::string EscapeMessage(absl::string_view message) {
  constexpr size_t kMaxLength = 4096;
  return absl::StrReplaceAll(pinning::internal::EscapeText(message, kMaxLength),
                             {{R"(\\)", R"(\)"}});
}

}  // namespace tlspin
