#include "tools/tlspin/formats/plist.h"

#include <memory>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/tlspin/formats/xml.h"

namespace tlspin {
namespace {

using Kind = PlistValue::Kind;
using Node = pugi::xml_node;

absl::StatusOr<PlistValue> ValueOf(const XmlDocument& xml, const Node& node);

absl::Status ReadDict(const XmlDocument& xml, const Node& node,
                      PlistValue& value) {
  std::set<std::string> keys;
  for (Node child = node.first_child(); child; child = child.next_sibling()) {
    if (absl::string_view(child.name()) != "key") {
      return xml.Error(child, "expected <key>");
    }
    absl::StatusOr<std::string> key = xml.Text(child);
    if (!key.ok()) {
      return key.status();
    }
    if (!keys.insert(*key).second) {
      return xml.Error(
          child, absl::StrCat("\"", *key, "\" is already in the same dict"));
    }
    PlistMember member{*key, xml.PlaceOf(child), {}};
    child = child.next_sibling();
    if (!child) {
      return xml.Error(node, absl::StrCat("\"", *key, "\" has no value"));
    }
    absl::StatusOr<PlistValue> inner = ValueOf(xml, child);
    if (!inner.ok()) {
      return inner.status();
    }
    member.value = *std::move(inner);
    value.members.push_back(std::move(member));
  }
  return absl::OkStatus();
}

absl::Status ReadArray(const XmlDocument& xml, const Node& node,
                       PlistValue& value) {
  for (const Node& child : node.children()) {
    absl::StatusOr<PlistValue> element = ValueOf(xml, child);
    if (!element.ok()) {
      return element.status();
    }
    value.elements.push_back(*std::move(element));
  }
  return absl::OkStatus();
}

// The depth of the document is bounded by XmlDocument.
absl::StatusOr<PlistValue> ValueOf(const XmlDocument& xml, const Node& node) {
  PlistValue value;
  value.place = xml.PlaceOf(node);
  const absl::string_view name = node.name();
  absl::Status status = xml.CheckAttributes(node, {});
  if (name == "dict" || name == "array") {
    value.kind = name == "dict" ? Kind::kDict : Kind::kArray;
    status.Update(xml.CheckNoText(node));
    if (status.ok()) {
      status = value.kind == Kind::kDict ? ReadDict(xml, node, value)
                                         : ReadArray(xml, node, value);
    }
  } else if (name == "true" || name == "false") {
    value.kind = Kind::kBool;
    value.boolean = name == "true";
  } else if (name == "string") {
    value.kind = Kind::kString;
    absl::StatusOr<std::string> text = xml.Text(node);
    status.Update(text.status());
    if (status.ok()) {
      value.text = *std::move(text);
    }
  } else if (name != "integer" && name != "real" && name != "date" &&
             name != "data") {
    return xml.Error(node, "not a value of a property list");
  }
  if (!status.ok()) {
    return status;
  }
  return value;
}

absl::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kDict:
      return "a dict";
    case Kind::kArray:
      return "an array";
    case Kind::kString:
      return "a string";
    case Kind::kBool:
      return "a boolean";
    case Kind::kOther:
      break;
  }
  return "another value";
}

}  // namespace

const PlistValue* PlistValue::Find(absl::string_view key) const {
  for (const PlistMember& member : members) {
    if (member.key == key) {
      return &member.value;
    }
  }
  return nullptr;
}

absl::StatusOr<PlistValue> ParsePlist(const SourceText& source) {
  if (absl::StartsWith(source.text(), "bplist")) {
    return source.Error(
        0, "a binary property list: convert it with plutil -convert xml1");
  }
  const absl::StatusOr<std::unique_ptr<const XmlDocument>> xml =
      XmlDocument::Parse(source);
  if (!xml.ok()) {
    return xml.status();
  }
  Node root = (*xml)->root();
  if (absl::string_view(root.name()) == "plist") {
    const absl::Status text = (*xml)->CheckNoText(root);
    if (!text.ok()) {
      return text;
    }
    if (!root.first_child() || root.first_child().next_sibling()) {
      return (*xml)->Error(root, "a property list holds one value");
    }
    root = root.first_child();
  }
  absl::StatusOr<PlistValue> value = ValueOf(**xml, root);
  if (!value.ok()) {
    return value.status();
  }
  const absl::Status dict =
      ExpectKind(source, *value, Kind::kDict, "the property list");
  if (!dict.ok()) {
    return dict;
  }
  return value;
}

absl::Status PlistError(const SourceText& source, const Place& place,
                        absl::string_view message) {
  return ErrorAt(source.file_name(), place, message);
}

absl::Status ExpectKind(const SourceText& source, const PlistValue& value,
                        PlistValue::Kind kind, absl::string_view what) {
  if (value.kind == kind) {
    return absl::OkStatus();
  }
  return PlistError(source, value.place,
                    absl::StrCat(what, " is ", KindName(kind), ", not ",
                                 KindName(value.kind)));
}

std::string PlistText(std::initializer_list<absl::string_view> keys,
                      absl::string_view comment, absl::string_view body) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
      "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
      "<plist version=\"1.0\">\n<dict>\n";
  if (!comment.empty()) {
    absl::StrAppend(&text, "\t<!-- ", comment, " -->\n");
  }
  std::string indent = "\t", end;
  for (absl::string_view key : keys) {
    absl::StrAppend(&text, indent, "<key>", key, "</key>\n", indent,
                    "<dict>\n");
    end = absl::StrCat(indent, "</dict>\n", end);
    indent += "\t";
  }
  return absl::StrCat(text, body, end, "</dict>\n</plist>\n");
}

}  // namespace tlspin
