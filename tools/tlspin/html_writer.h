#ifndef TOOLS_TLSPIN_HTML_WRITER_H_
#define TOOLS_TLSPIN_HTML_WRITER_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace tlspin {

// HtmlName is the name of an element or attribute: only a literal of the
// program can become one.
class HtmlName {
 public:
  template <size_t N>
  constexpr HtmlName(const char (&text)[N])  // NOLINT: a literal is a name
      : text_(text, N - 1) {}

  absl::string_view text() const { return text_; }

 private:
  absl::string_view text_;
};

// HtmlAttribute is one attribute; its value may be anyone's text.
struct HtmlAttribute {
  HtmlName name;
  std::string value;
};

// HtmlText returns `text` as it may stand in an element and in a quoted
// attribute: markup, control and bidirectional characters and bytes that are
// not UTF-8 are escaped. What was escaped by pinning's rules stays as it is.
std::string HtmlText(absl::string_view text);

// An HtmlWriter writes one document. Nothing but literals of the program gets
// into it without being escaped. Used by one thread.
class HtmlWriter {
 public:
  // Begins a document in the language `tag` ("en") with `title`. It forbids the
  // browser everything but the style sheet `css`, which must be the program's
  // own, and which is in the document: nothing is fetched and no script runs.
  HtmlWriter(absl::string_view tag, absl::string_view title,
             absl::string_view css);
  HtmlWriter(const HtmlWriter&) = delete;
  HtmlWriter& operator=(const HtmlWriter&) = delete;

  // Text appends `text`, escaped.
  void Text(absl::string_view text);

  // Foreign is Text for what a stranger wrote, set apart so that letters that
  // run from right to left do not reorder what stands beside it.
  void Foreign(absl::string_view text);

  // Line appends an element that holds `text` and nothing else.
  void Line(HtmlName tag, absl::string_view text,
            std::initializer_list<HtmlAttribute> attributes = {});

  // Finish closes the document and returns it. The writer is then spent.
  std::string Finish();

 private:
  friend class HtmlElement;

  void Open(HtmlName tag, std::initializer_list<HtmlAttribute> attributes);
  void Close();

  std::string text_;
  std::vector<absl::string_view> open_;
};

// An HtmlElement is open from its construction to its destruction: what is
// written meanwhile is inside it.
class HtmlElement {
 public:
  HtmlElement(HtmlWriter& writer, HtmlName tag,
              std::initializer_list<HtmlAttribute> attributes = {});
  ~HtmlElement();
  HtmlElement(const HtmlElement&) = delete;
  HtmlElement& operator=(const HtmlElement&) = delete;

 private:
  HtmlWriter& writer_;
};

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_HTML_WRITER_H_
