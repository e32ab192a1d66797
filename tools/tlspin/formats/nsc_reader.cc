#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "pinning/pin_set.h"
#include "tools/tlspin/formats/import_pins.h"
#include "tools/tlspin/formats/nsc.h"
#include "tools/tlspin/formats/xml.h"

namespace tlspin {
namespace {

using Node = pugi::xml_node;

// What a domain-config hands to those nested in it.
struct Inherited {
  size_t set = kNoSet;
};

class NscReader {
 public:
  NscReader(const XmlDocument& xml, bool trustkit)
      : xml_(xml), trustkit_(trustkit) {}

  absl::StatusOr<Imported> Read();

 private:
  absl::Status ReadConfig(const Node& config, Inherited inherited);
  absl::Status ReadDomain(const Node& domain, size_t set);
  absl::StatusOr<size_t> ReadPinSet(const Node& node);
  absl::Status ReadPin(const Node& node, ImportedSet& set);
  absl::Status ReadTrustKit(const Node& node, size_t set);
  absl::Status ReadAnchors(const Node& node);
  absl::Status ReadAttributes(const Node& config);
  void Ignore(const Node& node) {
    imported_.ignored.push_back(
        IgnoredAt(xml_.PlaceOf(node), absl::StrCat("<", node.name(), ">")));
  }

  const XmlDocument& xml_;
  const bool trustkit_;
  Imported imported_;
};

absl::StatusOr<Imported> NscReader::Read() {
  const Node root = xml_.root();
  if (absl::string_view(root.name()) != "network-security-config") {
    return xml_.Error(root, "expected <network-security-config>");
  }
  absl::Status status = xml_.CheckNoText(root);
  for (const Node& node : root.children()) {
    const absl::string_view name = node.name();
    if (!status.ok()) {
      return status;
    }
    if (name == "domain-config") {
      status = ReadConfig(node, {});
    } else if (name == "base-config" || name == "debug-overrides") {
      Ignore(node);
    } else if (node.type() == pugi::node_element) {
      return xml_.Error(node, absl::StrCat("unknown element <", name, ">"));
    }
  }
  if (!status.ok()) {
    return status;
  }
  return std::move(imported_);
}

absl::Status NscReader::ReadAttributes(const Node& config) {
  for (const pugi::xml_attribute& attribute : config.attributes()) {
    const absl::string_view name = attribute.name();
    if (name != "cleartextTrafficPermitted" && name != "hstsEnforced") {
      return xml_.CheckAttributes(config, {});
    }
    imported_.ignored.push_back(
        IgnoredAt(xml_.PlaceOf(config), absl::StrCat("the attribute ", name)));
  }
  return absl::OkStatus();
}

absl::Status NscReader::ReadConfig(const Node& config, Inherited inherited) {
  absl::Status status = ReadAttributes(config);
  status.Update(xml_.CheckNoText(config));
  if (!status.ok()) {
    return status;
  }
  const Node pins = config.child("pin-set");
  if (pins) {
    if (pins.next_sibling("pin-set")) {
      return xml_.Error(pins.next_sibling("pin-set"),
                        "a domain-config has one pin-set");
    }
    const absl::StatusOr<size_t> set = ReadPinSet(pins);
    if (!set.ok()) {
      return set.status();
    }
    inherited.set = *set;
  }
  if (!config.child("domain")) {
    return xml_.Error(config, "a domain-config needs a domain");
  }
  for (const Node& node : config.children()) {
    const absl::string_view name = node.name();
    status = absl::OkStatus();
    if (name == "domain") {
      status = ReadDomain(node, inherited.set);
    } else if (name == "domain-config") {
      status = ReadConfig(node, inherited);
    } else if (name == "trust-anchors") {
      status = ReadAnchors(node);
    } else if (name == "trustkit-config") {
      status = ReadTrustKit(node, inherited.set);
    } else if (node.type() == pugi::node_element && name != "pin-set") {
      return xml_.Error(node, absl::StrCat("unknown element <", name, ">"));
    }
    if (!status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status NscReader::ReadDomain(const Node& domain, size_t set) {
  const absl::Status attributes =
      xml_.CheckAttributes(domain, {"includeSubdomains"});
  if (!attributes.ok()) {
    return attributes;
  }
  const absl::StatusOr<bool> below =
      xml_.Boolean(domain, "includeSubdomains", false);
  if (!below.ok()) {
    return below.status();
  }
  const absl::StatusOr<std::string> host = xml_.Text(domain);
  if (!host.ok()) {
    return host.status();
  }
  imported_.entries.push_back(
      {*host, true, *below, *below, set, xml_.PlaceOf(domain)});
  return absl::OkStatus();
}

absl::StatusOr<size_t> NscReader::ReadPinSet(const Node& node) {
  absl::Status status = xml_.CheckAttributes(node, {"expiration"});
  status.Update(xml_.CheckNoText(node));
  ImportedSet set;
  set.place = xml_.PlaceOf(node);
  const pugi::xml_attribute expiration = node.attribute("expiration");
  if (status.ok() && expiration) {
    const absl::StatusOr<absl::Time> day = DayFromText(expiration.value());
    if (!day.ok()) {
      return xml_.Error(node, day.status().message());
    }
    set.expires = *day;
  }
  for (const Node& child : node.children()) {
    if (child.type() == pugi::node_element) {
      status.Update(ReadPin(child, set));
    }
  }
  if (!status.ok()) {
    return status;
  }
  if (set.pins.empty()) {
    return kNoSet;
  }
  imported_.sets.push_back(std::move(set));
  return imported_.sets.size() - 1;
}

absl::Status NscReader::ReadPin(const Node& node, ImportedSet& set) {
  if (absl::string_view(node.name()) != "pin") {
    return xml_.Error(node,
                      absl::StrCat("unknown element <", node.name(), ">"));
  }
  absl::Status status = xml_.CheckAttributes(node, {"digest"});
  const absl::StatusOr<std::string> text = xml_.Text(node);
  status.Update(text.status());
  if (!status.ok()) {
    return status;
  }
  if (absl::string_view(node.attribute("digest").value()) != "SHA-256") {
    return xml_.Error(node, "the digest of a pin is \"SHA-256\"");
  }
  const absl::StatusOr<pinning::Pin> pin = PinFromBase64(*text);
  if (!pin.ok()) {
    return xml_.Error(node, pin.status().message());
  }
  AddPin({*pin, "", pinning::PinRole::kAny, xml_.PlaceOf(node)}, set.pins);
  return absl::OkStatus();
}

absl::Status NscReader::ReadTrustKit(const Node& node, size_t set) {
  if (!trustkit_) {
    return xml_.Error(node,
                      "an element of TrustKit: use --format trustkit-android");
  }
  absl::Status status =
      xml_.CheckAttributes(node, {"enforcePinning", "disableDefaultReportUri"});
  // Without the attribute TrustKit only reports; Android enforces all the same.
  const absl::StatusOr<bool> enforces =
      xml_.Boolean(node, "enforcePinning", false);
  status.Update(enforces.status());
  if (!status.ok()) {
    return status;
  }
  if (!*enforces && set != kNoSet) {
    imported_.losses.push_back(
        {xml_.PlaceOf(node), "report-only",
         "TrustKit only reports; Android 7 and later enforce all the same, and "
         "so would the pin file",
         LossEffect::kRefusesMore});
  }
  for (const Node& child : node.children()) {
    Ignore(child);
  }
  return absl::OkStatus();
}

absl::Status NscReader::ReadAnchors(const Node& node) {
  for (const Node& child : node.children()) {
    if (absl::string_view(child.name()) != "certificates") {
      return xml_.Error(child,
                        absl::StrCat("unknown element <", child.name(), ">"));
    }
    const absl::StatusOr<bool> overrides =
        xml_.Boolean(child, "overridePins", false);
    if (!overrides.ok()) {
      return overrides.status();
    }
    if (*overrides) {
      imported_.losses.push_back(
          {xml_.PlaceOf(child), "override",
           "overridePins: the pins would be enforced for these anchors too",
           LossEffect::kRefusesMore});
    }
  }
  Ignore(node);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Imported> ReadNetworkSecurityConfig(const ImportSource& source,
                                                   bool trustkit) {
  const absl::StatusOr<std::unique_ptr<const XmlDocument>> xml =
      XmlDocument::Parse(source.text);
  if (!xml.ok()) {
    return xml.status();
  }
  return NscReader(**xml, trustkit).Read();
}

}  // namespace tlspin
