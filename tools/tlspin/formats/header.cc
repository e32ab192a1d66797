#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/notes.h"

// The header fields of RFC 7469, section 2.1.
namespace tlspin {
namespace {

using ::pinning::PinSet;

constexpr absl::string_view kField = "Public-Key-Pins";
constexpr absl::string_view kReportField = "Public-Key-Pins-Report-Only";

constexpr Capabilities Can() {
  Capabilities can;
  can.expiry = Expiry::kMaxAge;
  can.report_only = true;
  return can;
}

absl::StatusOr<std::vector<std::string>> Write(const ExportPlan& plan) {
  const DocumentSet& set = plan.document->sets[plan.set];
  const int64_t seconds = absl::ToInt64Seconds(set.set->expires() - plan.now);
  if (seconds <= 0) {
    return ErrorAt(plan.document->file_name, set.expires_place,
                   "the set has expired: there is no max-age to write");
  }
  std::string text = absl::StrCat(
      set.set->mode() == PinSet::Mode::kReportOnly ? kReportField : kField,
      ":");
  for (const DocumentPin* pin : AllowedPins(set)) {
    absl::StrAppend(&text, " pin-sha256=\"", Base64Of(*pin), "\";");
  }
  absl::StrAppend(&text, " max-age=", seconds);
  if (!plan.entries.empty() && plan.entries[0].all_below) {
    absl::StrAppend(&text, "; includeSubDomains");
  }
  return std::vector<std::string>{absl::StrCat(text, "\n")};
}

// A Reader reads one field.
class Reader {
 public:
  explicit Reader(const ImportSource& source)
      : source_(source.text), now_(source.now) {}

  absl::StatusOr<Imported> Read();

 private:
  struct Directive {
    size_t offset = 0;
    std::string name;  // in lower case
    std::string value;
    bool quoted = false;
  };

  absl::Status ReadField();
  absl::StatusOr<Directive> ReadDirective();
  absl::Status Use(const Directive& directive);
  void SkipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  const SourceText& source_;
  const absl::Time now_;
  absl::string_view text_;
  size_t at_ = 0;
  std::set<std::string> seen_;
  ImportedSet set_;
  Imported imported_;
};

absl::Status Reader::ReadField() {
  text_ = absl::StripTrailingAsciiWhitespace(source_.text());
  const size_t line = text_.find('\n');
  if (line != text_.npos) {
    return source_.Error(line + 1, "one header field on one line is read");
  }
  set_.mode = PinSet::Mode::kEnforce;
  const size_t colon = text_.find(':');
  const size_t pin = text_.find('"');
  if (colon == text_.npos || colon > pin) {
    return absl::OkStatus();  // the value alone
  }
  const absl::string_view name = text_.substr(0, colon);
  if (absl::EqualsIgnoreCase(name, kReportField)) {
    set_.mode = PinSet::Mode::kReportOnly;
  } else if (!absl::EqualsIgnoreCase(name, kField)) {
    return source_.Error(
        0, absl::StrCat("the field is ", kField, " or ", kReportField));
  }
  at_ = colon + 1;
  return absl::OkStatus();
}

absl::StatusOr<Reader::Directive> Reader::ReadDirective() {
  Directive directive;
  directive.offset = at_;
  while (at_ < text_.size() &&
         (absl::ascii_isalnum(text_[at_]) || text_[at_] == '-')) {
    directive.name += absl::ascii_tolower(text_[at_++]);
  }
  if (directive.name.empty()) {
    return source_.Error(at_, "expected the name of a directive");
  }
  if (at_ < text_.size() && text_[at_] == '=') {
    ++at_;
    directive.quoted = at_ < text_.size() && text_[at_] == '"';
    const size_t begin = directive.quoted ? at_ + 1 : at_;
    const size_t end =
        text_.find_first_of(directive.quoted ? "\"" : "; \t", begin);
    if (directive.quoted && end == text_.npos) {
      return source_.Error(at_, "a quoted string begins here and does not end");
    }
    directive.value = std::string(text_.substr(begin, end - begin));
    at_ = std::min(end, text_.size()) + (directive.quoted ? 1 : 0);
  }
  SkipBlanks();
  if (at_ < text_.size() && text_[at_] != ';') {
    return source_.Error(at_, "expected a semicolon");
  }
  return directive;
}

absl::Status Reader::Use(const Directive& directive) {
  if (directive.name == "pin-sha256") {
    const absl::StatusOr<pinning::Pin> pin = PinFromBase64(directive.value);
    if (!pin.ok() || !directive.quoted) {
      return source_.Error(directive.offset,
                           "expected pin-sha256=\"...\" with the padded base64 "
                           "of 32 bytes");
    }
    AddPin(
        {*pin, "", pinning::PinRole::kAny, source_.PlaceOf(directive.offset)},
        set_.pins);
    return absl::OkStatus();
  }
  if (!seen_.insert(directive.name).second) {
    return source_.Error(directive.offset, "this directive is there twice");
  }
  if (directive.name == "max-age") {
    int64_t seconds = 0;
    if (!absl::SimpleAtoi(directive.value, &seconds) || seconds <= 0) {
      return source_.Error(directive.offset, "max-age is a number of seconds");
    }
    set_.expires = absl::FromUnixSeconds(absl::ToUnixSeconds(now_)) +
                   absl::Seconds(seconds);
  } else if (directive.name == "includesubdomains") {
    imported_.includes_subdomains = true;
  } else {
    imported_.ignored.push_back(
        IgnoredAt(source_.PlaceOf(directive.offset), directive.name));
  }
  return absl::OkStatus();
}

absl::StatusOr<Imported> Reader::Read() {
  absl::Status status = source_.Check();
  status.Update(ReadField());
  set_.place = {1, 1};
  while (status.ok()) {
    SkipBlanks();
    if (at_ >= text_.size()) {
      break;
    }
    if (text_[at_] == ';') {
      ++at_;
      continue;
    }
    const absl::StatusOr<Directive> directive = ReadDirective();
    status = directive.ok() ? Use(*directive) : directive.status();
  }
  if (!status.ok()) {
    return status;
  }
  if (set_.pins.empty()) {
    return source_.Error(0, "there is no pin-sha256=\"...\"");
  }
  imported_.sets.push_back(std::move(set_));
  return std::move(imported_);
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  return Reader(source).Read();
}

}  // namespace

const FormatSpec kHeaderFormat = {
    "header", "the header of RFC 7469",
    ".txt",   "",
    Can(),    "browsers do not read this header any more",
    Write,    Read};

}  // namespace tlspin
