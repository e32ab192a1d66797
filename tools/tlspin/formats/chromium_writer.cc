#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "tools/tlspin/formats/chromium.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/notes.h"

namespace tlspin {
namespace {

// A KeyNames gives each key the one name that it has in both files.
class KeyNames {
 public:
  const std::string& Of(const DocumentPin& pin) {
    std::string& name = names_[pin.pin.pin];
    if (name.empty()) {
      name = NameFor(pin.pin.name);
    }
    return name;
  }

 private:
  std::string NameFor(const std::string& text) {
    std::string name;
    for (const char c : text) {
      name += absl::ascii_isalnum(static_cast<unsigned char>(c))
                  ? std::string(1, c)
                  : "";
    }
    name = name.substr(0, 40);
    if (name.empty() || !absl::ascii_isupper(name[0])) {
      name = absl::StrCat("Key", name);
    }
    std::string unique = name;
    for (int i = 2; !taken_.insert(unique).second; ++i) {
      unique = absl::StrCat(name, "_", i);
    }
    return unique;
  }

  std::map<pinning::Pin, std::string> names_;
  std::set<std::string> taken_ = {"PinsListTimestamp"};
};

std::string JsonString(absl::string_view text) {
  return absl::StrCat(
      "\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

std::string KeyList(absl::string_view key, KeyNames& names,
                    const std::vector<const DocumentPin*>& pins) {
  std::vector<std::string> list;
  for (const DocumentPin* pin : pins) {
    list.push_back(JsonString(names.Of(*pin)));
  }
  return absl::StrCat(",\n      \"", key, "\": [", absl::StrJoin(list, ", "),
                      "]");
}

std::string PinsText(const ExportPlan& plan, const std::vector<size_t>& sets,
                     KeyNames& names) {
  std::string text =
      absl::StrCat("PinsListTimestamp\n",
                   absl::ToUnixSeconds(plan.document->store->updated()), "\n");
  std::set<pinning::Pin> written;
  for (size_t index : sets) {
    const DocumentSet& set = plan.document->sets[index];
    std::vector<const DocumentPin*> pins = AllowedPins(set);
    for (const DocumentPin& pin : set.blocked_pins) {
      pins.push_back(&pin);
    }
    for (const DocumentPin* pin : pins) {
      if (written.insert(pin->pin.pin).second) {
        absl::StrAppend(&text, "\n# ", PinNote(set, *pin), "\n", names.Of(*pin),
                        "\n", pin->pin.pin.ToString(), "\n");
      }
    }
  }
  return text;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> WriteChromium(const ExportPlan& plan) {
  std::vector<size_t> sets;
  std::vector<std::string> pinsets, entries;
  KeyNames names;
  for (size_t i = 0; i < plan.document->sets.size(); ++i) {
    bool used = false;
    for (const FormatEntry& entry : plan.entries) {
      used = used || entry.set == i;
    }
    if (!used) {
      continue;
    }
    sets.push_back(i);
    const DocumentSet& set = plan.document->sets[i];
    std::string text =
        absl::StrCat("    // ", SetNote(set),
                     "\n    {\n      \"name\": ", JsonString(set.set->name()),
                     KeyList("static_spki_hashes", names, AllowedPins(set)));
    std::vector<const DocumentPin*> blocked;
    for (const DocumentPin& pin : set.blocked_pins) {
      blocked.push_back(&pin);
    }
    if (!blocked.empty()) {
      absl::StrAppend(&text, KeyList("bad_static_spki_hashes", names, blocked));
    }
    pinsets.push_back(absl::StrCat(text, "\n    }"));
  }
  for (const FormatEntry& entry : plan.entries) {
    entries.push_back(absl::StrCat(
        "    { \"name\": ", JsonString(entry.host),
        ", \"include_subdomains\": ", entry.all_below ? "true" : "false",
        ", \"pins\": ", JsonString(plan.document->sets[entry.set].set->name()),
        " }"));
  }
  std::string json;
  if (!plan.document->comment.empty()) {
    absl::StrAppend(&json, "// ", NoteText(plan.document->comment), "\n");
  }
  absl::StrAppend(&json, "{\n  \"pinsets\": [\n", absl::StrJoin(pinsets, ",\n"),
                  "\n  ],\n  \"entries\": [\n", absl::StrJoin(entries, ",\n"),
                  "\n  ]\n}\n");
  return std::vector<std::string>{json, PinsText(plan, sets, names)};
}

}  // namespace tlspin
