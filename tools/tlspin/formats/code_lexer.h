#ifndef TOOLS_TLSPIN_FORMATS_CODE_LEXER_H_
#define TOOLS_TLSPIN_FORMATS_CODE_LEXER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/formats/source_text.h"

// Just enough of Kotlin and Java to tell calls from comments and literals.
namespace tlspin {

// A CodeToken is a token of these languages, as far as they are read.
struct CodeToken {
  enum class Kind { kEnd, kString, kWord, kSign };

  Kind kind = Kind::kEnd;
  size_t offset = 0;
  std::string text;    // of a string: what is between the quotation marks
  bool plain = false;  // a string without escapes and templates, on one line
};

// A CodeLexer reads a text from its beginning. The source must outlive it.
class CodeLexer {
 public:
  explicit CodeLexer(const SourceText& source) : source_(source) {}

  // Next returns an error for a comment or a string that does not end.
  absl::StatusOr<CodeToken> Next();

 private:
  absl::Status SkipBlanks();
  absl::StatusOr<CodeToken> ReadString();

  absl::string_view rest() const { return source_.text().substr(at_); }

  const SourceText& source_;
  size_t at_ = 0;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_CODE_LEXER_H_
