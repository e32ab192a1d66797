#ifndef PINNING_PIN_STORE_H_
#define PINNING_PIN_STORE_H_

#include <cstddef>
#include <memory>
#include <string>
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
// update is a new store, swapped in whole.
class PinStore {
 public:
  class Builder;

  // Entry is one host's row in the store.
  struct Entry {
    // The pattern: "example.com", "*.example.com" (exactly one label) or
    // "**.example.com" (any number, none included), or an IP address;
    // canonical otherwise.
    std::string pattern;
    // Owned by the store; null if the pattern is carved out (`none`).
    const PinSet* pin_set = nullptr;
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

  // Find returns the most specific entry that covers `name`, or null if there
  // is none: an exact name, then "*.", then the longest "**.". An IP address
  // is never covered by a DNS pattern.
  const Entry* Find(const ServerName& name) const;

  // updated returns when the list says it was last known to be right.
  absl::Time updated() const;

  // entries and pin_sets return everything in the store, in file order.
  absl::Span<const Entry> entries() const;
  std::vector<const PinSet*> pin_sets() const;

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
