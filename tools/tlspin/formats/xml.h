#ifndef TOOLS_TLSPIN_FORMATS_XML_H_
#define TOOLS_TLSPIN_FORMATS_XML_H_

#include <initializer_list>
#include <memory>
#include <pugixml.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/tlspin/formats/source_text.h"

namespace tlspin {

// An XmlDocument is a parsed XML text with the place of every element. It is
// stricter than its parser: UTF-8, one root, no attribute twice, no text
// between elements where CheckElement is asked. The source must outlive it.
class XmlDocument {
 public:
  static constexpr int kMaxDepth = 64;

  // Parse returns INVALID_ARGUMENT "FILE:LINE:COLUMN: ..." if the text is not
  // well formed.
  static absl::StatusOr<std::unique_ptr<const XmlDocument>> Parse(
      const SourceText& source);

  pugi::xml_node root() const { return document_.document_element(); }

  Place PlaceOf(const pugi::xml_node& node) const;
  absl::Status Error(const pugi::xml_node& node,
                     absl::string_view message) const;

  // CheckAttributes returns an error if `node` has an attribute not in `names`.
  absl::Status CheckAttributes(
      const pugi::xml_node& node,
      std::initializer_list<absl::string_view> names) const;

  // CheckNoText returns an error if there is text between the elements of
  // `node`.
  absl::Status CheckNoText(const pugi::xml_node& node) const;

  // Text returns the text of `node`, which holds nothing else, without the
  // blanks round it.
  absl::StatusOr<std::string> Text(const pugi::xml_node& node) const;

  // Boolean returns the attribute `name`, "true" or "false", or `absent`.
  absl::StatusOr<bool> Boolean(const pugi::xml_node& node, const char* name,
                               bool absent) const;

 private:
  explicit XmlDocument(const SourceText& source) : source_(source) {}

  absl::Status Check(const pugi::xml_node& node, int depth) const;

  const SourceText& source_;
  pugi::xml_document document_;
};

// XmlEscape returns `text` for an element or an attribute.
std::string XmlEscape(absl::string_view text);

}  // namespace tlspin

#endif  // TOOLS_TLSPIN_FORMATS_XML_H_
