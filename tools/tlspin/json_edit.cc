#include "tools/tlspin/json_edit.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace tlspin {
namespace {

using Json = nlohmann::ordered_json;

// A Node is where a value stands in the text, and what is in it.
struct Node {
  struct Child {
    std::string key;   // of an object's member
    size_t begin = 0;  // of the key, or of the element
    size_t value = 0;  // index of its node
  };

  size_t begin = 0, end = 0;
  Json json;
  std::vector<Child> children;
};

// A Reader finds the nodes of a text that is known to be JSON.
class Reader {
 public:
  explicit Reader(absl::string_view text) : text_(text) {
    SkipSpace();
    root_ = Read();
  }

  const Node& node(size_t index) const { return nodes_[index]; }
  size_t root() const { return root_; }

 private:
  void SkipSpace() {
    while (at_ < text_.size() && absl::ascii_isspace(text_[at_])) {
      ++at_;
    }
  }

  // SkipString skips a string, which begins here, and returns it.
  absl::string_view SkipString() {
    const size_t begin = at_++;
    while (text_[at_] != '"') {
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    return text_.substr(begin, ++at_ - begin);
  }

  // Read returns the index of the node that begins here.
  size_t Read() {
    Node node;
    node.begin = at_;
    const char first = text_[at_];
    if (first == '"') {
      SkipString();
    } else if (first == '{' || first == '[') {
      ReadChildren(first == '{', node);
    } else {
      at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    }
    node.end = at_;
    node.json = Json::parse(text_.substr(node.begin, node.end - node.begin));
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
  }

  void ReadChildren(bool is_object, Node& node) {
    ++at_;
    SkipSpace();
    while (text_[at_] != '}' && text_[at_] != ']') {
      Node::Child child;
      child.begin = at_;
      if (is_object) {
        child.key = Json::parse(SkipString()).get<std::string>();
        SkipSpace();
        ++at_;  // the colon
        SkipSpace();
      }
      child.value = Read();
      node.children.push_back(std::move(child));
      SkipSpace();
      if (text_[at_] == ',') {
        ++at_;
        SkipSpace();
      }
    }
    ++at_;
  }

  const absl::string_view text_;
  size_t at_ = 0;
  std::vector<Node> nodes_;
  size_t root_ = 0;
};

// An Editor writes the new text.
class Editor {
 public:
  explicit Editor(absl::string_view text)
      : text_(text),
        reader_(text),
        ascii_(std::all_of(text.begin(), text.end(), [](char c) {
          return static_cast<unsigned char>(c) < 0x80;
        })) {
    const size_t line = text.find('\n');
    if (line != absl::string_view::npos) {
      const size_t end = text.find_first_not_of(" \t", line + 1);
      unit_ = std::string(text.substr(line + 1, end - line - 1));
    }
  }

  std::string Edit(const Json& wanted) const {
    const Node& root = reader_.node(reader_.root());
    return absl::StrCat(text_.substr(0, root.begin), TextOf(root, wanted),
                        text_.substr(root.end));
  }

 private:
  // An Item is a member or an element of the new text.
  struct Item {
    static constexpr size_t kNew = static_cast<size_t>(-1);

    std::string key;
    const Json* json = nullptr;
    size_t old = kNew;  // which child of the node it was
  };

  absl::string_view Slice(size_t begin, size_t end) const {
    return text_.substr(begin, end - begin);
  }

  std::string Dump(const Json& json) const {
    return json.dump(-1, ' ', ascii_, Json::error_handler_t::replace);
  }

  std::string TextOf(const Node& node, const Json& wanted) const {
    if (node.json == wanted) {
      return std::string(Slice(node.begin, node.end));
    }
    if (wanted.type() != node.json.type() || !wanted.is_structured() ||
        node.children.empty() || wanted.empty()) {
      return Dump(wanted);
    }
    const std::vector<Item> items = ItemsOf(node, wanted);
    std::string text(Slice(node.begin, node.children.front().begin));
    for (size_t i = 0; i < items.size(); ++i) {
      const Item& item = items[i];
      if (i > 0) {
        absl::StrAppend(&text, Separator(node, item.old));
      }
      if (item.old == Item::kNew) {
        absl::StrAppend(&text, NewText(node, item));
        continue;
      }
      const Node::Child& child = node.children[item.old];
      const Node& value = reader_.node(child.value);
      absl::StrAppend(&text, Slice(child.begin, value.begin),
                      TextOf(value, *item.json));
    }
    const size_t last = reader_.node(node.children.back().value).end;
    return absl::StrCat(text, Slice(last, node.end));
  }

  std::vector<Item> ItemsOf(const Node& node, const Json& wanted) const {
    std::vector<Item> items;
    size_t next = 0;  // the order of what is old does not change
    for (auto it = wanted.begin(); it != wanted.end(); ++it) {
      Item item;
      item.json = &it.value();
      if (wanted.is_object()) {
        item.key = it.key();
      }
      for (size_t i = next; i < node.children.size(); ++i) {
        const Node::Child& child = node.children[i];
        const Json& old = reader_.node(child.value).json;
        if (wanted.is_object()
                ? child.key == item.key
                : old == *item.json || HaveSamePin(old, *item.json)) {
          item.old = i;
          next = i + 1;
          break;
        }
      }
      items.push_back(std::move(item));
    }
    return items;
  }

  static bool HaveSamePin(const Json& a, const Json& b) {
    return a.is_object() && b.is_object() && a.contains("pin") &&
           b.contains("pin") && a["pin"] == b["pin"];
  }

  // Lead returns what stands between the bracket and the first child.
  absl::string_view Lead(const Node& node) const {
    return Slice(node.begin + 1, node.children.front().begin);
  }

  // Separator returns what goes before the child `index`, which is not first.
  std::string Separator(const Node& node, size_t index) const {
    if (index == Item::kNew || index == 0) {
      index = node.children.size() - 1;
    }
    if (index > 0) {
      const size_t end = reader_.node(node.children[index - 1].value).end;
      return std::string(Slice(end, node.children[index].begin));
    }
    const absl::string_view lead = Lead(node);
    return absl::StrCat(",", lead.empty() ? " " : lead);
  }

  // NewText returns a new child on one line, if those beside it are, or on
  // several, under the first letter of those.
  std::string NewText(const Node& node, const Item& item) const {
    const Node::Child& beside = node.children.back();
    const Node& value = reader_.node(beside.value);
    const std::string key =
        item.key.empty() ? "" : absl::StrCat(Dump(item.key), ": ");
    const absl::string_view text = Slice(value.begin, value.end);
    const absl::string_view lead = Lead(node);
    const size_t line = lead.rfind('\n');
    if (!item.json->is_object() || line == absl::string_view::npos ||
        (value.json.is_object() && !absl::StrContains(text, '\n'))) {
      return absl::StrCat(key, OneLine(*item.json, text));
    }
    const std::string indent(lead.substr(line + 1));
    const char letter = absl::StartsWith(unit_, "\t") ? '\t' : ' ';
    const std::string many =
        item.json->dump(static_cast<int>(unit_.size()), letter, ascii_,
                        Json::error_handler_t::replace);
    return absl::StrCat(
        key, absl::StrReplaceAll(many, {{"\n", absl::StrCat("\n", indent)}}));
  }

  // OneLine returns `json` with the spaces that `beside` has.
  std::string OneLine(const Json& json, absl::string_view beside) const {
    if (!json.is_object()) {
      return Dump(json);
    }
    const std::string edge = absl::StartsWith(beside, "{ ") ? " " : "";
    std::string text = absl::StrCat("{", edge);
    for (auto it = json.begin(); it != json.end(); ++it) {
      absl::StrAppend(&text, it == json.begin() ? "" : ", ", Dump(it.key()),
                      ": ", Dump(it.value()));
    }
    return absl::StrCat(text, edge, "}");
  }

  const absl::string_view text_;
  const Reader reader_;
  const bool ascii_;
  std::string unit_;  // one step of indentation
};

}  // namespace

std::string EditJson(absl::string_view text, const Json& wanted) {
  std::string edited = Editor(text).Edit(wanted);
  const Json read = Json::parse(edited, nullptr, /*allow_exceptions=*/false);
  if (read == wanted) {
    return edited;
  }
  // A change that this does not know how to make: the whole is written anew.
  return wanted.dump(2, ' ', /*ensure_ascii=*/false,
                     Json::error_handler_t::replace) +
         "\n";
}

}  // namespace tlspin
