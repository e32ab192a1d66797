#include "pinning/internal/ct_log_reader.h"

#include <openssl/bytestring.h>
#include <openssl/ec.h>
#include <openssl/ec_key.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/nid.h>
#include <openssl/sha.h>

#include <iterator>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/base64.h"
#include "pinning/internal/check_result.h"
#include "pinning/internal/json_checker.h"
#include "pinning/internal/json_reader.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/internal/signature.h"
#include "pinning/internal/status_macros.h"
#include "pinning/internal/utc_time.h"

namespace pinning::internal {
namespace {

// FaultOfKey returns why `spki` is not a key that a log may have (RFC 6962,
// 2.1.4), or an empty string.
std::string FaultOfKey(Bytes spki) {
  const CheckResult acceptable = CheckPublicKey(spki);
  if (!acceptable.passed()) {
    return acceptable.error().detail;
  }
  CBS cbs;
  CBS_init(&cbs, spki.data(), spki.size());
  const bssl::UniquePtr<EVP_PKEY> key(EVP_parse_public_key(&cbs));
  ERR_clear_error();
  if (key != nullptr && EVP_PKEY_id(key.get()) == EVP_PKEY_RSA) {
    return "";
  }
  const EC_KEY* ec = key == nullptr ? nullptr : EVP_PKEY_get0_EC_KEY(key.get());
  ERR_clear_error();
  return ec != nullptr && EC_GROUP_get_curve_name(EC_KEY_get0_group(ec)) ==
                              NID_X9_62_prime256v1
             ? ""
             : "a log's key is ECDSA P-256 or RSA";
}

// A CtLogReader reads one file, once.
class CtLogReader {
 public:
  CtLogReader(const JsonDocument& document, size_t max_logs)
      : root_(document.root()), checker_(document), max_logs_(max_logs) {}

  absl::StatusOr<CtLogFile> Read();

 private:
  void ReadOperator(const JsonValue& value);
  void ReadLogs(const JsonValue& list, const std::string& operator_name,
                bool tiled);
  CtLogEntry ReadLog(const JsonValue& value);
  void ReadKey(const JsonValue& log, CtLogEntry* entry);
  void ReadState(const JsonValue& state, CtLogEntry* entry);
  void ReadInterval(const JsonValue& interval, CtLogEntry* entry);

  // Require returns the member `key` of `object`, or reports that it is
  // missing.
  std::optional<JsonValue> Require(const JsonValue& object,
                                   absl::string_view key,
                                   absl::string_view what);
  std::string Text(const std::optional<JsonValue>& value,
                   absl::string_view what);
  std::optional<absl::Time> Time(const std::optional<JsonValue>& value,
                                 absl::string_view what);
  std::vector<uint8_t> Base64(const std::optional<JsonValue>& value,
                              absl::string_view what);

  const JsonValue root_;
  JsonChecker checker_;
  size_t max_logs_;
  absl::flat_hash_set<std::array<uint8_t, 32>> seen_;
  CtLogFile file_;
};

absl::StatusOr<CtLogFile> CtLogReader::Read() {
  if (checker_.ExpectKind(root_, JsonValue::Kind::kObject, "a log list")) {
    file_.timestamp =
        Time(root_.Find("log_list_timestamp"), "log_list_timestamp");
    const std::optional<JsonValue> operators =
        Require(root_, "operators", "a log list");
    if (operators.has_value() &&
        checker_.ExpectKind(*operators, JsonValue::Kind::kArray, "operators")) {
      for (const JsonValue& one : operators->elements()) {
        ReadOperator(one);
      }
      if (file_.logs.empty() && checker_.ok()) {
        checker_.Fail(operators->offset(), "the list has no logs");
      }
    }
  }
  PINNING_RETURN_IF_ERROR(checker_.status());
  return std::move(file_);
}

void CtLogReader::ReadOperator(const JsonValue& value) {
  if (!checker_.ExpectKind(value, JsonValue::Kind::kObject, "an operator")) {
    return;
  }
  const std::string name =
      Text(Require(value, "name", "an operator"), "the name of an operator");
  // RFC 6962 logs and those of the static CT API sign alike.
  if (const std::optional<JsonValue> logs = value.Find("logs")) {
    ReadLogs(*logs, name, /*tiled=*/false);
  }
  if (const std::optional<JsonValue> logs = value.Find("tiled_logs")) {
    ReadLogs(*logs, name, /*tiled=*/true);
  }
}

void CtLogReader::ReadLogs(const JsonValue& list,
                           const std::string& operator_name, bool tiled) {
  if (!checker_.ExpectKind(list, JsonValue::Kind::kArray, "a list of logs")) {
    return;
  }
  for (const JsonValue& value : list.elements()) {
    if (!checker_.ExpectKind(value, JsonValue::Kind::kObject, "a log")) {
      continue;
    }
    if (file_.logs.size() == max_logs_) {
      checker_.Fail(value.offset(),
                    absl::StrCat("more than ", max_logs_, " logs"));
      return;
    }
    CtLogEntry entry = ReadLog(value);
    entry.operator_name = operator_name;
    entry.tiled = tiled;
    file_.logs.push_back(std::move(entry));
  }
}

CtLogEntry CtLogReader::ReadLog(const JsonValue& value) {
  CtLogEntry entry;
  entry.description = Text(value.Find("description"), "description");
  // A tiled log has two, and neither is called `url`.
  const std::optional<JsonValue> url = value.Find("url");
  entry.url =
      Text(!url.has_value() ? value.Find("submission_url") : url, "the URL");
  ReadKey(value, &entry);
  if (const std::optional<JsonValue> state = value.Find("state")) {
    ReadState(*state, &entry);
  }
  if (const std::optional<JsonValue> interval =
          value.Find("temporal_interval")) {
    ReadInterval(*interval, &entry);
  }
  return entry;
}

void CtLogReader::ReadKey(const JsonValue& log, CtLogEntry* entry) {
  const std::optional<JsonValue> key = Require(log, "key", "a log");
  const std::optional<JsonValue> id = Require(log, "log_id", "a log");
  entry->key = Base64(key, "key");
  const std::vector<uint8_t> log_id = Base64(id, "log_id");
  if (!key.has_value() || !id.has_value() || !checker_.ok()) {
    return;
  }
  const std::string fault = FaultOfKey(entry->key);
  if (!fault.empty()) {
    checker_.Fail(key->offset(), absl::StrCat("key: ", fault));
    return;
  }
  SHA256(entry->key.data(), entry->key.size(), entry->log_id.data());
  if (Bytes(entry->log_id) != Bytes(log_id)) {
    checker_.Fail(id->offset(),
                  absl::StrCat("the log ID is not the SHA-256 of the key: \"",
                               Base64Encode(entry->log_id), "\" is"));
  } else if (!seen_.insert(entry->log_id).second) {
    checker_.Fail(id->offset(), "this log is in the list already");
  }
}

void CtLogReader::ReadState(const JsonValue& state, CtLogEntry* entry) {
  if (!checker_.ExpectKind(state, JsonValue::Kind::kObject, "state")) {
    return;
  }
  const bool one = state.members().size() == 1;
  for (size_t i = 0; one && i < std::size(kCtLogStateNames); ++i) {
    const JsonMember member = state.members().front();
    if (member.key == kCtLogStateNames[i] &&
        checker_.ExpectKind(member.value, JsonValue::Kind::kObject,
                            "a state")) {
      entry->state = i;
      entry->state_since =
          Time(Require(member.value, "timestamp", "a state"), "timestamp");
      return;
    }
  }
  checker_.Fail(state.offset(),
                "a state has one key: pending, qualified, usable, readonly, "
                "retired or rejected");
}

void CtLogReader::ReadInterval(const JsonValue& interval, CtLogEntry* entry) {
  constexpr absl::string_view kWhat = "temporal_interval";
  if (!checker_.ExpectKind(interval, JsonValue::Kind::kObject, kWhat)) {
    return;
  }
  entry->interval_start =
      Time(Require(interval, "start_inclusive", kWhat), "start_inclusive");
  entry->interval_end =
      Time(Require(interval, "end_exclusive", kWhat), "end_exclusive");
  if (entry->interval_start.has_value() && entry->interval_end.has_value() &&
      *entry->interval_start >= *entry->interval_end) {
    checker_.Fail(interval.offset(), "the interval ends before it starts");
  }
}

std::optional<JsonValue> CtLogReader::Require(const JsonValue& object,
                                              absl::string_view key,
                                              absl::string_view what) {
  const std::optional<JsonValue> value = object.Find(key);
  if (!value.has_value()) {
    checker_.Fail(object.offset(), absl::StrCat(what, " lacks \"", key, "\""));
  }
  return value;
}

std::string CtLogReader::Text(const std::optional<JsonValue>& value,
                              absl::string_view what) {
  return value.has_value() &&
                 checker_.ExpectKind(*value, JsonValue::Kind::kString, what)
             ? std::string(value->string())
             : std::string();
}

std::optional<absl::Time> CtLogReader::Time(
    const std::optional<JsonValue>& value, absl::string_view what) {
  if (!value.has_value() ||
      !checker_.ExpectKind(*value, JsonValue::Kind::kString, what)) {
    return std::nullopt;
  }
  const absl::StatusOr<absl::Time> time = ParseUtcTime(value->string());
  if (!time.ok()) {
    checker_.Fail(value->offset(),
                  absl::StrCat(what, ": ", time.status().message()));
    return std::nullopt;
  }
  return *time;
}

std::vector<uint8_t> CtLogReader::Base64(const std::optional<JsonValue>& value,
                                         absl::string_view what) {
  if (!value.has_value() ||
      !checker_.ExpectKind(*value, JsonValue::Kind::kString, what)) {
    return {};
  }
  absl::StatusOr<std::vector<uint8_t>> bytes = Base64Decode(value->string());
  if (!bytes.ok()) {
    checker_.Fail(value->offset(),
                  absl::StrCat(what, ": ", bytes.status().message()));
    return {};
  }
  return *std::move(bytes);
}

}  // namespace

absl::StatusOr<CtLogFile> ParseCtLogFile(absl::string_view text,
                                         absl::string_view file_name,
                                         size_t max_logs) {
  PINNING_ASSIGN_OR_RETURN(
      const JsonDocument document,
      JsonDocument::ParseAllowingDuplicateKeys(text, file_name));
  return CtLogReader(document, max_logs).Read();
}

}  // namespace pinning::internal
