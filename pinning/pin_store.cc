#include "pinning/pin_store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/internal/compiled_layout.h"
#include "pinning/internal/compiled_reader.h"
#include "pinning/internal/compiled_writer.h"
#include "pinning/internal/host_index.h"
#include "pinning/internal/host_pattern.h"
#include "pinning/internal/pin_file_parser.h"
#include "pinning/internal/pins_digest.h"
#include "pinning/internal/status_macros.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"

namespace pinning {

using ::pinning::internal::CompiledReader;
using ::pinning::internal::HostIndex;
using ::pinning::internal::HostPattern;
using ::pinning::internal::PinFile;

// Either the parts of a store that was parsed or built, or of a compiled one.
struct PinStore::Rep {
  std::optional<absl::Time> updated;

  std::vector<PinSet> sets;
  absl::flat_hash_map<std::string, uint32_t> sets_by_name;  // to build
  HostIndex index;  // its sets are indexes into `sets`

  std::optional<CompiledReader> compiled;
  std::shared_ptr<const void> owner;  // of its bytes

  // SetOf returns the set of a row of `index`; null if it is carved out.
  const PinSet* SetOf(const HostIndex::Row& row) const {
    return row.set == HostIndex::kNoSet ? nullptr : &sets[row.set];
  }
};

PinStore::PinStore(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}

PinStore::~PinStore() = default;

absl::StatusOr<std::shared_ptr<const PinStore>> PinStore::FromJson(
    absl::string_view text, absl::string_view file_name) {
  if (IsCompiled(text)) {
    return absl::InvalidArgumentError(
        absl::StrCat(file_name,
                     ":1:1: this is compiled, and no pin file: give "
                     "the one that it was made of"));
  }
  PINNING_ASSIGN_OR_RETURN(PinFile file,
                           internal::ParsePinFile(text, file_name));
  auto rep = std::make_unique<Rep>();
  rep->updated = file.updated;
  rep->sets = std::move(file.sets);
  rep->index = std::move(file.hosts);
  return std::shared_ptr<const PinStore>(new PinStore(std::move(rep)));
}

std::shared_ptr<const PinStore> PinStore::Empty() {
  auto rep = std::make_unique<Rep>();
  rep->updated = absl::UnixEpoch();
  return std::shared_ptr<const PinStore>(new PinStore(std::move(rep)));
}

absl::StatusOr<std::shared_ptr<const PinStore>> PinStore::FromCompiled(
    absl::Span<const uint8_t> file, std::shared_ptr<const void> owner) {
  PINNING_ASSIGN_OR_RETURN(CompiledReader reader, CompiledReader::Open(file));
  auto rep = std::make_unique<Rep>();
  rep->updated = reader.updated();
  rep->compiled = reader;
  rep->owner = std::move(owner);
  return std::shared_ptr<const PinStore>(new PinStore(std::move(rep)));
}

PinStore::Entry::Entry(absl::string_view pattern, const PinSet* set)
    : pattern_(pattern), pinned_(set != nullptr), set_(set) {}

PinStore::Entry::Entry(absl::string_view pattern, bool pinned,
                       const PinStore* store, size_t offset)
    : pattern_(pattern), pinned_(pinned), store_(store), offset_(offset) {}

absl::StatusOr<std::optional<PinStore::Entry>> PinStore::Find(
    const ServerName& name) const {
  if (!rep_->compiled.has_value()) {
    const HostIndex::Row* row = rep_->index.Find(name);
    return row == nullptr ? std::nullopt
                          : std::make_optional(Entry(rep_->index.TextOf(*row),
                                                     rep_->SetOf(*row)));
  }
  CompiledReader::Host host;
  PINNING_RETURN_IF_ERROR(rep_->compiled->Find(name, &host));
  return host.offset == 0 ? std::nullopt
                          : std::make_optional(Entry(host.pattern, host.pinned,
                                                     this, host.offset));
}

std::vector<absl::StatusOr<std::optional<PinStore::Entry>>> PinStore::FindMany(
    absl::Span<const ServerName> names) const {
  std::vector<absl::StatusOr<std::optional<Entry>>> found;
  found.reserve(names.size());
  if (!rep_->compiled.has_value()) {
    for (const ServerName& name : names) {
      found.push_back(Find(name));
    }
    return found;
  }
  while (found.size() < names.size()) {
    rep_->compiled->FindSome(
        names.subspan(found.size(), CompiledReader::kAtOnce),
        [&](absl::Status status, const CompiledReader::Host& host) {
          if (!status.ok()) {
            found.emplace_back(std::move(status));
          } else if (host.offset == 0) {
            found.emplace_back(std::nullopt);
          } else {
            found.emplace_back(
                Entry(host.pattern, host.pinned, this, host.offset));
          }
        });
  }
  return found;
}

absl::StatusOr<std::shared_ptr<const PinSet>> PinStore::Entry::pin_set() const {
  if (store_ == nullptr) {
    // Not owned: the store owns it.
    return std::shared_ptr<const PinSet>(std::shared_ptr<const void>(), set_);
  }
  if (!pinned_) {
    return std::shared_ptr<const PinSet>();
  }
  PINNING_ASSIGN_OR_RETURN(
      PinSet set, store_->rep_->compiled->SetOf({pattern_, pinned_, offset_}));
  return std::make_shared<const PinSet>(std::move(set));
}

absl::Time PinStore::updated() const { return *rep_->updated; }

size_t PinStore::size() const {
  return rep_->compiled.has_value() ? rep_->compiled->host_count()
                                    : rep_->index.rows().size();
}

absl::StatusOr<std::vector<PinStore::Entry>> PinStore::entries() const {
  std::vector<Entry> entries;
  entries.reserve(size());
  if (rep_->compiled.has_value()) {
    PINNING_RETURN_IF_ERROR(
        rep_->compiled->ForEachHost([&](const CompiledReader::Host& host) {
          entries.push_back(
              Entry(host.pattern, host.pinned, this, host.offset));
        }));
    return entries;
  }
  for (const HostIndex::Row& row : rep_->index.rows()) {
    entries.push_back(Entry(rep_->index.TextOf(row), rep_->SetOf(row)));
  }
  return entries;
}

absl::StatusOr<std::vector<std::shared_ptr<const PinSet>>> PinStore::pin_sets()
    const {
  std::vector<std::shared_ptr<const PinSet>> sets;
  if (rep_->compiled.has_value()) {
    PINNING_ASSIGN_OR_RETURN(const std::vector<Entry> all, entries());
    absl::flat_hash_set<std::string> known;
    for (const Entry& entry : all) {
      PINNING_ASSIGN_OR_RETURN(std::shared_ptr<const PinSet> set,
                               entry.pin_set());
      if (set != nullptr && known.insert(set->name()).second) {
        sets.push_back(std::move(set));
      }
    }
    return sets;
  }
  for (const PinSet& set : rep_->sets) {
    sets.emplace_back(std::shared_ptr<const void>(), &set);
  }
  return sets;
}

absl::StatusOr<std::vector<std::string>> PinStore::PatternsOf(
    const Entry& entry) const {
  std::vector<std::string> patterns;
  if (!entry.pinned_) {
    return patterns;
  }
  if (rep_->compiled.has_value()) {
    return rep_->compiled->PatternsOf(
        {entry.pattern_, entry.pinned_, entry.offset_});
  }
  for (const HostIndex::Row& row : rep_->index.rows()) {
    if (rep_->SetOf(row) == entry.set_) {
      patterns.emplace_back(rep_->index.TextOf(row));
    }
  }
  return patterns;
}

std::array<uint8_t, 32> PinStore::Digest() const {
  if (rep_->compiled.has_value()) {
    return rep_->compiled->digest();
  }
  return internal::PinsDigest(rep_->index, rep_->sets);
}

bool PinStore::IsCompiled(absl::string_view file) {
  return absl::StartsWith(file, internal::compiled::kMagic);
}

absl::StatusOr<std::string> PinStore::Compile() const {
  if (rep_->compiled.has_value()) {
    PINNING_RETURN_IF_ERROR(CheckAll());
    return rep_->compiled->Copy();
  }
  return internal::WriteCompiled(
      {updated(), Digest(), rep_->sets, rep_->index});
}

absl::Status PinStore::CheckAll() const {
  return rep_->compiled.has_value() ? rep_->compiled->CheckAll()
                                    : absl::OkStatus();
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
  rep_->sets_by_name.emplace(set.name(),
                             static_cast<uint32_t>(rep_->sets.size()));
  rep_->sets.push_back(std::move(set));
  return absl::OkStatus();
}

absl::Status PinStore::Builder::MapHost(absl::string_view pattern,
                                        absl::string_view set_name) {
  if (rep_ == nullptr) {
    return absl::FailedPreconditionError("the builder is spent");
  }
  PINNING_ASSIGN_OR_RETURN(HostPattern host, HostPattern::FromString(pattern));
  uint32_t set = HostIndex::kNoSet;
  if (set_name != internal::kNoSetName) {
    auto found = rep_->sets_by_name.find(set_name);
    if (found == rep_->sets_by_name.end()) {
      return absl::InvalidArgumentError(absl::StrCat("host \"", host.ToString(),
                                                     "\": no pin set \"",
                                                     set_name, "\" was added"));
    }
    set = found->second;
  }
  if (!rep_->index.Add(host, set)) {
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
  std::vector<bool> used(rep->sets.size());
  for (const HostIndex::Row& row : rep->index.rows()) {
    if (row.set != HostIndex::kNoSet) {
      used[row.set] = true;
    }
  }
  for (size_t set = 0; set < used.size(); ++set) {
    if (!used[set]) {
      return absl::InvalidArgumentError(
          absl::StrCat("no host uses pin set \"", rep->sets[set].name(), "\""));
    }
  }
  return std::shared_ptr<const PinStore>(new PinStore(std::move(rep)));
}

}  // namespace pinning
