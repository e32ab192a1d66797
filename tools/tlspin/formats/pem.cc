#include "pinning/internal/pem.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/files.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/notes.h"
#include "tools/tlspin/formats/pem_keys.h"

// Public keys in PEM (SubjectPublicKeyInfo). A pin is a digest, from which no
// key can be made: the keys come from certificates.
namespace tlspin {
namespace {

constexpr absl::string_view kBegin = "-----BEGIN ";

constexpr Capabilities Can() {
  Capabilities can;
  can.notes = true;
  can.needs_keys = true;
  return can;
}

absl::StatusOr<std::vector<std::string>> Write(const ExportPlan& plan) {
  const DocumentSet& set = plan.document->sets[plan.set];
  std::string text = absl::StrCat(plan.host, ": ", SetNote(set), "\n");
  bool any = false;
  for (const DocumentPin* pin : AllowedPins(set)) {
    const auto key = plan.keys.find(pin->pin.pin);
    if (key != plan.keys.end()) {
      any = true;
      absl::StrAppend(
          &text, PinNote(set, *pin), "\n",
          pinning::internal::PemEncode("PUBLIC KEY", AsBytes(key->second)));
    }
  }
  if (!any) {
    return ErrorAt(plan.document->file_name, set.place,
                   "no file of --certificates has any key of this set");
  }
  return std::vector<std::string>{text};
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  const absl::string_view text = source.text.text();
  ImportedSet set;
  set.place = {1, 1};
  for (size_t at = text.find(kBegin); at != text.npos;) {
    const size_t end = EndOfPemBlock(text, at);
    if (end == text.npos) {
      return source.text.Error(at, "a PEM block begins here and does not end");
    }
    const absl::StatusOr<pinning::Pin> pin =
        PinOfPemBlock(text.substr(at, end - at));
    if (!pin.ok()) {
      return source.text.Error(at, pin.status().message());
    }
    AddPin({*pin, "", pinning::PinRole::kAny, source.text.PlaceOf(at)},
           set.pins);
    at = text.find(kBegin, end);
  }
  if (set.pins.empty()) {
    return source.text.Error(0, "the file holds no PEM");
  }
  Imported imported;
  imported.sets.push_back(std::move(set));
  return imported;
}

}  // namespace

const FormatSpec kPemFormat = {
    "pem", "public keys in PEM", ".pem", "", Can(), "", Write, Read};

}  // namespace tlspin
