#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/notes.h"

// The value of curl's --pinnedpubkey.
namespace tlspin {
namespace {

constexpr absl::string_view kPrefix = "sha256//";

constexpr Capabilities Can() {
  Capabilities can;
  can.matches = Matches::kLeaf;
  return can;
}

absl::StatusOr<std::vector<std::string>> Write(const ExportPlan& plan) {
  std::vector<std::string> pins;
  for (const DocumentPin* pin : AllowedPins(plan.document->sets[plan.set])) {
    pins.push_back(absl::StrCat(kPrefix, Base64Of(*pin)));
  }
  return std::vector<std::string>{absl::StrCat(absl::StrJoin(pins, ";"), "\n")};
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  absl::string_view text = source.text.text();
  if (absl::EndsWith(text, "\n")) {
    text.remove_suffix(1);
  }
  ImportedSet set;
  set.place = {1, 1};
  // curl stops at the first part that has no prefix, and compares text: what it
  // would never match is an error here.
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(';', at), text.size());
    const absl::string_view part = text.substr(at, end - at);
    if (!absl::StartsWith(part, kPrefix)) {
      return source.text.Error(at, "expected \"sha256//\" and a digest");
    }
    const absl::StatusOr<pinning::Pin> pin =
        PinFromBase64(part.substr(kPrefix.size()));
    if (!pin.ok()) {
      return source.text.Error(at + kPrefix.size(), pin.status().message());
    }
    AddPin({*pin, "", pinning::PinRole::kLeaf, source.text.PlaceOf(at)},
           set.pins);
    at = end + 1;
  }
  Imported imported;
  imported.sets.push_back(std::move(set));
  return imported;
}

}  // namespace

const FormatSpec kCurlFormat = {
    "curl",
    "curl --pinnedpubkey",
    ".curl",
    "",
    Can(),
    "curl compares the key of the leaf that the server presents, and no pins "
    "after a redirect to another host",
    Write,
    Read};

}  // namespace tlspin
