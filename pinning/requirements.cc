#include "pinning/requirements.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/json_checker.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/pin_set_reader.h"

namespace pinning {

using internal::HostPattern;
using internal::JsonChecker;
using internal::JsonDocument;
using internal::JsonKey;
using internal::JsonValue;

struct Requirements::Rep {
  std::string application;
  absl::Time updated;
  std::vector<HostRequirement> hosts;
  std::vector<HostPattern> patterns;  // of `hosts`, in the same order
  std::vector<RequiredPorts> anywhere;
};

namespace {

constexpr absl::string_view kSchema = "pinning.requirements/1";

constexpr JsonKey kFileKeys[] = {
    {"schema", true, "\"schema\": \"pinning.requirements/1\""},
    {"application", true, "\"application\": \"Example\""},
    {"updated", true, "\"updated\": \"2026-01-31\""},
    {"comment", false, ""},
    {"hosts", true, "\"hosts\": [{...}]"},
    {"anywhere", false, ""},
};

constexpr JsonKey kHostKeys[] = {
    {"pattern", true, "\"pattern\": \"www.example.com\""},
    {"inspection", true, "\"inspection\": \"pinned\""},
    {"reason", false, ""},
    {"purpose", false, ""},
    {"ports", true, "\"ports\": [{...}]"},
    {"source", true, "\"source\": \"https://www.example.com/requirements\""},
    {"comment", false, ""},
};

constexpr JsonKey kPortKeys[] = {
    {"transport", true, "\"transport\": \"tcp\""},
    {"ports", true, "\"ports\": \"443\""},
    {"protocol", true, "\"protocol\": \"https\""},
    {"purpose", false, ""},
};

constexpr JsonKey kAnywhereKeys[] = {
    {"transport", true, "\"transport\": \"udp\""},
    {"ports", true, "\"ports\": \"33434-33598\""},
    {"protocol", true, "\"protocol\": \"srtp\""},
    {"purpose", false, ""},
    {"source", true, "\"source\": \"https://www.example.com/requirements\""},
    {"comment", false, ""},
};

// ReadPort returns the port that `text` writes in decimal, or nothing.
std::optional<int> ReadPort(absl::string_view text) {
  int port = 0;
  // By round trip: "0443" and "+443" are no ports.
  if (!absl::SimpleAtoi(text, &port) || absl::StrCat(port) != text ||
      port < 1 || port > 65535) {
    return std::nullopt;
  }
  return port;
}

// IsText returns whether `text` is something to show: not empty, without
// control characters.
bool IsText(absl::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return false;
    }
  }
  return !text.empty();
}

// A RequirementsParser goes through a whole document once.
class RequirementsParser {
 public:
  explicit RequirementsParser(const JsonDocument& document)
      : document_(document), checker_(document) {}

  // Parse returns the error that comes first in the file, or OK.
  absl::Status Parse();

  std::string application;
  absl::Time updated;
  std::vector<HostRequirement> hosts;
  std::vector<HostPattern> patterns;
  std::vector<RequiredPorts> anywhere;

 private:
  void ReadSchema(const std::optional<JsonValue>& value);
  void ReadHosts(const std::optional<JsonValue>& list);
  void ReadHost(const JsonValue& value);
  void ReadPattern(const std::optional<JsonValue>& value,
                   HostRequirement& host);
  void ReadInspection(const JsonValue& row, HostRequirement& host);
  void ReadAnywhere(const std::optional<JsonValue>& list);
  RequiredPorts ReadPorts(const JsonValue& value);
  std::string ReadText(const std::optional<JsonValue>& value,
                       absl::string_view what);
  std::string ReadSource(const std::optional<JsonValue>& value);

  const JsonDocument& document_;
  JsonChecker checker_;
  absl::flat_hash_map<std::string, size_t> seen_;  // patterns, by offset
};

absl::Status RequirementsParser::Parse() {
  const JsonValue& root = document_.root();
  if (checker_.ExpectKind(root, JsonValue::Kind::kObject,
                          "a requirements file")) {
    checker_.ExpectKeys(root, root.offset(), kFileKeys, "a requirements file");
    ReadSchema(root.Find("schema"));
    application = ReadText(root.Find("application"), "application");
    updated = internal::ReadTime(root.Find("updated"), "updated", checker_)
                  .value_or(absl::Time());
    internal::CheckText(root.Find("comment"), "comment", checker_);
    ReadHosts(root.Find("hosts"));
    ReadAnywhere(root.Find("anywhere"));
  }
  return checker_.status();
}

void RequirementsParser::ReadSchema(const std::optional<JsonValue>& value) {
  if (value.has_value() &&
      checker_.ExpectKind(*value, JsonValue::Kind::kString, "schema") &&
      value->string() != kSchema) {
    checker_.Fail(
        value->offset(),
        absl::StrCat("this version reads \"", kSchema, "\" and nothing else"));
  }
}

void RequirementsParser::ReadHosts(const std::optional<JsonValue>& list) {
  if (!list.has_value() ||
      !checker_.ExpectKind(*list, JsonValue::Kind::kArray, "hosts")) {
    return;
  }
  if (list->elements().empty()) {
    checker_.Fail(list->offset(), "an application needs at least one host");
  }
  for (const JsonValue& value : list->elements()) {
    if (checker_.ExpectKind(value, JsonValue::Kind::kObject, "a host")) {
      ReadHost(value);
    }
  }
}

void RequirementsParser::ReadHost(const JsonValue& value) {
  checker_.ExpectKeys(value, value.offset(), kHostKeys, "a host");
  HostRequirement host;
  ReadPattern(value.Find("pattern"), host);
  ReadInspection(value, host);
  host.purpose = ReadText(value.Find("purpose"), "purpose");
  host.source = ReadSource(value.Find("source"));
  internal::CheckText(value.Find("comment"), "comment", checker_);
  const std::optional<JsonValue> ports = value.Find("ports");
  if (ports.has_value() &&
      checker_.ExpectKind(*ports, JsonValue::Kind::kArray, "ports")) {
    if (ports->elements().empty()) {
      checker_.Fail(ports->offset(), "a host needs at least one row of ports");
    }
    for (const JsonValue& row : ports->elements()) {
      if (checker_.ExpectKind(row, JsonValue::Kind::kObject,
                              "a row of ports")) {
        checker_.ExpectKeys(row, row.offset(), kPortKeys, "a row of ports");
        host.ports.push_back(ReadPorts(row));
      }
    }
  }
  hosts.push_back(std::move(host));
}

void RequirementsParser::ReadPattern(const std::optional<JsonValue>& value,
                                     HostRequirement& host) {
  HostPattern pattern;
  if (value.has_value() &&
      checker_.ExpectKind(*value, JsonValue::Kind::kString, "pattern")) {
    const absl::StatusOr<HostPattern> parsed =
        HostPattern::FromString(value->string());
    if (!parsed.ok()) {
      checker_.Fail(value->offset(), parsed.status().message());
    } else {
      pattern = *parsed;
      const auto [previous, inserted] =
          seen_.try_emplace(pattern.ToString(), value->offset());
      if (!inserted) {
        checker_.Fail(
            value->offset(),
            absl::StrCat("\"", previous->first, "\" is already on line ",
                         document_.PlaceOf(previous->second).line,
                         ": delete one of them"));
      }
    }
  }
  host.pattern = pattern.ToString();
  patterns.push_back(std::move(pattern));
}

void RequirementsParser::ReadInspection(const JsonValue& row,
                                        HostRequirement& host) {
  using Inspection = HostRequirement::Inspection;
  const std::optional<JsonValue> value = row.Find("inspection");
  const std::optional<JsonValue> reason = row.Find("reason");
  host.reason = ReadText(reason, "reason");
  if (!value.has_value()) {
    return;
  }
  constexpr absl::string_view kChoices[] = {"allowed", "pinned", "exempt"};
  const std::optional<size_t> choice =
      checker_.OneOf(*value, kChoices, "inspection");
  if (!choice.has_value()) {
    return;
  }
  host.inspection = static_cast<Inspection>(*choice);
  if (host.inspection == Inspection::kExempt && !reason.has_value()) {
    checker_.Fail(value->offset(),
                  "an administrator wants to know why: add \"reason\"");
  }
  if (host.inspection != Inspection::kExempt && reason.has_value()) {
    checker_.Fail(reason->offset(),
                  "\"reason\" goes with \"inspection\": \"exempt\" only");
  }
}

void RequirementsParser::ReadAnywhere(const std::optional<JsonValue>& list) {
  if (!list.has_value() ||
      !checker_.ExpectKind(*list, JsonValue::Kind::kArray, "anywhere")) {
    return;
  }
  for (const JsonValue& row : list->elements()) {
    if (checker_.ExpectKind(row, JsonValue::Kind::kObject, "a row of ports")) {
      checker_.ExpectKeys(row, row.offset(), kAnywhereKeys, "a row of ports");
      anywhere.push_back(ReadPorts(row));
      anywhere.back().source = ReadSource(row.Find("source"));
      internal::CheckText(row.Find("comment"), "comment", checker_);
    }
  }
}

RequiredPorts RequirementsParser::ReadPorts(const JsonValue& value) {
  RequiredPorts row;
  if (const std::optional<JsonValue> transport = value.Find("transport")) {
    constexpr absl::string_view kChoices[] = {"tcp", "udp"};
    row.transport = checker_.OneOf(*transport, kChoices, "transport") == 1u
                        ? RequiredPorts::Transport::kUdp
                        : RequiredPorts::Transport::kTcp;
  }
  row.protocol = ReadText(value.Find("protocol"), "protocol");
  row.purpose = ReadText(value.Find("purpose"), "purpose");
  const std::optional<JsonValue> ports = value.Find("ports");
  if (!ports.has_value() ||
      !checker_.ExpectKind(*ports, JsonValue::Kind::kString, "ports")) {
    return row;
  }
  const absl::string_view text = ports->string();
  const size_t dash = text.find('-');
  const std::optional<int> first = ReadPort(text.substr(0, dash));
  const std::optional<int> last =
      dash == text.npos ? first : ReadPort(text.substr(dash + 1));
  if (!first.has_value() || !last.has_value() || *first > *last ||
      (dash != text.npos && *first == *last)) {
    checker_.Fail(ports->offset(),
                  "ports are one of 1 to 65535, \"443\", or a range of them, "
                  "\"33434-33598\"");
    return row;
  }
  row.first = *first;
  row.last = *last;
  return row;
}

// ReadText returns the text of `value`, called `what`; empty if there is none.
std::string RequirementsParser::ReadText(const std::optional<JsonValue>& value,
                                         absl::string_view what) {
  if (!value.has_value() ||
      !checker_.ExpectKind(*value, JsonValue::Kind::kString, what)) {
    return "";
  }
  if (!IsText(value->string())) {
    checker_.Fail(value->offset(),
                  absl::StrCat(what,
                               " must not be empty or hold control "
                               "characters"));
  }
  return std::string(value->string());
}

std::string RequirementsParser::ReadSource(
    const std::optional<JsonValue>& value) {
  std::string source = ReadText(value, "source");
  if (value.has_value() && value->is_string() &&
      (!absl::StartsWith(source, "https://") ||
       source.find_first_of(" \"<>\\") != source.npos)) {
    checker_.Fail(value->offset(), "source is a URL that begins https://");
  }
  return source;
}

}  // namespace

Requirements::Requirements(std::unique_ptr<const Rep> rep)
    : rep_(std::move(rep)) {}
Requirements::~Requirements() = default;

absl::StatusOr<std::shared_ptr<const Requirements>> Requirements::FromJson(
    absl::string_view text, absl::string_view file_name) {
  const absl::StatusOr<JsonDocument> document =
      JsonDocument::ParseAllowingDuplicateKeys(text, file_name);
  if (!document.ok()) {
    return document.status();
  }
  RequirementsParser parser(*document);
  const absl::Status status = parser.Parse();
  if (!status.ok()) {
    return status;
  }
  auto rep = std::make_unique<Rep>();
  rep->application = std::move(parser.application);
  rep->updated = parser.updated;
  rep->hosts = std::move(parser.hosts);
  rep->patterns = std::move(parser.patterns);
  rep->anywhere = std::move(parser.anywhere);
  return std::shared_ptr<const Requirements>(new Requirements(std::move(rep)));
}

const std::string& Requirements::application() const {
  return rep_->application;
}

absl::Time Requirements::updated() const { return rep_->updated; }

absl::Span<const HostRequirement> Requirements::hosts() const {
  return rep_->hosts;
}

absl::Span<const RequiredPorts> Requirements::anywhere() const {
  return rep_->anywhere;
}

const HostRequirement* Requirements::Find(const ServerName& name) const {
  const HostPattern exact{HostPattern::Kind::kExact, name.ToString()};
  const HostRequirement* found = nullptr;
  const HostPattern* best = nullptr;
  for (size_t i = 0; i < rep_->patterns.size(); ++i) {
    const HostPattern& pattern = rep_->patterns[i];
    if (!internal::Covers(pattern, exact)) {
      continue;
    }
    // Of two patterns of a kind that cover one name, the longer is narrower.
    if (best == nullptr || pattern.kind < best->kind ||
        (pattern.kind == best->kind &&
         pattern.base.size() > best->base.size())) {
      found = &rep_->hosts[i];
      best = &pattern;
    }
  }
  return found;
}

}  // namespace pinning
