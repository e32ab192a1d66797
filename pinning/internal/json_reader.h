#ifndef PINNING_INTERNAL_JSON_READER_H_
#define PINNING_INTERNAL_JSON_READER_H_

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace pinning::internal {

struct JsonMember;

// A JsonValue is one value of a JSON text (RFC 8259) and where it stands. It is
// an immutable tree that owns what it holds.
class JsonValue {
 public:
  // The order is that of the alternatives in `data_`.
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

  Kind kind() const { return static_cast<Kind>(data_.index()); }
  bool is_string() const { return kind() == Kind::kString; }
  bool is_array() const { return kind() == Kind::kArray; }
  bool is_object() const { return kind() == Kind::kObject; }

  // boolean, number, string, elements and members return the value; `false`,
  // zero or empty if it is of another kind. A string is valid UTF-8 and may
  // hold U+0000. Members are in the order of the text.
  bool boolean() const;
  double number() const;
  const std::string& string() const;
  const std::vector<JsonValue>& elements() const;
  const std::vector<JsonMember>& members() const;

  // Find returns the value of the first member whose key is `key`, or null.
  const JsonValue* Find(absl::string_view key) const;

  // offset returns the byte offset of the value's first character.
  size_t offset() const { return offset_; }

 private:
  friend class JsonTreeBuilder;

  std::variant<std::monostate, bool, double, std::string,
               std::vector<JsonValue>, std::vector<JsonMember>>
      data_;
  size_t offset_ = 0;
};

// JsonKindName returns "null", "a boolean", "a number" and so on.
absl::string_view JsonKindName(JsonValue::Kind kind);

// A JsonMember is one name and value of an object. `key_offset` is that of the
// opening quotation mark.
struct JsonMember {
  std::string key;
  size_t key_offset = 0;
  JsonValue value;
};

// A JsonPlace is a place for people: both numbers begin at 1, and a column
// counts bytes, not characters.
struct JsonPlace {
  size_t line = 1;
  size_t column = 1;
};

// A JsonDocument is a parsed JSON text whose top level is an object or array.
class JsonDocument {
 public:
  static constexpr size_t kMaxSize = 256 * 1024 * 1024;
  // Values in one text, keys not counted: bounds the memory of the tree.
  static constexpr size_t kMaxValues = 16 * 1024 * 1024;
  static constexpr int kMaxDepth = 64;

  // Parse parses `text` strictly: no comments, no NaN, no trailing content, no
  // lone surrogates, no byte order mark, valid UTF-8, no key twice in one
  // object. It returns INVALID_ARGUMENT "FILE:LINE:COLUMN: ...", FILE being
  // `file_name`, or RESOURCE_EXHAUSTED over `kMaxSize` or `kMaxValues`.
  static absl::StatusOr<JsonDocument> Parse(absl::string_view text,
                                            absl::string_view file_name);

  // ParseAllowingDuplicateKeys is Parse for a caller that has more to check,
  // wants the first error in file order, and asks `first_duplicate` itself.
  static absl::StatusOr<JsonDocument> ParseAllowingDuplicateKeys(
      absl::string_view text, absl::string_view file_name);

  const JsonValue& root() const { return root_; }

  // first_duplicate returns the offset of the first key that an object before
  // it in the text already has, or npos.
  size_t first_duplicate() const { return first_duplicate_; }

  // DuplicateKeyError returns the error that Parse reports for it.
  absl::Status DuplicateKeyError() const;

  // PlaceOf returns the place of the byte at `offset`.
  JsonPlace PlaceOf(size_t offset) const;

  // ErrorAt returns INVALID_ARGUMENT "FILE:LINE:COLUMN: `message`".
  absl::Status ErrorAt(size_t offset, absl::string_view message) const;
  absl::Status ErrorAt(const JsonValue& value, absl::string_view message) const;

  const std::string& file_name() const { return file_name_; }

 private:
  friend class JsonTreeBuilder;

  JsonDocument() = default;

  std::string text_;  // padded, as simdjson needs it
  size_t size_ = 0;   // of the text without the padding
  std::string file_name_;
  JsonValue root_;
  size_t first_duplicate_ = std::string::npos;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_JSON_READER_H_
