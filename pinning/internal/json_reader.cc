#include "pinning/internal/json_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/hash_index.h"
#include "pinning/internal/json_number.h"
#include "pinning/internal/json_text_fault.h"
#include "simdjson.h"

namespace pinning::internal {
namespace {

// The objects of more members than this are searched for keys that come twice
// by an index.
constexpr size_t kFewMembers = 16;

// What ends a number, or a word such as "true".
constexpr absl::string_view kEndsOfScalars = " \n\t\r,:[]{}";

}  // namespace

// A JsonTreeBuilder makes a tree of the tokens of a text. simdjson finds where
// they begin, and checks UTF-8 and that strings end and have no control
// characters; what is left are their order and their insides.
class JsonTreeBuilder {
 public:
  explicit JsonTreeBuilder(JsonDocument& document)
      : document_(document), tree_(*document.tree_), text_(tree_.text) {}

  absl::Status Build();

 private:
  simdjson::error_code FindTokens();

  // These read what begins at the token `at_` and step behind it. They return
  // false after Fail.
  bool ReadValue(int depth);
  bool ReadObject(int depth);
  bool ReadArray(int depth);
  bool ReadKey();
  bool ReadString();
  bool ReadNumber();
  bool ReadWord();

  void KeepScalar(JsonValue::Tag tag, size_t rest);
  void KeepContainer(JsonValue::Tag tag, uint32_t open, size_t offset);
  void NoteDuplicates(JsonValue object, size_t members);

  // Next is the first character of the token; NUL at the end of the text.
  char Next() const { return offset_ < text_.size() ? text_[offset_] : '\0'; }
  void Advance() { offset_ = slots_[++at_]; }
  absl::string_view Scalar() const;

  bool Fail(size_t offset, absl::string_view message);
  bool FailUnexpected();
  bool FailNoValue();
  absl::Status TextError(simdjson::error_code code) const;

  JsonDocument& document_;
  JsonTree& tree_;
  const absl::string_view text_;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> simdjson_;
  uint32_t* slots_ = nullptr;  // the offsets of tokens; of the tree behind
  uint32_t count_ = 0;         // of tokens; the one after is at the end
  uint32_t at_ = 0;
  size_t offset_ = 0;  // of the token at `at_`
  size_t values_ = 0;
  size_t next_backslash_ = 0;  // the first that is not before the last string
  std::string escaped_;        // a string of the text, and
  std::vector<uint8_t> unescaped_;  // what it means
  absl::Status status_;
};

simdjson::error_code JsonTreeBuilder::FindTokens() {
  simdjson::error_code error =
      simdjson::get_active_implementation()->create_dom_parser_implementation(
          text_.size(), 1, simdjson_);
  if (error == simdjson::SUCCESS) {
    error = simdjson_->stage1(reinterpret_cast<const uint8_t*>(text_.data()),
                              text_.size(), simdjson::stage1_mode::regular);
  }
  return error;
}

absl::Status JsonTreeBuilder::Build() {
  const simdjson::error_code error = FindTokens();
  if (error != simdjson::SUCCESS) {
    return TextError(error);
  }
  tree_.slots = std::move(simdjson_->structural_indexes);
  slots_ = tree_.slots.get();
  count_ = simdjson_->n_structural_indexes;
  offset_ = slots_[0];
  if (Next() != '{' && Next() != '[') {
    return document_.ErrorAt(offset_, "a JSON object or array must begin here");
  }
  next_backslash_ = text_.find('\\');
  if (!ReadValue(1)) {
    return status_;
  }
  if (at_ < count_) {
    return document_.ErrorAt(offset_,
                             "the document has ended; delete what follows");
  }
  return absl::OkStatus();
}

bool JsonTreeBuilder::ReadValue(int depth) {
  if (depth > JsonDocument::kMaxDepth) {
    return Fail(offset_,
                absl::StrCat("nested deeper than ", JsonDocument::kMaxDepth));
  }
  if (++values_ > JsonDocument::kMaxValues) {
    status_ = absl::ResourceExhaustedError(
        absl::StrCat(document_.file_name_, ": more than ",
                     JsonDocument::kMaxValues, " values"));
    return false;
  }
  switch (Next()) {
    case '"':
      return ReadString();
    case '{':
      return ReadObject(depth);
    case '[':
      return ReadArray(depth);
    case 't':
    case 'f':
    case 'n':
      return ReadWord();
    default:
      return Next() == '-' || absl::ascii_isdigit(Next()) ? ReadNumber()
                                                          : FailUnexpected();
  }
}

bool JsonTreeBuilder::ReadObject(int depth) {
  const uint32_t open = at_;
  const size_t offset = offset_;
  size_t members = 0;
  Advance();
  while (members > 0 || Next() != '}') {
    if (!ReadKey() || !ReadValue(depth + 1)) {
      return false;
    }
    ++members;
    if (Next() == '}') {
      break;
    }
    if (Next() != ',') {
      return FailUnexpected();
    }
    Advance();
  }
  KeepContainer(JsonValue::kObject, open, offset);
  NoteDuplicates(JsonValue(&tree_, open), members);
  return true;
}

bool JsonTreeBuilder::ReadArray(int depth) {
  const uint32_t open = at_;
  const size_t offset = offset_;
  Advance();
  while (at_ > open + 1 || Next() != ']') {
    if (!ReadValue(depth + 1)) {
      return false;
    }
    if (Next() == ']') {
      break;
    }
    if (Next() != ',') {
      return FailUnexpected();
    }
    Advance();
  }
  KeepContainer(JsonValue::kArray, open, offset);
  return true;
}

bool JsonTreeBuilder::ReadKey() {
  if (Next() != '"') {
    return FailUnexpected();
  }
  const size_t colon = slots_[at_ + 1];
  if (colon == text_.size() || text_[colon] != ':') {
    Advance();
    return FailUnexpected();
  }
  if (!ReadString()) {
    return false;
  }
  Advance();
  return true;
}

bool JsonTreeBuilder::ReadString() {
  // The token after a string is its punctuation, and white space is between.
  size_t end = slots_[at_ + 1] - 1;
  while (text_[end] != '"') {
    --end;
  }
  const size_t begin = offset_ + 1;
  if (next_backslash_ >= end) {
    KeepScalar(JsonValue::kString, end - begin);
    return true;
  }
  // simdjson reads and writes whole blocks, past the ends.
  escaped_.assign(text_.substr(begin, end + 1 - begin));
  escaped_.append(simdjson::SIMDJSON_PADDING, '\0');
  unescaped_.resize(escaped_.size());
  const uint8_t* unescaped_end = simdjson_->parse_string(
      reinterpret_cast<const uint8_t*>(escaped_.data()), unescaped_.data());
  if (unescaped_end == nullptr) {
    return Fail(offset_, "malformed string: bad escape or lone surrogate");
  }
  next_backslash_ = text_.find('\\', end);
  tree_.unescaped.emplace_back(static_cast<const uint8_t*>(unescaped_.data()),
                               unescaped_end);
  KeepScalar(JsonValue::kEscaped, tree_.unescaped.size() - 1);
  return true;
}

// Scalar returns the token, which is no string and no punctuation.
absl::string_view JsonTreeBuilder::Scalar() const {
  const size_t end = text_.find_first_of(kEndsOfScalars, offset_);
  return text_.substr(offset_, end - offset_);
}

bool JsonTreeBuilder::ReadNumber() {
  const absl::string_view text = Scalar();
  if (text == "-" || (text[0] == '-' && !absl::ascii_isdigit(text[1]))) {
    return FailNoValue();
  }
  const std::optional<double> number = ParseJsonNumber(text);
  if (!number.has_value()) {
    return Fail(offset_, "malformed number or out of range");
  }
  tree_.numbers.push_back(*number);
  KeepScalar(JsonValue::kNumber, tree_.numbers.size() - 1);
  return true;
}

bool JsonTreeBuilder::ReadWord() {
  const absl::string_view text = Scalar();
  if (text == "null") {
    KeepScalar(JsonValue::kNull, 0);
  } else if (text == "true" || text == "false") {
    KeepScalar(JsonValue::kBool, text == "true" ? 1 : 0);
  } else {
    return FailNoValue();
  }
  return true;
}

void JsonTreeBuilder::KeepScalar(JsonValue::Tag tag, size_t rest) {
  const size_t next = slots_[at_ + 1];
  slots_[at_] = static_cast<uint32_t>(offset_ << JsonTree::kKindBits | tag);
  slots_[++at_] = static_cast<uint32_t>(rest);
  offset_ = next;
}

// KeepContainer keeps the container that began at `open`, and ends at `at_`.
void JsonTreeBuilder::KeepContainer(JsonValue::Tag tag, uint32_t open,
                                    size_t offset) {
  const size_t next = slots_[at_ + 1];
  slots_[open] = at_ << JsonTree::kKindBits | tag;
  slots_[++at_] = static_cast<uint32_t>(offset);
  offset_ = next;
}

void JsonTreeBuilder::NoteDuplicates(JsonValue object, size_t members) {
  const auto note = [this](size_t offset) {
    document_.first_duplicate_ = std::min(document_.first_duplicate_, offset);
  };
  if (members <= kFewMembers) {
    absl::string_view keys[kFewMembers];
    size_t count = 0;
    for (const JsonMember& member : object.members()) {
      if (std::find(keys, keys + count, member.key) != keys + count) {
        note(member.key_offset);
      }
      keys[count++] = member.key;
    }
    return;
  }
  std::vector<uint32_t> slots;
  slots.reserve(members);
  const JsonRange<JsonMember> range = object.members();
  for (auto it = range.begin(); it != range.end(); ++it) {
    slots.push_back(it.slot());
  }
  const auto key_at = [this](uint32_t slot) { return JsonValue(&tree_, slot); };
  HashIndex().AddAll(
      slots, [&](uint32_t slot) { return absl::HashOf(key_at(slot).string()); },
      [&](uint32_t a, uint32_t b) {
        return key_at(a).string() == key_at(b).string();
      },
      [&](uint32_t slot) { note(key_at(slot).offset()); });
}

bool JsonTreeBuilder::Fail(size_t offset, absl::string_view message) {
  status_ = document_.ErrorAt(offset, message);
  return false;
}

bool JsonTreeBuilder::FailUnexpected() {
  return offset_ == text_.size()
             ? Fail(offset_, "the file ends in the middle of the JSON document")
             : Fail(offset_,
                    "unexpected here: look for a missing or superfluous comma, "
                    "colon, brace or quotation mark");
}

bool JsonTreeBuilder::FailNoValue() {
  return Fail(offset_,
              "not a JSON value: write an object, an array, a string, a "
              "number, true, false or null");
}

// TextError returns the error for `code`, found before any token was read;
// simdjson does not say where.
absl::Status JsonTreeBuilder::TextError(simdjson::error_code code) const {
  switch (code) {
    case simdjson::EMPTY:
      return document_.ErrorAt(size_t{0}, "the file holds no JSON");
    case simdjson::UTF8_ERROR:
      return document_.ErrorAt(FirstInvalidUtf8(text_), "not valid UTF-8");
    case simdjson::UNESCAPED_CHARS:
    case simdjson::UNCLOSED_STRING: {
      size_t offset = FirstStringFault(text_);
      return document_.ErrorAt(
          offset, text_[offset] == '"'
                      ? "a string begins here and does not end"
                      : "a control character in a string: write it as \\u00XX, "
                        "or close the string before it");
    }
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY:
      return absl::ResourceExhaustedError(
          absl::StrCat(document_.file_name_, ": too large to parse"));
    default:
      return document_.ErrorAt(size_t{0}, simdjson::error_message(code));
  }
}

absl::StatusOr<JsonDocument> JsonDocument::Parse(absl::string_view text,
                                                 absl::string_view file_name) {
  absl::StatusOr<JsonDocument> document =
      ParseAllowingDuplicateKeys(text, file_name);
  if (document.ok() && document->first_duplicate_ != std::string::npos) {
    return document->DuplicateKeyError();
  }
  return document;
}

absl::StatusOr<JsonDocument> JsonDocument::ParseAllowingDuplicateKeys(
    absl::string_view text, absl::string_view file_name) {
  if (text.size() > kMaxSize) {
    return absl::ResourceExhaustedError(absl::StrCat(
        file_name, ": ", text.size(), " bytes; at most ", kMaxSize));
  }
  JsonDocument document;
  document.file_name_ = std::string(file_name);
  document.tree_->text = text;
  absl::Status status = JsonTreeBuilder(document).Build();
  if (!status.ok()) {
    return status;
  }
  return document;
}

absl::Status JsonDocument::DuplicateKeyError() const {
  return ErrorAt(first_duplicate_,
                 "this key is already in the same object; delete one of them");
}

JsonPlace JsonDocument::PlaceOf(size_t offset) const {
  absl::string_view before = tree_->text.substr(0, offset);
  JsonPlace place;
  place.line += std::count(before.begin(), before.end(), '\n');
  size_t newline = before.rfind('\n');
  place.column += before.size() - (newline == before.npos ? 0 : newline + 1);
  return place;
}

absl::Status JsonDocument::ErrorAt(size_t offset,
                                   absl::string_view message) const {
  JsonPlace place = PlaceOf(offset);
  return absl::InvalidArgumentError(absl::StrCat(
      file_name_, ":", place.line, ":", place.column, ": ", message));
}

absl::Status JsonDocument::ErrorAt(const JsonValue& value,
                                   absl::string_view message) const {
  return ErrorAt(value.offset(), message);
}

}  // namespace pinning::internal
