#include "pinning/internal/pin_file_parser.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/json_checker.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/nearest_word.h"
#include "pinning/internal/utc_time.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"

namespace pinning::internal {
namespace {

constexpr absl::string_view kSchema = "pinning.pins/1";

constexpr JsonKey kFileKeys[] = {
    {"schema", true, "\"schema\": \"pinning.pins/1\""},
    {"updated", true, "\"updated\": \"2026-01-31\""},
    {"comment", false, ""},
    {"sets", true, "\"sets\": {\"NAME\": {...}}"},
    {"hosts", true, "\"hosts\": {\"www.example.com\": \"NAME\"}"},
};

constexpr JsonKey kSetKeys[] = {
    {"mode", true, "\"mode\": \"enforce\" or \"mode\": \"report-only\""},
    {"expires", true, "\"expires\": \"2027-01-31\""},
    {"on-expiry", true,
     "\"on-expiry\": \"stop-enforcing\" or \"on-expiry\": \"reject\""},
    {"pins", true, "\"pins\": [{\"name\": ..., \"pin\": \"sha256/...\"}]"},
    {"backup-pins", true,
     "\"backup-pins\": [...] with the pin of a key that is kept offline"},
    {"blocked-pins", false, ""},
    {"comment", false, ""},
};

constexpr JsonKey kPinKeys[] = {
    {"name", true, "\"name\": \"whose key it is\""},
    {"pin", true, "\"pin\": \"sha256/...\""},
    {"role", false, ""},
    {"source", false, ""},
    {"comment", false, ""},
};

// The lists of pins that a set has.
enum class List { kPins, kBackupPins, kBlockedPins };

absl::string_view ListName(List list) {
  switch (list) {
    case List::kPins:
      return "pins";
    case List::kBackupPins:
      return "backup-pins";
    case List::kBlockedPins:
      return "blocked-pins";
  }
  return "pins";
}

// FaultOfName returns why `name` cannot be the name of a set or a pin, or an
// empty string.
absl::string_view FaultOfName(absl::string_view name) {
  if (name.empty()) {
    return "an empty name: say what it is";
  }
  for (char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      return "a name with a control character in it: delete it";
    }
  }
  if (name.front() == ' ' || name.back() == ' ') {
    return "a name that begins or ends with a space: delete the space";
  }
  return "";
}

// A Parser goes through a whole document once.
class Parser {
 public:
  explicit Parser(const JsonDocument& document)
      : document_(document), checker_(document) {}

  absl::StatusOr<PinFile> Parse();

 private:
  // The pins of one set that were read, and the list each is in.
  using SeenPins = absl::flat_hash_map<Pin, List>;
  // The sets that were read: their place in `file_.sets`, if they are good.
  struct SeenSet {
    size_t key_offset = 0;
    std::optional<size_t> index;
    bool used = false;
  };

  std::optional<absl::Time> ReadTime(const JsonValue* value,
                                     absl::string_view what);
  void CheckText(const JsonValue* value, absl::string_view what);

  void ReadSchema(const JsonValue* value);
  void ReadSets(const JsonValue* sets);
  void ReadSet(const JsonMember& member);
  void ReadSetKeys(const JsonValue& set, PinSet::Builder& builder);
  void ReadPins(const JsonValue& array, List list, SeenPins& seen,
                PinSet::Builder& builder);
  void ReadPin(const JsonValue& value, List list, SeenPins& seen,
               PinSet::Builder& builder);
  PinRole ReadRole(const JsonValue* value, List list);
  std::optional<Pin> ReadDigest(const JsonValue* value, List list,
                                SeenPins& seen);
  void ReadHosts(const JsonValue* hosts);
  void ReadHost(const JsonMember& member,
                absl::flat_hash_map<std::string, size_t>& seen);
  size_t FindSet(const JsonValue& value);
  void CheckUnusedSets();

  const JsonDocument& document_;
  JsonChecker checker_;
  PinFile file_;
  absl::flat_hash_map<std::string, SeenSet> sets_;
  std::vector<absl::string_view> set_names_;  // in file order, for suggestions
};

absl::StatusOr<PinFile> Parser::Parse() {
  const JsonValue& root = document_.root();
  if (checker_.ExpectKind(root, JsonValue::Kind::kObject, "a pin file")) {
    checker_.ExpectKeys(root, root.offset(), kFileKeys, "a pin file");
    ReadSchema(root.Find("schema"));
    file_.updated =
        ReadTime(root.Find("updated"), "updated").value_or(absl::Time());
    CheckText(root.Find("comment"), "comment");
    ReadSets(root.Find("sets"));
    ReadHosts(root.Find("hosts"));
  }
  if (!checker_.ok()) {
    return checker_.status();
  }
  return std::move(file_);
}

std::optional<absl::Time> Parser::ReadTime(const JsonValue* value,
                                           absl::string_view what) {
  if (value == nullptr ||
      !checker_.ExpectKind(*value, JsonValue::Kind::kString, what)) {
    return std::nullopt;
  }
  absl::StatusOr<absl::Time> time = ParseUtcTime(value->string());
  if (!time.ok()) {
    checker_.Fail(value->offset(),
                  absl::StrCat(what, ": ", time.status().message()));
    return std::nullopt;
  }
  return *time;
}

void Parser::CheckText(const JsonValue* value, absl::string_view what) {
  if (value != nullptr) {
    checker_.ExpectKind(*value, JsonValue::Kind::kString, what);
  }
}

void Parser::ReadSchema(const JsonValue* value) {
  if (value == nullptr ||
      !checker_.ExpectKind(*value, JsonValue::Kind::kString, "schema")) {
    return;
  }
  if (value->string() != kSchema) {
    checker_.Fail(
        value->offset(),
        absl::StrCat("this version reads \"", kSchema, "\" and nothing else"));
  }
}

void Parser::ReadSets(const JsonValue* sets) {
  if (sets == nullptr ||
      !checker_.ExpectKind(*sets, JsonValue::Kind::kObject, "sets")) {
    return;
  }
  for (const JsonMember& member : sets->members()) {
    ReadSet(member);
  }
}

void Parser::ReadSet(const JsonMember& member) {
  absl::string_view fault = FaultOfName(member.key);
  if (member.key == kNoSetName) {
    fault = "\"none\" in \"hosts\" means no set: give this set another name";
  }
  if (!fault.empty()) {
    checker_.Fail(member.key_offset, fault);
  }
  auto [seen_set, inserted] = sets_.try_emplace(member.key);
  if (!inserted) {
    return;  // a duplicate key, reported before
  }
  set_names_.push_back(member.key);
  seen_set->second.key_offset = member.key_offset;
  if (!checker_.ExpectKind(member.value, JsonValue::Kind::kObject,
                           "a pin set")) {
    return;
  }
  checker_.ExpectKeys(member.value, member.key_offset, kSetKeys, "a pin set");
  PinSet::Builder builder(member.key);
  ReadSetKeys(member.value, builder);
  if (!checker_.ok()) {
    return;  // nothing is kept of a file with an error
  }
  absl::StatusOr<PinSet> set = builder.Build();
  if (!set.ok()) {
    checker_.Fail(member.key_offset, set.status().message());
    return;
  }
  seen_set->second.index = file_.sets.size();
  file_.sets.push_back(*std::move(set));
}

void Parser::ReadSetKeys(const JsonValue& set, PinSet::Builder& builder) {
  SeenPins seen_pins;
  PinSet::OnExpiry on_expiry = PinSet::OnExpiry::kReject;
  absl::Time expires = absl::UnixEpoch();
  for (const JsonMember& part : set.members()) {
    if (part.key == "mode") {
      builder.SetMode(checker_.OneOf(part.value, {"enforce", "report-only"},
                                     "mode") == size_t{1}
                          ? PinSet::Mode::kReportOnly
                          : PinSet::Mode::kEnforce);
    } else if (part.key == "expires") {
      expires = ReadTime(&part.value, "expires").value_or(expires);
    } else if (part.key == "on-expiry") {
      on_expiry = checker_.OneOf(part.value, {"stop-enforcing", "reject"},
                                 "on-expiry") == size_t{0}
                      ? PinSet::OnExpiry::kStopEnforcing
                      : PinSet::OnExpiry::kReject;
    } else if (part.key == "comment") {
      CheckText(&part.value, "comment");
    }
    for (List list : {List::kPins, List::kBackupPins, List::kBlockedPins}) {
      if (part.key == ListName(list)) {
        ReadPins(part.value, list, seen_pins, builder);
      }
    }
  }
  builder.SetExpiry(expires, on_expiry);
}

void Parser::ReadPins(const JsonValue& array, List list, SeenPins& seen,
                      PinSet::Builder& builder) {
  if (!checker_.ExpectKind(array, JsonValue::Kind::kArray, ListName(list))) {
    return;
  }
  if (array.elements().empty() && list != List::kBlockedPins) {
    checker_.Fail(
        array.offset(),
        list == List::kPins
            ? "a set needs at least one pin: add the pin of a key in service"
            : "a set needs at least one backup pin: add the pin of a key that "
              "is kept offline and not in service");
  }
  for (const JsonValue& element : array.elements()) {
    ReadPin(element, list, seen, builder);
  }
}

// FaultOfPair returns why a pin that is in `first` cannot come again in
// `second`.
absl::string_view FaultOfPair(List first, List second) {
  if (first == second) {
    return "this pin is already in the list: delete one of them";
  }
  if (first == List::kBlockedPins || second == List::kBlockedPins) {
    return "this pin is both allowed and blocked: delete one of them";
  }
  return "this key is both a pin and a backup pin, but a backup is a key that "
         "is not in service: delete one of them";
}

void Parser::ReadPin(const JsonValue& value, List list, SeenPins& seen,
                     PinSet::Builder& builder) {
  if (!checker_.ExpectKind(value, JsonValue::Kind::kObject, "a pin")) {
    return;
  }
  checker_.ExpectKeys(value, value.offset(), kPinKeys, "a pin");
  CheckText(value.Find("source"), "source");
  CheckText(value.Find("comment"), "comment");
  const JsonValue* name = value.Find("name");
  if (name != nullptr &&
      checker_.ExpectKind(*name, JsonValue::Kind::kString, "name") &&
      !FaultOfName(name->string()).empty()) {
    checker_.Fail(name->offset(), FaultOfName(name->string()));
  }
  std::optional<Pin> pin = ReadDigest(value.Find("pin"), list, seen);
  PinRole role = ReadRole(value.Find("role"), list);
  if (!pin.has_value()) {
    return;
  }
  NamedPin named{*pin, name == nullptr ? "" : name->string(), role};
  switch (list) {
    case List::kPins:
      builder.AddPin(std::move(named));
      return;
    case List::kBackupPins:
      builder.AddBackupPin(std::move(named));
      return;
    case List::kBlockedPins:
      builder.AddBlockedPin(std::move(named));
      return;
  }
}

PinRole Parser::ReadRole(const JsonValue* value, List list) {
  if (value == nullptr) {
    return PinRole::kAny;
  }
  constexpr PinRole kRoles[] = {PinRole::kAny, PinRole::kLeaf, PinRole::kIssuer,
                                PinRole::kAnchor};
  std::vector<absl::string_view> names;
  for (PinRole role : kRoles) {
    names.push_back(PinRoleName(role));
  }
  PinRole role = kRoles[checker_.OneOf(*value, names, "role").value_or(0)];
  if (list == List::kBlockedPins && role != PinRole::kAny) {
    checker_.Fail(
        value->offset(),
        "a blocked pin is refused wherever it stands: delete its role");
  }
  return role;
}

// ReadDigest returns the pin `value`, unless it is malformed or in `seen`.
std::optional<Pin> Parser::ReadDigest(const JsonValue* value, List list,
                                      SeenPins& seen) {
  if (value == nullptr ||
      !checker_.ExpectKind(*value, JsonValue::Kind::kString, "pin")) {
    return std::nullopt;
  }
  absl::StatusOr<Pin> pin = Pin::FromString(value->string());
  if (!pin.ok()) {
    checker_.Fail(value->offset(),
                  absl::StrCat(pin.status().message(),
                               "; write \"sha256/\" and the padded base64 of "
                               "32 bytes, 44 characters"));
    return std::nullopt;
  }
  auto [previous, inserted] = seen.try_emplace(*pin, list);
  if (!inserted) {
    checker_.Fail(value->offset(), FaultOfPair(previous->second, list));
    return std::nullopt;
  }
  return *pin;
}

void Parser::ReadHosts(const JsonValue* hosts) {
  if (hosts == nullptr ||
      !checker_.ExpectKind(*hosts, JsonValue::Kind::kObject, "hosts")) {
    return;
  }
  absl::flat_hash_map<std::string, size_t> seen;
  for (const JsonMember& member : hosts->members()) {
    ReadHost(member, seen);
  }
  CheckUnusedSets();
}

// ReadHost reads one row of "hosts"; `seen` has the offset of each canonical
// pattern before it.
void Parser::ReadHost(const JsonMember& member,
                      absl::flat_hash_map<std::string, size_t>& seen) {
  absl::StatusOr<HostPattern> pattern = HostPattern::FromString(member.key);
  if (!pattern.ok()) {
    checker_.Fail(member.key_offset, pattern.status().message());
  } else {
    auto [previous, inserted] =
        seen.try_emplace(pattern->ToString(), member.key_offset);
    if (!inserted) {
      checker_.Fail(
          member.key_offset,
          absl::StrCat("\"", previous->first, "\" is already mapped on line ",
                       document_.PlaceOf(previous->second).line,
                       ": delete one of them"));
    }
  }
  size_t set = FindSet(member.value);
  if (pattern.ok()) {
    file_.hosts.push_back({*std::move(pattern), set});
  }
}

// FindSet returns the index of the set that `value` names, and marks it used.
size_t Parser::FindSet(const JsonValue& value) {
  if (!checker_.ExpectKind(value, JsonValue::Kind::kString, "a host's set") ||
      value.string() == kNoSetName) {
    return PinFile::kNoSet;
  }
  auto found = sets_.find(value.string());
  if (found == sets_.end()) {
    checker_.Fail(
        value.offset(),
        absl::StrCat("no such set: name one of \"sets\", or \"none\" to pin "
                     "nothing",
                     DidYouMean(value.string(), set_names_)));
    return PinFile::kNoSet;
  }
  found->second.used = true;
  return found->second.index.value_or(PinFile::kNoSet);
}

void Parser::CheckUnusedSets() {
  for (const auto& [name, set] : sets_) {
    if (!set.used) {
      checker_.Fail(
          set.key_offset,
          "no host uses this set: add one to \"hosts\", or delete the set");
    }
  }
}

}  // namespace

absl::StatusOr<PinFile> ParsePinFile(absl::string_view text,
                                     absl::string_view file_name) {
  absl::StatusOr<JsonDocument> document =
      JsonDocument::ParseAllowingDuplicateKeys(text, file_name);
  if (!document.ok()) {
    return document.status();
  }
  return Parser(*document).Parse();
}

}  // namespace pinning::internal
