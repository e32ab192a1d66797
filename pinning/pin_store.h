#ifndef PINNING_PIN_STORE_H_
#define PINNING_PIN_STORE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "pinning/pin_set.h"
#include "pinning/server_name.h"

namespace pinning {

// A PinStore maps host names to pin sets. It is immutable and shareable; an
// update is a new store, swapped in whole. It is parsed from a pin file, built,
// or compiled: a compiled store is used where it lies, which may be a file in
// memory (mapped_file.h), and costs nothing to open.
//
// Only a compiled store can be damaged. Each look-up checks what it touches,
// and DATA_LOSS says that it is not what was compiled; that a name is not
// pinned is never said for damage. A store that was parsed or built never
// fails.
class PinStore {
 public:
  class Builder;

  // Entry is one host's row in the store, as good as the store.
  class Entry {
   public:
    // pattern returns "example.com", "*.example.com" (exactly one label) or
    // "**.example.com" (any number, none included), or an IP address;
    // canonical otherwise.
    absl::string_view pattern() const { return pattern_; }

    // is_pinned returns whether the pattern has a set; if not, it is carved out
    // (`none`).
    bool is_pinned() const { return pinned_; }

    // pin_set returns the set, null if the pattern is carved out. A compiled
    // store makes it anew each time and can return DATA_LOSS; else it is the
    // store's own, the same for every pattern of the set.
    absl::StatusOr<std::shared_ptr<const PinSet>> pin_set() const;

   private:
    friend class PinStore;

    Entry(absl::string_view pattern, const PinSet* set);
    Entry(absl::string_view pattern, bool pinned, const PinStore* store,
          size_t offset);

    absl::string_view pattern_;
    bool pinned_ = false;
    const PinSet* set_ = nullptr;      // of a store that is not compiled
    const PinStore* store_ = nullptr;  // of one that is
    size_t offset_ = 0;                // where in it
  };

  // FromJson parses a pin file (pins/schema.json, docs/pin-file.md). It returns
  // INVALID_ARGUMENT whose message begins "FILE:LINE:COLUMN: ", FILE being
  // `file_name`; it never returns part of a file. RESOURCE_EXHAUSTED says that
  // `text` is over `kMaxFileSize`.
  static absl::StatusOr<std::shared_ptr<const PinStore>> FromJson(
      absl::string_view text, absl::string_view file_name = "pins");

  static constexpr size_t kMaxFileSize = 256 * 1024 * 1024;

  // Empty returns the store that pins nothing; it was updated at the epoch.
  static std::shared_ptr<const PinStore> Empty();

  // FromCompiled returns the store that lies in `file`, which Compile made. The
  // bytes must not change and stay where they are as long as `owner`, which the
  // store keeps. Only the header is checked here: DATA_LOSS if `file` is no
  // compiled store or is cut short, UNIMPLEMENTED if it is of another version.
  static absl::StatusOr<std::shared_ptr<const PinStore>> FromCompiled(
      absl::Span<const uint8_t> file, std::shared_ptr<const void> owner);

  // IsCompiled returns whether `file` begins as a compiled store does.
  static bool IsCompiled(absl::string_view file);

  // Compile returns the compiled form of this store (docs/compiled-pins.md):
  // the same bytes for the same pins, on every machine. Times are kept to the
  // nanosecond. It returns INVALID_ARGUMENT if something is too large for it,
  // such as a set of over 65,535 pins.
  absl::StatusOr<std::string> Compile() const;

  // Find returns the most specific entry that covers `name`, or nothing if
  // there is none: an exact name, then "*.", then the longest "**.". An IP
  // address is never covered by a DNS pattern.
  absl::StatusOr<std::optional<Entry>> Find(const ServerName& name) const;

  // FindMany is Find for each of `names`. In a large compiled store it is
  // faster: it waits for memory for many names at once.
  std::vector<absl::StatusOr<std::optional<Entry>>> FindMany(
      absl::Span<const ServerName> names) const;

  // updated returns when the list says it was last known to be right.
  absl::Time updated() const;

  // size returns the number of entries.
  size_t size() const;

  // entries, pin_sets and PatternsOf return what is in the store, in file
  // order; the sets of a compiled store in the order of their first entries.
  // All take time in proportion to the store, but for PatternsOf a compiled
  // one: the patterns that use the same set as `entry`. Keep the result before
  // you range over it: `for (x : *store.entries())` ranges over what is gone.
  absl::StatusOr<std::vector<Entry>> entries() const;
  absl::StatusOr<std::vector<std::shared_ptr<const PinSet>>> pin_sets() const;
  absl::StatusOr<std::vector<std::string>> PatternsOf(const Entry& entry) const;

  // Digest returns a SHA-256 over patterns and what they pin, names aside and
  // in any order: the same for every form of the same pins. That of a compiled
  // store is taken from its header.
  std::array<uint8_t, 32> Digest() const;

  // CheckAll reads the whole of a compiled store and returns DATA_LOSS if any
  // of it is damaged. It takes time in proportion to the store.
  absl::Status CheckAll() const;

  ~PinStore();

 private:
  struct Rep;
  explicit PinStore(std::unique_ptr<const Rep> rep);

  std::unique_ptr<const Rep> rep_;
};

// A PinStore::Builder collects sets and hosts. It is used by one thread.
class PinStore::Builder {
 public:
  Builder();
  ~Builder();

  // SetUpdated sets when the list was last known to be right. Required.
  Builder& SetUpdated(absl::Time updated);

  // AddPinSet returns ALREADY_EXISTS if a set of the same name was added, and
  // INVALID_ARGUMENT if the name is "none".
  absl::Status AddPinSet(PinSet set);

  // MapHost makes `pattern` use the set named `set_name`, or no set at all if
  // `set_name` is "none". It returns INVALID_ARGUMENT if `pattern` is not a
  // pattern, stands at or above a public suffix, or names a set not added
  // before, and ALREADY_EXISTS if the pattern is mapped.
  absl::Status MapHost(absl::string_view pattern, absl::string_view set_name);

  // Build returns INVALID_ARGUMENT if `updated` was not set or a set has no
  // host. The builder is spent: every later call is FAILED_PRECONDITION.
  absl::StatusOr<std::shared_ptr<const PinStore>> Build();

 private:
  std::unique_ptr<Rep> rep_;
};

}  // namespace pinning

#endif  // PINNING_PIN_STORE_H_
