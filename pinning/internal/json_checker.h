#ifndef PINNING_INTERNAL_JSON_CHECKER_H_
#define PINNING_INTERNAL_JSON_CHECKER_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "pinning/internal/json_reader.h"

namespace pinning::internal {

// A JsonKey is a key that an object may have.
struct JsonKey {
  absl::string_view name;
  bool required = false;
  absl::string_view example;  // what to write if it is required and missing
};

// A JsonChecker checks a document against a format, and keeps the error that
// comes first in the file, in whatever order the checks are made. It is used by
// one thread, and the document must outlive it.
class JsonChecker {
 public:
  // The constructor reports the document's first duplicate key.
  explicit JsonChecker(const JsonDocument& document);

  // Fail reports `message` at `offset`.
  void Fail(size_t offset, absl::string_view message);

  bool ok() const { return offset_ == std::string::npos; }

  // status returns JsonDocument::ErrorAt for the first error, or OK.
  absl::Status status() const;

  // ExpectKind reports `value`, called `what`, unless it is of `kind`, and
  // returns whether it is.
  bool ExpectKind(const JsonValue& value, JsonValue::Kind kind,
                  absl::string_view what);

  // ExpectKeys reports the keys of `object` that are not in `keys` and, at
  // `offset`, the required ones that it lacks. A key that is missing because it
  // is misspelt is reported once, where it stands. It returns the values, in
  // the order of `keys`; the first if a key comes twice.
  template <size_t kSize>
  std::array<std::optional<JsonValue>, kSize> ExpectKeys(
      const JsonValue& object, size_t offset, const JsonKey (&keys)[kSize],
      absl::string_view what) {
    std::array<std::optional<JsonValue>, kSize> values;
    if (!FindKeys(object, keys, values.data())) {
      FailKeys(object, offset, keys, what);
    }
    return values;
  }

  // OneOf returns the index of the string `value` among `choices`, or reports
  // it.
  std::optional<size_t> OneOf(const JsonValue& value,
                              absl::Span<const absl::string_view> choices,
                              absl::string_view what);

 private:
  // FindKeys returns whether `object` has all the keys that are required and no
  // unknown one.
  static bool FindKeys(const JsonValue& object, absl::Span<const JsonKey> keys,
                       std::optional<JsonValue>* values);
  void FailKeys(const JsonValue& object, size_t offset,
                absl::Span<const JsonKey> keys, absl::string_view what);

  const JsonDocument& document_;
  size_t offset_ = std::string::npos;  // of the first error
  std::string message_;
};

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_JSON_CHECKER_H_
