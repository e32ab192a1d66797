#include "pinning/internal/pem.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "pinning/internal/base64.h"

namespace pinning {
namespace internal {
namespace {

constexpr absl::string_view kBegin = "-----BEGIN ";
constexpr absl::string_view kEnd = "-----END ";
constexpr absl::string_view kDashes = "-----";
constexpr size_t kLineLength = 64;

absl::Status Fault(int line, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("PEM, line ", line, ": ", what));
}

// TakeLine removes the first line from `text` and returns it without the blanks
// and line end after it.
absl::string_view TakeLine(absl::string_view& text) {
  const size_t end = text.find('\n');
  absl::string_view line = text.substr(0, end);
  text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  return absl::StripTrailingAsciiWhitespace(line);
}

// LabelOf returns the label of a boundary line that begins with `prefix`, or an
// empty view if `line` is not one.
absl::string_view LabelOf(absl::string_view line, absl::string_view prefix) {
  if (!absl::ConsumePrefix(&line, prefix) ||
      !absl::ConsumeSuffix(&line, kDashes)) {
    return {};
  }
  return line;
}

// TakeBlock reads the rest of a block whose BEGIN line has been taken.
absl::StatusOr<PemBlock> TakeBlock(absl::string_view& text, int& line_number,
                                   absl::string_view label) {
  PemBlock block;
  block.label = std::string(label);
  block.line = line_number;
  std::string base64;
  while (!text.empty()) {
    const absl::string_view line = TakeLine(text);
    ++line_number;
    if (absl::StartsWith(line, kEnd)) {
      if (LabelOf(line, kEnd) != label) {
        return Fault(line_number,
                     "the END line does not match BEGIN " + std::string(label));
      }
      auto der = Base64Decode(base64);
      if (!der.ok()) {
        return Fault(block.line, absl::StrCat("in the block begun here: ",
                                              der.status().message()));
      }
      block.der = *std::move(der);
      return block;
    }
    if (absl::StartsWith(line, kBegin)) {
      return Fault(line_number, "BEGIN inside a block");
    }
    if (absl::StrContains(line, ':')) {
      return Fault(line_number, "a header line: encrypted PEM is not read");
    }
    absl::StrAppend(&base64, absl::StripLeadingAsciiWhitespace(line));
  }
  return Fault(block.line, "the block begun here does not end");
}

}  // namespace

absl::StatusOr<std::vector<PemBlock>> ParsePem(absl::string_view text) {
  std::vector<PemBlock> blocks;
  int line_number = 0;
  while (!text.empty()) {
    const absl::string_view line = TakeLine(text);
    ++line_number;
    if (!absl::StartsWith(line, kBegin)) {
      continue;
    }
    const absl::string_view label = LabelOf(line, kBegin);
    if (label.empty()) {
      return Fault(line_number, "a BEGIN line without its closing dashes");
    }
    auto block = TakeBlock(text, line_number, label);
    if (!block.ok()) {
      return block.status();
    }
    blocks.push_back(*std::move(block));
  }
  return blocks;
}

std::string PemEncode(absl::string_view label, absl::Span<const uint8_t> der) {
  const std::string base64 = Base64Encode(der);
  std::string pem = absl::StrCat(kBegin, label, kDashes, "\n");
  for (size_t i = 0; i < base64.size(); i += kLineLength) {
    absl::StrAppend(&pem, absl::string_view(base64).substr(i, kLineLength),
                    "\n");
  }
  absl::StrAppend(&pem, kEnd, label, kDashes, "\n");
  return pem;
}

}  // namespace internal
}  // namespace pinning
