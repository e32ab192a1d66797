#ifndef PINNING_INTERNAL_JSON_READER_H_
#define PINNING_INTERNAL_JSON_READER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/json_value.h"

namespace pinning::internal {

// A JsonPlace is a place for people: both numbers begin at 1, and a column
// counts bytes, not characters.
struct JsonPlace {
  size_t line = 1;
  size_t column = 1;
};

// A JsonDocument is a parsed JSON text whose top level is an object or array.
// It keeps no copy of the text, which must outlive it.
class JsonDocument {
 public:
  static constexpr size_t kMaxSize = 256 * 1024 * 1024;
  // Values in one text, keys not counted.
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

  JsonValue root() const { return JsonValue(tree_.get(), 0); }

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

  std::string file_name_;
  std::shared_ptr<JsonTree> tree_ = std::make_shared<JsonTree>();
  size_t first_duplicate_ = std::string::npos;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_JSON_READER_H_
