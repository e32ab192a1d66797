#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/notes.h"
#include "tools/tlspin/formats/plist.h"
#include "tools/tlspin/formats/xml.h"

namespace tlspin {
namespace {

using ::pinning::PinRole;
using Kind = PlistValue::Kind;

constexpr char kCa[] = "NSPinnedCAIdentities";
constexpr char kLeaf[] = "NSPinnedLeafIdentities";
constexpr char kSubdomains[] = "NSIncludesSubdomains";
constexpr char kDigest[] = "SPKI-SHA256-BASE64";

// Which entry wins for a host that has two is not documented.
constexpr Capabilities Can() {
  Capabilities can;
  can.hosts = HostForm::kNamesAndOneBelow;
  can.overlap = Overlap::kUnknown;
  can.matches = Matches::kLeafAndIssuers;
  can.notes = true;
  return can;
}

// ListOf returns one of the two lists; nothing if no pin belongs there.
std::string ListOf(const DocumentSet& set, bool leaf) {
  std::string pins;
  for (const DocumentPin* pin : AllowedPins(set)) {
    if ((pin->pin.role == PinRole::kLeaf) == leaf) {
      absl::StrAppend(&pins, "\t\t\t\t\t<!-- ", PinNote(set, *pin),
                      " -->\n\t\t\t\t\t<dict>\n\t\t\t\t\t\t<key>", kDigest,
                      "</key>\n\t\t\t\t\t\t<string>", Base64Of(*pin),
                      "</string>\n\t\t\t\t\t</dict>\n");
    }
  }
  return pins.empty() ? ""
                      : absl::StrCat("\t\t\t\t<key>", leaf ? kLeaf : kCa,
                                     "</key>\n\t\t\t\t<array>\n", pins,
                                     "\t\t\t\t</array>\n");
}

absl::StatusOr<std::vector<std::string>> Write(const ExportPlan& plan) {
  std::string body;
  for (const FormatEntry& entry : plan.entries) {
    const DocumentSet& set = plan.document->sets[entry.set];
    absl::StrAppend(&body, "\t\t\t<!-- ", SetNote(set), " -->\n\t\t\t<key>",
                    XmlEscape(entry.host),
                    "</key>\n\t\t\t<dict>\n\t\t\t\t<key>", kSubdomains,
                    "</key>\n\t\t\t\t",
                    entry.one_below ? "<true/>" : "<false/>", "\n",
                    ListOf(set, false), ListOf(set, true), "\t\t\t</dict>\n");
  }
  return std::vector<std::string>{
      PlistText({"NSAppTransportSecurity", "NSPinnedDomains"},
                NoteText(plan.document->comment), body)};
}

class Reader {
 public:
  explicit Reader(const SourceText& source) : source_(source) {}

  absl::StatusOr<Imported> Read(const PlistValue& root);

 private:
  absl::Status ReadDomain(const PlistMember& domain);
  absl::Status ReadList(const PlistMember& list, PinRole role,
                        ImportedSet& set);
  absl::Status Lost(const Place& place, absl::string_view code,
                    absl::string_view message) {
    imported_.losses.push_back({place, std::string(code), std::string(message),
                                LossEffect::kAcceptsMore});
    return absl::OkStatus();
  }

  const SourceText& source_;
  Imported imported_;
};

absl::StatusOr<Imported> Reader::Read(const PlistValue& root) {
  const PlistValue* top = &root;
  if (const PlistValue* security = root.Find("NSAppTransportSecurity")) {
    const absl::Status dict =
        ExpectKind(source_, *security, Kind::kDict, "NSAppTransportSecurity");
    if (!dict.ok()) {
      return dict;
    }
    top = security;
  }
  const PlistValue* domains = top->Find("NSPinnedDomains");
  if (domains == nullptr) {
    return PlistError(source_, top->place, "there is no NSPinnedDomains");
  }
  absl::Status status =
      ExpectKind(source_, *domains, Kind::kDict, "NSPinnedDomains");
  for (const PlistValue* dict : {&root, top}) {
    for (const PlistMember& member : dict->members) {
      if (&member.value != top && &member.value != domains &&
          (dict == &root || top != &root)) {
        imported_.ignored.push_back(IgnoredAt(member.place, member.key));
      }
    }
    if (top == &root) {
      break;
    }
  }
  for (const PlistMember& domain : domains->members) {
    if (status.ok()) {
      status = ReadDomain(domain);
    }
  }
  if (!status.ok()) {
    return status;
  }
  return std::move(imported_);
}

absl::Status Reader::ReadDomain(const PlistMember& domain) {
  absl::Status status =
      ExpectKind(source_, domain.value, Kind::kDict, "a pinned domain");
  ImportedSet set;
  set.place = domain.place;
  bool below = false;
  const PlistMember *ca = nullptr, *leaf = nullptr;
  for (const PlistMember& member : domain.value.members) {
    if (!status.ok()) {
      return status;
    }
    if (member.key == kSubdomains) {
      status = ExpectKind(source_, member.value, Kind::kBool, kSubdomains);
      below = member.value.boolean;
    } else if (member.key == kCa) {
      ca = &member;
      status = ReadList(member, PinRole::kAny, set);
    } else if (member.key == kLeaf) {
      leaf = &member;
      status = ReadList(member, PinRole::kLeaf, set);
    } else {
      return PlistError(source_, member.place,
                        absl::StrCat("unknown key \"", member.key, "\""));
    }
  }
  if (!status.ok()) {
    return status;
  }
  if (set.pins.empty()) {
    return PlistError(
        source_, domain.place,
        absl::StrCat("a pinned domain needs pins in ", kCa, " or ", kLeaf));
  }
  if (ca != nullptr) {
    status = Lost(ca->place, "role",
                  "these match any certificate but the leaf; with role \"any\" "
                  "they would match a leaf too");
  }
  if (ca != nullptr && leaf != nullptr) {
    status = Lost(leaf->place, "role",
                  "both lists must match; in a pin file one pin of either "
                  "would do");
  }
  imported_.sets.push_back(std::move(set));
  imported_.entries.push_back({domain.key, true, below, false,
                               imported_.sets.size() - 1, domain.place});
  return status;
}

absl::Status Reader::ReadList(const PlistMember& list, PinRole role,
                              ImportedSet& set) {
  absl::Status status = ExpectKind(source_, list.value, Kind::kArray, list.key);
  for (const PlistValue& element : list.value.elements) {
    status.Update(ExpectKind(source_, element, Kind::kDict, "an identity"));
    if (!status.ok()) {
      return status;
    }
    if (element.members.size() != 1 || element.members[0].key != kDigest) {
      return PlistError(source_, element.place,
                        absl::StrCat("an identity is a dict of ", kDigest));
    }
    const PlistValue& text = element.members[0].value;
    status = ExpectKind(source_, text, Kind::kString, kDigest);
    if (!status.ok()) {
      return status;
    }
    const absl::StatusOr<pinning::Pin> pin = PinFromBase64(text.text);
    if (!pin.ok()) {
      return PlistError(source_, text.place, pin.status().message());
    }
    AddPin({*pin, "", role, text.place}, set.pins);
  }
  return status;
}

absl::StatusOr<Imported> Read(const ImportSource& source) {
  const absl::StatusOr<PlistValue> root = ParsePlist(source.text);
  if (!root.ok()) {
    return root.status();
  }
  return Reader(source.text).Read(*root);
}

}  // namespace

const FormatSpec kAppleFormat = {
    "apple", "Apple's NSPinnedDomains", ".plist", "", Can(), "", Write, Read};

}  // namespace tlspin
