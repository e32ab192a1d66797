#include "pinning/internal/pin_file_parser.h"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "pinning/internal/hash_index.h"
#include "pinning/internal/host_index.h"
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
      : document_(document), checker_(document), set_reader_(checker_) {}

  absl::StatusOr<PinFile> Parse();

 private:
  void ReadSchema(const std::optional<JsonValue>& value);
  void ReadSets(const std::optional<JsonValue>& sets);
  void ReadSet(const JsonMember& member);
  void ReadHosts(const std::optional<JsonValue>& hosts);
  void ReadHost(const JsonMember& member);
  void FailRepeated(const JsonValue& hosts, absl::string_view text);
  uint32_t FindSet(const JsonValue& value);
  void CheckUnusedSets();

  const JsonDocument& document_;
  JsonChecker checker_;
  PinSetReader set_reader_;
  PinFile file_;
  // Of the sets, in file order, good or not. If all are good, their numbers are
  // those in `file_.sets`.
  std::vector<absl::string_view> set_names_;
  std::vector<size_t> set_offsets_;  // of the names
  std::vector<bool> used_;
  HashIndex sets_;
  uint32_t last_set_ = 0xffffffff;  // that FindSet found
};

absl::StatusOr<PinFile> Parser::Parse() {
  const JsonValue root = document_.root();
  if (checker_.ExpectKind(root, JsonValue::Kind::kObject, "a pin file")) {
    const auto [schema, updated, comment, sets, hosts] =
        checker_.ExpectKeys(root, root.offset(), kFileKeys, "a pin file");
    ReadSchema(schema);
    file_.updated =
        ReadTime(updated, "updated", checker_).value_or(absl::Time());
    CheckText(comment, "comment", checker_);
    ReadSets(sets);
    ReadHosts(hosts);
  }
  if (!checker_.ok()) {
    return checker_.status();
  }
  return std::move(file_);
}

void Parser::ReadSchema(const std::optional<JsonValue>& value) {
  if (!value.has_value() ||
      !checker_.ExpectKind(*value, JsonValue::Kind::kString, "schema")) {
    return;
  }
  if (value->string() != kSchema) {
    checker_.Fail(
        value->offset(),
        absl::StrCat("this version reads \"", kSchema, "\" and nothing else"));
  }
}

void Parser::ReadSets(const std::optional<JsonValue>& sets) {
  if (!sets.has_value() ||
      !checker_.ExpectKind(*sets, JsonValue::Kind::kObject, "sets")) {
    return;
  }
  const size_t count = sets->members().size();
  file_.sets.reserve(count);
  set_names_.reserve(count);
  set_offsets_.reserve(count);
  for (const JsonMember& member : sets->members()) {
    ReadSet(member);
  }
  used_.resize(set_names_.size());
  std::vector<uint32_t> numbers(set_names_.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  sets_.AddAll(
      numbers, [this](uint32_t set) { return absl::HashOf(set_names_[set]); },
      [this](uint32_t a, uint32_t b) { return set_names_[a] == set_names_[b]; },
      [](uint32_t) {});  // a duplicate key was reported before
}

void Parser::ReadSet(const JsonMember& member) {
  if (member.key == kNoSetName) {
    checker_.Fail(
        member.key_offset,
        "\"none\" in \"hosts\" means no set: give this set another name");
  }
  set_names_.push_back(member.key);
  set_offsets_.push_back(member.key_offset);
  std::optional<PinSet> set = set_reader_.Read(member);
  if (set.has_value()) {
    file_.sets.push_back(*std::move(set));
  }
}

void Parser::ReadHosts(const std::optional<JsonValue>& hosts) {
  if (!hosts.has_value() ||
      !checker_.ExpectKind(*hosts, JsonValue::Kind::kObject, "hosts")) {
    return;
  }
  file_.hosts.Reserve(hosts->members().size());
  for (const JsonMember& member : hosts->members()) {
    ReadHost(member);
  }
  if (const std::optional<size_t> repeated = file_.hosts.IndexAll()) {
    FailRepeated(*hosts, file_.hosts.TextOf(file_.hosts.rows()[*repeated]));
  }
  CheckUnusedSets();
}

void Parser::ReadHost(const JsonMember& member) {
  const absl::StatusOr<HostPattern> pattern =
      HostPattern::FromString(member.key);
  if (!pattern.ok()) {
    checker_.Fail(member.key_offset, pattern.status().message());
  }
  const uint32_t set = FindSet(member.value);
  if (pattern.ok()) {
    file_.hosts.Append(*pattern, set);
  }
}

// FailRepeated reports the second of `hosts` whose pattern, in whatever
// spelling, is `text`.
void Parser::FailRepeated(const JsonValue& hosts, absl::string_view text) {
  std::optional<size_t> first;
  for (const JsonMember& member : hosts.members()) {
    const absl::StatusOr<HostPattern> pattern =
        HostPattern::FromString(member.key);
    if (!pattern.ok() || pattern->ToString() != text) {
      continue;
    }
    if (first.has_value()) {
      checker_.Fail(
          member.key_offset,
          absl::StrCat("\"", text, "\" is already mapped on line ",
                       document_.PlaceOf(*first).line, ": delete one of them"));
      return;
    }
    first = member.key_offset;
  }
}

// FindSet returns the number of the set that `value` names, and marks it used.
uint32_t Parser::FindSet(const JsonValue& value) {
  if (!checker_.ExpectKind(value, JsonValue::Kind::kString, "a host's set") ||
      value.string() == kNoSetName) {
    return HostIndex::kNoSet;
  }
  // Hosts are often in the order of their sets, and an index is far away.
  uint32_t set = last_set_ + 1;
  if (set >= set_names_.size() || set_names_[set] != value.string()) {
    set = sets_.Find(absl::HashOf(value.string()), [&](uint32_t number) {
      return set_names_[number] == value.string();
    });
  }
  if (set == HashIndex::kNone) {
    checker_.Fail(
        value.offset(),
        absl::StrCat("no such set: name one of \"sets\", or \"none\" to pin "
                     "nothing",
                     DidYouMean(value.string(), set_names_)));
    return HostIndex::kNoSet;
  }
  used_[set] = true;
  last_set_ = set;
  return set;
}

void Parser::CheckUnusedSets() {
  for (size_t set = 0; set < used_.size(); ++set) {
    if (!used_[set]) {
      checker_.Fail(
          set_offsets_[set],
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
