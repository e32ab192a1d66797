#include "tools/tlspin/generate_flags.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>
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
#include "tools/tlspin/password.h"
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
absl::Status EndpointsFromFile(const std::string& path, int default_port,
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
    absl::StatusOr<Endpoint> endpoint = ParseEndpoint(line, default_port);
    if (!endpoint.ok()) {
      return InFile(absl::StrCat(path, ":", number), endpoint.status());
    }
    endpoints.push_back(*std::move(endpoint));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Endpoint>> AllEndpoints(const GenerateFlags& flags) {
  std::vector<Endpoint> endpoints;
  const int default_port = DefaultPortOf(flags.connect);
  for (const std::string& host : flags.hosts) {
    absl::StatusOr<Endpoint> endpoint = ParseEndpoint(host, default_port);
    if (!endpoint.ok()) {
      return Usage(endpoint.status());
    }
    endpoints.push_back(*std::move(endpoint));
  }
  if (!flags.from.empty()) {
    const absl::Status added =
        EndpointsFromFile(flags.from, default_port, endpoints);
    if (!added.ok()) {
      return added;
    }
  }
  if (endpoints.empty() && flags.update.empty()) {
    return absl::OutOfRangeError("no host to ask: name one, or use --from");
  }
  return endpoints;
}

// ReadBackup returns the one key in the file `path`.
absl::StatusOr<PinFilePin> ReadBackup(const std::string& path,
                                      const Passwords& passwords) {
  const absl::StatusOr<std::string> content = ReadInput(path);
  if (!content.ok()) {
    return content.status();
  }
  const absl::StatusOr<std::vector<KeyItem>> items =
      ParseKeys(*content, passwords);
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
    const GenerateFlags& flags) {
  const absl::StatusOr<Passwords> passwords =
      PasswordsFromFlag(flags.password_file);
  if (!passwords.ok()) {
    return passwords.status();
  }
  std::vector<PinFilePin> backups;
  for (const std::string& path : flags.backups) {
    absl::StatusOr<PinFilePin> backup = ReadBackup(path, *passwords);
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

// RolesOf returns what --pin says. No roles: those of each set.
absl::StatusOr<std::vector<pinning::PinRole>> RolesOf(
    const GenerateFlags& flags) {
  if (flags.pin.empty() && !flags.update.empty()) {
    return std::vector<pinning::PinRole>();
  }
  return ParseRoles(flags.pin.empty()         ? "issuer,anchor"
                    : flags.pin == "proposed" ? "all"
                                              : flags.pin);
}

bool SameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  const auto x = std::filesystem::weakly_canonical(a, error);
  const auto y = std::filesystem::weakly_canonical(b, error);
  return !error && x == y;
}

std::optional<UsageFault> FindUpdateFault(const GenerateFlags& flags) {
  const bool updates = !flags.update.empty();
  if (!updates && (flags.in_place || flags.prune || flags.allow_mismatch)) {
    return UsageFault{
        "--in-place, --prune and --allow-mismatch go with --update", ""};
  }
  if (!updates) {
    return std::nullopt;
  }
  if (flags.in_place && !flags.output.empty()) {
    return UsageFault{
        "--in-place and --output both say where the pin file goes",
        "give one of them"};
  }
  if (flags.in_place && flags.update == "-") {
    return UsageFault{"standard input cannot be changed in place",
                      "say where the pin file goes: -o FILE"};
  }
  if (!flags.set.empty() && flags.hosts.empty() && flags.from.empty()) {
    return UsageFault{
        "--update keeps the names of sets: --set is for hosts that the file "
        "does not cover",
        "name such a host, or leave out --set"};
  }
  return std::nullopt;
}

std::optional<UsageFault> FindBackupFault(const GenerateFlags& flags) {
  if (flags.new_backup_key.empty()) {
    return flags.encrypt_backup_key
               ? std::make_optional(UsageFault{
                     "--encrypt-backup-key goes with --new-backup-key", ""})
               : std::nullopt;
  }
  if (flags.pin_file().empty()) {
    return UsageFault{"a new backup key needs a pin file to be kept for",
                      "say where the pin file goes: -o FILE"};
  }
  if (SameFile(flags.new_backup_key, flags.pin_file())) {
    return UsageFault{"the pin file and the key would be the same file", ""};
  }
  return std::nullopt;
}

}  // namespace

std::optional<UsageFault> FindUsageFault(const GenerateFlags& flags,
                                         bool json) {
  if (flags.candidates) {
    return !flags.output.empty() || !flags.update.empty() ||
                   !flags.new_backup_key.empty()
               ? std::make_optional(
                     UsageFault{"--candidates writes nothing: leave out "
                                "--output, --update and --new-backup-key",
                                ""})
               : FindUpdateFault(flags);
  }
  for (const std::optional<UsageFault>& fault :
       {FindUpdateFault(flags), FindBackupFault(flags)}) {
    if (fault.has_value()) {
      return fault;
    }
  }
  if (flags.backups.empty() && flags.new_backup_key.empty() &&
      flags.update.empty()) {
    return UsageFault{
        "a pin set needs a backup pin: give --backup FILE or --new-backup-key "
        "FILE",
        "a backup is a key kept offline: --backup takes its public half, such "
        "as spare.pub of: openssl pkey -in spare.key -pubout -out spare.pub"};
  }
  if (json && flags.pin_file().empty()) {
    return UsageFault{"--json and the pin file both go to standard output",
                      "say where the pin file goes: -o FILE"};
  }
  return std::nullopt;
}

UpdatePolicy UpdatePolicyOf(const GenerateFlags& flags,
                            const GeneratePlan& plan) {
  UpdatePolicy policy;
  policy.pins = plan.policy;
  policy.prune = flags.prune;
  policy.allow_mismatch = flags.allow_mismatch;
  if (!flags.expires.empty()) {
    policy.expires = plan.policy.expires;
  }
  if (!flags.mode.empty()) {
    policy.mode = plan.policy.mode;
  }
  if (!flags.on_expiry.empty()) {
    policy.on_expiry = plan.policy.on_expiry;
  }
  return policy;
}

absl::StatusOr<GeneratePlan> MakeGeneratePlan(const GenerateFlags& flags,
                                              absl::Time now) {
  GeneratePlan plan;
  absl::StatusOr<std::vector<Endpoint>> endpoints = AllEndpoints(flags);
  const absl::StatusOr<ConnectOptions> connect =
      ConnectOptionsFromFlags(flags.connect);
  const absl::StatusOr<std::vector<pinning::PinRole>> roles = RolesOf(flags);
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
  plan.default_port = DefaultPortOf(flags.connect);
  plan.probe = ProbeOptionsFromFlags(flags.probe, *connect);
  plan.policy.roles = *roles;
  plan.policy.proposed = flags.pin == "proposed";
  plan.policy.allow_divergent = flags.allow_divergent;
  absl::StatusOr<std::vector<PinFilePin>> backups = ReadBackups(flags);
  if (!backups.ok()) {
    return backups.status();
  }
  plan.policy.backups = *std::move(backups);
  plan.policy.set_name = flags.set;
  plan.policy.expires = *expires;
  plan.policy.mode = flags.mode == "report-only" ? PinSet::Mode::kReportOnly
                                                 : PinSet::Mode::kEnforce;
  plan.policy.on_expiry = flags.on_expiry == "reject"
                              ? PinSet::OnExpiry::kReject
                              : PinSet::OnExpiry::kStopEnforcing;
  return plan;
}

}  // namespace tlspin
