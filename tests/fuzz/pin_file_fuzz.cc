// PinStore::FromJson on any text: no crash, a refusal says where, and every
// pattern of a file that is read is found under its own name.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "pinning/pin_set.h"
#include "pinning/pin_store.h"
#include "pinning/server_name.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/places.h"

namespace {

using fuzz::Require;
using pinning::PinSet;
using pinning::PinStore;
using pinning::ServerName;

// CheckEntry looks up a name that only the entry's own pattern, or a more
// specific one, covers.
void CheckEntry(const PinStore& store, const PinStore::Entry& entry) {
  absl::string_view pattern = entry.pattern();
  const bool any = absl::ConsumePrefix(&pattern, "**.");
  const bool one = absl::ConsumePrefix(&pattern, "*.");
  const auto name = ServerName::FromString(
      one ? absl::StrCat("f-u-z-z.", pattern) : std::string(pattern));
  if (!name.ok()) {
    // The base is a name; with a label before it, it may be too long for one.
    Require(one && pattern.size() > 240, "a pattern's base is a name");
    return;
  }
  const std::optional<PinStore::Entry> found = *store.Find(*name);
  Require(found.has_value(), "a pattern is found");
  if (any || one) {
    // An exact name or a "*." that says more may stand in the file as well.
    return;
  }
  Require(found->pattern() == entry.pattern() &&
              *found->pin_set() == *entry.pin_set(),
          "a name is found as itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = fuzz::TextOf(data, size);
  const auto store = PinStore::FromJson(text, "fuzz.json");
  if (!store.ok()) {
    fuzz::RequirePlace(store.status(), "fuzz.json", text);
    return 0;
  }
  const auto entries = *(*store)->entries();
  for (const PinStore::Entry& entry : entries) {
    CheckEntry(**store, entry);
  }
  const auto sets = *(*store)->pin_sets();
  for (const auto& set : sets) {
    Require(!set->pins().empty() && !set->backup_pins().empty(),
            "a set has a pin and a backup");
    Require(!set->name().empty() && set->name() != "none",
            "a set has a name of its own");
  }
  return 0;
}
