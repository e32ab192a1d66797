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

}  // namespace

absl::string_view PinSetReader::ListName(List list) {
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

// FaultOfPair returns why a pin that is in `first` cannot come again in
// `second`.
absl::string_view PinSetReader::FaultOfPair(List first, List second) {
  if (first == second) {
    return "this pin is already in the list: delete one of them";
  }
  if (first == List::kBlockedPins || second == List::kBlockedPins) {
    return "this pin is both allowed and blocked: delete one of them";
  }
  return "this key is both a pin and a backup pin, but a backup is a key that "
         "is not in service: delete one of them";
}

std::optional<PinSet> PinSetReader::Read(const JsonMember& member) {
  const absl::string_view fault = FaultOfName(member.key);
  if (!fault.empty()) {
    checker_.Fail(member.key_offset, fault);
  }
  if (!checker_.ExpectKind(member.value, JsonValue::Kind::kObject,
                           "a pin set")) {
    return std::nullopt;
  }
  seen_.clear();
  PinSet::Builder builder((std::string(member.key)));
  ReadKeys(member, builder);
  // Nothing is kept of a file with an error.
  std::optional<PinSet> result;
  absl::Status status;
  if (checker_.ok()) {
    absl::StatusOr<PinSet> set = std::move(builder).Build();
    status = set.status();
    if (set.ok()) {
      result = *std::move(set);
    }
  }
  if (!result.has_value()) {
    ReportRepeats();
  }
  if (!status.ok() && checker_.ok()) {
    checker_.Fail(member.key_offset, status.message());
  }
  return result;
}

void PinSetReader::ReadKeys(const JsonMember& member,
                            PinSet::Builder& builder) {
  const auto [mode, expires, on_expiry, pins, backup_pins, blocked_pins,
              comment] = checker_.ExpectKeys(member.value, member.key_offset,
                                             kSetKeys, "a pin set");
  builder.SetMode(mode.has_value() &&
                          checker_.OneOf(*mode, {"enforce", "report-only"},
                                         "mode") == size_t{1}
                      ? PinSet::Mode::kReportOnly
                      : PinSet::Mode::kEnforce);
  builder.SetExpiry(
      ReadTime(expires, "expires", checker_).value_or(absl::UnixEpoch()),
      on_expiry.has_value() &&
              checker_.OneOf(*on_expiry, {"stop-enforcing", "reject"},
                             "on-expiry") == size_t{0}
          ? PinSet::OnExpiry::kStopEnforcing
          : PinSet::OnExpiry::kReject);
  CheckText(comment, "comment", checker_);
  ReadPins(pins, List::kPins, builder);
  ReadPins(backup_pins, List::kBackupPins, builder);
  ReadPins(blocked_pins, List::kBlockedPins, builder);
}

void PinSetReader::ReadPins(const std::optional<JsonValue>& list_value,
                            List list, PinSet::Builder& builder) {
  if (!list_value.has_value() ||
      !checker_.ExpectKind(*list_value, JsonValue::Kind::kArray,
                           ListName(list))) {
    return;
  }
  const JsonRange<JsonValue> pins = list_value->elements();
  if (pins.empty() && list != List::kBlockedPins) {
    checker_.Fail(
        list_value->offset(),
        list == List::kPins
            ? "a set needs at least one pin: add the pin of a key in service"
            : "a set needs at least one backup pin: add the pin of a key that "
              "is kept offline and not in service");
  }
  for (const JsonValue& element : pins) {
    ReadPin(element, list, builder);
  }
}

void PinSetReader::ReadPin(const JsonValue& value, List list,
                           PinSet::Builder& builder) {
  if (!checker_.ExpectKind(value, JsonValue::Kind::kObject, "a pin")) {
    return;
  }
  const auto [name, digest, role_value, source, comment] =
      checker_.ExpectKeys(value, value.offset(), kPinKeys, "a pin");
  CheckText(source, "source", checker_);
  CheckText(comment, "comment", checker_);
  if (name.has_value() &&
      checker_.ExpectKind(*name, JsonValue::Kind::kString, "name") &&
      !FaultOfName(name->string()).empty()) {
    checker_.Fail(name->offset(), FaultOfName(name->string()));
  }
  std::optional<Pin> pin = ReadDigest(digest, list);
  PinRole role = ReadRole(role_value, list);
  if (!pin.has_value()) {
    return;
  }
  NamedPin named{*pin, !name.has_value() ? "" : std::string(name->string()),
                 role};
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

PinRole PinSetReader::ReadRole(const std::optional<JsonValue>& value,
                               List list) {
  if (!value.has_value()) {
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
std::optional<Pin> PinSetReader::ReadDigest(
    const std::optional<JsonValue>& value, List list) {
  if (!value.has_value() ||
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
  seen_.push_back({*pin, list, value->offset()});
  return *pin;
}

// ReportRepeats reports the pins that are in the set twice.
void PinSetReader::ReportRepeats() {
  absl::flat_hash_map<Pin, List> lists;
  for (const SeenPin& seen : seen_) {
    const auto [previous, inserted] = lists.try_emplace(seen.pin, seen.list);
    if (!inserted) {
      checker_.Fail(seen.offset, FaultOfPair(previous->second, seen.list));
    }
  }
}

std::optional<absl::Time> ReadTime(const std::optional<JsonValue>& value,
                                   absl::string_view what,
                                   JsonChecker& checker) {
  if (!value.has_value() ||
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

void CheckText(const std::optional<JsonValue>& value, absl::string_view what,
               JsonChecker& checker) {
  if (value.has_value()) {
    checker.ExpectKind(*value, JsonValue::Kind::kString, what);
  }
}

}  // namespace pinning::internal
