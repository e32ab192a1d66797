#include "pinning/internal/json_number.h"

#include <cmath>
#include <cstddef>
#include <optional>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace pinning::internal {
namespace {

// IsNumber returns whether `text` is what the grammar wants, which is less than
// absl::from_chars takes.
bool IsNumber(absl::string_view text) {
  const auto consume_digits = [&text] {
    const size_t size = text.size();
    while (!text.empty() && absl::ascii_isdigit(text[0])) {
      text.remove_prefix(1);
    }
    return text.size() < size;
  };
  absl::ConsumePrefix(&text, "-");
  if (!absl::ConsumePrefix(&text, "0") && !consume_digits()) {
    return false;
  }
  if (absl::ConsumePrefix(&text, ".") && !consume_digits()) {
    return false;
  }
  if (absl::ConsumePrefix(&text, "e") || absl::ConsumePrefix(&text, "E")) {
    absl::ConsumePrefix(&text, absl::StartsWith(text, "+") ? "+" : "-");
    return consume_digits() && text.empty();
  }
  return text.empty();
}

}  // namespace

std::optional<double> ParseJsonNumber(absl::string_view text) {
  double number = 0;
  const absl::from_chars_result result =
      absl::from_chars(text.data(), text.data() + text.size(), number);
  const bool too_large =
      result.ec == std::errc::result_out_of_range && std::abs(number) > 1;
  return IsNumber(text) && !too_large ? std::optional<double>(number)
                                      : std::nullopt;
}

}  // namespace pinning::internal
