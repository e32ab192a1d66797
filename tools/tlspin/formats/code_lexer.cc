#include "tools/tlspin/formats/code_lexer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace tlspin {

absl::Status CodeLexer::SkipBlanks() {
  while (at_ < source_.text().size()) {
    if (absl::ascii_isspace(rest()[0])) {
      ++at_;
    } else if (absl::StartsWith(rest(), "//")) {
      const size_t end = rest().find('\n');
      at_ = end == rest().npos ? source_.text().size() : at_ + end;
    } else if (absl::StartsWith(rest(), "/*")) {
      const size_t begin = at_;
      // Kotlin nests comments, Java does not: refuse what they read otherwise.
      const size_t end = rest().find("*/", 2);
      if (end == rest().npos) {
        return source_.Error(begin, "a comment begins here and does not end");
      }
      if (rest().substr(2, end - 2).find("/*") != rest().npos) {
        return source_.Error(begin, "a comment in a comment: take it out");
      }
      at_ += end + 2;
    } else {
      break;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<CodeToken> CodeLexer::ReadString() {
  CodeToken token;
  token.kind = CodeToken::Kind::kString;
  token.offset = at_;
  const char quote = rest()[0];
  if (absl::StartsWith(rest(), "\"\"\"")) {
    const size_t end = rest().find("\"\"\"", 3);
    if (end == rest().npos) {
      return source_.Error(at_, "a string begins here and does not end");
    }
    at_ += end + 3;
    return token;
  }
  token.plain = quote == '"';
  for (++at_; at_ < source_.text().size(); ++at_) {
    const char c = rest()[0];
    if (c == quote) {
      ++at_;
      return token;
    }
    if (c == '\n') {
      break;
    }
    token.plain = token.plain && c != '\\' && c != '$';
    token.text += c;
    if (c == '\\') {
      ++at_;
    }
  }
  return source_.Error(token.offset, "a string begins here and does not end");
}

absl::StatusOr<CodeToken> CodeLexer::Next() {
  const absl::Status blanks = SkipBlanks();
  if (!blanks.ok()) {
    return blanks;
  }
  CodeToken token;
  token.offset = at_;
  if (at_ >= source_.text().size()) {
    return token;
  }
  const char c = rest()[0];
  if (c == '"' || c == '\'') {
    return ReadString();
  }
  token.kind = CodeToken::Kind::kSign;
  do {
    token.text += rest()[0];
    ++at_;
    if (!absl::ascii_isalnum(c) && c != '_') {
      return token;
    }
    token.kind = CodeToken::Kind::kWord;
  } while (at_ < source_.text().size() &&
           (absl::ascii_isalnum(rest()[0]) || rest()[0] == '_'));
  return token;
}

}  // namespace tlspin
