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
#include "pinning/internal/pin_set_reader.h"
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

// A Parser goes through a whole document once.
class Parser {
 public:
  explicit Parser(const JsonDocument& document)
      : document_(document), checker_(document) {}

  absl::StatusOr<PinFile> Parse();

 private:
  // The sets that were read: their place in `file_.sets`, if they are good.
  struct SeenSet {
    size_t key_offset = 0;
    std::optional<size_t> index;
    bool used = false;
  };

  void ReadSchema(const JsonValue* value);
  void ReadSets(const JsonValue* sets);
  void ReadSet(const JsonMember& member);
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
    file_.updated = ReadTime(root.Find("updated"), "updated", checker_)
                        .value_or(absl::Time());
    CheckText(root.Find("comment"), "comment", checker_);
    ReadSets(root.Find("sets"));
    ReadHosts(root.Find("hosts"));
  }
  if (!checker_.ok()) {
    return checker_.status();
  }
  return std::move(file_);
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
  if (member.key == kNoSetName) {
    checker_.Fail(
        member.key_offset,
        "\"none\" in \"hosts\" means no set: give this set another name");
  }
  auto [seen_set, inserted] = sets_.try_emplace(member.key);
  if (!inserted) {
    return;  // a duplicate key, reported before
  }
  set_names_.push_back(member.key);
  seen_set->second.key_offset = member.key_offset;
  std::optional<PinSet> set = ReadPinSet(member, checker_);
  if (set.has_value()) {
    seen_set->second.index = file_.sets.size();
    file_.sets.push_back(*std::move(set));
  }
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
