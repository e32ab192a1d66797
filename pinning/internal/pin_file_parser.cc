#include "pinning/internal/pin_file_parser.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/utc_time.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"

namespace pinning::internal {
namespace {

constexpr absl::string_view kSchema = "pinning.pins/1";

// A Key is a key that an object of the file may have.
struct Key {
  absl::string_view name;
  bool required;
  absl::string_view example;  // what to write if it is missing
};

constexpr Key kFileKeys[] = {
    {"schema", true, "\"schema\": \"pinning.pins/1\""},
    {"updated", true, "\"updated\": \"2026-01-31\""},
    {"comment", false, ""},
    {"sets", true, "\"sets\": {\"NAME\": {...}}"},
    {"hosts", true, "\"hosts\": {\"www.example.com\": \"NAME\"}"},
};

constexpr Key kSetKeys[] = {
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

constexpr Key kPinKeys[] = {
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

// EditDistance returns how many insertions, deletions and substitutions lead
// from `a` to `b`.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1,
                         diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// Nearest returns the one of `candidates` that `text` is most likely a slip
// for, or an empty string if none is near.
absl::string_view Nearest(absl::string_view text,
                          absl::Span<const absl::string_view> candidates) {
  constexpr size_t kMaxName = 64;  // bounds the work on a hostile name
  absl::string_view best;
  size_t best_distance = std::min<size_t>(text.size() / 2, 4) + 1;
  for (absl::string_view candidate :
       candidates.first(std::min<size_t>(candidates.size(), kMaxName))) {
    if (text.size() > kMaxName || candidate.size() > kMaxName) {
      continue;
    }
    size_t distance = EditDistance(text, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string DidYouMean(absl::string_view text,
                       absl::Span<const absl::string_view> candidates) {
  absl::string_view nearest = Nearest(text, candidates);
  return nearest.empty() ? ""
                         : absl::StrCat("; did you mean \"", nearest, "\"?");
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

// A Parser goes through a whole document and keeps the error that comes first
// in the file, in whatever order the checks are made.
class Parser {
 public:
  explicit Parser(const JsonDocument& document) : document_(document) {}

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

  void Fail(size_t offset, absl::string_view message);
  bool ExpectKind(const JsonValue& value, JsonValue::Kind kind,
                  absl::string_view what);
  bool ExpectKeys(const JsonValue& object, size_t offset,
                  absl::Span<const Key> keys, absl::string_view what);
  // OneOf returns the index of the string `value` among `choices`.
  std::optional<size_t> OneOf(const JsonValue& value,
                              absl::Span<const absl::string_view> choices,
                              absl::string_view what);
  std::optional<absl::Time> ReadTime(const JsonValue* value,
                                     absl::string_view what);
  void CheckText(const JsonValue* value, absl::string_view what);

  void ReadSchema(const JsonValue* value);
  void ReadSets(const JsonValue* sets);
  void ReadSet(const JsonMember& member);
  void ReadPins(const JsonValue& array, List list, SeenPins& seen,
                PinSet::Builder& builder);
  void ReadPin(const JsonValue& value, List list, SeenPins& seen,
               PinSet::Builder& builder);
  void ReadHosts(const JsonValue* hosts);
  void ReadHost(const JsonMember& member,
                absl::flat_hash_map<std::string, size_t>& seen);
  size_t FindSet(const JsonValue& value);
  void CheckUnusedSets();

  const JsonDocument& document_;
  PinFile file_;
  absl::flat_hash_map<std::string, SeenSet> sets_;
  std::vector<absl::string_view> set_names_;  // in file order, for suggestions
  size_t error_offset_ = std::string::npos;
  std::string error_;
};

void Parser::Fail(size_t offset, absl::string_view message) {
  if (offset < error_offset_) {
    error_offset_ = offset;
    error_ = std::string(message);
  }
}

absl::StatusOr<PinFile> Parser::Parse() {
  if (document_.first_duplicate() != std::string::npos) {
    Fail(document_.first_duplicate(),
         "this key is already in the same object: delete one of them");
  }
  const JsonValue& root = document_.root();
  if (ExpectKind(root, JsonValue::Kind::kObject, "a pin file") &&
      ExpectKeys(root, root.offset(), kFileKeys, "a pin file")) {
    ReadSchema(root.Find("schema"));
    file_.updated =
        ReadTime(root.Find("updated"), "updated").value_or(absl::Time());
    CheckText(root.Find("comment"), "comment");
    ReadSets(root.Find("sets"));
    ReadHosts(root.Find("hosts"));
  }
  if (error_offset_ != std::string::npos) {
    return document_.ErrorAt(error_offset_, error_);
  }
  return std::move(file_);
}

// ExpectKind reports `value` unless it is of `kind`.
bool Parser::ExpectKind(const JsonValue& value, JsonValue::Kind kind,
                        absl::string_view what) {
  if (value.kind() == kind) {
    return true;
  }
  Fail(value.offset(), absl::StrCat(what, " is ", JsonKindName(kind), ", not ",
                                    JsonKindName(value.kind())));
  return false;
}

// ExpectKeys reports the keys of `object` that are not in `keys` and, at
// `offset`, the required ones it lacks. A key that is missing because it is
// misspelt is reported once, where it stands.
bool Parser::ExpectKeys(const JsonValue& object, size_t offset,
                        absl::Span<const Key> keys, absl::string_view what) {
  std::vector<absl::string_view> names;
  for (const Key& key : keys) {
    names.push_back(key.name);
  }
  std::vector<absl::string_view> misspelt;
  for (const JsonMember& member : object.members()) {
    if (std::find(names.begin(), names.end(), member.key) != names.end()) {
      continue;
    }
    absl::string_view nearest = Nearest(member.key, names);
    misspelt.push_back(nearest);
    Fail(member.key_offset,
         absl::StrCat("unknown key",
                      nearest.empty()
                          ? absl::StrCat(": ", what, " has the keys ",
                                         absl::StrJoin(names, ", "))
                          : absl::StrCat("; did you mean \"", nearest, "\"?")));
  }
  for (const Key& key : keys) {
    if (key.required && object.Find(key.name) == nullptr &&
        std::find(misspelt.begin(), misspelt.end(), key.name) ==
            misspelt.end()) {
      Fail(offset, absl::StrCat(what, " lacks \"", key.name, "\": write ",
                                key.example));
    }
  }
  return true;
}

std::optional<size_t> Parser::OneOf(const JsonValue& value,
                                    absl::Span<const absl::string_view> choices,
                                    absl::string_view what) {
  if (!ExpectKind(value, JsonValue::Kind::kString, what)) {
    return std::nullopt;
  }
  auto found = std::find(choices.begin(), choices.end(), value.string());
  if (found == choices.end()) {
    Fail(value.offset(),
         absl::StrCat(what, " is one of \"", absl::StrJoin(choices, "\", \""),
                      "\"", DidYouMean(value.string(), choices)));
    return std::nullopt;
  }
  return found - choices.begin();
}

std::optional<absl::Time> Parser::ReadTime(const JsonValue* value,
                                           absl::string_view what) {
  if (value == nullptr || !ExpectKind(*value, JsonValue::Kind::kString, what)) {
    return std::nullopt;
  }
  absl::StatusOr<absl::Time> time = ParseUtcTime(value->string());
  if (!time.ok()) {
    Fail(value->offset(), absl::StrCat(what, ": ", time.status().message()));
    return std::nullopt;
  }
  return *time;
}

void Parser::CheckText(const JsonValue* value, absl::string_view what) {
  if (value != nullptr) {
    ExpectKind(*value, JsonValue::Kind::kString, what);
  }
}

void Parser::ReadSchema(const JsonValue* value) {
  if (value == nullptr ||
      !ExpectKind(*value, JsonValue::Kind::kString, "schema")) {
    return;
  }
  if (value->string() != kSchema) {
    Fail(value->offset(),
         absl::StrCat("this version reads \"", kSchema, "\" and nothing else"));
  }
}

void Parser::ReadSets(const JsonValue* sets) {
  if (sets == nullptr || !ExpectKind(*sets, JsonValue::Kind::kObject, "sets")) {
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
    Fail(member.key_offset, fault);
  }
  auto [seen_set, inserted] = sets_.try_emplace(member.key);
  if (!inserted) {
    return;  // a duplicate key, reported before
  }
  set_names_.push_back(member.key);
  seen_set->second.key_offset = member.key_offset;
  if (!ExpectKind(member.value, JsonValue::Kind::kObject, "a pin set")) {
    return;
  }
  ExpectKeys(member.value, member.key_offset, kSetKeys, "a pin set");
  PinSet::Builder builder(member.key);
  SeenPins seen_pins;
  PinSet::OnExpiry on_expiry = PinSet::OnExpiry::kReject;
  absl::Time expires = absl::UnixEpoch();
  for (const JsonMember& part : member.value.members()) {
    if (part.key == "mode") {
      builder.SetMode(OneOf(part.value, {"enforce", "report-only"}, "mode") ==
                              size_t{1}
                          ? PinSet::Mode::kReportOnly
                          : PinSet::Mode::kEnforce);
    } else if (part.key == "expires") {
      expires = ReadTime(&part.value, "expires").value_or(expires);
    } else if (part.key == "on-expiry") {
      on_expiry = OneOf(part.value, {"stop-enforcing", "reject"},
                        "on-expiry") == size_t{0}
                      ? PinSet::OnExpiry::kStopEnforcing
                      : PinSet::OnExpiry::kReject;
    } else if (part.key == "comment") {
      CheckText(&part.value, "comment");
    } else {
      for (List list : {List::kPins, List::kBackupPins, List::kBlockedPins}) {
        if (part.key == ListName(list)) {
          ReadPins(part.value, list, seen_pins, builder);
        }
      }
    }
  }
  builder.SetExpiry(expires, on_expiry);
  if (error_offset_ != std::string::npos) {
    return;  // nothing is kept of a file with an error
  }
  absl::StatusOr<PinSet> set = builder.Build();
  if (!set.ok()) {
    Fail(member.key_offset, set.status().message());
    return;
  }
  seen_set->second.index = file_.sets.size();
  file_.sets.push_back(*std::move(set));
}

void Parser::ReadPins(const JsonValue& array, List list, SeenPins& seen,
                      PinSet::Builder& builder) {
  if (!ExpectKind(array, JsonValue::Kind::kArray, ListName(list))) {
    return;
  }
  if (array.elements().empty() && list != List::kBlockedPins) {
    Fail(array.offset(),
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
  if (!ExpectKind(value, JsonValue::Kind::kObject, "a pin")) {
    return;
  }
  ExpectKeys(value, value.offset(), kPinKeys, "a pin");
  CheckText(value.Find("source"), "source");
  CheckText(value.Find("comment"), "comment");
  const JsonValue* name = value.Find("name");
  if (name != nullptr && ExpectKind(*name, JsonValue::Kind::kString, "name") &&
      !FaultOfName(name->string()).empty()) {
    Fail(name->offset(), FaultOfName(name->string()));
  }
  PinRole role = PinRole::kAny;
  const JsonValue* role_value = value.Find("role");
  if (role_value != nullptr) {
    std::optional<size_t> index =
        OneOf(*role_value, {"any", "leaf", "issuer", "anchor"}, "role");
    role = static_cast<PinRole>(index.value_or(0));
    if (list == List::kBlockedPins && role != PinRole::kAny) {
      Fail(role_value->offset(),
           "a blocked pin is refused wherever it stands: delete its role");
    }
  }
  const JsonValue* text = value.Find("pin");
  if (text == nullptr || !ExpectKind(*text, JsonValue::Kind::kString, "pin")) {
    return;
  }
  absl::StatusOr<Pin> pin = Pin::FromString(text->string());
  if (!pin.ok()) {
    Fail(text->offset(), absl::StrCat(pin.status().message(),
                                      "; write \"sha256/\" and the padded "
                                      "base64 of 32 bytes, 44 characters"));
    return;
  }
  auto [previous, inserted] = seen.try_emplace(*pin, list);
  if (!inserted) {
    Fail(text->offset(), FaultOfPair(previous->second, list));
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

void Parser::ReadHosts(const JsonValue* hosts) {
  if (hosts == nullptr ||
      !ExpectKind(*hosts, JsonValue::Kind::kObject, "hosts")) {
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
    Fail(member.key_offset, pattern.status().message());
  } else {
    auto [previous, inserted] =
        seen.try_emplace(pattern->ToString(), member.key_offset);
    if (!inserted) {
      Fail(member.key_offset,
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
  if (!ExpectKind(value, JsonValue::Kind::kString, "a host's set") ||
      value.string() == kNoSetName) {
    return PinFile::kNoSet;
  }
  auto found = sets_.find(value.string());
  if (found == sets_.end()) {
    Fail(value.offset(),
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
      Fail(set.key_offset,
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
