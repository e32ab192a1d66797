#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "pinning/internal/json_reader.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/notes.h"

// verify_certificate_spki of Envoy's CertificateValidationContext, as YAML and
// as JSON. Reading YAML knows lists in block style under that key, and no
// anchors, flows or other ways to write the same.
namespace tlspin {
namespace {

using ::pinning::internal::JsonDocument;
using ::pinning::internal::JsonMember;
using ::pinning::internal::JsonValue;

constexpr char kSpki[] = "verify_certificate_spki";
constexpr char kCaution[] =
    "Envoy compares the key of the leaf that the peer presents; it validates "
    "the path only if the context has a trusted_ca";

constexpr Capabilities Can(bool notes) {
  Capabilities can;
  can.matches = Matches::kLeaf;
  can.notes = notes;
  return can;
}

absl::StatusOr<std::vector<std::string>> WriteYaml(const ExportPlan& plan) {
  const DocumentSet& set = plan.document->sets[plan.set];
  std::string text;
  if (!plan.document->comment.empty()) {
    absl::StrAppend(&text, "# ", NoteText(plan.document->comment), "\n");
  }
  absl::StrAppend(&text, "# ", plan.host, ": ", SetNote(set),
                  "\nvalidation_context:\n  ", kSpki, ":\n");
  for (const DocumentPin* pin : AllowedPins(set)) {
    absl::StrAppend(&text, "  # ", PinNote(set, *pin), "\n  - \"",
                    Base64Of(*pin), "\"\n");
  }
  return std::vector<std::string>{text};
}

absl::StatusOr<std::vector<std::string>> WriteJson(const ExportPlan& plan) {
  std::vector<std::string> pins;
  for (const DocumentPin* pin : AllowedPins(plan.document->sets[plan.set])) {
    pins.push_back(absl::StrCat("      \"", Base64Of(*pin), "\""));
  }
  return std::vector<std::string>{
      absl::StrCat("{\n  \"validation_context\": {\n    \"", kSpki, "\": [\n",
                   absl::StrJoin(pins, ",\n"), "\n    ]\n  }\n}\n")};
}

// A Collector takes what both ways to write it hold.
class Collector {
 public:
  explicit Collector(const SourceText& source) : source_(source) {}

  absl::Status AddPinAt(size_t offset, absl::string_view text) {
    const absl::StatusOr<pinning::Pin> pin = PinFromBase64(text);
    if (!pin.ok()) {
      return source_.Error(offset, pin.status().message());
    }
    AddPin({*pin, "", pinning::PinRole::kLeaf, source_.PlaceOf(offset)},
           set_.pins);
    return absl::OkStatus();
  }

  absl::Status Begin(size_t offset) {
    if (set_.place.line != 0) {
      return source_.Error(offset, absl::StrCat(kSpki,
                                                " is there twice: give a file "
                                                "with one context"));
    }
    set_.place = source_.PlaceOf(offset);
    return absl::OkStatus();
  }

  // Lists a key beside the pins that lets a connection pass without them.
  void Key(size_t offset, absl::string_view key) {
    if (key == "verify_certificate_hash" || key == "trust_chain_verification" ||
        key == "allow_expired_certificate") {
      imported_.losses.push_back(
          {source_.PlaceOf(offset), "override",
           absl::StrCat(key, ": a pin file does not loosen what it asks"),
           LossEffect::kRefusesMore});
    }
  }

  absl::StatusOr<Imported> Finish() {
    if (set_.pins.empty()) {
      return source_.Error(
          0, absl::StrCat("there is no ", kSpki, " with a digest in it"));
    }
    imported_.sets.push_back(std::move(set_));
    return std::move(imported_);
  }

 private:
  const SourceText& source_;
  ImportedSet set_;
  Imported imported_;
};

// ItemOf returns the digest of a list's item, without quotation marks.
absl::string_view ItemOf(absl::string_view item) {
  item = absl::StripAsciiWhitespace(item);
  const size_t comment = item.find(" #");
  item = absl::StripTrailingAsciiWhitespace(item.substr(0, comment));
  if (item.size() >= 2 && item.front() == item.back() &&
      (item.front() == '"' || item.front() == '\'')) {
    item = item.substr(1, item.size() - 2);
  }
  return item;
}

absl::StatusOr<Imported> ReadYaml(const ImportSource& source) {
  absl::Status status = source.text.Check();
  Collector collector(source.text);
  size_t offset = 0, indent = 0;
  bool in_list = false;
  for (absl::string_view line : absl::StrSplit(source.text.text(), '\n')) {
    const size_t begin = offset;
    offset += line.size() + 1;
    const absl::string_view text = absl::StripAsciiWhitespace(line);
    if (!status.ok()) {
      return status;
    }
    if (text.empty() || text[0] == '#') {
      continue;
    }
    const size_t column = line.find_first_not_of(' ');
    if (line[column] == '\t') {
      return source.text.Error(begin + column, "YAML is indented with spaces");
    }
    if (in_list && column >= indent && absl::StartsWith(text, "- ")) {
      status = collector.AddPinAt(begin + column + 2, ItemOf(text.substr(2)));
      continue;
    }
    in_list = false;
    const size_t colon = text.find(':');
    absl::string_view key = text.substr(0, colon);
    while (absl::ConsumePrefix(&key, "- ")) {
      key = absl::StripLeadingAsciiWhitespace(key);
    }
    collector.Key(begin + column, key);
    if (key == kSpki) {
      status = collector.Begin(begin + column);
      if (colon == text.npos || !absl::StrContains(text, ':') ||
          !absl::StripAsciiWhitespace(text.substr(colon + 1)).empty()) {
        return source.text.Error(
            begin + column,
            "only a list in block style is read: a line \"- ...\" for each");
      }
      in_list = true;
      indent = line.find(kSpki);
    } else if (absl::StrContains(text, kSpki)) {
      return source.text.Error(begin + line.find(kSpki),
                               absl::StrCat(kSpki, " has a line of its own"));
    }
  }
  if (!status.ok()) {
    return status;
  }
  return collector.Finish();
}

// Walk looks for the key in all of the document, whose depth is bounded.
absl::Status Walk(const JsonValue& value, const SourceText& source,
                  Collector& collector) {
  for (const JsonValue& element : value.elements()) {
    const absl::Status status = Walk(element, source, collector);
    if (!status.ok()) {
      return status;
    }
  }
  for (const JsonMember& member : value.members()) {
    collector.Key(member.key_offset, member.key);
    absl::Status status = Walk(member.value, source, collector);
    if (status.ok() && member.key == kSpki) {
      status = collector.Begin(member.key_offset);
      if (!member.value.is_array()) {
        return source.Error(member.value.offset(), "expected an array");
      }
      for (const JsonValue& pin : member.value.elements()) {
        status.Update(collector.AddPinAt(pin.offset(), pin.string()));
      }
    }
    if (!status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Imported> ReadJson(const ImportSource& source) {
  const absl::StatusOr<JsonDocument> json =
      JsonDocument::Parse(source.text.text(), source.text.file_name());
  if (!json.ok()) {
    return json.status();
  }
  Collector collector(source.text);
  const absl::Status status = Walk(json->root(), source.text, collector);
  if (!status.ok()) {
    return status;
  }
  return collector.Finish();
}

}  // namespace

const FormatSpec kEnvoyFormat = {
    "envoy",   "Envoy's verify_certificate_spki in YAML",
    ".yaml",   "",
    Can(true), kCaution,
    WriteYaml, ReadYaml};

const FormatSpec kEnvoyJsonFormat = {
    "envoy-json", "Envoy's verify_certificate_spki in JSON",
    ".json",      "",
    Can(false),   kCaution,
    WriteJson,    ReadJson};

}  // namespace tlspin
