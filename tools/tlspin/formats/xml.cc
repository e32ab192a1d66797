#include "tools/tlspin/formats/xml.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tlspin {

absl::StatusOr<std::unique_ptr<const XmlDocument>> XmlDocument::Parse(
    const SourceText& source) {
  const absl::Status text = source.Check();
  if (!text.ok()) {
    return text;
  }
  std::unique_ptr<XmlDocument> document(new XmlDocument(source));
  const pugi::xml_parse_result result = document->document_.load_buffer(
      source.text().data(), source.text().size(),
      pugi::parse_default | pugi::parse_fragment | pugi::parse_pi |
          pugi::parse_doctype,
      pugi::encoding_utf8);
  if (!result) {
    return source.Error(
        static_cast<size_t>(result.offset),
        absl::StrCat("not well-formed XML: ", result.description()));
  }
  int roots = 0;
  for (const pugi::xml_node& node : document->document_.children()) {
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata ||
        (node.type() == pugi::node_element && ++roots > 1)) {
      return document->Error(node, "there is more than the one root element");
    }
    // Entities would have to be declared in one.
    if (node.type() == pugi::node_doctype &&
        absl::string_view(node.value()).find('[') != absl::string_view::npos) {
      return document->Error(node,
                             "a document type with declarations of its "
                             "own: delete them");
    }
  }
  if (roots == 0) {
    return source.Error(0, "the file holds no XML element");
  }
  const absl::Status checked = document->Check(document->root(), 1);
  if (!checked.ok()) {
    return checked;
  }
  return std::unique_ptr<const XmlDocument>(std::move(document));
}

Place XmlDocument::PlaceOf(const pugi::xml_node& node) const {
  ptrdiff_t offset = node.offset_debug();
  // The parser gives the place of the name; people look for the bracket.
  if (offset > 0 && node.type() == pugi::node_element) {
    --offset;
  }
  return source_.PlaceOf(static_cast<size_t>(std::max<ptrdiff_t>(offset, 0)));
}

absl::Status XmlDocument::Error(const pugi::xml_node& node,
                                absl::string_view message) const {
  return ErrorAt(source_.file_name(), PlaceOf(node), message);
}

absl::Status XmlDocument::Check(const pugi::xml_node& node, int depth) const {
  if (depth > kMaxDepth) {
    return Error(node, absl::StrCat("nested deeper than ", kMaxDepth));
  }
  std::set<absl::string_view> names;
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    if (!names.insert(attribute.name()).second) {
      return Error(node, absl::StrCat("the attribute \"", attribute.name(),
                                      "\" is there twice"));
    }
  }
  for (const pugi::xml_node& child : node.children()) {
    const absl::Status checked = Check(child, depth + 1);
    if (!checked.ok()) {
      return checked;
    }
  }
  return absl::OkStatus();
}

absl::Status XmlDocument::CheckAttributes(
    const pugi::xml_node& node,
    std::initializer_list<absl::string_view> names) const {
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    if (std::find(names.begin(), names.end(), attribute.name()) ==
        names.end()) {
      return Error(node, absl::StrCat("<", node.name(), "> has no attribute \"",
                                      attribute.name(), "\""));
    }
  }
  return absl::OkStatus();
}

absl::Status XmlDocument::CheckNoText(const pugi::xml_node& node) const {
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      return Error(child, absl::StrCat("text in <", node.name(),
                                       ">, which holds elements alone"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> XmlDocument::Text(
    const pugi::xml_node& node) const {
  std::string text;
  for (const pugi::xml_node& child : node.children()) {
    if (child.type() != pugi::node_pcdata && child.type() != pugi::node_cdata) {
      return Error(child, absl::StrCat("<", node.name(), "> holds text alone"));
    }
    text += child.value();
  }
  return std::string(absl::StripAsciiWhitespace(text));
}

absl::StatusOr<bool> XmlDocument::Boolean(const pugi::xml_node& node,
                                          const char* name, bool absent) const {
  const pugi::xml_attribute attribute = node.attribute(name);
  if (!attribute) {
    return absent;
  }
  const absl::string_view value = attribute.value();
  if (value != "true" && value != "false") {
    return Error(node, absl::StrCat("the attribute \"", name,
                                    "\" is \"true\" or \"false\""));
  }
  return value == "true";
}

std::string XmlEscape(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

}  // namespace tlspin
