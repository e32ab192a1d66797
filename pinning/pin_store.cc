#include "pinning/pin_store.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/pin_file_parser.h"
#include "pinning/internal/status_macros.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"

namespace pinning {

using ::pinning::internal::HostPattern;
using ::pinning::internal::PinFile;

struct PinStore::Rep {
  // A map from the base of a pattern to its place in `entries`. There is one
  // for each kind of pattern, so that a lookup never compares parts of names.
  using Index = absl::flat_hash_map<std::string, size_t>;

  Index& IndexOf(HostPattern::Kind kind) {
    switch (kind) {
      case HostPattern::Kind::kOneLabel:
        return one_label;
      case HostPattern::Kind::kAnyLabels:
        return any_labels;
      case HostPattern::Kind::kExact:
        break;
    }
    return exact;
  }

  // Add returns whether `pattern` was not in the store.
  bool Add(const HostPattern& pattern, const PinSet* set) {
    if (!IndexOf(pattern.kind)
             .try_emplace(pattern.base, entries.size())
             .second) {
      return false;
    }
    entries.push_back({pattern.ToString(), set});
    return true;
  }

  const Entry* Find(const Index& index, absl::string_view base) const {
    auto found = index.find(base);
    return found == index.end() ? nullptr : &entries[found->second];
  }

  std::optional<absl::Time> updated;
  std::deque<PinSet> sets;  // a deque, so that entries can point into it
  absl::flat_hash_map<std::string, const PinSet*> sets_by_name;  // to build
  std::vector<Entry> entries;
  Index exact, one_label, any_labels;
};

PinStore::PinStore(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}

PinStore::~PinStore() = default;

absl::StatusOr<std::shared_ptr<const PinStore>> PinStore::FromJson(
    absl::string_view text, absl::string_view file_name) {
  PINNING_ASSIGN_OR_RETURN(PinFile file,
                           internal::ParsePinFile(text, file_name));
  auto rep = std::make_unique<Rep>();
  rep->updated = file.updated;
  for (PinSet& set : file.sets) {
    rep->sets.push_back(std::move(set));
  }
  for (const PinFile::Host& host : file.hosts) {
    rep->Add(host.pattern,
             host.set == PinFile::kNoSet ? nullptr : &rep->sets[host.set]);
  }
  return std::shared_ptr<const PinStore>(new PinStore(std::move(rep)));
}

std::shared_ptr<const PinStore> PinStore::Empty() {
  auto rep = std::make_unique<Rep>();
  rep->updated = absl::UnixEpoch();
  return std::shared_ptr<const PinStore>(new PinStore(std::move(rep)));
}

const PinStore::Entry* PinStore::Find(const ServerName& name) const {
  absl::string_view rest = name.ToString();
  const Entry* entry = rep_->Find(rep_->exact, rest);
  if (entry != nullptr || name.kind() == ServerName::Kind::kIpAddress) {
    return entry;
  }
  size_t dot = rest.find('.');
  if (dot != rest.npos) {
    entry = rep_->Find(rep_->one_label, rest.substr(dot + 1));
    if (entry != nullptr) {
      return entry;
    }
  }
  // Longest first: the name itself, its parent, and so on.
  while (!rest.empty()) {
    entry = rep_->Find(rep_->any_labels, rest);
    if (entry != nullptr) {
      return entry;
    }
    dot = rest.find('.');
    rest = dot == rest.npos ? absl::string_view() : rest.substr(dot + 1);
  }
  return nullptr;
}

absl::Time PinStore::updated() const { return *rep_->updated; }

absl::Span<const PinStore::Entry> PinStore::entries() const {
  return rep_->entries;
}

std::vector<const PinSet*> PinStore::pin_sets() const {
  std::vector<const PinSet*> sets;
  for (const PinSet& set : rep_->sets) {
    sets.push_back(&set);
  }
  return sets;
}

PinStore::Builder::Builder() : rep_(std::make_unique<Rep>()) {}

PinStore::Builder::~Builder() = default;

PinStore::Builder& PinStore::Builder::SetUpdated(absl::Time updated) {
  if (rep_ != nullptr) {
    rep_->updated = updated;
  }
  return *this;
}

absl::Status PinStore::Builder::AddPinSet(PinSet set) {
  if (rep_ == nullptr) {
    return absl::FailedPreconditionError("the builder is spent");
  }
  if (set.name() == internal::kNoSetName) {
    return absl::InvalidArgumentError(
        "\"none\" means no set: give the pin set another name");
  }
  if (rep_->sets_by_name.contains(set.name())) {
    return absl::AlreadyExistsError(
        absl::StrCat("pin set \"", set.name(), "\" was added before"));
  }
  const PinSet& added = rep_->sets.emplace_back(std::move(set));
  rep_->sets_by_name.emplace(added.name(), &added);
  return absl::OkStatus();
}

absl::Status PinStore::Builder::MapHost(absl::string_view pattern,
                                        absl::string_view set_name) {
  if (rep_ == nullptr) {
    return absl::FailedPreconditionError("the builder is spent");
  }
  PINNING_ASSIGN_OR_RETURN(HostPattern host, HostPattern::FromString(pattern));
  const PinSet* set = nullptr;
  if (set_name != internal::kNoSetName) {
    auto found = rep_->sets_by_name.find(set_name);
    if (found == rep_->sets_by_name.end()) {
      return absl::InvalidArgumentError(absl::StrCat("host \"", host.ToString(),
                                                     "\": no pin set \"",
                                                     set_name, "\" was added"));
    }
    set = found->second;
  }
  if (!rep_->Add(host, set)) {
    return absl::AlreadyExistsError(
        absl::StrCat("host \"", host.ToString(), "\" was mapped before"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const PinStore>> PinStore::Builder::Build() {
  if (rep_ == nullptr) {
    return absl::FailedPreconditionError("the builder is spent");
  }
  std::unique_ptr<Rep> rep = std::move(rep_);
  if (!rep->updated.has_value()) {
    return absl::InvalidArgumentError("a pin store needs the time of update");
  }
  absl::flat_hash_set<const PinSet*> used;
  for (const Entry& entry : rep->entries) {
    used.insert(entry.pin_set);
  }
  for (const PinSet& set : rep->sets) {
    if (!used.contains(&set)) {
      return absl::InvalidArgumentError(
          absl::StrCat("no host uses pin set \"", set.name(), "\""));
    }
  }
  return std::shared_ptr<const PinStore>(new PinStore(std::move(rep)));
}

}  // namespace pinning
