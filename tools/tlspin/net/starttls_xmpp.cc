// XMPP: the stream, its features, and <starttls/> (RFC 6120, 4 and 5).
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "tools/tlspin/net/starttls_protocol.h"

namespace tlspin {
namespace {

using Step = StartTlsDialogue::Step;

// A Tag is what stands between "<" and ">". The local name tells elements
// apart: what begins with another one's name here would be no XMPP, and at most
// a handshake follows from it.
struct Tag {
  absl::string_view name;   // with its prefix
  absl::string_view local;  // without
  absl::string_view attributes;
  bool is_end = false;    // </name>
  bool is_empty = false;  // <name/>
};

Tag ParseTag(absl::string_view inside) {
  Tag tag;
  tag.is_end = absl::ConsumePrefix(&inside, "/");
  tag.is_empty = absl::ConsumeSuffix(&inside, "/");
  tag.name = inside.substr(0, inside.find_first_of(" \t\r\n"));
  tag.attributes = inside.substr(tag.name.size());
  const size_t colon = tag.name.find(':');
  tag.local =
      colon == absl::string_view::npos ? tag.name : tag.name.substr(colon + 1);
  return tag;
}

// TagEnd returns where the tag that `input` begins with ends: ">" outside of
// quotes.
size_t TagEnd(absl::string_view input) {
  char quote = '\0';
  for (size_t i = 0; i < input.size(); ++i) {
    if (quote != '\0') {
      quote = input[i] == quote ? '\0' : quote;
    } else if (input[i] == '\'' || input[i] == '"') {
      quote = input[i];
    } else if (input[i] == '>') {
      return i;
    }
  }
  return absl::string_view::npos;
}

bool HasVersion(absl::string_view attributes) {
  constexpr absl::string_view kName = "version";
  for (size_t at = attributes.find(kName); at != absl::string_view::npos;
       at = attributes.find(kName, at + 1)) {
    if (at > 0 && absl::ascii_isspace(attributes[at - 1])) {
      return true;
    }
  }
  return false;
}

class Xmpp : public StartTlsDialogue::Protocol {
 public:
  explicit Xmpp(absl::string_view host) : host_(host) {}

  std::string Begin() override;
  absl::string_view Awaited() const override {
    if (asked_) {
      return "the answer to <starttls/>";
    }
    return open_.empty() ? "the server's stream" : "the features of the stream";
  }
  absl::StatusOr<size_t> Take(absl::string_view input, Step* step) override;

 private:
  absl::StatusOr<size_t> TakeText(absl::string_view input);
  absl::Status TakeTag(const Tag& tag, Step* step);
  absl::Status TakeStart(const Tag& tag);
  absl::Status TakeEnd(const Tag& tag, Step* step);
  absl::Status TakeStanza(absl::string_view local, Step* step);

  const std::string host_;
  bool asked_ = false;
  std::vector<std::string> open_;  // the elements that are, with prefixes
  // Of the child of the stream that is being read: the names of its children,
  // and the text in them.
  std::vector<std::string> children_;
  std::string text_;
};

std::string Xmpp::Begin() {
  const std::string host = absl::StrReplaceAll(
      absl::StrContains(host_, ':') ? absl::StrCat("[", host_, "]") : host_,
      {{"&", "&amp;"}, {"<", "&lt;"}, {"'", "&apos;"}});
  return absl::StrCat("<?xml version='1.0'?><stream:stream to='", host,
                      "' version='1.0' xmlns='jabber:client' "
                      "xmlns:stream='http://etherx.jabber.org/streams'>");
}

absl::StatusOr<size_t> Xmpp::Take(absl::string_view input, Step* step) {
  if (input[0] != '<') {
    return TakeText(input);
  }
  if (input.size() < 2) {
    return size_t{0};
  }
  if (input[1] == '!') {
    // RFC 6120, 11.1.
    return StartTlsMalformed(
        "the server does not speak XMPP: it sends a comment, a document type "
        "or a section of characters");
  }
  if (input[1] == '?') {
    const size_t end = input.find("?>");
    if (!open_.empty()) {
      return StartTlsMalformed(
          "the server does not speak XMPP: it sends a processing instruction");
    }
    return end == absl::string_view::npos ? size_t{0} : end + 2;
  }
  const size_t end = TagEnd(input);
  if (end == absl::string_view::npos) {
    return size_t{0};
  }
  const absl::Status taken = TakeTag(ParseTag(input.substr(1, end - 1)), step);
  if (!taken.ok()) {
    return taken;
  }
  return end + 1;
}

// TakeText takes text to the next tag, or to the end of the line where there
// should be none: who speaks something else sends no tag.
absl::StatusOr<size_t> Xmpp::TakeText(absl::string_view input) {
  const bool is_within = open_.size() >= 2;
  if (absl::ascii_isspace(input[0])) {
    return size_t{1};
  }
  const size_t end = is_within ? input.find('<') : input.find_first_of("<\n");
  if (end == absl::string_view::npos) {
    return size_t{0};
  }
  const absl::string_view text =
      absl::StripTrailingAsciiWhitespace(input.substr(0, end));
  if (!is_within) {
    return StartTlsMalformed(
        absl::StrCat("the server does not speak XMPP: it says ", Words(text)));
  }
  absl::StrAppend(&text_, text_.empty() ? "" : " ", text);
  return end;
}

absl::Status Xmpp::TakeTag(const Tag& tag, Step* step) {
  if (tag.is_end) {
    return TakeEnd(tag, step);
  }
  const absl::Status taken = TakeStart(tag);
  if (!taken.ok() || !tag.is_empty) {
    return taken;
  }
  return TakeEnd(tag, step);
}

absl::Status Xmpp::TakeStart(const Tag& tag) {
  if (open_.empty()) {
    if (tag.local != "stream" || tag.is_empty) {
      return StartTlsMalformed(
          absl::StrCat("the server does not speak XMPP: it begins with ",
                       Words(absl::StrCat("<", tag.name, ">"))));
    }
    // RFC 6120, 4.7.5: without a version there are no features.
    if (!HasVersion(tag.attributes)) {
      return NotOffered(
          "the server does not offer <starttls/>: its stream has no version, "
          "so it has no features");
    }
  } else if (open_.size() == 2 && tag.local != "text") {
    children_.emplace_back(tag.local);
  }
  open_.emplace_back(tag.name);
  return absl::OkStatus();
}

absl::Status Xmpp::TakeEnd(const Tag& tag, Step* step) {
  if (open_.empty() || open_.back() != tag.name) {
    return StartTlsMalformed(absl::StrCat(
        "the server does not speak XMPP: ",
        Words(absl::StrCat("</", tag.name, ">")), " ends what has not begun"));
  }
  open_.pop_back();
  if (open_.empty()) {
    return StartTlsRefused("the server ends the stream");
  }
  if (open_.size() > 1) {
    return absl::OkStatus();
  }
  const absl::Status taken = TakeStanza(tag.local, step);
  children_.clear();
  text_.clear();
  return taken;
}

// TakeStanza takes a child of the stream, which has been read to its end.
absl::Status Xmpp::TakeStanza(absl::string_view local, Step* step) {
  const std::string words = Words(absl::StrCat(
      absl::StrJoin(children_, ", "), text_.empty() ? "" : ": ", text_));
  if (local == "error") {
    return StartTlsRefused(
        absl::StrCat("the server ends the stream with the error ", words));
  }
  if (!asked_ && local == "features") {
    if (std::find(children_.begin(), children_.end(), "starttls") ==
        children_.end()) {
      return NotOffered(absl::StrCat(
          "the server does not offer <starttls/>: ",
          children_.empty()
              ? "it offers nothing"
              : absl::StrCat("it offers ",
                             Words(absl::StrJoin(children_, ", ")))));
    }
    step->send += "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    asked_ = true;
    return absl::OkStatus();
  }
  if (asked_ && local == "failure") {
    return StartTlsRefused(
        "the server offers <starttls/> and answers it with <failure/>");
  }
  if (asked_ && local == "proceed") {
    step->done = true;
    return absl::OkStatus();
  }
  return StartTlsMalformed(absl::StrCat(
      "the server does not speak XMPP: where ", Awaited(),
      " should be it sends ", Words(absl::StrCat("<", local, ">"))));
}

}  // namespace

std::unique_ptr<StartTlsDialogue::Protocol> NewXmpp(absl::string_view host) {
  return std::make_unique<Xmpp>(host);
}

}  // namespace tlspin
