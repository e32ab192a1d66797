#include "tools/tlspin/formats/export_plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "tools/tlspin/formats/host_cover.h"
#include "tools/tlspin/formats/set_losses.h"
#include "tools/tlspin/host_cells.h"

namespace tlspin {
namespace {

using ::pinning::PinStore;
using ::pinning::ServerName;

// What a pin file says below one name: the sets of "x", "*.x" and "**.x".
struct Declared {
  std::optional<DocumentHost> itself, one, all;
};

// A Planner makes the entries of a format that has hosts.
class Planner {
 public:
  Planner(const Capabilities& can, const PinDocument& document)
      : can_(can), document_(document) {}

  std::vector<FormatEntry> Run();

 private:
  void AddName(const std::string& base, const Declared& declared);
  void AddPatterns(const std::string& base, const Declared& declared);
  void Add(const std::string& base, const DocumentHost& host, bool one,
           bool all);

  const Capabilities& can_;
  const PinDocument& document_;
  std::vector<FormatEntry> entries_;
};

void Planner::Add(const std::string& base, const DocumentHost& host, bool one,
                  bool all) {
  entries_.push_back({base, true, one || all, all, host.set, host.place});
}

// OkHttp's patterns are ours.
void Planner::AddPatterns(const std::string& base, const Declared& declared) {
  if (declared.itself.has_value()) {
    Add(base, *declared.itself, false, false);
  }
  if (declared.one.has_value()) {
    Add(base, *declared.one, true, false);
    entries_.back().itself = false;
  }
  if (declared.all.has_value()) {
    Add(base, *declared.all, true, true);
  }
}

// AddName adds the one entry that a name may have. Where nothing says what the
// file does, it is the stricter of what can be said; the comparison that
// follows lists the difference.
void Planner::AddName(const std::string& base, const Declared& declared) {
  const bool all_below = can_.hosts == HostForm::kNamesAndAllBelow;
  const bool any_below = all_below || can_.hosts == HostForm::kNamesAndOneBelow;
  const std::optional<DocumentHost>& itself = declared.itself;
  const std::optional<DocumentHost>* below = &declared.all;
  if (!below->has_value() || (!all_below && declared.one.has_value())) {
    below = &declared.one;
  }
  if (!below->has_value()) {
    Add(base, *itself, false, false);
    return;
  }
  if (!any_below) {
    // The name alone, if the file pins it at all.
    if (itself.has_value() || below == &declared.all) {
      Add(base, itself.has_value() ? *itself : **below, false, false);
    }
    return;
  }
  // A name with a set of its own and other names below it: the name is exact.
  const bool conflict = itself.has_value() && itself->set != (*below)->set &&
                        (below == &declared.one || (*below)->set == kNoSet);
  if (conflict) {
    Add(base, *itself, false, false);
    return;
  }
  Add(base, **below, true, all_below);
}

std::vector<FormatEntry> Planner::Run() {
  std::vector<std::string> bases;
  std::map<std::string, Declared> all;
  for (const DocumentHost& host : document_.hosts) {
    const std::string base = PatternBase(host.pattern);
    const auto [found, inserted] = all.try_emplace(base);
    if (inserted) {
      bases.push_back(base);
    }
    (host.pattern == base                    ? found->second.itself
     : absl::StartsWith(host.pattern, "**.") ? found->second.all
                                             : found->second.one) = host;
  }
  for (const std::string& base : bases) {
    const bool address =
        ServerName::FromString(base)->kind() == ServerName::Kind::kIpAddress;
    if (address && !can_.addresses) {
      continue;
    }
    if (can_.hosts == HostForm::kPatterns) {
      AddPatterns(base, all[base]);
    } else {
      AddName(base, all[base]);
    }
  }
  // What is carved out is written where it says something and can be said.
  const HostCover pinned(entries_, can_.overlap);
  std::vector<FormatEntry> kept;
  for (const FormatEntry& entry : entries_) {
    const bool sayable =
        can_.carve_outs == CarveOuts::kTrees ||
        (can_.carve_outs == CarveOuts::kNames && !entry.one_below);
    if (entry.set != kNoSet || (sayable && pinned.PinnedFromAbove(entry))) {
      kept.push_back(entry);
    }
  }
  return kept;
}

// A Comparison lists where the entries decide otherwise than the pin file.
class Comparison {
 public:
  Comparison(const PinDocument& document,
             const std::vector<FormatEntry>& entries, Overlap overlap,
             std::vector<Loss>& losses)
      : document_(document),
        cover_(entries, overlap),
        overlap_(overlap),
        losses_(losses) {
    for (const DocumentHost& host : document.hosts) {
      hosts_[host.pattern] = &host;
      bases_.try_emplace(PatternBase(host.pattern), &host);
    }
  }

  // Compares the names at `under` and below it; empty: all.
  void Run(const std::string& under) {
    std::vector<std::string> patterns;
    for (const DocumentHost& host : document_.hosts) {
      patterns.push_back(host.pattern);
    }
    for (const HostCell& cell : HostCells(patterns)) {
      if (under.empty() || cell.base == under ||
          absl::EndsWith(cell.base, absl::StrCat(".", under))) {
        CompareCell(cell);
      }
    }
  }

 private:
  void CompareCell(const HostCell& cell);
  bool HoldsAll(size_t set, size_t others) const;
  void Report(const HostCell& cell, const DocumentHost& host,
              absl::string_view code, absl::string_view message,
              LossEffect effect) {
    losses_.push_back({host.place, std::string(code),
                       absl::StrCat(cell.ToString(), " ", message), effect});
  }
  std::string SetName(size_t set) const {
    return absl::StrCat("set \"", document_.sets[set].set->name(), "\"");
  }

  const PinDocument& document_;
  const HostCover cover_;
  const Overlap overlap_;
  std::vector<Loss>& losses_;
  std::map<std::string, const DocumentHost*> hosts_, bases_;
};

// HoldsAll returns whether every pin of `other` is a pin of `set`, alike.
bool Comparison::HoldsAll(size_t set, size_t other) const {
  const std::vector<const DocumentPin*> have = AllowedPins(document_.sets[set]);
  const std::vector<const DocumentPin*> asked =
      AllowedPins(document_.sets[other]);
  return std::all_of(asked.begin(), asked.end(), [&](const DocumentPin* pin) {
    return std::any_of(have.begin(), have.end(), [&](const DocumentPin* mine) {
      return mine->pin.pin == pin->pin.pin && mine->pin.role == pin->pin.role;
    });
  });
}

void Comparison::CompareCell(const HostCell& cell) {
  const std::optional<PinStore::Entry> entry =
      *document_.store->Find(cell.representative);
  const DocumentHost& host = entry.has_value()
                                 ? *hosts_[std::string(entry->pattern())]
                                 : *bases_[cell.base];
  const size_t want = entry.has_value() ? host.set : kNoSet;
  std::vector<size_t> got = cover_.SetsOf(cell);
  if (got.empty() && want == kNoSet) {
    return;
  }
  if (got.empty()) {
    Report(cell, host,
           cell.representative.kind() == ServerName::Kind::kIpAddress
               ? "address"
               : "hosts",
           absl::StrCat("would not be pinned to ", SetName(want)),
           LossEffect::kAcceptsMore);
    return;
  }
  if (want == kNoSet) {
    Report(
        cell, host, host.set == kNoSet ? "carve-out" : "hosts",
        absl::StrCat("is not pinned here and would be, to ", SetName(got[0])),
        LossEffect::kRefusesMore);
    return;
  }
  for (size_t set : got) {
    const bool present = std::find(got.begin(), got.end(), want) != got.end();
    if (set == want ||
        (present && overlap_ == Overlap::kUnion && HoldsAll(want, set))) {
      continue;
    }
    Report(cell, host, "overlap",
           present ? absl::StrCat(overlap_ == Overlap::kUnion
                                      ? "would be satisfied by pins of "
                                      : "may be held to ",
                                  SetName(set), " too")
                   : absl::StrCat("would be held to ", SetName(set),
                                  " in place of ", SetName(want)),
           present && overlap_ == Overlap::kUnion ? LossEffect::kAcceptsMore
                                                  : LossEffect::kBoth);
  }
}

// PlanHost fills in the one host of a format that has none.
absl::Status PlanHost(const FormatSpec& format, const std::string& asked,
                      ExportPlan& plan) {
  const PinDocument& document = *plan.document;
  std::string text = asked;
  if (text.empty()) {
    if (document.hosts.size() != 1 ||
        PatternBase(document.hosts[0].pattern) != document.hosts[0].pattern) {
      return absl::InvalidArgumentError(
          absl::StrCat(document.file_name, ": ", format.title,
                       " has no hosts: say with --host which host it is for"));
    }
    text = document.hosts[0].pattern;
  }
  const absl::StatusOr<ServerName> name = ServerName::FromString(text);
  if (!name.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--host: ", name.status().message()));
  }
  const std::optional<PinStore::Entry> entry = *document.store->Find(*name);
  plan.host = name->ToString();
  for (const DocumentHost& host : document.hosts) {
    if (entry.has_value() && host.pattern == entry->pattern()) {
      plan.set = host.set;
    }
  }
  if (plan.set == kNoSet) {
    return absl::InvalidArgumentError(absl::StrCat(
        document.file_name, ": \"", plan.host, "\" is not pinned"));
  }
  return absl::OkStatus();
}

// PlanHeader makes the entry of a header, which may be about the names below
// its host too (RFC 7469, 2.1.3).
void PlanHeader(ExportPlan& plan, std::vector<Loss>& losses) {
  const std::optional<PinStore::Entry> entry =
      *plan.document->store->Find(*ServerName::FromString(plan.host));
  const bool below = entry->pattern() == absl::StrCat("**.", plan.host);
  plan.entries = {{plan.host, true, below, below, plan.set, {}}};
  if (below) {
    Comparison(*plan.document, plan.entries, Overlap::kMostSpecific, losses)
        .Run(plan.host);
  }
}

}  // namespace

absl::Status MakeExportPlan(const FormatSpec& format, const std::string& host,
                            ExportPlan& plan, std::vector<Loss>& losses) {
  const Capabilities& can = format.capabilities;
  const PinDocument& document = *plan.document;
  if (can.hosts == HostForm::kNone) {
    const absl::Status planned = PlanHost(format, host, plan);
    if (!planned.ok()) {
      return planned;
    }
    if (can.expiry == Expiry::kMaxAge) {
      PlanHeader(plan, losses);
    }
    AddSetLosses(can, plan, plan.set, losses);
  } else if (!host.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(format.title, " has hosts of its own: leave out --host"));
  } else {
    plan.entries = Planner(can, document).Run();
    Comparison(document, plan.entries, can.overlap, losses).Run("");
    for (size_t i = 0; i < document.sets.size(); ++i) {
      AddSetLosses(can, plan, i, losses);
    }
  }
  if (!can.notes && !document.comment.empty()) {
    losses.push_back({document.comment_place, "note", "the comment of the file",
                      LossEffect::kNothing});
  }
  std::stable_sort(losses.begin(), losses.end(),
                   [](const Loss& a, const Loss& b) {
                     return std::tie(a.place.line, a.place.column) <
                            std::tie(b.place.line, b.place.column);
                   });
  return absl::OkStatus();
}

}  // namespace tlspin
