#include "tools/tlspin/html_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "pinning/internal/text_escape.h"

namespace tlspin {
namespace {

// Elements that stand in a line of text: no line break goes around them.
constexpr absl::string_view kInline[] = {"a",      "bdi",  "code", "em",
                                         "strong", "span", "time"};

bool IsInline(absl::string_view tag) {
  return std::find(std::begin(kInline), std::end(kInline), tag) !=
         std::end(kInline);
}

// The page comes from a file that may lie anywhere and holds strangers' text:
// should any of it ever be taken for markup, it can load and run nothing.
constexpr absl::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'";

}  // namespace

std::string HtmlText(absl::string_view text) {
  constexpr size_t kMaxLength = 16384;
  return absl::StrReplaceAll(pinning::internal::EscapeText(text, kMaxLength),
                             {{R"(\\)", R"(\)"},
                              {"&", "&amp;"},
                              {"<", "&lt;"},
                              {">", "&gt;"},
                              {"\"", "&quot;"},
                              {"'", "&#39;"}});
}

HtmlWriter::HtmlWriter(absl::string_view tag, absl::string_view title,
                       absl::string_view css) {
  text_ = "<!DOCTYPE html>\n";
  Open("html", {{"lang", std::string(tag)}});
  absl::StrAppend(
      &text_,
      "<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"",
      kPolicy,
      "\">\n<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">"
      "\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
      HtmlText(title), "</title>\n<style>\n", css, "</style>\n</head>\n");
  Open("body", {});
}

void HtmlWriter::Text(absl::string_view text) {
  absl::StrAppend(&text_, HtmlText(text));
}

void HtmlWriter::Foreign(absl::string_view text) { Line("bdi", text); }

void HtmlWriter::Line(HtmlName tag, absl::string_view text,
                      std::initializer_list<HtmlAttribute> attributes) {
  Open(tag, attributes);
  Text(text);
  Close();
}

std::string HtmlWriter::Finish() {
  while (!open_.empty()) {
    Close();
  }
  return std::move(text_);
}

void HtmlWriter::Open(HtmlName tag,
                      std::initializer_list<HtmlAttribute> attributes) {
  if (!IsInline(tag.text()) && !text_.empty() && text_.back() != '\n') {
    text_ += '\n';
  }
  absl::StrAppend(&text_, "<", tag.text());
  for (const HtmlAttribute& attribute : attributes) {
    absl::StrAppend(&text_, " ", attribute.name.text(), "=\"",
                    HtmlText(attribute.value), "\"");
  }
  text_ += '>';
  open_.push_back(tag.text());
}

void HtmlWriter::Close() {
  absl::StrAppend(&text_, "</", open_.back(), ">",
                  IsInline(open_.back()) ? "" : "\n");
  open_.pop_back();
}

HtmlElement::HtmlElement(HtmlWriter& writer, HtmlName tag,
                         std::initializer_list<HtmlAttribute> attributes)
    : writer_(writer) {
  writer_.Open(tag, attributes);
}

HtmlElement::~HtmlElement() { writer_.Close(); }

}  // namespace tlspin
