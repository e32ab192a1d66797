#include "tools/tlspin/formats/import_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/text_escape.h"
#include "tools/tlspin/formats/import_hosts.h"
#include "tools/tlspin/host_cells.h"

namespace tlspin {
namespace {

using ::pinning::PinSet;
using ::pinning::internal::HostPattern;

// A Planner makes one pin file.
class Planner {
 public:
  Planner(const FormatSpec& format, Imported& imported,
          const ImportOptions& options)
      : format_(format), imported_(imported), options_(options) {}

  absl::StatusOr<PinFile> Run();

 private:
  absl::StatusOr<std::vector<ImportedHost>> Hosts();
  absl::StatusOr<std::string> SetFor(const ImportedHost& host);
  absl::StatusOr<PinFileSet> MakeSet(const ImportedSet& set);
  absl::Status MoveBackups(const ImportedSet& from, PinFileSet& set) const;
  ImportedSet Union(const std::vector<size_t>& sets) const;
  std::string NameFor(const ImportedSet& set, const std::string& pattern);
  std::vector<PinFilePin> PinsOf(const std::vector<ImportedPin>& pins) const;
  absl::Status Missing(const Place& place, absl::string_view what) const {
    return absl::FailedPreconditionError(
        absl::StrCat(PlaceText(options_.file_name, place), ": ", what));
  }

  const FormatSpec& format_;
  Imported& imported_;
  const ImportOptions& options_;
  PinFile file_;
  std::map<std::string, std::string> names_;  // of sets, by content
  std::set<std::string> taken_ = {"none"};
  bool expiry_used_ = false;
};

absl::StatusOr<std::vector<ImportedHost>> Planner::Hosts() {
  if (format_.capabilities.hosts != HostForm::kNone) {
    if (!options_.hosts.empty()) {
      return absl::FailedPreconditionError(
          "--host: the file names its hosts itself");
    }
    return ImportHosts(format_, options_.file_name, imported_);
  }
  if (options_.hosts.empty()) {
    return Missing({}, "there is no host in it: give --host");
  }
  std::vector<ImportedHost> hosts;
  for (const std::string& host : options_.hosts) {
    const absl::StatusOr<HostPattern> pattern = HostPattern::FromString(
        imported_.includes_subdomains && !absl::StartsWith(host, "*")
            ? absl::StrCat("**.", host)
            : host);
    if (!pattern.ok()) {
      return absl::FailedPreconditionError(
          absl::StrCat("--host: ", pattern.status().message()));
    }
    hosts.push_back({pattern->ToString(), {0}, {}});
  }
  return hosts;
}

ImportedSet Planner::Union(const std::vector<size_t>& sets) const {
  ImportedSet all = imported_.sets[sets[0]];
  for (size_t i = 1; i < sets.size(); ++i) {
    for (const ImportedPin& pin : imported_.sets[sets[i]].pins) {
      const bool known = std::any_of(
          all.pins.begin(), all.pins.end(),
          [&pin](const ImportedPin& other) { return other.pin == pin.pin; });
      if (!known) {
        all.pins.push_back(pin);
      }
    }
  }
  return all;
}

// ContentOf returns a text that two sets share if they decide alike.
std::string ContentOf(const ImportedSet& set) {
  std::set<std::string> lines;
  for (const ImportedPin& pin : set.pins) {
    lines.insert(absl::StrCat("pin ", pin.pin.ToString(), " ",
                              pinning::PinRoleName(pin.role)));
  }
  for (const ImportedPin& pin : set.blocked_pins) {
    lines.insert(absl::StrCat("blocked ", pin.pin.ToString()));
  }
  std::string content = absl::StrCat(
      set.name, "\n", set.mode == PinSet::Mode::kReportOnly, "\n",
      set.expires.has_value() ? absl::FormatTime(*set.expires) : "", "\n");
  for (const std::string& line : lines) {
    absl::StrAppend(&content, line, "\n");
  }
  return content;
}

std::string Planner::NameFor(const ImportedSet& set,
                             const std::string& pattern) {
  const std::string name = set.name.empty() ? PatternBase(pattern) : set.name;
  std::string unique = name;
  for (int i = 2; !taken_.insert(unique).second; ++i) {
    unique = absl::StrCat(name, "-", i);
  }
  return unique;
}

std::vector<PinFilePin> Planner::PinsOf(
    const std::vector<ImportedPin>& pins) const {
  const std::string file = pinning::internal::EscapeText(
      options_.file_name.substr(options_.file_name.rfind('/') + 1));
  std::vector<PinFilePin> result;
  for (const ImportedPin& pin : pins) {
    const std::string source = absl::StrCat(file, ", line ", pin.place.line);
    result.push_back(
        {{pin.pin, pin.name.empty() ? source : pin.name, pin.role}, source});
  }
  return result;
}

// MoveBackups makes the keys that --backup names backup pins.
absl::Status Planner::MoveBackups(const ImportedSet& from,
                                  PinFileSet& set) const {
  const auto named = [this](const PinFilePin& pin) {
    return std::any_of(
        options_.backups.begin(), options_.backups.end(),
        [&pin](const PinFilePin& b) { return b.pin.pin == pin.pin.pin; });
  };
  const auto middle = std::stable_partition(
      set.pins.begin(), set.pins.end(),
      [&named](const PinFilePin& pin) { return !named(pin); });
  set.backup_pins.assign(middle, set.pins.end());
  set.pins.erase(middle, set.pins.end());
  for (const PinFilePin& backup : options_.backups) {
    const bool known =
        std::any_of(imported_.sets.begin(), imported_.sets.end(),
                    [&backup](const ImportedSet& other) {
                      return std::any_of(other.pins.begin(), other.pins.end(),
                                         [&backup](const ImportedPin& pin) {
                                           return pin.pin == backup.pin.pin;
                                         });
                    });
    if (!known) {
      set.backup_pins.push_back(backup);
    }
  }
  if (set.pins.empty()) {
    return Missing(from.place,
                   "every pin here is named as a backup: one of "
                   "them is in service");
  }
  if (set.backup_pins.empty()) {
    return Missing(from.place,
                   "which of these keys is kept and not in service? Name it, "
                   "or a new one, with --backup");
  }
  return absl::OkStatus();
}

absl::StatusOr<PinFileSet> Planner::MakeSet(const ImportedSet& set) {
  PinFileSet result;
  result.mode = set.mode.value_or(PinSet::Mode::kEnforce);
  if (set.expires.has_value()) {
    result.expires = *set.expires;
    result.on_expiry = PinSet::OnExpiry::kStopEnforcing;
  } else if (options_.expires.has_value() && options_.on_expiry.has_value()) {
    result.expires = *options_.expires;
    result.on_expiry = *options_.on_expiry;
    expiry_used_ = true;
  } else {
    return Missing(set.place,
                   "these pins have no expiry: give --expires and --on-expiry");
  }
  result.pins = PinsOf(set.pins);
  result.blocked_pins = PinsOf(set.blocked_pins);
  const absl::Status moved = MoveBackups(set, result);
  if (!moved.ok()) {
    return moved;
  }
  return result;
}

// SetFor returns the name of the set of `host`, which it adds if it is new.
absl::StatusOr<std::string> Planner::SetFor(const ImportedHost& host) {
  if (host.sets.empty()) {
    return "none";
  }
  const ImportedSet set = Union(host.sets);
  std::string& name = names_[ContentOf(set)];
  if (name.empty()) {
    absl::StatusOr<PinFileSet> made = MakeSet(set);
    if (!made.ok()) {
      return made.status();
    }
    name = NameFor(set, host.pattern);
    made->name = name;
    file_.sets.push_back(*std::move(made));
  }
  return name;
}

absl::StatusOr<PinFile> Planner::Run() {
  file_.updated = imported_.updated.value_or(options_.updated);
  const absl::StatusOr<std::vector<ImportedHost>> hosts = Hosts();
  if (!hosts.ok()) {
    return hosts.status();
  }
  for (const ImportedHost& host : *hosts) {
    absl::StatusOr<std::string> set = SetFor(host);
    if (!set.ok()) {
      return set.status();
    }
    file_.hosts.push_back({host.pattern, *std::move(set)});
  }
  if (file_.sets.empty()) {
    return ErrorAt(options_.file_name, {}, "there are no pins in it");
  }
  if (!expiry_used_ &&
      (options_.expires.has_value() || options_.on_expiry.has_value())) {
    return absl::FailedPreconditionError(
        "--expires, --on-expiry: the file says when its pins end");
  }
  std::stable_sort(imported_.losses.begin(), imported_.losses.end(),
                   [](const Loss& a, const Loss& b) {
                     return std::tie(a.place.line, a.place.column) <
                            std::tie(b.place.line, b.place.column);
                   });
  return std::move(file_);
}

}  // namespace

absl::StatusOr<PinFile> MakePinFile(const FormatSpec& format,
                                    Imported& imported,
                                    const ImportOptions& options) {
  return Planner(format, imported, options).Run();
}

}  // namespace tlspin
