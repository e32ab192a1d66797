#ifndef PINNING_INTERNAL_JSON_VALUE_H_
#define PINNING_INTERNAL_JSON_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/string_view.h"

namespace pinning::internal {

struct JsonMember;
template <typename T>
class JsonRange;

// A JsonTree is a text and where its values are: one slot of 32 bits for each
// token, as simdjson finds them. A slot holds what a value is and where; the
// slot of the punctuation after it, which need not be kept, holds the rest:
//
//   a key, a string    offset, kind    length, or index into `unescaped`
//   a number           offset, kind    index into `numbers`
//   true, false, null  offset, kind    1 for true
//   a container        slot of its closing bracket, kind
//
// and after the closing bracket the offset of the opening one.
struct JsonTree {
  static constexpr int kKindBits = 3;

  absl::string_view text;  // not owned
  std::unique_ptr<uint32_t[]> slots;
  std::vector<std::string> unescaped;
  std::vector<double> numbers;
};

// A JsonValue is one value of a JSON text (RFC 8259) and where it stands. It is
// cheap to copy, and as good as the text and the document that it is in.
class JsonValue {
 public:
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

  Kind kind() const {
    return is_string() ? Kind::kString : static_cast<Kind>(tag());
  }
  bool is_string() const { return tag() == kString || tag() == kEscaped; }
  bool is_array() const { return tag() == kArray; }
  bool is_object() const { return tag() == kObject; }

  // boolean, number, string, elements and members return the value; `false`,
  // zero or empty if it is of another kind. A string is valid UTF-8 and may
  // hold U+0000. Members are in the order of the text.
  bool boolean() const { return tag() == kBool && rest() != 0; }
  double number() const {
    return tag() == kNumber ? tree_->numbers[rest()] : 0;
  }
  absl::string_view string() const {
    return tag() == kString    ? tree_->text.substr(payload() + 1, rest())
           : tag() == kEscaped ? absl::string_view(tree_->unescaped[rest()])
                               : absl::string_view();
  }
  JsonRange<JsonValue> elements() const;
  JsonRange<JsonMember> members() const;

  // Find returns the value of the first member whose key is `key`. It takes
  // time in proportion to the object.
  std::optional<JsonValue> Find(absl::string_view key) const;

  // offset returns the byte offset of the value's first character.
  size_t offset() const {
    return is_array() || is_object() ? tree_->slots[payload() + 1] : payload();
  }

 private:
  friend class JsonDocument;
  friend class JsonTreeBuilder;
  friend struct JsonMember;
  template <typename T>
  friend class JsonRange;

  // As Kind, and strings that are not as in the text.
  enum Tag { kNull, kBool, kNumber, kString, kArray, kObject, kEscaped };

  JsonValue(const JsonTree* tree, uint32_t slot) : tree_(tree), slot_(slot) {}

  uint32_t word() const { return tree_->slots[slot_]; }
  uint32_t tag() const { return word() & ((1u << JsonTree::kKindBits) - 1); }
  uint32_t payload() const { return word() >> JsonTree::kKindBits; }
  uint32_t rest() const { return tree_->slots[slot_ + 1]; }
  // The elements or members of a container.
  template <typename T>
  JsonRange<T> Children() const;
  // The slot after this value and the punctuation that follows it.
  uint32_t next() const {
    return (is_array() || is_object() ? payload() : slot_) + 2;
  }

  const JsonTree* tree_;
  uint32_t slot_;
};

// JsonKindName returns "null", "a boolean", "a number" and so on.
absl::string_view JsonKindName(JsonValue::Kind kind);

// A JsonMember is one name and value of an object. `key_offset` is that of the
// opening quotation mark.
struct JsonMember {
  JsonMember(const JsonTree* tree, uint32_t slot)
      : JsonMember(JsonValue(tree, slot), JsonValue(tree, slot + 2)) {}
  JsonMember(JsonValue name, JsonValue of)
      : key(name.string()), key_offset(name.offset()), value(of) {}

  absl::string_view key;
  size_t key_offset = 0;
  JsonValue value;
};

// A JsonRange is the elements of an array or the members of an object.
template <typename T>
class JsonRange {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = T;

    Iterator(const JsonTree* tree, uint32_t slot) : tree_(tree), slot_(slot) {}

    T operator*() const { return T(tree_, slot_); }
    Iterator& operator++() {
      constexpr uint32_t kKey = std::is_same_v<T, JsonMember> ? 2 : 0;
      slot_ = JsonValue(tree_, slot_ + kKey).next();
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.slot_ == b.slot_;
    }
    friend bool operator!=(const Iterator& a, const Iterator& b) {
      return a.slot_ != b.slot_;
    }

    // slot returns where the element, or the key of the member, is in the tree.
    uint32_t slot() const { return slot_; }

   private:
    const JsonTree* tree_;
    uint32_t slot_;
  };

  JsonRange(const JsonTree* tree, uint32_t begin, uint32_t end)
      : tree_(tree), begin_(begin), end_(end) {}

  Iterator begin() const { return {tree_, begin_}; }
  Iterator end() const { return {tree_, end_}; }
  bool empty() const { return begin_ == end_; }
  T front() const { return *begin(); }
  // size and operator[] take time in proportion to the container: who asks for
  // one after the other makes a vector first.
  size_t size() const { return std::distance(begin(), end()); }
  T operator[](size_t index) const { return *std::next(begin(), index); }
  std::vector<T> ToVector() const { return {begin(), end()}; }

 private:
  const JsonTree* tree_;
  uint32_t begin_, end_;
};

template <typename T>
JsonRange<T> JsonValue::Children() const {
  const uint32_t close = payload();
  return {tree_, slot_ + (slot_ + 1 == close ? 2 : 1), close + 1};
}

}  // namespace pinning::internal

#endif  // PINNING_INTERNAL_JSON_VALUE_H_
