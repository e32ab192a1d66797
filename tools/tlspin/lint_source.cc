#include "tools/tlspin/lint_source.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/types/span.h"
#include "pinning/internal/host_pattern.h"

namespace tlspin {
namespace {

using ::pinning::Pin;
using ::pinning::internal::HostPattern;
using ::pinning::internal::JsonDocument;
using ::pinning::internal::JsonMember;
using ::pinning::internal::JsonValue;
using Severity = LintFinding::Severity;

// EndOfValue returns the offset after the JSON value that begins at `offset` of
// `text`, which is well formed.
size_t EndOfValue(absl::string_view text, size_t offset) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = offset; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      i += c == '\\' ? 1 : 0;
      in_string = c != '"';
      if (!in_string && depth == 0) {
        return i + 1;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) {
        return i;  // the end of a number or a word
      }
      if (--depth == 0) {
        return i + 1;
      }
    } else if (depth == 0 && (c == ',' || absl::ascii_isspace(c))) {
      return i;
    }
  }
  return text.size();
}

// A Row is an element of an array or a member of an object.
struct Row {
  size_t begin = 0, end = 0;
};

// RemovalOf returns the edit that takes `rows[index]` and one comma out.
// `removed` says which rows go, this one among them.
TextEdit RemovalOf(const std::vector<Row>& rows,
                   const std::vector<bool>& removed, size_t index) {
  for (size_t i = 0; i < index; ++i) {
    if (!removed[i]) {
      return {rows[index - 1].end, rows[index].end, ""};
    }
  }
  return index + 1 < rows.size()
             ? TextEdit{rows[index].begin, rows[index + 1].begin, ""}
             : TextEdit{rows[index].begin, rows[index].end, ""};
}

class Linter {
 public:
  Linter(absl::string_view text, const JsonDocument& document)
      : text_(text), document_(document) {}

  std::vector<LintFinding> Run() {
    const JsonValue& root = document_.root();
    CheckKeys(root);
    if (const std::optional<JsonValue> sets = root.Find("sets")) {
      CheckKeys(*sets);
      for (const JsonMember& member : sets->members()) {
        CheckSet(member);
      }
    }
    if (const std::optional<JsonValue> hosts = root.Find("hosts")) {
      CheckHosts(*hosts);
    }
    return std::move(findings_);
  }

 private:
  void Add(Severity severity, absl::string_view code, size_t offset,
           std::string message, TextEdit fix) {
    LintFinding finding;
    finding.severity = severity;
    finding.code = std::string(code);
    finding.set = set_;
    finding.message = std::move(message);
    finding.offset = offset;
    finding.fix.push_back(std::move(fix));
    findings_.push_back(std::move(finding));
  }

  absl::string_view RawText(const JsonValue& value) const {
    return text_.substr(value.offset(),
                        EndOfValue(text_, value.offset()) - value.offset());
  }

  std::vector<Row> RowsOf(const std::vector<JsonMember>& members) const {
    std::vector<Row> rows;
    for (const JsonMember& member : members) {
      rows.push_back(
          {member.key_offset, EndOfValue(text_, member.value.offset())});
    }
    return rows;
  }

  // CheckKeys looks for keys that are given twice with the same value.
  void CheckKeys(const JsonValue& object) {
    const std::vector<JsonMember> members = object.members().ToVector();
    std::map<absl::string_view, size_t> first;
    std::vector<bool> removed(members.size());
    std::vector<size_t> again;
    for (size_t i = 0; i < members.size(); ++i) {
      const auto [found, is_new] = first.try_emplace(members[i].key, i);
      if (!is_new &&
          RawText(members[found->second].value) == RawText(members[i].value)) {
        removed[i] = true;
        again.push_back(i);
      }
    }
    if (again.empty()) {
      return;
    }
    const std::vector<Row> rows = RowsOf(members);
    for (const size_t i : again) {
      Add(Severity::kError, "duplicate-key", members[i].key_offset,
          absl::StrCat("has \"", members[i].key,
                       "\" twice, with the same value"),
          RemovalOf(rows, removed, i));
    }
  }

  void CheckSet(const JsonMember& member) {
    set_ = member.key;
    CheckKeys(member.value);
    for (const char* list : {"pins", "backup-pins", "blocked-pins"}) {
      if (const std::optional<JsonValue> pins = member.value.Find(list)) {
        CheckPins(*pins);
      }
    }
    set_.clear();
  }

  // CheckPins looks at one list of pins.
  void CheckPins(const JsonValue& list) {
    const std::vector<JsonValue> elements = list.elements().ToVector();
    std::map<Pin, size_t> first;
    std::vector<bool> removed(elements.size());
    std::vector<size_t> again;
    std::vector<Row> rows;
    for (size_t i = 0; i < elements.size(); ++i) {
      rows.push_back(
          {elements[i].offset(), EndOfValue(text_, elements[i].offset())});
      CheckKeys(elements[i]);
      CheckName(elements[i].Find("name"));
      const std::optional<Pin> pin = CheckPin(elements[i].Find("pin"));
      if (!pin.has_value()) {
        continue;
      }
      const auto [found, is_new] = first.try_emplace(*pin, i);
      if (!is_new && RoleOf(elements[found->second]) == RoleOf(elements[i])) {
        removed[i] = true;
        again.push_back(i);
      }
    }
    for (const size_t i : again) {
      const std::optional<JsonValue> name = elements[i].Find("name");
      Add(Severity::kError, "duplicate-pin", elements[i].Find("pin")->offset(),
          absl::StrCat("has the pin \"",
                       !name.has_value() ? "" : name->string(),
                       "\" twice in the same list, in the same role"),
          RemovalOf(rows, removed, i));
    }
  }

  static absl::string_view RoleOf(const JsonValue& element) {
    const std::optional<JsonValue> role = element.Find("role");
    return !role.has_value() ? "any" : role->string();
  }

  // CheckName looks at the name of a pin, which decides nothing.
  void CheckName(const std::optional<JsonValue>& name) {
    if (!name.has_value() || !name->is_string()) {
      return;
    }
    const absl::string_view raw = RawText(*name);
    const absl::string_view inner =
        absl::StripSuffix(absl::StripPrefix(raw, "\""), "\"");
    const absl::string_view stripped = absl::StripAsciiWhitespace(inner);
    if (stripped.size() != inner.size() && !stripped.empty() &&
        !absl::StrContains(inner, '\\')) {
      Add(Severity::kError, "name-spaces", name->offset(),
          absl::StrCat("has a pin whose name \"", name->string(),
                       "\" begins or ends with a space"),
          {name->offset(), name->offset() + raw.size(),
           absl::StrCat("\"", stripped, "\"")});
    }
  }

  // CheckPin returns the pin that `value` means, if that is beyond doubt.
  std::optional<Pin> CheckPin(const std::optional<JsonValue>& value) {
    if (!value.has_value() || !value->is_string()) {
      return std::nullopt;
    }
    if (const absl::StatusOr<Pin> pin = Pin::FromString(value->string());
        pin.ok()) {
      return *pin;
    }
    const std::optional<Pin> pin = GuessPin(value->string());
    if (pin.has_value()) {
      Add(Severity::kError, "pin-form", value->offset(),
          absl::StrCat("has a pin that is to be written ", pin->ToString()),
          {value->offset(), EndOfValue(text_, value->offset()),
           absl::StrCat("\"", pin->ToString(), "\"")});
    }
    return pin;
  }

  // A Host is one row of "hosts" whose pattern is a pattern.
  struct Host {
    size_t index = 0;
    HostPattern pattern;
    absl::string_view set;  // raw
  };

  void CheckHosts(const JsonValue& object) {
    const std::vector<JsonMember> members = object.members().ToVector();
    std::vector<bool> removed(members.size());
    std::vector<Host> hosts;
    std::vector<std::pair<size_t, size_t>> again;  // and the one before
    std::map<std::string, size_t> first;           // in `hosts`
    for (size_t i = 0; i < members.size(); ++i) {
      absl::StatusOr<HostPattern> pattern =
          HostPattern::FromString(members[i].key);
      if (!pattern.ok()) {
        continue;
      }
      const absl::string_view set = RawText(members[i].value);
      const std::string canonical = pattern->ToString();
      const auto [found, is_new] = first.try_emplace(canonical, hosts.size());
      if (is_new) {
        hosts.push_back({i, *std::move(pattern), set});
        CheckHostForm(members[i], canonical);
      } else if (hosts[found->second].set == set) {
        removed[i] = true;
        again.push_back({i, hosts[found->second].index});
      } else {
        return;  // the file does not say what it means
      }
    }
    const std::vector<Host*> redundant = RedundantHosts(hosts);
    for (const Host* host : redundant) {
      removed[host->index] = true;
    }
    if (again.empty() && redundant.empty()) {
      return;
    }
    const std::vector<Row> rows = RowsOf(members);
    for (const auto& [index, before] : again) {
      Add(Severity::kError, "duplicate-host", members[index].key_offset,
          absl::StrCat("maps \"", members[index].key, "\" twice to the same"),
          RemovalOf(rows, removed, index));
    }
    for (const Host* host : redundant) {
      Add(Severity::kWarning, "redundant-pattern",
          members[host->index].key_offset,
          absl::StrCat("has the pattern \"", host->pattern.ToString(),
                       "\", for which a wider one says the same"),
          RemovalOf(rows, removed, host->index));
    }
  }

  void CheckHostForm(const JsonMember& member, const std::string& canonical) {
    if (member.key != canonical) {
      Add(Severity::kWarning, "host-form", member.key_offset,
          absl::StrCat("has the pattern \"", member.key, "\", which is read \"",
                       canonical, "\""),
          {member.key_offset, EndOfValue(text_, member.key_offset),
           absl::StrCat("\"", canonical, "\"")});
    }
  }

  // Parent returns `name` without its first label; empty for one label.
  static absl::string_view Parent(absl::string_view name) {
    const size_t dot = name.find('.');
    return dot == name.npos ? "" : name.substr(dot + 1);
  }

  // RedundantHosts returns the wildcards without which every name would have
  // the same set. An exact name under a wildcard is none of them: `check` asks
  // exact names.
  static std::vector<Host*> RedundantHosts(std::vector<Host>& hosts) {
    std::map<absl::string_view, absl::string_view> trees;  // "**.": base, set
    // Sets of "**.a.x" by "x": without "*.x" they would decide "a.x".
    std::multimap<absl::string_view, absl::string_view> below;
    for (const Host& host : hosts) {
      if (host.pattern.kind == HostPattern::Kind::kAnyLabels) {
        trees[host.pattern.base] = host.set;
        below.emplace(Parent(host.pattern.base), host.set);
      }
    }
    std::vector<Host*> redundant;
    for (Host& host : hosts) {
      const bool one_label = host.pattern.kind == HostPattern::Kind::kOneLabel;
      if (!one_label && host.pattern.kind != HostPattern::Kind::kAnyLabels) {
        continue;
      }
      absl::string_view base = host.pattern.base;
      base = one_label ? base : Parent(base);
      while (!base.empty() && trees.count(base) == 0) {
        base = Parent(base);
      }
      bool same = !base.empty() && trees[base] == host.set;
      if (one_label) {
        const auto [begin, end] = below.equal_range(host.pattern.base);
        for (auto it = begin; it != end; ++it) {
          same = same && it->second == host.set;
        }
      }
      if (same) {
        redundant.push_back(&host);
      }
    }
    return redundant;
  }

  absl::string_view text_;
  const JsonDocument& document_;
  std::string set_;  // that is being looked at
  std::vector<LintFinding> findings_;
};

}  // namespace

std::optional<Pin> GuessPin(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  for (const absl::string_view prefix : {"sha256//", "sha256/", "sha256:"}) {
    if (absl::StartsWithIgnoreCase(text, prefix)) {
      text.remove_prefix(prefix.size());
      break;
    }
  }
  std::string digits = absl::StrReplaceAll(text, {{":", ""}});
  const bool is_hex =
      digits.size() == 2 * Pin::kSize &&
      digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos &&
      (text.size() == digits.size() || text.size() == 3 * Pin::kSize - 1);
  std::string base64;
  if (is_hex) {
    const std::string bytes = absl::HexStringToBytes(digits);
    base64 = absl::Base64Escape(bytes);
  } else {
    base64 = absl::StrReplaceAll(text, {{"-", "+"}, {"_", "/"}});
    if (base64.size() == 43) {
      base64.push_back('=');
    }
  }
  const absl::StatusOr<Pin> pin =
      Pin::FromString(absl::StrCat("sha256/", base64));
  return pin.ok() ? std::optional<Pin>(*pin) : std::nullopt;
}

std::vector<LintFinding> LintSource(absl::string_view text,
                                    const JsonDocument& document) {
  return Linter(text, document).Run();
}

}  // namespace tlspin
