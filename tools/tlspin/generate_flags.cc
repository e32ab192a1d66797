#include "tools/tlspin/generate_flags.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/key_file.h"
#include "tools/tlspin/pin_file.h"
#include "tools/tlspin/time_flag.h"

namespace tlspin {
namespace {

using ::pinning::PinSet;

constexpr int kDefaultDays = 90;

// Usage returns `status` as the error of a flag's value.
absl::Status Usage(const absl::Status& status) {
  return absl::OutOfRangeError(status.message());
}

// EndpointsFromFile adds the endpoints in the file `path`, one on each line; an
// empty line and one that begins with "#" say nothing.
absl::Status EndpointsFromFile(const std::string& path,
                               std::vector<Endpoint>& endpoints) {
  const absl::StatusOr<std::string> content = ReadInput(path);
  if (!content.ok()) {
    return content.status();
  }
  int number = 0;
  for (const absl::string_view raw : absl::StrSplit(*content, '\n')) {
    ++number;
    const absl::string_view line = absl::StripAsciiWhitespace(raw);
    if (line.empty() || line[0] == '#') {
      continue;
    }
    absl::StatusOr<Endpoint> endpoint = ParseEndpoint(line);
    if (!endpoint.ok()) {
      return InFile(absl::StrCat(path, ":", number), endpoint.status());
    }
    endpoints.push_back(*std::move(endpoint));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Endpoint>> AllEndpoints(const GenerateFlags& flags) {
  std::vector<Endpoint> endpoints;
  for (const std::string& host : flags.hosts) {
    absl::StatusOr<Endpoint> endpoint = ParseEndpoint(host);
    if (!endpoint.ok()) {
      return Usage(endpoint.status());
    }
    endpoints.push_back(*std::move(endpoint));
  }
  if (!flags.from.empty()) {
    const absl::Status added = EndpointsFromFile(flags.from, endpoints);
    if (!added.ok()) {
      return added;
    }
  }
  if (endpoints.empty()) {
    return absl::OutOfRangeError("no host to ask: name one, or use --from");
  }
  return endpoints;
}

// ReadBackup returns the one key in the file `path`.
absl::StatusOr<PinFilePin> ReadBackup(const std::string& path) {
  const absl::StatusOr<std::string> content = ReadInput(path);
  if (!content.ok()) {
    return content.status();
  }
  const absl::StatusOr<std::vector<KeyItem>> items = ParseKeys(*content);
  if (!items.ok()) {
    return InFile(path, items.status());
  }
  for (const KeyItem& item : *items) {
    if (item.pin != items->front().pin) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": holds several keys; a backup file holds one"));
    }
  }
  const KeyItem& item = items->front();
  const std::string name = item.subject.empty()
                               ? absl::StrCat("backup ", item.key)
                               : absl::StrCat("backup: ", item.subject);
  return PinFilePin{{item.pin, std::string(absl::StripAsciiWhitespace(name)),
                     pinning::PinRole::kAny},
                    absl::StrCat("a ", item.kind, " file")};
}

absl::StatusOr<std::vector<PinFilePin>> ReadBackups(
    const std::vector<std::string>& paths) {
  std::vector<PinFilePin> backups;
  for (const std::string& path : paths) {
    absl::StatusOr<PinFilePin> backup = ReadBackup(path);
    if (!backup.ok()) {
      return backup.status();
    }
    const bool known = std::any_of(backups.begin(), backups.end(),
                                   [&backup](const PinFilePin& b) {
                                     return b.pin.pin == backup->pin.pin;
                                   });
    if (!known) {
      backups.push_back(*std::move(backup));
    }
  }
  return backups;
}

// ParseExpiry parses a date, a time or a number of days from `now`.
absl::StatusOr<absl::Time> ParseExpiry(absl::string_view text, absl::Time now) {
  absl::string_view digits = text;
  absl::ConsumeSuffix(&digits, "d");
  int64_t days = 0;
  absl::Time expires;
  if (text.empty()) {
    days = kDefaultDays;
  }
  const bool is_number =
      !digits.empty() && digits.size() <= 5 &&
      std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit);
  if (text.empty() || (is_number && absl::SimpleAtoi(digits, &days))) {
    expires = now + absl::Hours(24) * days;
  } else {
    const absl::StatusOr<absl::Time> time = ParseTime(text);
    if (!time.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--expires: ", time.status().message(), ", nor a number of days"));
    }
    expires = *time;
  }
  if (expires <= now) {
    return absl::InvalidArgumentError(
        absl::StrCat("--expires: ", DateText(expires), " is in the past"));
  }
  return expires;
}

}  // namespace

absl::StatusOr<GeneratePlan> MakeGeneratePlan(const GenerateFlags& flags,
                                              absl::Time now) {
  GeneratePlan plan;
  absl::StatusOr<std::vector<Endpoint>> endpoints = AllEndpoints(flags);
  const absl::StatusOr<ConnectOptions> connect =
      ConnectOptionsFromFlags(flags.connect);
  const absl::StatusOr<std::vector<pinning::PinRole>> roles =
      ParseRoles(flags.pin);
  const absl::StatusOr<absl::Time> expires = ParseExpiry(flags.expires, now);
  if (!endpoints.ok()) {
    return endpoints.status();
  }
  for (const absl::Status& status :
       {connect.status(), roles.status(), expires.status()}) {
    if (!status.ok()) {
      return Usage(status);
    }
  }
  plan.endpoints = *std::move(endpoints);
  plan.connect = *connect;
  plan.policy.roles = *roles;
  absl::StatusOr<std::vector<PinFilePin>> backups = ReadBackups(flags.backups);
  if (!backups.ok()) {
    return backups.status();
  }
  plan.policy.backups = *std::move(backups);
  plan.policy.set_name = flags.set;
  plan.policy.expires = *expires;
  plan.policy.mode = flags.mode == "enforce" ? PinSet::Mode::kEnforce
                                             : PinSet::Mode::kReportOnly;
  plan.policy.on_expiry = flags.on_expiry == "reject"
                              ? PinSet::OnExpiry::kReject
                              : PinSet::OnExpiry::kStopEnforcing;
  return plan;
}

}  // namespace tlspin
