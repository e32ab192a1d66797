#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/tlspin/formats/format.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/notes.h"
#include "tools/tlspin/formats/plist.h"
#include "tools/tlspin/formats/set_losses.h"
#include "tools/tlspin/formats/xml.h"

namespace tlspin {
namespace {

using ::pinning::PinSet;
using Kind = PlistValue::Kind;

// The value of TrustKit's constant, misspelt there; the other is ignored.
constexpr char kExclude[] = "kSKExcludeSubdomainFromParentPolicy";
constexpr char kExcludeIgnored[] = "TSKExcludeSubdomainFromParentPolicy";
constexpr char kHashes[] = "TSKPublicKeyHashes";
constexpr char kEnforce[] = "TSKEnforcePinning";
constexpr char kSubdomains[] = "TSKIncludeSubdomains";
constexpr char kExpires[] = "TSKExpirationDate";

// The exact name wins, then the longest; names can be excluded, not trees.
constexpr Capabilities Can() {
  Capabilities can;
  can.hosts = HostForm::kNamesAndAllBelow;
  can.overlap = Overlap::kMostSpecific;
  can.carve_outs = CarveOuts::kNames;
  can.expiry = Expiry::kDay;
  can.report_only = true;
  can.notes = true;
  return can;
}

std::string Flag(absl::string_view key, bool value) {
  return absl::StrCat("\t\t\t\t<key>", key, "</key>\n\t\t\t\t",
                      value ? "<true/>" : "<false/>", "\n");
}

std::string DomainText(const ExportPlan& plan, const FormatEntry& entry) {
  if (entry.set == kNoSet) {
    return Flag(kExclude, true);
  }
  const DocumentSet& set = plan.document->sets[entry.set];
  std::string text = absl::StrCat(
      Flag(kSubdomains, entry.all_below),
      Flag(kEnforce, set.set->mode() == PinSet::Mode::kEnforce),
      Flag("TSKDisableDefaultReportUri", true), "\t\t\t\t<key>", kExpires,
      "</key>\n\t\t\t\t<string>", DayNotBefore(set.set->expires()),
      "</string>\n\t\t\t\t<key>", kHashes, "</key>\n\t\t\t\t<array>\n");
  for (const DocumentPin* pin : AllowedPins(set)) {
    absl::StrAppend(&text, "\t\t\t\t\t<!-- ", PinNote(set, *pin),
                    " -->\n\t\t\t\t\t<string>", Base64Of(*pin), "</string>\n");
  }
  return absl::StrCat(text, "\t\t\t\t</array>\n");
}

absl::StatusOr<std::vector<std::string>> Write(const ExportPlan& plan) {
  std::string body;
  for (const FormatEntry& entry : plan.entries) {
    if (entry.set != kNoSet) {
      absl::StrAppend(&body, "\t\t\t<!-- ",
                      SetNote(plan.document->sets[entry.set]), " -->\n");
    }
    absl::StrAppend(&body, "\t\t\t<key>", XmlEscape(entry.host),
                    "</key>\n\t\t\t<dict>\n", DomainText(plan, entry),
                    "\t\t\t</dict>\n");
  }
  return std::vector<std::string>{
      PlistText({"TSKConfiguration", "TSKPinnedDomains"},
                NoteText(plan.document->comment), body)};
}

class Reader {
 public:
  explicit Reader(const SourceText& source) : source_(source) {}

  absl::StatusOr<Imported> Read(const PlistValue& root);

 private:
  absl::Status ReadDomain(const PlistMember& domain);
  absl::Status ReadMember(const PlistMember& member, ImportedSet& set,
                          FormatEntry& entry);
  absl::Status ReadHashes(const PlistValue& list, ImportedSet& set);
  absl::Status ReadFlag(const PlistMember& member, bool& flag) {
    flag = member.value.boolean;
    return ExpectKind(source_, member.value, Kind::kBool, member.key);
  }

  const SourceText& source_;
  Imported imported_;
};

absl::StatusOr<Imported> Reader::Read(const PlistValue& root) {
  const PlistValue* configuration = root.Find("TSKConfiguration");
  const PlistValue* top = configuration == nullptr ? &root : configuration;
  const PlistValue* domains = top->Find("TSKPinnedDomains");
  if (domains == nullptr) {
    return PlistError(source_, top->place, "there is no TSKPinnedDomains");
  }
  absl::Status status =
      ExpectKind(source_, *domains, Kind::kDict, "TSKPinnedDomains");
  for (const PlistMember& member : top->members) {
    if (member.key == "TSKIgnorePinningForUserDefinedTrustAnchors" &&
        member.value.kind == Kind::kBool && member.value.boolean) {
      imported_.losses.push_back(
          {member.place, "override",
           absl::StrCat(member.key,
                        ": the pins would be enforced for anchors "
                        "that a user added too"),
           LossEffect::kRefusesMore});
    } else if (&member.value != domains) {
      imported_.ignored.push_back(IgnoredAt(member.place, member.key));
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
  set.mode = PinSet::Mode::kEnforce;
  FormatEntry entry{domain.key, true, false, false, kNoSet, domain.place};
  for (const PlistMember& member : domain.value.members) {
    if (status.ok() && member.key != kExclude) {
      status = ReadMember(member, set, entry);
    }
  }
  const PlistValue* exclude = domain.value.Find(kExclude);
  if (exclude != nullptr) {
    status.Update(ExpectKind(source_, *exclude, Kind::kBool, kExclude));
  }
  if (!status.ok()) {
    return status;
  }
  if (exclude != nullptr && exclude->boolean) {
    if (domain.value.members.size() != 1) {
      return PlistError(source_, domain.place,
                        "an excluded domain has no other key");
    }
  } else {
    if (set.pins.empty()) {
      return PlistError(source_, domain.place,
                        absl::StrCat("a pinned domain needs ", kHashes));
    }
    imported_.sets.push_back(std::move(set));
    entry.set = imported_.sets.size() - 1;
  }
  imported_.entries.push_back(std::move(entry));
  return status;
}

absl::Status Reader::ReadMember(const PlistMember& member, ImportedSet& set,
                                FormatEntry& entry) {
  absl::Status status;
  bool flag = false;
  if (member.key == kSubdomains) {
    status = ReadFlag(member, flag);
    entry.one_below = entry.all_below = flag;
  } else if (member.key == kEnforce) {
    status = ReadFlag(member, flag);
    set.mode = flag ? PinSet::Mode::kEnforce : PinSet::Mode::kReportOnly;
  } else if (member.key == kExpires) {
    status = ExpectKind(source_, member.value, Kind::kString, kExpires);
    const absl::StatusOr<absl::Time> day = DayFromText(member.value.text);
    if (status.ok() && !day.ok()) {
      return PlistError(source_, member.value.place, day.status().message());
    }
    if (status.ok()) {
      set.expires = *day;
    }
  } else if (member.key == kHashes) {
    status = ReadHashes(member.value, set);
  } else if (member.key == "TSKReportUris" ||
             member.key == "TSKDisableDefaultReportUri" ||
             member.key == "TSKPublicKeyAlgorithms") {
    imported_.ignored.push_back(IgnoredAt(member.place, member.key));
  } else if (member.key == kExcludeIgnored) {
    return PlistError(
        source_, member.place,
        absl::StrCat("TrustKit reads ", kExclude, " and ignores this"));
  } else {
    return PlistError(source_, member.place,
                      absl::StrCat("unknown key \"", member.key, "\""));
  }
  return status;
}

absl::Status Reader::ReadHashes(const PlistValue& list, ImportedSet& set) {
  absl::Status status = ExpectKind(source_, list, Kind::kArray, kHashes);
  for (const PlistValue& element : list.elements) {
    status.Update(ExpectKind(source_, element, Kind::kString, "a hash"));
    if (!status.ok()) {
      return status;
    }
    const absl::StatusOr<pinning::Pin> pin = PinFromBase64(element.text);
    if (!pin.ok()) {
      return PlistError(source_, element.place, pin.status().message());
    }
    AddPin({*pin, "", pinning::PinRole::kAny, element.place}, set.pins);
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

const FormatSpec kTrustKitIosFormat = {
    "trustkit-ios",
    "TrustKit for iOS",
    ".plist",
    "",
    Can(),
    "TrustKit compares keys of the types that it knows only; a key of another "
    "type on the path is refused",
    Write,
    Read};

}  // namespace tlspin
