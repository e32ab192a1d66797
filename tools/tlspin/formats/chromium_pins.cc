#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/formats/chromium.h"
#include "tools/tlspin/formats/pem_keys.h"

namespace tlspin {
namespace {

constexpr absl::string_view kTimestamp = "PinsListTimestamp";

class Reader {
 public:
  explicit Reader(const SourceText& source)
      : source_(source), text_(source.text()) {}

  absl::StatusOr<ChromiumPins> Read();

 private:
  // TakeLine moves past the line that begins at `at_` and returns it.
  absl::string_view TakeLine() {
    const size_t end = std::min(text_.find('\n', at_), text_.size());
    const absl::string_view line = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    return line;
  }
  // Moves past comments, which may stand anywhere.
  void SkipComments() {
    while (at_ < text_.size() && text_[at_] == '#') {
      TakeLine();
    }
  }
  absl::Status ReadEntry();
  absl::Status ReadTimestamp();
  absl::StatusOr<pinning::Pin> ReadValue();

  const SourceText& source_;
  const absl::string_view text_;
  size_t at_ = 0;
  bool has_timestamp_ = false;
  ChromiumPins pins_;
};

absl::StatusOr<ChromiumPins> Reader::Read() {
  absl::Status status = source_.Check();
  const size_t carriage = text_.find('\r');
  if (status.ok() && carriage != text_.npos) {
    return source_.Error(carriage, "lines end in LF alone");
  }
  while (status.ok()) {
    SkipComments();
    if (at_ >= text_.size()) {
      break;
    }
    if (text_[at_] == '\n') {
      ++at_;
    } else {
      status = ReadEntry();
    }
  }
  if (!status.ok()) {
    return status;
  }
  if (!has_timestamp_) {
    return source_.Error(text_.size(),
                         absl::StrCat("there is no ", kTimestamp));
  }
  return std::move(pins_);
}

absl::Status Reader::ReadTimestamp() {
  SkipComments();
  const size_t begin = at_;
  int64_t seconds = 0;
  const absl::string_view line = TakeLine();
  if (has_timestamp_ || line.empty() || !absl::ascii_isdigit(line[0]) ||
      !absl::SimpleAtoi(line, &seconds)) {
    return source_.Error(begin, absl::StrCat("one ", kTimestamp,
                                             " with seconds since 1970 is "
                                             "needed"));
  }
  has_timestamp_ = true;
  pins_.timestamp = absl::FromUnixSeconds(seconds);
  return absl::OkStatus();
}

absl::Status Reader::ReadEntry() {
  const size_t begin = at_;
  const std::string name(TakeLine());
  if (name == kTimestamp) {
    return ReadTimestamp();
  }
  if (!absl::ascii_isupper(name[0])) {
    return source_.Error(begin, "a name begins with one of A to Z");
  }
  for (const char c : name) {
    if (!absl::ascii_isalnum(c) && c != '_') {
      return source_.Error(begin, "a name has letters, digits and _ alone");
    }
  }
  SkipComments();
  const absl::StatusOr<pinning::Pin> pin = ReadValue();
  if (!pin.ok()) {
    return pin.status();
  }
  if (!pins_.keys.try_emplace(name, ChromiumKey{*pin, source_.PlaceOf(begin)})
           .second) {
    return source_.Error(begin, absl::StrCat("\"", name, "\" is there twice"));
  }
  return absl::OkStatus();
}

absl::StatusOr<pinning::Pin> Reader::ReadValue() {
  const size_t begin = at_;
  if (absl::StartsWith(text_.substr(at_), "-----BEGIN ")) {
    const size_t end = EndOfPemBlock(text_, at_);
    if (end == text_.npos) {
      return source_.Error(begin, "a PEM block begins here and does not end");
    }
    at_ = end;
    const absl::StatusOr<pinning::Pin> pin =
        PinOfPemBlock(text_.substr(begin, end - begin));
    if (!pin.ok()) {
      return source_.Error(begin, pin.status().message());
    }
    return pin;
  }
  const absl::StatusOr<pinning::Pin> pin = pinning::Pin::FromString(TakeLine());
  if (!pin.ok()) {
    return source_.Error(begin,
                         "expected \"sha256/\" and the padded base64 of 32 "
                         "bytes, or a PEM block");
  }
  return pin;
}

}  // namespace

absl::StatusOr<ChromiumPins> ReadChromiumPins(const SourceText& source) {
  return Reader(source).Read();
}

std::string WithoutJsonExtensions(absl::string_view text) {
  std::string result(text);
  bool in_string = false;
  size_t comma = std::string::npos;  // the last token, if it is one
  for (size_t i = 0; i < result.size(); ++i) {
    const char c = result[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '/' && absl::StartsWith(text.substr(i), "//")) {
      for (; i < result.size() && result[i] != '\n'; ++i) {
        result[i] = ' ';
      }
    } else if (!absl::ascii_isspace(static_cast<unsigned char>(c))) {
      if ((c == '}' || c == ']') && comma != std::string::npos) {
        result[comma] = ' ';
      }
      comma = c == ',' ? i : std::string::npos;
      in_string = c == '"';
    }
  }
  return result;
}

}  // namespace tlspin
