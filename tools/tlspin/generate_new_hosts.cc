#include "tools/tlspin/generate_new_hosts.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "pinning/pin.h"
#include "pinning/pin_set.h"
#include "pinning/verdict.h"
#include "tools/tlspin/generate_plan.h"
#include "tools/tlspin/generate_set.h"

namespace tlspin {
namespace {

using ::pinning::NamedPin;
using ::pinning::PinRole;
using ::pinning::PinSet;
using ::pinning::PinStore;

// The probes of one host.
struct HostProbes {
  std::string host;
  std::vector<Probe> probes;
};

// ByHost returns the probes that were answered by hosts without an entry.
std::vector<HostProbes> ByHost(const PinStore& store,
                               const std::vector<Probe>& probes) {
  std::vector<HostProbes> hosts;
  for (const Probe& probe : probes) {
    const std::string& host = probe.endpoint.host;
    if (!probe.verdict.has_value() || EntryOf(store, host).has_value()) {
      continue;
    }
    auto known =
        std::find_if(hosts.begin(), hosts.end(),
                     [&host](const HostProbes& h) { return h.host == host; });
    if (known == hosts.end()) {
      known = hosts.insert(hosts.end(), HostProbes{host, {}});
    }
    known->probes.push_back(probe);
  }
  return hosts;
}

bool Satisfies(const PinFilePin& wanted, const NamedPin& pin) {
  return wanted.pin.pin == pin.pin &&
         (pin.role == PinRole::kAny || pin.role == wanted.pin.role);
}

// Fits returns whether `set` pins what would be pinned for `host`, and nothing
// else. A set that has expired protects nobody, or accepts nothing.
bool Fits(const PinSet& set, const HostProbes& host, const UpdatePolicy& policy,
          absl::Time now) {
  const absl::StatusOr<std::vector<PinFilePin>> wanted =
      WantedPins(host.probes, WantsOf(policy, set, host.probes), now);
  if (!wanted.ok() || policy.expires.value_or(set.expires()) <= now) {
    return false;
  }
  const auto pins = set.pins();
  return std::all_of(wanted->begin(), wanted->end(),
                     [&pins](const PinFilePin& w) {
                       return std::any_of(
                           pins.begin(), pins.end(),
                           [&w](const NamedPin& p) { return Satisfies(w, p); });
                     }) &&
         std::all_of(pins.begin(), pins.end(), [&wanted](const NamedPin& p) {
           return std::any_of(
               wanted->begin(), wanted->end(),
               [&p](const PinFilePin& w) { return Satisfies(w, p); });
         });
}

// Accepts returns whether `set` matches each path of `host`.
bool Accepts(const PinSet& set, const HostProbes& host) {
  return std::all_of(
      host.probes.begin(), host.probes.end(), [&set](const Probe& probe) {
        const PinSet::Match match = set.MatchPath(*probe.verdict->path()).match;
        return match != PinSet::Match::kMismatch &&
               match != PinSet::Match::kBlocked;
      });
}

std::string Quoted(const std::vector<std::string>& names) {
  return absl::StrCat("\"", absl::StrJoin(names, "\", \""), "\"");
}

// A Placer finds the sets.
class Placer {
 public:
  // All that is given outlives it.
  Placer(const PinStore& store, const UpdatePolicy& policy, absl::Time now)
      : sets_(*store.pin_sets()), policy_(policy), now_(now) {}

  absl::StatusOr<NewHosts> Place(const std::vector<HostProbes>& hosts) {
    std::vector<Probe> homeless;
    for (const HostProbes& host : hosts) {
      const absl::StatusOr<std::string> set = SetFor(host);
      if (!set.ok()) {
        return set.status();
      }
      added_.hosts.push_back({host.host, *set});
      if (set->empty()) {
        homeless.insert(homeless.end(), host.probes.begin(), host.probes.end());
      }
    }
    const absl::Status made =
        homeless.empty() ? absl::OkStatus() : MakeSets(homeless);
    if (!made.ok()) {
      return made;
    }
    return std::move(added_);
  }

 private:
  bool Exists(absl::string_view name) const {
    return std::any_of(sets_.begin(), sets_.end(),
                       [name](const auto& set) { return set->name() == name; });
  }

  // SetFor returns the name of the set of the store for `host`, or "".
  absl::StatusOr<std::string> SetFor(const HostProbes& host) const {
    const std::string& named = policy_.pins.set_name;
    if (!named.empty()) {
      return Exists(named) ? named : "";
    }
    std::vector<std::string> fitting, accepting;
    for (const auto& set : sets_) {
      if (Fits(*set, host, policy_, now_)) {
        fitting.emplace_back(set->name());
      } else if (Accepts(*set, host)) {
        accepting.emplace_back(set->name());
      }
    }
    if (fitting.size() > 1) {
      return absl::FailedPreconditionError(
          absl::StrCat(host.host, ": the sets ", Quoted(fitting),
                       " each pin its keys and no others: say with --set which "
                       "one it gets"));
    }
    if (!fitting.empty()) {
      return fitting.front();
    }
    if (policy_.pins.backups.empty()) {
      return absl::FailedPreconditionError(absl::StrCat(
          host.host,
          ": it needs a new set, and that a backup pin: give --backup FILE or "
          "--new-backup-key FILE",
          accepting.empty()
              ? ""
              : absl::StrCat("; or add it with --set to one that pins other "
                             "keys beside its own: ",
                             Quoted(accepting))));
    }
    return "";
  }

  // MakeSets makes sets for the hosts that have none.
  absl::Status MakeSets(const std::vector<Probe>& probes) {
    GeneratePolicy wants = policy_.pins;
    if (wants.roles.empty()) {
      wants.roles = {PinRole::kIssuer, PinRole::kAnchor};
    }
    if (wants.backups.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the new set \"", wants.set_name,
                       "\" needs a backup pin: give --backup FILE or "
                       "--new-backup-key FILE"));
    }
    absl::StatusOr<PinFile> plan = PlanPinFile(probes, wants, now_);
    if (!plan.ok()) {
      return plan.status();
    }
    for (const PinFileSet& set : plan->sets) {
      if (Exists(set.name)) {
        return absl::FailedPreconditionError(absl::StrCat(
            "the file has another set \"", set.name,
            "\" already: say with --set what the new one is called"));
      }
    }
    for (PinFile::Host& host : added_.hosts) {
      for (const PinFile::Host& planned : plan->hosts) {
        host.set = planned.pattern == host.pattern ? planned.set : host.set;
      }
    }
    added_.sets = std::move(plan->sets);
    return absl::OkStatus();
  }

  const std::vector<std::shared_ptr<const PinSet>> sets_;
  const UpdatePolicy& policy_;
  const absl::Time now_;
  NewHosts added_;
};

}  // namespace

const PinFileSet* NewHosts::MadeSet(absl::string_view name) const {
  const auto made =
      std::find_if(sets.begin(), sets.end(),
                   [name](const PinFileSet& set) { return set.name == name; });
  return made == sets.end() ? nullptr : &*made;
}

std::vector<std::string> NewHosts::OfSet(absl::string_view name) const {
  std::vector<std::string> patterns;
  for (const PinFile::Host& host : hosts) {
    if (host.set == name) {
      patterns.push_back(host.pattern);
    }
  }
  return patterns;
}

absl::StatusOr<NewHosts> PlaceNewHosts(const PinStore& store,
                                       const std::vector<Probe>& probes,
                                       const UpdatePolicy& policy,
                                       absl::Time now) {
  return Placer(store, policy, now).Place(ByHost(store, probes));
}

void AddNewHosts(const NewHosts& added, nlohmann::ordered_json& file) {
  for (const PinFileSet& set : added.sets) {
    file["sets"][set.name] = PinFileSetJson(set);
  }
  for (const PinFile::Host& host : added.hosts) {
    file["hosts"][host.pattern] = host.set;
  }
}

}  // namespace tlspin
