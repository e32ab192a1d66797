#include "pinning/internal/pin_set_reader.h"

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
#include "pinning/internal/json_checker.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/utc_time.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"

namespace pinning::internal {
namespace {

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

// A PinSetReader reads one set, once.
class PinSetReader {
 public:
  PinSetReader(absl::string_view name, JsonChecker& checker)
      : checker_(checker), builder_(std::string(name)) {}

  std::optional<PinSet> Read(const JsonMember& member);

 private:
  void ReadKeys(const JsonValue& set);
  void ReadPins(const JsonValue& array, List list);
  void ReadPin(const JsonValue& value, List list);
  PinRole ReadRole(const JsonValue* value, List list);
  std::optional<Pin> ReadDigest(const JsonValue* value, List list);

  JsonChecker& checker_;
  PinSet::Builder builder_;
  absl::flat_hash_map<Pin, List> seen_;  // what was read, and from which list
};

std::optional<PinSet> PinSetReader::Read(const JsonMember& member) {
  if (!checker_.ExpectKind(member.value, JsonValue::Kind::kObject,
                           "a pin set")) {
    return std::nullopt;
  }
  checker_.ExpectKeys(member.value, member.key_offset, kSetKeys, "a pin set");
  ReadKeys(member.value);
  if (!checker_.ok()) {
    return std::nullopt;  // nothing is kept of a file with an error
  }
  absl::StatusOr<PinSet> set = builder_.Build();
  if (!set.ok()) {
    checker_.Fail(member.key_offset, set.status().message());
    return std::nullopt;
  }
  return *std::move(set);
}

void PinSetReader::ReadKeys(const JsonValue& set) {
  PinSet::OnExpiry on_expiry = PinSet::OnExpiry::kReject;
  absl::Time expires = absl::UnixEpoch();
  for (const JsonMember& part : set.members()) {
    if (part.key == "mode") {
      builder_.SetMode(checker_.OneOf(part.value, {"enforce", "report-only"},
                                      "mode") == size_t{1}
                           ? PinSet::Mode::kReportOnly
                           : PinSet::Mode::kEnforce);
    } else if (part.key == "expires") {
      expires = ReadTime(&part.value, "expires", checker_).value_or(expires);
    } else if (part.key == "on-expiry") {
      on_expiry = checker_.OneOf(part.value, {"stop-enforcing", "reject"},
                                 "on-expiry") == size_t{0}
                      ? PinSet::OnExpiry::kStopEnforcing
                      : PinSet::OnExpiry::kReject;
    } else if (part.key == "comment") {
      CheckText(&part.value, "comment", checker_);
    }
    for (List list : {List::kPins, List::kBackupPins, List::kBlockedPins}) {
      if (part.key == ListName(list)) {
        ReadPins(part.value, list);
      }
    }
  }
  builder_.SetExpiry(expires, on_expiry);
}

void PinSetReader::ReadPins(const JsonValue& array, List list) {
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
    ReadPin(element, list);
  }
}

void PinSetReader::ReadPin(const JsonValue& value, List list) {
  if (!checker_.ExpectKind(value, JsonValue::Kind::kObject, "a pin")) {
    return;
  }
  checker_.ExpectKeys(value, value.offset(), kPinKeys, "a pin");
  CheckText(value.Find("source"), "source", checker_);
  CheckText(value.Find("comment"), "comment", checker_);
  const JsonValue* name = value.Find("name");
  if (name != nullptr &&
      checker_.ExpectKind(*name, JsonValue::Kind::kString, "name") &&
      !FaultOfName(name->string()).empty()) {
    checker_.Fail(name->offset(), FaultOfName(name->string()));
  }
  std::optional<Pin> pin = ReadDigest(value.Find("pin"), list);
  PinRole role = ReadRole(value.Find("role"), list);
  if (!pin.has_value()) {
    return;
  }
  NamedPin named{*pin, name == nullptr ? "" : name->string(), role};
  switch (list) {
    case List::kPins:
      builder_.AddPin(std::move(named));
      return;
    case List::kBackupPins:
      builder_.AddBackupPin(std::move(named));
      return;
    case List::kBlockedPins:
      builder_.AddBlockedPin(std::move(named));
      return;
  }
}

PinRole PinSetReader::ReadRole(const JsonValue* value, List list) {
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

// ReadDigest returns the pin `value`, unless it is malformed or was read
// before.
std::optional<Pin> PinSetReader::ReadDigest(const JsonValue* value, List list) {
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
  auto [previous, inserted] = seen_.try_emplace(*pin, list);
  if (!inserted) {
    checker_.Fail(value->offset(), FaultOfPair(previous->second, list));
    return std::nullopt;
  }
  return *pin;
}

}  // namespace

std::optional<absl::Time> ReadTime(const JsonValue* value,
                                   absl::string_view what,
                                   JsonChecker& checker) {
  if (value == nullptr ||
      !checker.ExpectKind(*value, JsonValue::Kind::kString, what)) {
    return std::nullopt;
  }
  absl::StatusOr<absl::Time> time = ParseUtcTime(value->string());
  if (!time.ok()) {
    checker.Fail(value->offset(),
                 absl::StrCat(what, ": ", time.status().message()));
    return std::nullopt;
  }
  return *time;
}

void CheckText(const JsonValue* value, absl::string_view what,
               JsonChecker& checker) {
  if (value != nullptr) {
    checker.ExpectKind(*value, JsonValue::Kind::kString, what);
  }
}

std::optional<PinSet> ReadPinSet(const JsonMember& member,
                                 JsonChecker& checker) {
  const absl::string_view fault = FaultOfName(member.key);
  if (!fault.empty()) {
    checker.Fail(member.key_offset, fault);
  }
  return PinSetReader(member.key, checker).Read(member);
}

}  // namespace pinning::internal
