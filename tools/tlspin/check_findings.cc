#include "tools/tlspin/check_findings.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "pinning/certificate.h"
#include "pinning/internal/parsed_certificate.h"
#include "pinning/path.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"
#include "pinning/verdict.h"
#include "tools/tlspin/escape.h"
#include "tools/tlspin/finding_words.h"
#include "tools/tlspin/host_findings.h"
#include "tools/tlspin/phrases.h"
#include "tools/tlspin/time_text.h"
#include "tools/tlspin/verdict_words.h"

namespace tlspin {
namespace {

using ::pinning::Certificate;
using ::pinning::Language;
using ::pinning::NamedPin;
using ::pinning::PinSet;
using ::pinning::PinStore;
using ::pinning::ServerName;

// ResultsOf returns those with a verdict that compared the pins of `set`.
std::vector<const CheckResult*> ResultsOf(
    const std::vector<CheckResult>& results, const std::string& set) {
  std::vector<const CheckResult*> of_set;
  for (const CheckResult& result : results) {
    if (result.verdict.has_value() && result.verdict->pins() != nullptr &&
        result.verdict->pins()->set == set) {
      of_set.push_back(&result);
    }
  }
  return of_set;
}

bool OnPath(const std::vector<const CheckResult*>& results,
            const pinning::Pin& pin) {
  return std::any_of(
      results.begin(), results.end(), [&pin](const CheckResult* result) {
        return result->verdict->path() != nullptr &&
               Holds(result->verdict->path()->certificates(), pin);
      });
}

bool Presented(const std::vector<const CheckResult*>& results,
               const pinning::Pin& pin) {
  return std::any_of(results.begin(), results.end(),
                     [&pin](const CheckResult* result) {
                       return Holds(result->verdict->presented(), pin);
                     });
}

// PatternOf returns the pattern that covers `host`, or "".
absl::string_view PatternOf(const PinStore& store, const std::string& host) {
  const absl::StatusOr<ServerName> name = ServerName::FromString(host);
  if (!name.ok()) {
    return "";
  }
  const std::optional<PinStore::Entry> entry = *store.Find(*name);
  return entry.has_value() ? entry->pattern() : "";
}

// PatternOf returns that of the host of `result`; a pattern has none.
absl::string_view PatternOf(const PinStore& store, const CheckResult& result) {
  return result.endpoint.has_value() ? PatternOf(store, result.endpoint->host)
                                     : "";
}

// A RowPlaces finds the row of the pin file that a pattern stands in.
class RowPlaces {
 public:
  RowPlaces(const PinStore& store, const PinPlaces& places) : places_(places) {
    const std::vector<PinStore::Entry> entries = *store.entries();
    for (const PinStore::Entry& entry : entries) {
      rows_.emplace(entry.pattern(), rows_.size());
    }
  }

  // Of returns the place of `pattern`, or that of the file if it has none.
  FilePlace Of(absl::string_view pattern) const {
    const auto row = rows_.find(pattern);
    return row == rows_.end() ? places_.File() : places_.Host(row->second);
  }

 private:
  const PinPlaces& places_;
  absl::flat_hash_map<std::string, size_t> rows_;
};

Finding OfSet(absl::string_view code, const std::string& set,
              const std::string& item, std::string message, FilePlace place) {
  Finding finding;
  finding.code = std::string(code);
  finding.severity = RuleOf(code)->severity;
  finding.set = Escape(set);
  finding.item = item;
  finding.message = std::move(message);
  finding.place = place;
  return finding;
}

// FindUnserved finds the pins that no path of the set's hosts holds. While a
// host is refused that is no news.
void FindUnserved(const std::vector<CheckResult>& results, const PinSet& set,
                  const PinPlaces& places, Language language,
                  std::vector<Finding>& findings) {
  const std::vector<const CheckResult*> of_set = ResultsOf(results, set.name());
  if (of_set.empty() ||
      std::any_of(of_set.begin(), of_set.end(), [](const CheckResult* result) {
        return result->kind != CheckResult::Kind::kAccepted;
      })) {
    return;
  }
  for (size_t i = 0; i < set.pins().size(); ++i) {
    const NamedPin& pin = set.pins()[i];
    if (!OnPath(of_set, pin.pin)) {
      findings.push_back(
          OfSet("pin-not-served", set.name(), Escape(pin.name),
                Say(Phrase::kCheckDriftPin, language, Escape(set.name()),
                    Escape(pin.name), PinRoleName(pin.role)),
                places.Pin(set.name(), PinPlaces::List::kPins, i)));
    }
  }
}

// FindBackups says of each backup key whether it was seen; that it is in use
// is found on the host that shows it.
void FindBackups(const std::vector<CheckResult>& results,
                 const CheckedSet& checked, const PinSet& set,
                 const PinPlaces& places, Language language,
                 std::vector<Finding>& findings) {
  if (ResultsOf(results, set.name()).empty()) {
    return;
  }
  size_t index = 0;
  for (const CheckedPin& pin : checked.pins) {
    if (pin.kind != CheckedPin::Kind::kBackup) {
      continue;
    }
    const FilePlace place =
        places.Pin(set.name(), PinPlaces::List::kBackupPins, index++);
    if (pin.seen) {
      continue;
    }
    if (pin.last_seen.has_value()) {
      findings.push_back(OfSet("backup-seen-before", set.name(), pin.name,
                               Say(FindingWords::kBackupSeenBefore, language,
                                   pin.name, DateText(*pin.last_seen)),
                               place));
      continue;
    }
    findings.push_back(
        OfSet("backup-not-seen", set.name(), pin.name,
              pin.runs > 0
                  ? Say(FindingWords::kBackupNotSeenInRuns, language, pin.name,
                        Escape(set.name()), pin.runs, DateText(pin.since))
                  : Say(FindingWords::kBackupNotSeen, language, pin.name,
                        Escape(set.name())),
              place));
  }
}

// FindRoot finds a set of which the only key on each path is that of a root
// without name constraints.
void FindRoot(const std::vector<CheckResult>& results, const PinSet& set,
              const PinPlaces& places, Language language,
              std::vector<Finding>& findings) {
  for (const CheckResult* result : ResultsOf(results, set.name())) {
    const pinning::PinDetails& pins = *result->verdict->pins();
    if (!result->verdict->accepted() || result->verdict->path() == nullptr ||
        !pins.matched.has_value()) {
      continue;
    }
    const absl::Span<const Certificate> path =
        result->verdict->path()->certificates();
    const Certificate& root = path.back();
    if (path.size() < 2 || pins.matched->pin != root.pin() ||
        root.parsed().name_constraints.has_value() ||
        std::any_of(pins.pins.begin(), pins.pins.end(),
                    [&path](const NamedPin& pin) {
                      return Holds(path.first(path.size() - 1), pin.pin);
                    })) {
      continue;
    }
    FilePlace place = places.Set(set.name());
    for (size_t i = 0; i < set.pins().size(); ++i) {
      if (set.pins()[i].pin == root.pin()) {
        place = places.Pin(set.name(), PinPlaces::List::kPins, i);
      }
    }
    findings.push_back(
        OfSet("root-pinned", set.name(), Escape(pins.matched->name),
              Say(FindingWords::kRootPinned, language, Escape(set.name()),
                  SubjectText(root, language)),
              place));
    return;
  }
}

// FindPatterns finds the patterns that no host stands for. One that was to be
// checked is undecided; the others nobody asked about.
void FindPatterns(const std::vector<CheckResult>& results,
                  const PinStore& store,
                  const std::vector<CheckedPattern>& patterns,
                  const FilePolicy& policy, std::vector<Finding>& findings) {
  absl::flat_hash_set<std::string> asked;
  for (const CheckResult& result : results) {
    asked.insert(Escape(PatternOf(store, result)));
  }
  size_t reached = 0;
  for (const CheckedPattern& pattern : patterns) {
    reached += pattern.reached ? 1 : 0;
    if (pattern.reached || asked.contains(pattern.pattern)) {
      continue;
    }
    Finding finding = OfSet(
        "pattern-not-asked", "", pattern.pattern,
        Say(FindingWords::kPatternNotAsked, policy.language, pattern.pattern),
        pattern.place);
    finding.set = pattern.set;
    finding.undecided = std::any_of(
        results.begin(), results.end(), [&pattern](const CheckResult& result) {
          return !result.endpoint.has_value() &&
                 Escape(result.target) == pattern.pattern;
        });
    if (finding.undecided) {
      finding.severity = Severity::kWarning;
    }
    findings.push_back(std::move(finding));
  }
  if (reached * 100 <
      patterns.size() * static_cast<size_t>(policy.min_coverage)) {
    findings.push_back(OfSet("coverage-low", "", "",
                             Say(FindingWords::kCoverageLow, policy.language,
                                 reached, patterns.size(), policy.min_coverage),
                             FilePlace()));
  }
}

CheckedPin Checked(const NamedPin& pin, CheckedPin::Kind kind) {
  CheckedPin checked;
  checked.name = Escape(pin.name);
  checked.pin = pin.pin.ToString();
  checked.role = std::string(PinRoleName(pin.role));
  checked.kind = kind;
  return checked;
}

}  // namespace

std::vector<CheckedSet> CheckedSets(const std::vector<CheckResult>& results,
                                    const PinStore& store,
                                    const PinPlaces& places, absl::Time now,
                                    CheckState* state) {
  std::vector<CheckedSet> sets;
  const auto pin_sets = *store.pin_sets();
  for (const auto& set : pin_sets) {
    CheckedSet checked;
    checked.name = Escape(set->name());
    checked.mode =
        set->mode() == PinSet::Mode::kEnforce ? "enforce" : "report-only";
    checked.expires = set->expires();
    checked.place = places.Set(set->name());
    const std::vector<const CheckResult*> of_set =
        ResultsOf(results, set->name());
    const auto add = [&](absl::Span<const NamedPin> pins,
                         CheckedPin::Kind kind) {
      for (const NamedPin& pin : pins) {
        CheckedPin row = Checked(pin, kind);
        row.seen = OnPath(of_set, pin.pin) || Presented(of_set, pin.pin);
        const CheckState::Seen* known = nullptr;
        if (state != nullptr) {
          known = of_set.empty()
                      ? state->Find(set->name(), row.pin)
                      : &state->Note(set->name(), row.pin, row.seen, now);
        }
        if (known != nullptr) {
          row.runs = known->runs;
          row.since = known->since;
          row.last_seen = known->last_seen;
        }
        checked.pins.push_back(std::move(row));
      }
    };
    add(set->pins(), CheckedPin::Kind::kPin);
    add(set->backup_pins(), CheckedPin::Kind::kBackup);
    add(set->blocked_pins(), CheckedPin::Kind::kBlocked);
    sets.push_back(std::move(checked));
  }
  return sets;
}

std::vector<CheckedPattern> CheckedPatterns(
    const std::vector<CheckResult>& results, const PinStore& store,
    const PinPlaces& places) {
  std::vector<CheckedPattern> patterns;
  absl::flat_hash_set<std::string> reached;
  for (const CheckResult& result : results) {
    if (result.verdict.has_value() && result.verdict->pins() != nullptr) {
      reached.insert(result.verdict->pins()->pattern);
    }
  }
  const std::vector<PinStore::Entry> entries = *store.entries();
  for (size_t i = 0; i < entries.size(); ++i) {
    const PinStore::Entry& entry = entries[i];
    if (!entry.is_pinned()) {
      continue;
    }
    CheckedPattern pattern;
    pattern.pattern = Escape(entry.pattern());
    pattern.set = Escape((*entry.pin_set())->name());
    pattern.place = places.Host(i);
    pattern.reached = reached.contains(entry.pattern());
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

std::vector<Finding> FileFindings(const std::vector<CheckResult>& results,
                                  const PinStore& store,
                                  const PinPlaces& places,
                                  const std::vector<CheckedSet>& sets,
                                  const std::vector<CheckedPattern>& patterns,
                                  const FilePolicy& policy) {
  std::vector<Finding> findings;
  const std::vector<std::shared_ptr<const PinSet>> pin_sets = *store.pin_sets();
  for (size_t i = 0; i < pin_sets.size(); ++i) {
    FindUnserved(results, *pin_sets[i], places, policy.language, findings);
    FindBackups(results, sets[i], *pin_sets[i], places, policy.language,
                findings);
    FindRoot(results, *pin_sets[i], places, policy.language, findings);
  }
  FindPatterns(results, store, patterns, policy, findings);
  for (Finding& finding : findings) {
    if (finding.place.line == 0) {
      finding.place = places.File();
    }
  }
  return findings;
}

std::vector<Finding> DivergenceFindings(const std::vector<Probe>& probes,
                                        const PinStore& store,
                                        const PinPlaces& places,
                                        Language language) {
  const RowPlaces rows(store, places);
  std::vector<Finding> findings;
  for (size_t i = 0; i < probes.size(); ++i) {
    const Probe& probe = probes[i];
    const bool first = i == 0 || probes[i - 1].index != probe.index;
    if (!first || !ChainsDiverge(probes, probe.index)) {
      continue;
    }
    Finding finding = OfSet("chains-diverge", "", "",
                            Say(FindingWords::kChainsDiverge, language),
                            rows.Of(PatternOf(store, probe.endpoint.host)));
    finding.target = Escape(probe.endpoint.ToString());
    findings.push_back(std::move(finding));
  }
  return findings;
}

void Locate(const PinStore& store, const PinPlaces& places,
            std::vector<CheckResult>& results) {
  const RowPlaces rows(store, places);
  for (CheckResult& result : results) {
    const FilePlace place = rows.Of(PatternOf(store, result));
    for (Finding& finding : result.findings) {
      if (finding.place.line == 0) {
        finding.place = place;
      }
    }
  }
}

}  // namespace tlspin
