#include "tools/tlspin/generate_update.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/verdict.h"
#include "tools/tlspin/generate_new_hosts.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/generate_set.h"
#include "tools/tlspin/json_edit.h"
#include "tools/tlspin/time_text.h"

namespace tlspin {
namespace {

using Json = nlohmann::ordered_json;
using ::pinning::NamedPin;
using ::pinning::Pin;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStore;

// A SetUpdater brings one set up to date.
class SetUpdater {
 public:
  // All that is given outlives it.
  SetUpdater(const PinStore& store, const PinSet& set,
             const std::vector<Probe>& probes, const UpdatePolicy& policy,
             absl::Time now);

  bool has_probes() const { return !probes_.empty(); }

  // Update changes `json`, the set in the file. It fails as UpdatePinFile does.
  absl::Status Update(Json& json);

  SetUpdate&& result() { return std::move(result_); }

 private:
  // Continuity returns whether each path holds a pin of the set.
  absl::Status Continuity() const;

  absl::Status AddBackups(Json& json);
  void AddPinsTo(const std::vector<PinFilePin>& wanted, Json& json);
  void Promote(const PinFilePin& pin, Json& json);
  void SetTerms(Json& json) const;
  void FindNotServed(Json& json);

  const PinSet& set_;
  const UpdatePolicy& policy_;
  const absl::Time now_;
  std::vector<Probe> probes_;  // of this set, with a verdict
  SetUpdate result_;
};

SetUpdater::SetUpdater(const PinStore& store, const PinSet& set,
                       const std::vector<Probe>& probes,
                       const UpdatePolicy& policy, absl::Time now)
    : set_(set), policy_(policy), now_(now) {
  result_.set = set.name();
  std::vector<std::string> answered, silent;
  for (const Probe& probe : probes) {
    const std::optional<PinStore::Entry> entry =
        EntryOf(store, probe.endpoint.host);
    if (!entry.has_value() || entry->pin_set()->get() != &set) {
      continue;
    }
    if (!probe.verdict.has_value()) {
      silent.emplace_back(entry->pattern());
      continue;
    }
    answered.emplace_back(entry->pattern());
    // Once, if it was asked over several versions of TLS.
    if (result_.asked.empty() || result_.asked.back() != probe.Target()) {
      result_.asked.push_back(probe.Target());
    }
    probes_.push_back(probe);
  }
  const auto holds = [](const std::vector<std::string>& list,
                        absl::string_view one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  const std::vector<PinStore::Entry> entries = *store.entries();
  for (const PinStore::Entry& entry : entries) {
    if (entry.pin_set()->get() == &set &&
        (!holds(answered, entry.pattern()) || holds(silent, entry.pattern()))) {
      result_.not_asked.emplace_back(entry.pattern());
    }
  }
}

absl::Status SetUpdater::Continuity() const {
  for (const Probe& probe : probes_) {
    const PinSet::MatchResult match = set_.MatchPath(*probe.verdict->path());
    if (match.match == PinSet::Match::kBlocked) {
      return absl::FailedPreconditionError(
          absl::StrCat(probe.Target(), ": the blocked key \"", match.pin->name,
                       "\" of the set \"", set_.name(), "\" is on its path"));
    }
    if (match.match == PinSet::Match::kMismatch && !policy_.allow_mismatch) {
      return absl::AbortedError(
          absl::StrCat(probe.Target(), ": no pin of the set \"", set_.name(),
                       "\" is on its path: a client with these pins refuses "
                       "it, and an interceptor would look like this"));
    }
  }
  return absl::OkStatus();
}

absl::Status SetUpdater::AddBackups(Json& json) {
  for (const PinFilePin& backup : policy_.pins.backups) {
    for (const NamedPin& pin : set_.pins()) {
      if (pin.pin == backup.pin.pin) {
        return absl::FailedPreconditionError(
            absl::StrCat("the backup key \"", backup.pin.name,
                         "\" is a pin of the set \"", set_.name(), "\""));
      }
    }
    const auto known = set_.backup_pins();
    const bool has = std::any_of(
        known.begin(), known.end(),
        [&backup](const NamedPin& pin) { return pin.pin == backup.pin.pin; });
    if (!has) {
      json["backup-pins"].push_back(PinFilePinJson(backup));
      result_.backups_added.push_back(backup);
    }
  }
  return absl::OkStatus();
}

// IndexOf returns where in `pins` the key of `pin` is, or their number.
size_t IndexOf(const Json& pins, const Pin& pin) {
  const std::string text = pin.ToString();
  size_t i = 0;
  while (i < pins.size() && pins[i].value("pin", "") != text) {
    ++i;
  }
  return i;
}

void SetUpdater::AddPinsTo(const std::vector<PinFilePin>& wanted, Json& json) {
  for (const PinFilePin& pin : wanted) {
    const size_t backup = IndexOf(json["backup-pins"], pin.pin.pin);
    if (backup < json["backup-pins"].size()) {
      Promote(pin, json);
      continue;
    }
    Json& pins = json["pins"];
    const size_t known = IndexOf(pins, pin.pin.pin);
    if (known == pins.size()) {
      pins.push_back(PinFilePinJson(pin));
      result_.added.push_back(pin);
      continue;
    }
    const std::string role = pins[known].value("role", "any");
    if (role != "any" && role != pinning::PinRoleName(pin.pin.role)) {
      pins[known]["role"] = "any";
      result_.added.push_back(pin);
    }
  }
}

// Promote makes a backup pin whose key is in service a pin, with all that the
// file says of it, unless the set would be left without a backup.
void SetUpdater::Promote(const PinFilePin& pin, Json& json) {
  Json& backups = json["backup-pins"];
  size_t spare = 0;
  for (const Json& backup : backups) {
    const absl::StatusOr<Pin> key = Pin::FromString(backup.value("pin", ""));
    spare += key.ok() && !IsOnPath(probes_, *key, PinRole::kAny) ? 1 : 0;
  }
  if (spare == 0) {
    result_.backups_in_service.push_back(pin);
    return;
  }
  const size_t index = IndexOf(backups, pin.pin.pin);
  json["pins"].push_back(backups[index]);
  backups.erase(index);
  result_.promoted.push_back(pin);
}

void SetUpdater::SetTerms(Json& json) const {
  if (policy_.expires.has_value() && *policy_.expires != set_.expires()) {
    json["expires"] = TimeText(*policy_.expires);
  }
  if (policy_.mode.has_value()) {
    json["mode"] =
        *policy_.mode == PinSet::Mode::kEnforce ? "enforce" : "report-only";
  }
  if (policy_.on_expiry.has_value()) {
    json["on-expiry"] = *policy_.on_expiry == PinSet::OnExpiry::kReject
                            ? "reject"
                            : "stop-enforcing";
  }
}

void SetUpdater::FindNotServed(Json& json) {
  for (const NamedPin& pin : set_.pins()) {
    if (IsOnPath(probes_, pin.pin, PinRole::kAny)) {
      continue;
    }
    // Names that were not asked may depend on it; and a set has a pin.
    const bool remove =
        policy_.prune && result_.not_asked.empty() && json["pins"].size() > 1;
    if (remove) {
      json["pins"].erase(IndexOf(json["pins"], pin.pin));
    }
    (remove ? result_.removed : result_.not_served).push_back({pin, ""});
  }
}

absl::Status SetUpdater::Update(Json& json) {
  const absl::Status continuous = Continuity();
  if (!continuous.ok()) {
    return continuous;
  }
  const GeneratePolicy wants = WantsOf(policy_, set_, probes_);
  if (!wants.allow_divergent) {
    const absl::Status same = CheckDivergence(probes_, wants, now_);
    if (!same.ok()) {
      return same;
    }
  }
  const absl::StatusOr<std::vector<PinFilePin>> wanted =
      WantedPins(probes_, wants, now_);
  if (!wanted.ok()) {
    return wanted.status();
  }
  const absl::Status backups = AddBackups(json);
  if (!backups.ok()) {
    return backups;
  }
  AddPinsTo(*wanted, json);
  SetTerms(json);
  FindNotServed(json);
  return absl::OkStatus();
}

}  // namespace

std::vector<Endpoint> HostsToAsk(const PinStore& store, int port) {
  std::vector<Endpoint> endpoints;
  const std::vector<PinStore::Entry> entries = *store.entries();
  for (const PinStore::Entry& entry : entries) {
    if (!entry.is_pinned() || absl::StartsWith(entry.pattern(), "*")) {
      continue;
    }
    Endpoint endpoint;
    endpoint.host = endpoint.address = std::string(entry.pattern());
    endpoint.port = port;
    endpoints.push_back(std::move(endpoint));
  }
  return endpoints;
}

absl::Status CheckNotExempt(const std::vector<Endpoint>& endpoints,
                            const PinStore& store) {
  for (const Endpoint& endpoint : endpoints) {
    const std::optional<PinStore::Entry> entry = EntryOf(store, endpoint.host);
    if (entry.has_value() && !entry->is_pinned()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the pin file says that ", endpoint.host,
                       " has no pins (\"", entry->pattern(),
                       "\": \"none\"): if it is to have some, take that "
                       "out first"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<PinFileUpdate> UpdatePinFile(absl::string_view text,
                                            const PinStore& store,
                                            const std::vector<Probe>& probes,
                                            const UpdatePolicy& policy,
                                            absl::Time now) {
  const absl::Status backups = CheckBackups(probes, policy.pins.backups);
  if (!backups.ok()) {
    return backups;
  }
  Json file = Json::parse(text);  // the store was made of it
  const absl::StatusOr<NewHosts> added =
      PlaceNewHosts(store, probes, policy, now);
  if (!added.ok()) {
    return added.status();
  }
  AddNewHosts(*added, file);
  const absl::StatusOr<std::shared_ptr<const PinStore>> covering =
      PinStore::FromJson(file.dump(), "the pin file to be written");
  if (!covering.ok()) {
    return covering.status();
  }
  PinFileUpdate update;
  update.complete = true;
  const auto sets = *(*covering)->pin_sets();
  for (const auto& set : sets) {
    SetUpdater updater(**covering, *set, probes, policy, now);
    const PinFileSet* made = added->MadeSet(set->name());
    if (updater.has_probes() && made == nullptr) {
      const absl::Status status = updater.Update(file["sets"][set->name()]);
      if (!status.ok()) {
        return status;
      }
    }
    SetUpdate result = updater.result();
    result.hosts_added = added->OfSet(set->name());
    if (made != nullptr) {
      result.made = true;
      result.added = made->pins;
      result.backups_added = made->backup_pins;
    }
    update.complete = update.complete && result.not_asked.empty();
    update.sets.push_back(std::move(result));
  }
  if (update.complete && now > store.updated()) {
    file["updated"] = TimeText(now);
  }
  update.text = EditJson(text, file);
  const absl::StatusOr<std::shared_ptr<const PinStore>> readable =
      PinStore::FromJson(update.text, "the pin file to be written");
  if (!readable.ok()) {
    return readable.status();
  }
  return update;
}

}  // namespace tlspin
