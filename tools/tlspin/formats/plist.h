#ifndef TOOLS_TLSPIN_FORMATS_PLIST_H_
#define TOOLS_TLSPIN_FORMATS_PLIST_H_

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/formats/source_text.h"

// XML property lists.
namespace tlspin {

struct PlistMember;

// A PlistValue is a value and where it stands.
struct PlistValue {
  enum class Kind { kDict, kArray, kString, kBool, kOther };

  // Find returns the value of `key`, or null.
  const PlistValue* Find(absl::string_view key) const;

  Kind kind = Kind::kOther;
  Place place;
  std::string text;  // of a string
  bool boolean = false;
  std::vector<PlistMember> members;  // of a dict; no key twice
  std::vector<PlistValue> elements;  // of an array
};

struct PlistMember {
  std::string key;
  Place place;
  PlistValue value;
};

// ParsePlist returns the value of a property list, or of a fragment of one that
// is a single <dict>. It returns INVALID_ARGUMENT "FILE:LINE:COLUMN: ..." if
// the text is neither.
absl::StatusOr<PlistValue> ParsePlist(const SourceText& source);

// PlistError returns an error at `place`.
absl::Status PlistError(const SourceText& source, const Place& place,
                        absl::string_view message);

// ExpectKind returns an error unless `value`, called `what`, is of `kind`.
absl::Status ExpectKind(const SourceText& source, const PlistValue& value,
                        PlistValue::Kind kind, absl::string_view what);

// PlistText returns a whole property list: `keys`, each a dict in the one
// before it, and `body` in the last, which is indented with a tab for each
// level.
std::string PlistText(std::initializer_list<absl::string_view> keys,
                      absl::string_view comment, absl::string_view body);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_PLIST_H_
