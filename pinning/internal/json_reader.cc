#include "pinning/internal/json_reader.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/json_text_fault.h"
#include "simdjson.h"

namespace pinning::internal {

namespace ondemand = simdjson::ondemand;

// A JsonTreeBuilder walks every token of a text with simdjson's On Demand
// parser, which knows where it stands, and builds the tree. Values that nobody
// asks for are not checked by On Demand, so it asks for every one.
class JsonTreeBuilder {
 public:
  explicit JsonTreeBuilder(JsonDocument& document) : document_(document) {}

  absl::Status Build();

 private:
  absl::Status BuildValue(ondemand::value value, int depth, JsonValue& out);
  absl::Status BuildObject(ondemand::value value, int depth, JsonValue& out);
  absl::Status BuildArray(ondemand::value value, int depth, JsonValue& out);
  absl::Status BuildScalar(ondemand::value value, ondemand::json_type type,
                           JsonValue& out);
  absl::Status CheckEnd();
  void NoteDuplicates(const std::vector<JsonMember>& members);

  size_t OffsetOf(const char* p) const { return p - document_.text_.data(); }
  absl::Status SyntaxError(simdjson::error_code code);
  absl::Status TextError(simdjson::error_code code) const;

  JsonDocument& document_;
  ondemand::document simdjson_document_;
  size_t values_ = 0;
  size_t last_offset_ = 0;  // of the token looked at last
};

absl::Status JsonTreeBuilder::Build() {
  ondemand::parser parser;
  std::string& text = document_.text_;
  simdjson::error_code error =
      parser.iterate(text.data(), document_.size_, text.size())
          .get(simdjson_document_);
  if (error != simdjson::SUCCESS) {
    return TextError(error);
  }
  ondemand::json_type type;
  if (simdjson_document_.type().get(type) != simdjson::SUCCESS ||
      (type != ondemand::json_type::object &&
       type != ondemand::json_type::array)) {
    return document_.ErrorAt(text.find_first_not_of(" \t\r\n"),
                             "a JSON object or array must begin here");
  }
  ondemand::value root;
  error = simdjson_document_.get_value().get(root);
  if (error != simdjson::SUCCESS) {
    return SyntaxError(error);
  }
  absl::Status status = BuildValue(root, 1, document_.root_);
  if (!status.ok()) {
    return status;
  }
  return CheckEnd();
}

absl::Status JsonTreeBuilder::CheckEnd() {
  const char* rest = nullptr;
  if (simdjson_document_.current_location().get(rest) == simdjson::SUCCESS) {
    return document_.ErrorAt(OffsetOf(rest),
                             "the document has ended; delete what follows");
  }
  return absl::OkStatus();
}

absl::Status JsonTreeBuilder::BuildValue(ondemand::value value, int depth,
                                         JsonValue& out) {
  out.offset_ = last_offset_ = OffsetOf(value.raw_json_token().data());
  if (depth > JsonDocument::kMaxDepth) {
    return document_.ErrorAt(
        out, absl::StrCat("nested deeper than ", JsonDocument::kMaxDepth));
  }
  if (++values_ > JsonDocument::kMaxValues) {
    return absl::ResourceExhaustedError(
        absl::StrCat(document_.file_name_, ": more than ",
                     JsonDocument::kMaxValues, " values"));
  }
  ondemand::json_type type;
  simdjson::error_code error = value.type().get(type);
  if (error != simdjson::SUCCESS) {
    return SyntaxError(error);
  }
  switch (type) {
    case ondemand::json_type::object:
      return BuildObject(value, depth, out);
    case ondemand::json_type::array:
      return BuildArray(value, depth, out);
    default:
      return BuildScalar(value, type, out);
  }
}

absl::Status JsonTreeBuilder::BuildObject(ondemand::value value, int depth,
                                          JsonValue& out) {
  ondemand::object object;
  simdjson::error_code error = value.get_object().get(object);
  if (error != simdjson::SUCCESS) {
    return SyntaxError(error);
  }
  std::vector<JsonMember> members;
  for (auto result : object) {
    ondemand::field field;
    error = std::move(result).get(field);
    if (error != simdjson::SUCCESS) {
      return SyntaxError(error);
    }
    JsonMember& member = members.emplace_back();
    member.key_offset = last_offset_ = OffsetOf(field.key().raw()) - 1;
    absl::string_view key;
    error = field.unescaped_key().get(key);
    if (error != simdjson::SUCCESS) {
      return SyntaxError(error);
    }
    member.key = std::string(key);
    absl::Status status = BuildValue(field.value(), depth + 1, member.value);
    if (!status.ok()) {
      return status;
    }
  }
  NoteDuplicates(members);
  out.data_ = std::move(members);
  return absl::OkStatus();
}

absl::Status JsonTreeBuilder::BuildArray(ondemand::value value, int depth,
                                         JsonValue& out) {
  ondemand::array array;
  simdjson::error_code error = value.get_array().get(array);
  if (error != simdjson::SUCCESS) {
    return SyntaxError(error);
  }
  std::vector<JsonValue> elements;
  for (auto result : array) {
    ondemand::value element;
    error = std::move(result).get(element);
    if (error != simdjson::SUCCESS) {
      return SyntaxError(error);
    }
    absl::Status status =
        BuildValue(element, depth + 1, elements.emplace_back());
    if (!status.ok()) {
      return status;
    }
  }
  out.data_ = std::move(elements);
  return absl::OkStatus();
}

absl::Status JsonTreeBuilder::BuildScalar(ondemand::value value,
                                          ondemand::json_type type,
                                          JsonValue& out) {
  simdjson::error_code error = simdjson::SUCCESS;
  if (type == ondemand::json_type::string) {
    absl::string_view text;
    error = value.get_string().get(text);
    out.data_ = std::string(text);
  } else if (type == ondemand::json_type::number) {
    double number = 0;
    error = value.get_double().get(number);
    out.data_ = number;
  } else if (type == ondemand::json_type::boolean) {
    bool boolean = false;
    error = value.get_bool().get(boolean);
    out.data_ = boolean;
  } else {
    bool is_null = false;
    error = value.is_null().get(is_null);
    if (error == simdjson::SUCCESS && !is_null) {
      error = simdjson::N_ATOM_ERROR;
    }
  }
  return error == simdjson::SUCCESS ? absl::OkStatus() : SyntaxError(error);
}

void JsonTreeBuilder::NoteDuplicates(const std::vector<JsonMember>& members) {
  absl::flat_hash_set<absl::string_view> seen;
  for (const JsonMember& member : members) {
    if (!seen.insert(member.key).second) {
      document_.first_duplicate_ =
          std::min(document_.first_duplicate_, member.key_offset);
      return;
    }
  }
}

// SyntaxError returns the error for `code`, found while walking. simdjson
// abandons the document at a fault of structure, and then its location is the
// fault's; at a fault of a value it is the value's, which was looked at last.
absl::Status JsonTreeBuilder::SyntaxError(simdjson::error_code code) {
  size_t offset = last_offset_;
  const char* location = nullptr;
  if (simdjson_document_.current_location().get(location) !=
      simdjson::SUCCESS) {
    offset = document_.size_;
  } else if (!simdjson_document_.is_alive()) {
    offset = OffsetOf(location);
  }
  offset = std::min(offset, document_.size_);
  if (offset == document_.size_) {
    return document_.ErrorAt(
        offset, "the file ends in the middle of the JSON document");
  }
  switch (code) {
    case simdjson::STRING_ERROR:
      return document_.ErrorAt(
          offset, "malformed string: bad escape or lone surrogate");
    case simdjson::NUMBER_ERROR:
      return document_.ErrorAt(offset, "malformed number or out of range");
    case simdjson::TAPE_ERROR:
      return document_.ErrorAt(
          offset,
          "unexpected here: look for a missing or superfluous comma, "
          "colon, brace or quotation mark");
    default:
      return document_.ErrorAt(
          offset,
          "not a JSON value: write an object, an array, a string, a "
          "number, true, false or null");
  }
}

// TextError returns the error for `code`, found before any token was read;
// simdjson does not say where.
absl::Status JsonTreeBuilder::TextError(simdjson::error_code code) const {
  absl::string_view text =
      absl::string_view(document_.text_).substr(0, document_.size_);
  switch (code) {
    case simdjson::EMPTY:
      return document_.ErrorAt(size_t{0}, "the file holds no JSON");
    case simdjson::UTF8_ERROR:
      return document_.ErrorAt(FirstInvalidUtf8(text), "not valid UTF-8");
    case simdjson::UNESCAPED_CHARS:
    case simdjson::UNCLOSED_STRING: {
      size_t offset = FirstStringFault(text);
      return document_.ErrorAt(
          offset, text[offset] == '"'
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

bool JsonValue::boolean() const {
  const bool* value = std::get_if<bool>(&data_);
  return value != nullptr && *value;
}

double JsonValue::number() const {
  const double* value = std::get_if<double>(&data_);
  return value == nullptr ? 0 : *value;
}

const std::string& JsonValue::string() const {
  static const std::string& kEmpty = *new std::string;
  const std::string* value = std::get_if<std::string>(&data_);
  return value == nullptr ? kEmpty : *value;
}

const std::vector<JsonValue>& JsonValue::elements() const {
  static const auto& kEmpty = *new std::vector<JsonValue>;
  const auto* value = std::get_if<std::vector<JsonValue>>(&data_);
  return value == nullptr ? kEmpty : *value;
}

const std::vector<JsonMember>& JsonValue::members() const {
  static const auto& kEmpty = *new std::vector<JsonMember>;
  const auto* value = std::get_if<std::vector<JsonMember>>(&data_);
  return value == nullptr ? kEmpty : *value;
}

const JsonValue* JsonValue::Find(absl::string_view key) const {
  for (const JsonMember& member : members()) {
    if (member.key == key) {
      return &member.value;
    }
  }
  return nullptr;
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
  document.size_ = text.size();
  document.text_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  document.text_.assign(text.data(), text.size());
  // Spaces, so that a number at the very end has an end.
  document.text_.append(simdjson::SIMDJSON_PADDING, ' ');
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
  absl::string_view before =
      absl::string_view(text_).substr(0, std::min(offset, size_));
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
