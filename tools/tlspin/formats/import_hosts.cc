#include "tools/tlspin/formats/import_hosts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "pinning/internal/host_pattern.h"
#include "tools/tlspin/formats/host_cover.h"
#include "tools/tlspin/host_cells.h"

namespace tlspin {
namespace {

using ::pinning::internal::HostPattern;
using Sets = std::vector<size_t>;

// Patterns are the patterns made so far, by what they hold hosts to.
class Patterns {
 public:
  void Set(const std::string& pattern, const Sets& sets) {
    patterns_[pattern] = sets;
  }

  // What names at, or `labels` labels below, `base` are held to: a pin file's
  // rule, the most specific pattern alone.
  Sets Find(const std::string& base, HostCell::Depth depth) const {
    const std::string* parent = &base;
    std::string above;
    if (depth == HostCell::Depth::kItself) {
      if (const Sets* exact = Lookup(base)) {
        return *exact;
      }
      const size_t dot = base.find('.');
      above = dot == std::string::npos ? "" : base.substr(dot + 1);
      parent = &above;
    }
    if (depth != HostCell::Depth::kDeeper) {
      if (const Sets* one = Lookup(absl::StrCat("*.", *parent))) {
        return *one;
      }
    }
    for (std::string name = base; !name.empty();) {
      if (const Sets* all = Lookup(absl::StrCat("**.", name))) {
        return *all;
      }
      const size_t dot = name.find('.');
      name = dot == std::string::npos ? "" : name.substr(dot + 1);
    }
    return {};
  }

 private:
  const Sets* Lookup(const std::string& pattern) const {
    const auto found = patterns_.find(pattern);
    return found == patterns_.end() ? nullptr : &found->second;
  }

  std::map<std::string, Sets> patterns_;
};

absl::string_view PrefixOf(HostCell::Depth depth) {
  return depth == HostCell::Depth::kItself     ? ""
         : depth == HostCell::Depth::kOneBelow ? "*."
                                               : "**.";
}

absl::Status Canonicalize(absl::string_view file_name, Overlap overlap,
                          Imported& imported) {
  std::map<std::string, Place> seen;
  for (FormatEntry& entry : imported.entries) {
    if (entry.host.find('*') != std::string::npos) {
      return ErrorAt(file_name, entry.place, "a host has no asterisk here");
    }
    // The widest pattern that the entry becomes is what has to be allowed.
    const absl::StatusOr<HostPattern> pattern =
        HostPattern::FromString(absl::StrCat(entry.all_below   ? "**."
                                             : entry.one_below ? "*."
                                                               : "",
                                             entry.host));
    if (!pattern.ok()) {
      return ErrorAt(file_name, entry.place, pattern.status().message());
    }
    entry.host = pattern->base;
    const auto [found, inserted] = seen.try_emplace(entry.host, entry.place);
    if (!inserted && overlap != Overlap::kUnion) {
      return ErrorAt(file_name, entry.place,
                     absl::StrCat("\"", entry.host,
                                  "\" is there already, on "
                                  "line ",
                                  found->second.line));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ImportedHost>> ImportHosts(
    const FormatSpec& format, absl::string_view file_name, Imported& imported) {
  const Overlap overlap = format.capabilities.overlap;
  const absl::Status canonical = Canonicalize(file_name, overlap, imported);
  if (!canonical.ok()) {
    return canonical;
  }
  const HostCover cover(imported.entries, overlap);
  std::vector<std::string> bases;
  std::map<std::string, Place> places;
  for (const FormatEntry& entry : imported.entries) {
    bases.push_back(entry.host);
    places.try_emplace(entry.host, entry.place);
  }
  std::vector<HostCell> cells = HostCells(bases);
  // Wider names first, and below one name the widest pattern first: then what
  // is there already is what a pattern would be redundant to.
  std::vector<size_t> order(cells.size());
  for (size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  const auto rank = [&cells](size_t i) {
    return std::make_pair(
        std::count(cells[i].base.begin(), cells[i].base.end(), '.'),
        -static_cast<int>(cells[i].depth));
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return rank(a) < rank(b); });
  Patterns made;
  std::vector<std::optional<ImportedHost>> hosts(cells.size());
  for (size_t i : order) {
    const HostCell& cell = cells[i];
    Sets sets = cover.SetsOf(cell);
    if (overlap == Overlap::kUnknown && sets.size() > 1) {
      imported.losses.push_back(
          {places[cell.base], "overlap",
           absl::StrCat(cell.ToString(),
                        " has several entries, and which "
                        "counts is not documented; the longest name would"),
           LossEffect::kBoth});
      sets.resize(1);
    }
    std::sort(sets.begin(), sets.end());
    if (made.Find(cell.base, cell.depth) != sets) {
      const std::string pattern = absl::StrCat(PrefixOf(cell.depth), cell.base);
      made.Set(pattern, sets);
      hosts[i] = ImportedHost{pattern, std::move(sets), places[cell.base]};
    }
  }
  std::vector<ImportedHost> result;
  for (std::optional<ImportedHost>& host : hosts) {
    if (host.has_value()) {
      result.push_back(*std::move(host));
    }
  }
  return result;
}

}  // namespace tlspin
