#include "absl/strings/str_cat.h"
#include "tools/tlspin/formats/notes.h"
#include "tools/tlspin/formats/nsc.h"
#include "tools/tlspin/formats/set_losses.h"
#include "tools/tlspin/formats/xml.h"

namespace tlspin {
namespace {

std::string DomainLine(const FormatEntry& entry) {
  return absl::StrCat("        <domain includeSubdomains=\"",
                      entry.all_below ? "true" : "false", "\">",
                      XmlEscape(entry.host), "</domain>\n");
}

std::string PinSetLines(const DocumentSet& set) {
  std::string text = absl::StrCat("        <pin-set expiration=\"",
                                  DayNotBefore(set.set->expires()), "\">\n");
  for (const DocumentPin* pin : AllowedPins(set)) {
    absl::StrAppend(&text, "            <!-- ", PinNote(set, *pin),
                    " -->\n            <pin digest=\"SHA-256\">",
                    Base64Of(*pin), "</pin>\n");
  }
  return absl::StrCat(text, "        </pin-set>\n");
}

// ConfigOf returns the domain-config of hosts that are held to `set`.
std::string ConfigOf(const ExportPlan& plan, size_t index,
                     const std::string& domains, bool trustkit) {
  std::string text = "    <domain-config>\n";
  if (index == kNoSet) {
    return absl::StrCat(text, domains,
                        "        <!-- not pinned -->\n        <pin-set />\n"
                        "    </domain-config>\n");
  }
  const DocumentSet& set = plan.document->sets[index];
  absl::StrAppend(&text, "        <!-- ", SetNote(set), " -->\n", domains,
                  PinSetLines(set));
  if (trustkit) {
    absl::StrAppend(&text,
                    "        <trustkit-config enforcePinning=\"true\" "
                    "disableDefaultReportUri=\"true\" />\n");
  }
  return absl::StrCat(text, "    </domain-config>\n");
}

}  // namespace

std::string NetworkSecurityConfig(const ExportPlan& plan, bool trustkit) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<network-security-config>\n";
  if (!plan.document->comment.empty()) {
    absl::StrAppend(&text, "    <!-- ", NoteText(plan.document->comment),
                    " -->\n");
  }
  std::vector<size_t> sets;
  for (size_t i = 0; i < plan.document->sets.size(); ++i) {
    sets.push_back(i);
  }
  sets.push_back(kNoSet);
  for (size_t set : sets) {
    std::string domains;
    for (const FormatEntry& entry : plan.entries) {
      if (entry.set != set) {
        continue;
      }
      absl::StrAppend(&domains, DomainLine(entry));
      if (trustkit) {
        absl::StrAppend(&text, ConfigOf(plan, set, domains, true));
        domains.clear();
      }
    }
    if (!domains.empty()) {
      absl::StrAppend(&text, ConfigOf(plan, set, domains, false));
    }
  }
  return absl::StrCat(text, "</network-security-config>\n");
}

}  // namespace tlspin
